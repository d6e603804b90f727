package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Event is one record in a CloudEvents 1.0 envelope (JSON event format, with
// the "sequence" extension).
type Event struct {
	SpecVersion string `json:"specversion"`
	// ID is "{box}/{sequence}".
	ID string `json:"id"`
	// Source is "/boxes/{box}".
	Source string `json:"source"`
	// Type is one of the Type constants, or one of a later release.
	Type string `json:"type"`
	// Time is when the fact happened, by the box's clock.
	Time time.Time `json:"time"`
	// Sequence is the box's count of records in decimal, padded with zeros so
	// that it also orders as text (CloudEvents sequence extension).
	Sequence Sequence        `json:"sequence"`
	Data     json.RawMessage `json:"data"`
}

// Sequence is a record's number, counted per box from 1.
type Sequence int64

const (
	specVersion    = "1.0"
	sourcePrefix   = "/boxes/"
	sequenceDigits = 12
)

// The reasons why an event cannot be taken.
var (
	// ErrEvent says that an envelope is not one of ours.
	ErrEvent = errors.New("event_malformed")
	// ErrData says that the data does not fit the event's type.
	ErrData = errors.New("data_malformed")
	// ErrTooLarge says that a record or a batch is over its limit.
	ErrTooLarge = errors.New("too_large")
	// ErrBatch says that a batch as a whole cannot be read.
	ErrBatch = errors.New("batch_malformed")
)

// NewEvent puts a record into its envelope.
func NewEvent(box string, sequence Sequence, at time.Time, record Record) (Event, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return Event{}, fmt.Errorf("encode %s: %w", record.RecordType(), err)
	}
	return Wrap(box, sequence, at, record.RecordType(), data), nil
}

// Wrap puts already encoded data into its envelope.
func Wrap(box string, sequence Sequence, at time.Time, kind string, data []byte) Event {
	return Event{
		SpecVersion: specVersion,
		ID:          box + "/" + strconv.FormatInt(int64(sequence), 10),
		Source:      sourcePrefix + box,
		Type:        kind,
		Time:        at,
		Sequence:    sequence,
		Data:        data,
	}
}

// Box is the id of the box that wrote the event.
func (e Event) Box() string { return strings.TrimPrefix(e.Source, sourcePrefix) }

// Check reports whether the envelope is whole and comes from the given box.
func (e Event) Check(box string) error {
	switch {
	case e.SpecVersion != specVersion:
		return fmt.Errorf("%w: specversion %q", ErrEvent, e.SpecVersion)
	case e.Source != sourcePrefix+box:
		return fmt.Errorf("%w: source is not %s", ErrEvent, box)
	case e.Sequence < 1:
		return fmt.Errorf("%w: sequence %d", ErrEvent, e.Sequence)
	case e.ID != box+"/"+strconv.FormatInt(int64(e.Sequence), 10):
		return fmt.Errorf("%w: id %q", ErrEvent, e.ID)
	case e.Type == "" || e.Time.IsZero():
		return fmt.Errorf("%w: no type or time", ErrEvent)
	}
	return nil
}

// Decode reads the event's data into the record of its type; the record's own
// type must match.
func (e Event) Decode(into Record) error {
	if e.Type != into.RecordType() {
		return fmt.Errorf("%w: %s is not %s", ErrData, e.Type, into.RecordType())
	}
	if !bytes.HasPrefix(bytes.TrimLeft(e.Data, " \t\r\n"), []byte("{")) {
		// null would leave the record empty and look like one.
		return fmt.Errorf("%w: %s is no object", ErrData, e.Type)
	}
	if err := json.Unmarshal(e.Data, into); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrData, e.Type, err)
	}
	return nil
}

// MarshalText writes the sequence padded with zeros.
func (s Sequence) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%0*d", sequenceDigits, int64(s)), nil
}

// UnmarshalText reads a sequence; anything but a positive decimal is ErrEvent.
func (s *Sequence) UnmarshalText(text []byte) error {
	number, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || number < 1 {
		return fmt.Errorf("%w: sequence %q", ErrEvent, text)
	}
	*s = Sequence(number)
	return nil
}
