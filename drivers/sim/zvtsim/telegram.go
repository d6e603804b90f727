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
	idReservation   = 0xB8
	idDiagnosis     = 0xC2
	idSystem        = 0xFF
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
	bookTip      = 0x060C
	completion   = 0x060F
	turnover     = 0x0610
	abortion     = 0x061E
	reprint      = 0x0612
	restart      = 0x0618
	repeat       = 0x0620
	reserve      = 0x0622
	lower        = 0x0623 // partial reversal
	bookTotal    = 0x0624
	unreserve    = 0x0625 // pre-authorisation reversal
	reversal     = 0x0630
	refund       = 0x0631
	endOfDay     = 0x0650
	diagnosis    = 0x0670
	setClock     = 0x0691
	initialise   = 0x0693
	abort        = 0x06B0
	printLine    = 0x06D1
	printBlock   = 0x06D3
	setTime      = 0x0401
	information  = 0x040F
	intermediate = 0x04FF
)

var errMalformed = errors.New("malformed telegram")

// telegram is one APDU. The objects of its TLV container, which comes last, are
// kept apart in what the terminal sends.
type telegram struct {
	control uint16
	data    []byte
	objects []byte
	// again: it is sent a second time, with the number it had.
	again bool
}

func no(id byte) telegram { return telegram{control: negative | uint16(id)} }

func (t telegram) bytes() []byte {
	out := binary.BigEndian.AppendUint16(nil, t.control)
	data := t.data
	if len(t.objects) > 0 {
		data = append(append([]byte{}, data...), object(0x06, t.objects)...)
	}
	if len(data) < 0xFF {
		out = append(out, byte(len(data)))
	} else {
		out = binary.LittleEndian.AppendUint16(append(out, 0xFF), uint16(len(data)))
	}
	return append(out, data...)
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
	return telegram{control: binary.BigEndian.Uint16(head), data: data}, err
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
