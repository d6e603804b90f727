package zvtsim

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Error ids of PA00P015 chapter 10.
const (
	idWrongCurrency = 0x6F
	idAborted       = 0x6C
	idNotPossible   = 0x83
	idProtocol      = 0x9A
	idWait          = 0x9C
	idNoReversal    = 0xB5
	idReversed      = 0xB4
	idWrongAmount   = 0xB7
	idPrinter       = 0xCC
)

// Control fields.
const (
	positive     = 0x8000
	negative     = 0x8400
	enquiry      = 0x0501
	register     = 0x0600
	authorise    = 0x0601
	logOff       = 0x0602
	completion   = 0x060F
	turnover     = 0x0610
	abortion     = 0x061E
	repeat       = 0x0620
	reversal     = 0x0630
	refund       = 0x0631
	endOfDay     = 0x0650
	diagnosis    = 0x0670
	abort        = 0x06B0
	printLine    = 0x06D1
	printBlock   = 0x06D3
	setTime      = 0x0401
	information  = 0x040F
	intermediate = 0x04FF
)

var errMalformed = errors.New("malformed telegram")

// telegram is one APDU.
type telegram struct {
	control uint16
	data    []byte
}

func no(id byte) telegram { return telegram{control: negative | uint16(id)} }

func (t telegram) bytes() []byte {
	out := binary.BigEndian.AppendUint16(nil, t.control)
	if len(t.data) < 0xFF {
		out = append(out, byte(len(t.data)))
	} else {
		out = binary.LittleEndian.AppendUint16(append(out, 0xFF), uint16(len(t.data)))
	}
	return append(out, t.data...)
}

// readTelegram reads one APDU off the line.
func readTelegram(r io.Reader) (telegram, error) {
	head := make([]byte, 3)
	if _, err := io.ReadFull(r, head); err != nil {
		return telegram{}, err
	}
	size := int(head[2])
	if size == 0xFF {
		long := make([]byte, 2)
		if _, err := io.ReadFull(r, long); err != nil {
			return telegram{}, err
		}
		size = int(binary.LittleEndian.Uint16(long))
	}
	data := make([]byte, size)
	_, err := io.ReadFull(r, data)
	return telegram{binary.BigEndian.Uint16(head), data}, err
}

// Kinds of counted bitmaps beside the fixed sizes.
const (
	twoDigits   = -2
	threeDigits = -3
	tlvForm     = -4
)

// bitmapSizes are the bitmaps a register may send (PA00P015 chapter 8).
var bitmapSizes = map[byte]int{
	0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x06: tlvForm, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x0E: 2,
	0x17: 2, 0x19: 1, 0x22: twoDigits, 0x23: twoDigits, 0x24: threeDigits, 0x2D: twoDigits,
	0x37: 3, 0x3A: 2, 0x3B: 8, 0x3C: threeDigits, 0x3D: 3, 0x49: 2, 0x87: 2, 0x88: 3, 0x8A: 1,
	0x8C: 1, 0xA0: 1, 0xAA: 3, 0xAF: threeDigits, 0xD1: twoDigits, 0xD2: 1, 0xE0: 1,
	0xEA: 1, 0xF9: 1, 0xFA: 1, 0xFB: 1, 0xFC: 1,
}

// Request is what a register's command says, as far as a terminal cares.
type Request struct {
	Password string
	Config   byte
	Service  byte
	Currency string
	Amount   int64
	Receipt  int
	// Unique is tag 1F1F; nil when it was not sent.
	Unique []byte
	// Blocks: the register understands 06 D3. Charset is tag 14.
	Blocks  bool
	Charset byte
}

// ParseError is a command the terminal refuses with an error id.
type ParseError struct{ ID byte }

// Error names the error id.
func (e ParseError) Error() string { return fmt.Sprintf("refused with %02X", e.ID) }

