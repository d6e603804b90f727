package ingest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shopbox/protocol"
	"shopbox/protocol/money"
)

// record is one event of a batch, read as far as the hub needs it.
type record struct {
	sequence int64
	// code is why the record is put aside, empty when it is good; raw is then
	// the record as it came.
	code string
	raw  []byte
	// At most one of these is set; none for types the hub keeps unread. A sale
	// or refund is slim.
	slim   []byte
	shop   *protocol.ShopChanged
	day    *Day
	device *protocol.DeviceState
}

// codePoison marks a record that the box itself could not send as it was.
const codePoison = "poison"

// The limits of what goes into keys and sums, so that no record can break the
// transaction it shares with others.
const (
	maxKey    = 128
	maxName   = 200
	maxAmount = money.Won(1e11)
	maxCount  = money.Milli(1e11)
)

func (in *Ingest) unpack(r *reader, m message) unit {
	u := unit{message: m}
	switch m.kind {
	case kindEvents:
		u.records, u.fault = in.unpackBatch(r, m)
	case kindReported:
		status, err := protocol.ParseBoxStatus(m.payload)
		if err != nil {
			in.config.Log.Warn("reported document unreadable", "box", m.box, "err", err)
			u.fault = code(err)
		}
		u.status = status
		u.status.Version = cleanText(status.Version, maxName)
	case kindSubscribed, kindSeen:
	}
	return u
}

func (in *Ingest) unpackBatch(r *reader, m message) (records []record, fault string) {
	records, err := r.read(m)
	if err != nil {
		in.config.Log.Warn("batch unreadable", "box", m.box, "err", err)
		return nil, code(err)
	}
	return records, ""
}

// reader reads batches, the quick way when it can. One goroutine uses it,
// again and again: it keeps its memory.
type reader struct {
	codec *protocol.Codec
	plain []byte
	scan  scanner
}

func newReader(codec *protocol.Codec) *reader { return &reader{codec: codec} }

func (r *reader) read(m message) ([]record, error) {
	plain, err := r.codec.Plain(m.payload, r.plain)
	if err != nil {
		return nil, err
	}
	r.plain = plain
	if records, ok := r.scan.batch(m.box, string(plain)); ok {
		return records, nil
	}
	return readBatch(r.codec, m)
}

// readBatch reads any batch, good or bad.
func readBatch(codec *protocol.Codec, m message) ([]record, error) {
	items, err := codec.Unpack(m.payload)
	if err != nil {
		return nil, err
	}
	records := make([]record, len(items))
	for i := range items {
		records[i] = read(m.box, &items[i])
	}
	if !number(records) {
		return nil, fmt.Errorf("%w: no envelope can be read", protocol.ErrBatch)
	}
	return records, nil
}

// read checks one item and reads its data.
func read(box string, item *protocol.Item) record {
	err := item.Err
	if err == nil {
		err = item.Event.Check(box)
	}
	r := record{sequence: int64(item.Event.Sequence)}
	if err != nil {
		// Nothing in a broken envelope can be trusted, its number neither.
		r.sequence = 0
	} else {
		err = r.readData(&item.Event)
	}
	if err != nil {
		r.code, r.raw = code(err), item.Raw
	}
	return r
}

// number gives records with a broken envelope the number of their place
// between the others. It fails when no envelope can be read.
func number(records []record) bool {
	first := -1
	for i := range records {
		if records[i].sequence > 0 {
			first = i
			break
		}
	}
	if first < 0 || records[first].sequence <= int64(first) {
		return false
	}
	for i := first - 1; i >= 0; i-- {
		records[i].sequence = records[i+1].sequence - 1
	}
	for i := first + 1; i < len(records); i++ {
		if records[i].sequence == 0 {
			records[i].sequence = records[i-1].sequence + 1
		}
	}
	return true
}

func code(err error) string {
	for _, known := range []error{protocol.ErrTooLarge, protocol.ErrData, protocol.ErrEvent, protocol.ErrBatch} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return protocol.ErrEvent.Error()
}

func (r *record) readData(event *protocol.Event) error {
	switch event.Type {
	case protocol.TypeSaleClosed, protocol.TypeSaleRefunded:
		return r.readSale(event)
	case protocol.TypeShopChanged:
		r.shop = &protocol.ShopChanged{}
		err := event.Decode(r.shop)
		cleanShop(r.shop)
		return err
	case protocol.TypeDayOpened, protocol.TypeDayClosed:
		return r.readDay(event)
	case protocol.TypeDeviceState:
		r.device = &protocol.DeviceState{}
		if err := event.Decode(r.device); err != nil {
			return err
		}
		return cleanDevice(r.device)
	case protocol.TypePoison:
		var poison protocol.Poison
		if err := event.Decode(&poison); err != nil {
			return err
		}
		r.code, r.raw = codePoison, poison.Data
	}
	return nil
}

func (r *record) readDay(event *protocol.Event) error {
	if event.Type == protocol.TypeDayOpened {
		var opened protocol.DayOpened
		if err := event.Decode(&opened); err != nil {
			return err
		}
		day, err := parseDay(opened.Day)
		r.day = &Day{Day: day, OpenedAt: &opened.At}
		return err
	}
	var closed protocol.DayClosed
	if err := event.Decode(&closed); err != nil {
		return err
	}
	day, err := parseDay(closed.Day)
	r.day = &Day{Day: day, ClosedAt: &closed.At, Difference: closed.Difference}
	return err
}

// parseDay turns 2026-11-23 into 20261123.
func parseDay(text string) (int, error) {
	date, err := time.Parse(time.DateOnly, text)
	if err != nil || date.Year() < 1970 {
		return 0, fmt.Errorf("%w: day %q", protocol.ErrData, text)
	}
	return date.Year()*10000 + int(date.Month())*100 + date.Day(), nil
}

func cleanShop(shop *protocol.ShopChanged) {
	for _, text := range []*string{&shop.Name, &shop.BusinessNumber, &shop.Representative, &shop.Address, &shop.Phone, &shop.Kind} {
		*text = cleanText(*text, maxName)
	}
}

func cleanDevice(device *protocol.DeviceState) error {
	if !validKey(device.Device) {
		return fmt.Errorf("%w: device id", protocol.ErrData)
	}
	for _, text := range []*string{&device.Kind, &device.Driver, &device.Name, &device.Code} {
		*text = cleanText(*text, maxName)
	}
	switch device.State {
	case "ok", "warn", "stop":
		return nil
	}
	return fmt.Errorf("%w: device state %q", protocol.ErrData, device.State)
}

// cleanText cuts text to a length and takes out what a database refuses.
func cleanText(text string, most int) string {
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

func validKey(key string) bool {
	return key != "" && len(key) <= maxKey && strings.IndexByte(key, 0) < 0
}

// validNumber takes 20261123-0001: the day, a dash, four digits or more.
func validNumber(text string, day int) bool {
	date, count, found := strings.Cut(text, "-")
	if !found || date != strconv.Itoa(day) || len(count) < 4 || len(count) > 9 {
		return false
	}
	return strings.Trim(count, "0123456789") == ""
}
