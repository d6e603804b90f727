package tl3x00sim

import (
	"fmt"

	"golang.org/x/text/encoding/korean"

	"shopbox/drivers/sim/terminalsim"
)

const (
	stx = 0x02
	etx = 0x03
	ack = 0x06
	nak = 0x15
	// headSize is STX to the length; tailSize ETX and BCC.
	headSize, tailSize = 35, 2
	// zone is nine hours east.
	zone = 9 * 60 * 60
)

// split takes a sign or a frame, right or wrong, off what was heard.
func split(heard []byte) (telegram []byte, size int) {
	switch {
	case heard[0] == ack || heard[0] == nak:
		return heard[:1], 1
	case heard[0] != stx:
		return nil, 1
	case len(heard) < headSize:
		return nil, 0
	}
	size = headSize + int(heard[33]) + int(heard[34])<<8 + tailSize
	if size > 2048 {
		return nil, 1
	}
	if len(heard) < size {
		return nil, 0
	}
	return heard[:size], size
}

// unpack opens a frame; whole is false when its end or check sum is wrong.
func unpack(frame []byte) (job byte, data []byte, whole bool) {
	last := len(frame) - 1
	var sum byte
	for _, b := range frame[:last] {
		sum ^= b
	}
	return frame[31], frame[headSize : last-1], frame[last-1] == etx && frame[last] == sum
}

// pack makes a frame of the reader.
func (s *Simulator) pack(job byte, data []byte) []byte {
	frame := []byte{stx}
	frame = append(frame, s.config.TerminalID...)
	for len(frame) < 17 {
		frame = append(frame, 0)
	}
	frame = append(frame, s.now().Format("20060102150405")...)
	frame = append(frame, job, 0, byte(len(data)), byte(len(data)>>8))
	frame = append(append(frame, data...), etx)
	var sum byte
	for _, b := range frame {
		sum ^= b
	}
	return append(frame, sum)
}

// event tells of something at the reader; the register does not acknowledge.
func (s *Simulator) event(what byte) { s.Send(s.pack('@', []byte{what})) }

// fit cuts or fills a field with blanks, in EUC-KR.
func fit(text string, size int) []byte {
	raw, err := korean.EUCKR.NewEncoder().Bytes([]byte(text))
	if err != nil {
		raw = nil
	}
	for len(raw) < size {
		raw = append(raw, ' ')
	}
	return raw[:size]
}

// approved is the 157 bytes of an approval. The unique number is the date and
// a running number.
func (s *Simulator) approved(kind, medium byte, t terminalsim.Transaction) []byte {
	at := t.At.In(s.now().Location())
	data := []byte{kind, medium}
	data = append(data, fit(s.config.Card, 20)...)
	data = fmt.Appendf(data, "%010d%08d%08d%02d", t.Amount, t.Tax, 0, t.Months)
	data = append(data, fit(t.Approval, 12)...)
	data = append(data, at.Format("20060102150405")...)
	data = append(data, fit(fmt.Sprintf("%s%06d", at.Format("060102"), t.Number), 12)...)
	data = append(data, fit("0012345678", 15)...)
	data = append(data, fit(fmt.Sprintf("%010d%04d", 1234567890, t.Number%10000), 14)...)
	data = append(data, fit("0101시험카드", 20)...)
	return append(data, fit("0101시험매입", 20)...)
}

// refusal is the 157 bytes of a refused transaction: code and words stand
// where the acquirer does.
func (s *Simulator) refusal(code, words string) []byte {
	data := append([]byte{'X'}, fit("", 21)...)
	data = fmt.Appendf(data, "%010d%08d%08d%02d", 0, 0, 0, 0)
	data = append(data, fit("", 12)...)
	data = append(data, s.now().Format("20060102150405")...)
	data = append(data, fit("", 12+15+14)...)
	data = append(data, fit("거래거절", 20)...)
	return append(data, fit("-"+code+words, 20)...)
}