// ParseRequest reads the data of a command: its fixed beginning, then bitmaps
// in any order. A bitmap the terminal does not know is refused with 83, broken
// data with 9A.
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
	case authorise, diagnosis, logOff, abort:
		return data, nil
	case enquiry:
		if len(data) == 0 {
			return nil, nil
		}
	}
	if len(data) < 3 {
		return nil, ParseError{idProtocol}
	}
	r.Password, data = hex.EncodeToString(data[:3]), data[3:]
	if control != register {
		return data, nil
	}
	if len(data) == 0 {
		return nil, ParseError{idProtocol}
	}
	r.Config, data = data[0], data[1:]
	if len(data) >= 2 {
		r.Currency, data = hex.EncodeToString(data[:2]), data[2:]
	}
	return data, nil
}

func (r *Request) takeBitmap(tag byte, value []byte) error {
	var err error
	switch tag {
	case 0x03:
		r.Service = value[0]
	case 0x04:
		r.Amount, err = decimal(value)
	case 0x49:
		r.Currency = hex.EncodeToString(value)
	case 0x87:
		var number int64
		number, err = decimal(value)
		r.Receipt = int(number)
	case 0x06:
		r.takeObjects(value)
	}
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
		}
		data = rest
	}
}

func (r *Request) takePermitted(commands []byte) {
	for ; len(commands) >= 2; commands = commands[2:] {
		if binary.BigEndian.Uint16(commands) == printBlock {
			r.Blocks = true
		}
	}
}

// cut takes a value of a size or counted form off data.
func cut(data []byte, size int) (value, rest []byte, err error) {
	switch size {
	case twoDigits, threeDigits:
		digits := -size
		if len(data) < digits {
			return nil, nil, errMalformed
		}
		size = 0
		for _, b := range data[:digits] {
			size = size*10 + int(b&0x0F)
		}
		data = data[digits:]
	case tlvForm:
		if size, data, err = cutLength(data); err != nil {
			return nil, nil, err
		}
	}
	if size > len(data) {
		return nil, nil, errMalformed
	}
	return data[:size:size], data[size:], nil
}

func cutLength(data []byte) (size int, rest []byte, err error) {
	switch {
	case len(data) >= 1 && data[0] < 0x80:
		return int(data[0]), data[1:], nil
	case len(data) >= 2 && data[0] == 0x81:
		return int(data[1]), data[2:], nil
	case len(data) >= 3 && data[0] == 0x82:
		return int(binary.BigEndian.Uint16(data[1:])), data[3:], nil
	}
	return 0, nil, errMalformed
}

func decimal(value []byte) (int64, error) {
	var number int64
	for _, b := range value {
		if b>>4 > 9 || b&0x0F > 9 {
			return 0, errMalformed
		}
		number = number*100 + int64(b>>4)*10 + int64(b&0x0F)
	}
	return number, nil
}

// packed turns decimal digits into bytes of two each.
func packed(digits string, size int) ([]byte, error) {
	value, err := hex.DecodeString(digits)
	if err != nil || len(value) != size {
		return nil, fmt.Errorf("%w: %q is not %d digits", errMalformed, digits, 2*size)
	}
	_, err = decimal(value)
	return value, err
}

// number packs a number.
func number(n int64, size int) []byte {
	value, _ := hex.DecodeString(fmt.Sprintf("%0*d", 2*size, n))
	return value[len(value)-size:]
}

// object is a TLV object with a value shorter than 64 KiB.
func object(tag uint16, value []byte) []byte {
	var out []byte
	if tag > 0xFF {
		out = append(out, byte(tag>>8))
	}
	out = append(out, byte(tag))
	switch size := len(value); {
	case size < 0x80:
		out = append(out, byte(size))
	case size < 0x100:
		out = append(out, 0x81, byte(size))
	default:
		out = append(out, 0x82, byte(size>>8), byte(size))
	}
	return append(out, value...)
}

// counted writes a value with a counter of FxFy or FxFyFz.
func counted(digits int, value []byte) []byte {
	out := make([]byte, 0, digits+len(value))
	for _, digit := range fmt.Sprintf("%0*d", digits, len(value)) {
		out = append(out, 0xF0|byte(digit-'0'))
	}
	return append(out, value...)
}
