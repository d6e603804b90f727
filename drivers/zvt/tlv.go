package zvt

import "fmt"

// TLVTag is the tag of an object in a TLV container, of one to three bytes.
type TLVTag uint32

// The objects this project writes or reads (PA00P015 chapter 9).
const (
	tlvText           TLVTag = 0x07
	tlvReceipt        TLVTag = 0x08
	tlvAttribute      TLVTag = 0x09
	tlvCommand        TLVTag = 0x0A
	tlvLineWidth      TLVTag = 0x12
	tlvCharset        TLVTag = 0x14
	tlvReservations   TLVTag = 0x23
	tlvDisplayTexts   TLVTag = 0x24
	tlvPrintTexts     TLVTag = 0x25
	tlvPermitted      TLVTag = 0x26
	tlvPayment        TLVTag = 0x2F
	tlvApplication    TLVTag = 0x60
	tlvAppName        TLVTag = 0x44
	tlvReceiptType    TLVTag = 0x1F07
	tlvAuthentication TLVTag = 0x1F10
	tlvErrorText      TLVTag = 0x1F17
	tlvUnique         TLVTag = 0x1F1F
	tlvLongTrace      TLVTag = 0x1F2B
	tlvTip            TLVTag = 0x1F36
	tlvTransaction    TLVTag = 0x1F3B
	tlvDeviceName     TLVTag = 0x1F40
	tlvDeviceSoftware TLVTag = 0x1F41
	tlvDeviceSerial   TLVTag = 0x1F42
	tlvTerminal       TLVTag = 0x1F44
	tlvMessageID      TLVTag = 0x1F73
	tlvDevice         TLVTag = 0xE4
)

// maxDepth is how deep containers may stand in each other.
const maxDepth = 8

// Object is one object of a TLV container: its value, and the objects in it
// when it is itself a container.
type Object struct {
	Tag      TLVTag
	Value    []byte
	Children Objects
}

// Objects are objects in their order.
type Objects []Object

// ParseTLV reads the objects of a container. With an error it returns the
// objects before the fault.
func ParseTLV(data []byte) (Objects, error) { return parseTLV(data, maxDepth) }

func parseTLV(data []byte, depth int) (Objects, error) {
	if depth == 0 {
		return nil, fmt.Errorf("%w: containers too deep", ErrMalformed)
	}
	var objects Objects
	for len(data) > 0 {
		object := Object{}
		constructed := data[0]&0x20 != 0
		var err error
		if object.Tag, data, err = cutTag(data); err != nil {
			return objects, err
		}
		if object.Value, data, err = cutValue(container, data); err != nil {
			return objects, err
		}
		if constructed {
			if object.Children, err = parseTLV(object.Value, depth-1); err != nil {
				return objects, err
			}
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// cutTag reads a tag: five low bits set mean that more bytes follow, and bit 8
// of a following byte that another one does.
func cutTag(data []byte) (tag TLVTag, rest []byte, err error) {
	tag, rest = TLVTag(data[0]), data[1:]
	if tag&0x1F != 0x1F {
		return tag, rest, nil
	}
	for range 2 {
		if len(rest) == 0 {
			return 0, nil, fmt.Errorf("%w: tag cut short", ErrMalformed)
		}
		next := rest[0]
		tag, rest = tag<<8|TLVTag(next), rest[1:]
		if next&0x80 == 0 {
			return tag, rest, nil
		}
	}
	return 0, nil, fmt.Errorf("%w: tag too long", ErrMalformed)
}

// cutLength reads a length: 00-7F, 81 nn or 82 hh ll.
func cutLength(data []byte) (size int, rest []byte, err error) {
	if len(data) == 0 {
		return 0, nil, fmt.Errorf("%w: no length", ErrMalformed)
	}
	first, rest := data[0], data[1:]
	if first < 0x80 {
		return int(first), rest, nil
	}
	more := int(first & 0x7F)
	if more < 1 || more > 2 || len(rest) < more {
		return 0, nil, fmt.Errorf("%w: length %02X", ErrMalformed, first)
	}
	for _, b := range rest[:more] {
		size = size<<8 | int(b)
	}
	return size, rest[more:], nil
}

func appendLength(dst []byte, size int) []byte {
	switch {
	case size < 0x80:
		return append(dst, byte(size))
	case size < 0x100:
		return append(dst, 0x81, byte(size))
	default:
		return append(dst, 0x82, byte(size>>8), byte(size))
	}
}

// appendTLV appends an object; the value of a container is its objects' bytes.
func appendTLV(dst []byte, tag TLVTag, value []byte) []byte {
	if tag > 0xFFFF {
		dst = append(dst, byte(tag>>16))
	}
	if tag > 0xFF {
		dst = append(dst, byte(tag>>8))
	}
	return append(appendLength(append(dst, byte(tag)), len(value)), value...)
}

// Find is the value of the first object down a path of tags, nil when there is
// none.
func (o Objects) Find(path ...TLVTag) []byte {
	for _, object := range o {
		if len(path) == 0 || object.Tag != path[0] {
			continue
		}
		if len(path) == 1 {
			return object.Value
		}
		if found := object.Children.Find(path[1:]...); found != nil {
			return found
		}
	}
	return nil
}
