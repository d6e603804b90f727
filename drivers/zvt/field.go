package zvt

import (
	"fmt"
	"slices"
)

// Tag is the number of a bitmap (BMP).
type Tag byte

// The bitmaps this project writes or reads (PA00P015 chapter 8).
const (
	tagTimeout     Tag = 0x01
	tagService     Tag = 0x03
	tagAmount      Tag = 0x04
	tagTLV         Tag = 0x06
	tagTrace       Tag = 0x0B
	tagTime        Tag = 0x0C
	tagDate        Tag = 0x0D
	tagExpiry      Tag = 0x0E
	tagPaymentType Tag = 0x19
	tagPAN         Tag = 0x22
	tagResult      Tag = 0x27
	tagTerminal    Tag = 0x29
	tagMerchant    Tag = 0x2A
	tagOrigTrace   Tag = 0x37
	tagApproval    Tag = 0x3B
	tagText        Tag = 0x3C
	tagCurrency    Tag = 0x49
	tagTotals      Tag = 0x60
	tagReceipt     Tag = 0x87
	tagTurnover    Tag = 0x88
	tagCardType    Tag = 0x8A
	tagCardName    Tag = 0x8B
	tagDateYear    Tag = 0xAA
)

// layout is how long a bitmap's value is: a fixed number of bytes, or one of
// the three counted forms.
type layout int

const (
	unknownLayout layout = 0
	llvar         layout = -1
	lllvar        layout = -2
	container     layout = -3
)

// layoutOf knows the bitmaps of PA00P015 13.08.
func layoutOf(tag Tag) layout {
	switch tag {
	case 0x01, 0x02, 0x03, 0x05, 0x19, 0x27, 0x72, 0x73, 0x74, 0x75, 0x8A, 0x8C, 0xA0,
		0xD0, 0xD2, 0xD3, 0xE0, 0xE9, 0xEA, 0xF0, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD:
		return 1
	case 0x0D, 0x0E, 0x17, 0x3A, 0x49, 0x87:
		return 2
	case 0x0B, 0x0C, 0x37, 0x3D, 0x88, 0xAA:
		return 3
	case 0x29, 0x70, 0x71:
		return 4
	case 0xBA:
		return 5
	case 0x04:
		return 6
	case 0x3B, 0xEB:
		return 8
	case 0x2A:
		return 15
	case 0x22, 0x23, 0x2D, 0x4C, 0x8B, 0xA7, 0xD1,
		0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8,
		0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8:
		return llvar
	case 0x24, 0x2E, 0x3C, 0x60, 0x9A, 0xAF:
		return lllvar
	case 0x06:
		return container
	}
	return unknownLayout
}

// UnknownTagError is a bitmap whose length nobody knows, so that nothing
// behind it can be read. It is answered with 84 83.
type UnknownTagError struct{ Tag Tag }

// Error names the bitmap.
func (e UnknownTagError) Error() string { return fmt.Sprintf("unknown bitmap %02X", byte(e.Tag)) }

// Field is one bitmap with its value, without the counter.
type Field struct {
	Tag   Tag
	Value []byte
}

// Fields are the bitmaps of a data block in their order.
type Fields []Field

// ParseFields reads bitmaps up to the end of data. With an error it returns
// the fields before the fault.
func ParseFields(data []byte) (Fields, error) {
	var fields Fields
	for len(data) > 0 {
		tag := Tag(data[0])
		value, rest, err := cutValue(layoutOf(tag), data[1:])
		if err != nil {
			return fields, fmt.Errorf("bitmap %02X: %w", byte(tag), err)
		}
		if value == nil {
			return fields, UnknownTagError{tag}
		}
		fields = append(fields, Field{tag, value})
		data = rest
	}
	return fields, nil
}

