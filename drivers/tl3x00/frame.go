package tl3x00

import (
	"bytes"
	"encoding/binary"
	"time"
)

// The signs of the line.
const (
	stx = 0x02
	etx = 0x03
	ack = 0x06
	nak = 0x15
)

// The jobs this project speaks; an answer bears the small letter.
const (
	jobCheck   = 'A'
	jobApprove = 'B'
	jobCancel  = 'C'
	jobStandby = 'E'
	jobLast    = 'L'
	jobEvent   = '@'
)

// Where the fields of a frame stand.
const (
	idSize    = 16
	timeAt    = 1 + idSize
	jobAt     = timeAt + 14
	codeAt    = jobAt + 1
	sizeAt    = codeAt + 1
	dataAt    = sizeAt + 2
	afterData = 2 // ETX and BCC
	// maxData is more than any data block; a length beyond it is noise.
	maxData = 1024
)

// timeLayout is how the frame writes the time.
const timeLayout = "20060102150405"

// Frame is one telegram: STX, terminal id 16, time 14, job 1, answer code 1,
// length 2 with the low byte first, data, ETX, BCC.
type Frame struct {
	Terminal string
	// Time is as it stands in the frame, YYYYMMDDhhmmss.
	Time string
	Job  byte
	Data []byte
}

// Append appends the frame's bytes. A terminal id beyond 16 bytes and data
// beyond what the length can say are cut.
func (f Frame) Append(dst []byte) []byte {
	data := f.Data[:min(len(f.Data), maxData)]
	start := len(dst)
	dst = append(dst, make([]byte, dataAt)...)
	head := dst[start:]
	head[0] = stx
	copy(head[1:timeAt], f.Terminal)
	copy(head[timeAt:jobAt], f.Time)
	head[jobAt] = f.Job
	binary.LittleEndian.PutUint16(head[sizeAt:], uint16(len(data)))
	dst = append(append(dst, data...), etx)
	return append(dst, bcc(dst[start:]))
}

// bcc is the XOR of everything from STX to ETX, both included.
func bcc(raw []byte) (sum byte) {
	for _, b := range raw {
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
	Whole
	// Broken: a frame whose length, end or BCC is wrong.
	Broken
	// Noise is anything else.
	Noise
)

// Split reads the first token off heard bytes; size is how many of them it is.
// The frame is set for Whole.
func Split(heard []byte) (token Token, frame Frame, size int) {
	if len(heard) == 0 {
		return Unfinished, Frame{}, 0
	}
	switch heard[0] {
	case ack:
		return Ack, Frame{}, 1
	case nak:
		return Nak, Frame{}, 1
	case stx:
		return splitFrame(heard)
	}
	return Noise, Frame{}, 1
}

func splitFrame(heard []byte) (token Token, frame Frame, size int) {
	if len(heard) < dataAt {
		return Unfinished, Frame{}, 0
	}
	length := int(binary.LittleEndian.Uint16(heard[sizeAt:]))
	size = dataAt + length + afterData
	switch {
	case length > maxData:
		return Broken, Frame{}, 1
	case len(heard) < size:
		return Unfinished, Frame{}, 0
	case heard[size-2] != etx:
		return Broken, Frame{}, 1
	case bcc(heard[:size-1]) != heard[size-1]:
		return Broken, Frame{}, size
	}
	return Whole, Frame{
		Terminal: padded(heard[1:timeAt]), Time: padded(heard[timeAt:jobAt]), Job: heard[jobAt],
		Data: bytes.Clone(heard[dataAt : dataAt+length]),
	}, size
}

// padded is a field without its filling of blanks or zero bytes.
func padded(field []byte) string { return string(bytes.Trim(field, " \x00")) }

// request makes a frame to the terminal.
func request(terminal string, now time.Time, job byte, data []byte) Frame {
	return Frame{Terminal: terminal, Time: now.In(seoul()).Format(timeLayout), Job: job, Data: data}
}

// seoul is the zone of the shop's clock, and so of the terminal's.
func seoul() *time.Location { return time.FixedZone("KST", 9*60*60) }
