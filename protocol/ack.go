package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Ack is what the hub has safely in its database.
type Ack struct {
	// Through is the last sequence number of the unbroken run the hub holds, 0
	// when it holds none; the box sends on from Through+1, also when that means
	// going back.
	Through int64 `json:"through"`
	// Rejects are records the hub put aside because it could not read them.
	// They count as held.
	Rejects []Reject `json:"rejects,omitempty"`
	// Batch, when present, is why the last batch as a whole was not taken:
	// "batch_malformed" or "too_large". The box then sends smaller batches.
	Batch string `json:"batch,omitempty"`
	// Numbers, in the first ack of a session, are the last receipt numbers of
	// the shop on its latest days with sales, by date (2026-11-25: 57). A box
	// that took over from another, or whose database is an older copy, goes on
	// behind them.
	Numbers map[string]int64 `json:"numbers,omitempty"`
}

// Reject names a record that was put aside, and the code of the reason.
type Reject struct {
	Sequence int64  `json:"sequence"`
	Code     string `json:"code"`
}

// ErrAck says that an acknowledgement cannot be read.
var ErrAck = errors.New("ack_malformed")

// ParseAck reads an acknowledgement. One that does not say through which number
// is ErrAck: taking it for 0 would have the box send everything again.
func ParseAck(payload []byte) (Ack, error) {
	var said struct {
		Ack

		Through *int64 `json:"through"`
	}
	if err := json.Unmarshal(payload, &said); err != nil {
		return Ack{}, fmt.Errorf("%w: %w", ErrAck, err)
	}
	if said.Through == nil || *said.Through < 0 {
		return Ack{}, fmt.Errorf("%w: no through", ErrAck)
	}
	said.Ack.Through = *said.Through
	return said.Ack, nil
}