// cutValue takes a value of the layout off data; it is nil for the unknown
// layout and never nil otherwise.
func cutValue(form layout, data []byte) (value, rest []byte, err error) {
	size := int(form)
	switch form {
	case unknownLayout:
		return nil, data, nil
	case llvar:
		size, data, err = cutCounter(data, 2)
	case lllvar:
		size, data, err = cutCounter(data, 3)
	case container:
		size, data, err = cutLength(data)
	}
	if err != nil {
		return nil, nil, err
	}
	if size > len(data) {
		return nil, nil, fmt.Errorf("%w: %d bytes announced, %d there", ErrMalformed, size, len(data))
	}
	return data[:size:size], data[size:], nil
}

// cutText takes an LLLVAR value without a tag off data, as the software
// version of a status enquiry stands there.
func cutText(data []byte) (value, rest []byte, err error) { return cutValue(lllvar, data) }

// cutCounter reads a counter of FxFy or FxFyFz.
func cutCounter(data []byte, digits int) (size int, rest []byte, err error) {
	if len(data) < digits {
		return 0, nil, fmt.Errorf("%w: counter cut short", ErrMalformed)
	}
	for _, b := range data[:digits] {
		if b&0xF0 != 0xF0 || b&0x0F > 9 {
			return 0, nil, fmt.Errorf("%w: counter byte %02X", ErrMalformed, b)
		}
		size = size*10 + int(b&0x0F)
	}
	return size, data[digits:], nil
}

// Has reports whether the bitmap is there.
func (f Fields) Has(tag Tag) bool {
	return slices.ContainsFunc(f, func(field Field) bool { return field.Tag == tag })
}

// Bytes is the first value of the bitmap, nil when it is not there.
func (f Fields) Bytes(tag Tag) []byte {
	for _, field := range f {
		if field.Tag == tag {
			return field.Value
		}
	}
	return nil
}

// Number reads a bitmap of packed decimals; false when it is not there or not
// decimal.
func (f Fields) Number(tag Tag) (uint64, bool) {
	value := f.Bytes(tag)
	if value == nil {
		return 0, false
	}
	number, err := BCD(value)
	return number, err == nil
}

// Byte reads a bitmap of one byte.
func (f Fields) Byte(tag Tag) (byte, bool) {
	value := f.Bytes(tag)
	if len(value) != 1 {
		return 0, false
	}
	return value[0], true
}

// Objects are the objects of the TLV container; those before a fault in it.
func (f Fields) Objects() Objects {
	objects, _ := ParseTLV(f.Bytes(tagTLV))
	return objects
}

// AppendField appends a bitmap with the counter its layout asks for. A value
// that does not fit its layout is an error.
func AppendField(dst []byte, tag Tag, value []byte) ([]byte, error) {
	dst = append(dst, byte(tag))
	switch form := layoutOf(tag); form {
	case unknownLayout:
		return nil, UnknownTagError{tag}
	case container:
		return append(appendLength(dst, len(value)), value...), nil
	case llvar, lllvar:
		return appendCounted(dst, form, value)
	default:
		if len(value) != int(form) {
			return nil, fmt.Errorf("%w: bitmap %02X has %d bytes, not %d", ErrMalformed, byte(tag), len(value), int(form))
		}
		return append(dst, value...), nil
	}
}

func appendCounted(dst []byte, form layout, value []byte) ([]byte, error) {
	size, limit := len(value), 99
	if form == lllvar {
		limit = 999
	}
	if size > limit {
		return nil, fmt.Errorf("%w: %d bytes in a counter up to %d", ErrMalformed, size, limit)
	}
	if form == lllvar {
		dst = append(dst, 0xF0|byte(size/100))
	}
	dst = append(dst, 0xF0|byte(size/10%10), 0xF0|byte(size%10))
	return append(dst, value...), nil
}

// Encode writes the fields in their order.
func (f Fields) Encode() ([]byte, error) {
	var data []byte
	for _, field := range f {
		var err error
		if data, err = AppendField(data, field.Tag, field.Value); err != nil {
			return nil, err
		}
	}
	return data, nil
}
