package koces

import "bytes"

// The signs of the line.
const (
	stx = 0x02
	etx = 0x03
	eot = 0x04
	ack = 0x06
	nak = 0x15
)

// maxFrame is more than any telegram.
const maxFrame = 4096

// Append makes a frame: STX, body, ETX, and the XOR of all behind STX.
func Append(dst, body []byte) []byte {
	dst = append(append(dst, stx), body...)
	return append(append(dst, etx), lrc(body))
}

// lrc is the XOR of the body and ETX.
func lrc(body []byte) byte {
	sum := byte(etx)
	for _, b := range body {
		sum ^= b
	}
	return sum
}

// Token is what stands first among heard bytes.
type Token int

// The tokens.
const (
	// Unfinished: more must come.
	Unfinished Token = iota
	Ack
	Nak
	End // EOT
	Whole
	// Broken: a frame whose check sum is wrong, or that has no end.
	Broken
	// Noise is anything else.
	Noise
)

// Split reads the first token off heard bytes; size is how many of them it is.
// The body is set for Whole.
func Split(heard []byte) (token Token, body []byte, size int) {
	if len(heard) == 0 {
		return Unfinished, nil, 0
	}
	switch heard[0] {
	case ack:
		return Ack, nil, 1
	case nak:
		return Nak, nil, 1
	case eot:
		return End, nil, 1
	case stx:
		return splitFrame(heard)
	}
	return Noise, nil, 1
}

func splitFrame(heard []byte) (token Token, body []byte, size int) {
	end := bytes.IndexByte(heard, etx)
	switch {
	case end < 0 && len(heard) > maxFrame, end > maxFrame:
		return Broken, nil, 1
	case end < 0, end+1 == len(heard):
		return Unfinished, nil, 0
	case lrc(heard[1:end]) != heard[end+1]:
		return Broken, nil, end + 2
	}
	return Whole, bytes.Clone(heard[1:end]), end + 2
}
