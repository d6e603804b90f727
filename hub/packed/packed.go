// Package packed writes whole numbers and texts one after the other as bytes,
// and reads them back: a number as a varint, a text with its length before
// it. hub/ingest keeps what is still to be projected so, hub/store the sums.
// It is pure.
//
// What always holds: a Reader never reads past the end; when the bytes do not
// hold what is asked for it is Bad, and everything it then returns is zero.
package packed

import "encoding/binary"

// AppendNumber appends a number.
func AppendNumber[N ~int | ~int64](out []byte, number N) []byte {
	return binary.AppendVarint(out, int64(number))
}

// AppendText appends a text.
func AppendText(out []byte, text string) []byte {
	return append(AppendNumber(out, len(text)), text...)
}

// Reader reads what was appended, in the same order.
type Reader struct {
	rest []byte
	bad  bool
}

// NewReader reads bytes from the first on.
func NewReader(bytes []byte) Reader { return Reader{rest: bytes} }

// More reports whether there is something left to read.
func (r *Reader) More() bool { return len(r.rest) > 0 }

// Bad reports whether something was not there to read.
func (r *Reader) Bad() bool { return r.bad }

// Number reads a number.
func (r *Reader) Number() int64 {
	number, n := binary.Varint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return number
}

// Text reads a text.
func (r *Reader) Text() string {
	length := r.Number()
	if length < 0 || length > int64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return ""
	}
	text := string(r.rest[:length])
	r.rest = r.rest[length:]
	return text
}
