package zvtsim

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Request is what a register's command says, as far as a terminal cares.
type Request struct {
	Password string
	Config   byte
	Service  byte
	Currency string
	Amount   int64
	// Tip is tag 1F36, a part of the amount; Tippable is a bit of the way of
	// payment.
	Tip      int64
	Tippable bool
	Receipt  int
	// AllReceipts: FFFF stood in place of a receipt number.
	AllReceipts bool
	// Trace is the trace number, Approval the authorisation attribute; zero and
	// empty when they were not sent.
	Trace    int64
	Approval string
	// From and To are a range of receipt numbers to print.
	From, To int
	// Date and Clock are yymmdd and hhmmss.
	Date, Clock int64
	// Unique is tag 1F1F; nil when it was not sent.
	Unique []byte
	// Container: objects were sent. Blocks: the register understands 06 D3.
	// Charset is tag 14.
	Container bool
	Blocks    bool
	Charset   byte
	// Number is the telegram's number (tag 1F73); AsksNumbers: it was there, and
	// zero as in a registration.
	Number      int64
	AsksNumbers bool
}

// ParseError is a command the terminal refuses with an error id.
type ParseError struct{ ID byte }

// Error names the error id.
func (e ParseError) Error() string { return fmt.Sprintf("refused with %02X", e.ID) }

// ParseRequest reads the data of a command or of an answer: its fixed
// beginning, then bitmaps in any order. A bitmap the terminal does not know is
// refused with 83, broken data with 9A.
func ParseRequest(control uint16, data []byte) (Request, error) {
	var request Request
	data, err := request.takeStart(control, data)
	if err != nil {
		return request, err
	}
	for len(data) > 0 {
		tag := data[0]
		size, known := bitmapSizes[tag]
		if !known {
			return request, ParseError{idNotPossible}
		}
		value, rest, err := cut(data[1:], size)
		if err != nil {
			return request, ParseError{idProtocol}
		}
		if err := request.takeBitmap(tag, value); err != nil {
			return request, ParseError{idProtocol}
		}
		data = rest
	}
	return request, nil
}

// takeStart reads what stands without a tag at the beginning of a command.
func (r *Request) takeStart(control uint16, data []byte) (rest []byte, err error) {
	switch control {
	case authorise, diagnosis, logOff, abort, restart, bookTip, reserve, lower, bookTotal, unreserve:
		return data, nil
	case enquiry:
		if len(data) == 0 {
			return nil, nil
		}
	}
	if class := control >> 8; class == 0x80 || class == 0x84 {
		return data, nil
	}
	if len(data) < 3 {
		return nil, ParseError{idProtocol}
	}
	r.Password, data = hex.EncodeToString(data[:3]), data[3:]
	switch control {
	case register:
		return r.takeConfig(data)
	case reprint:
		return r.takeRange(data)
	}
	return data, nil
}

func (r *Request) takeConfig(data []byte) (rest []byte, err error) {
	if len(data) == 0 {
		return nil, ParseError{idProtocol}
	}
	r.Config, data = data[0], data[1:]
	if len(data) >= 2 {
		r.Currency, data = hex.EncodeToString(data[:2]), data[2:]
	}
	return data, nil
}

// takeRange reads one receipt number or two, perhaps with a container behind.
func (r *Request) takeRange(data []byte) (rest []byte, err error) {
	if len(data) < 2 {
		return nil, ParseError{idProtocol}
	}
	from, err := decimal(data[:2])
	if err != nil {
		return nil, ParseError{idProtocol}
	}
	r.From, r.To, data = int(from), int(from), data[2:]
	if len(data) < 2 || data[0] == 0x06 && int(data[1]) == len(data)-2 {
		return data, nil // a container, and no number
	}
	to, err := decimal(data[:2])
	if err != nil {
		return nil, ParseError{idProtocol}
	}
	r.To = int(to)
	return data[2:], nil
}

func (r *Request) takeBitmap(tag byte, value []byte) error {
	var err error
	switch tag {
	case 0x03:
		r.Service = value[0]
	case 0x04:
		r.Amount, err = decimal(value)
	case 0x0B:
		r.Trace, err = decimal(value)
	case 0x0C:
		r.Clock, err = decimal(value)
	case 0x19:
		r.Tippable = value[0]&0x08 != 0
	case 0x3B:
		r.Approval = string(value)
	case 0x49:
		r.Currency = hex.EncodeToString(value)
	case 0x87:
		err = r.takeReceipt(value)
	case 0xAA:
		r.Date, err = decimal(value)
	case 0x06:
		r.Container = true
		r.takeObjects(value)
	}
	return err
}

func (r *Request) takeReceipt(value []byte) error {
	if value[0] == 0xFF && value[1] == 0xFF {
		r.AllReceipts = true
		return nil
	}
	number, err := decimal(value)
	r.Receipt = int(number)
	return err
}

// takeObjects reads the objects of a TLV container it knows, and passes over
// the rest.
func (r *Request) takeObjects(data []byte) {
	for len(data) > 0 {
		tag, head := int(data[0]), 1
		if tag&0x1F == 0x1F && len(data) > 1 {
			tag, head = tag<<8|int(data[1]), 2
		}
		value, rest, err := cut(data[head:], tlvForm)
		if err != nil {
			return
		}
		r.takeObject(tag, value)
		data = rest
	}
}

func (r *Request) takeObject(tag int, value []byte) {
	switch tag {
	case 0x14:
		if len(value) == 1 {
			r.Charset = value[0]
		}
	case 0x26:
		r.takeObjects(value)
	case 0x0A:
		r.takePermitted(value)
	case 0x1F1F:
		r.Unique = value
	case 0x1F2B:
		if trace, err := decimal(value); err == nil && len(value) <= 8 {
			r.Trace = trace
		}
	case 0x1F36:
		if tip, err := decimal(value); err == nil && len(value) <= 6 {
			r.Tip = tip
		}
	case 0x1F73:
		if number, err := decimal(value); err == nil && len(value) == 3 {
			r.Number, r.AsksNumbers = number, number == 0
		}
	}
}

func (r *Request) takePermitted(commands []byte) {
	for ; len(commands) >= 2; commands = commands[2:] {
		if binary.BigEndian.Uint16(commands) == printBlock {
			r.Blocks = true
		}
	}
}
