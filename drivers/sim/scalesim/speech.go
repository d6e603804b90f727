package scalesim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"shopbox/protocol/money"
)

// run speaks until the context ends.
func (s *Simulator) run(ctx context.Context) {
	for ctx.Err() == nil {
		device := s.line.Device()
		if device == nil {
			pause(ctx, s.config.Every)
			continue
		}
		if s.config.Dialect == CASStream {
			s.say(device, s.frame(0))
			pause(ctx, s.config.Every)
			continue
		}
		s.answer(device)
	}
}

// answer waits a moment for a question and answers it.
func (s *Simulator) answer(device *os.File) {
	question := make([]byte, 1)
	if err := device.SetReadDeadline(time.Now().Add(s.config.Every)); err != nil {
		return
	}
	if n, err := device.Read(question); err != nil || n == 0 {
		return
	}
	s.say(device, s.frame(question[0]))
}

// say sends; bytes that nobody takes are lost, as on a real line.
func (s *Simulator) say(device *os.File, frame []byte) {
	if len(frame) == 0 || device.SetWriteDeadline(time.Now().Add(s.config.Every)) != nil {
		return
	}
	if _, err := device.Write(frame); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return
	}
}

// frame is what the scale says to a question; a stream is asked by nobody.
func (s *Simulator) frame(question byte) []byte {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.On(Silent) {
		return nil
	}
	var frame []byte
	switch s.config.Dialect {
	case CASStream:
		frame = []byte(s.streamLine())
	case CASAsked:
		frame = s.casAnswer(question)
	case Toledo:
		frame = s.toledoAnswer(question)
	}
	if len(frame) > 1 && s.On(Garbage) {
		return []byte("\xff\x80\x00noise\x02\x03\r\n")
	}
	return frame
}

// kilograms writes a weight with three decimals, right-aligned.
func kilograms(weight money.Milli, width int) string {
	sign := ""
	if weight < 0 {
		sign, weight = "-", -weight
	}
	return fmt.Sprintf("%*s", width, fmt.Sprintf("%s%d.%03d", sign, weight/money.One, weight%money.One))
}

// streamLine is the 22-byte line of CAS indicators.
func (s *Simulator) streamLine() string {
	state, mode, weight := "ST", "GS", s.weight
	switch {
	case s.On(Overload):
		state = "OL"
	case s.On(Moving):
		state = "US"
	case s.On(BelowZero):
		weight = -20
	}
	if s.tared {
		mode = "NT"
	}
	text := fmt.Sprintf("%s,%s,0A,%s kg\r\n", state, mode, kilograms(weight, 8))
	if s.On(BadSum) {
		return strings.Replace(text, ".", "", 1)
	}
	return text
}

// The signs of the CAS question.
const (
	enq = 0x05
	ack = 0x06
	dc1 = 0x11
)

// casAnswer is what a CAS desk scale answers; its answer knows no overload, so
// that it stays unstable then.
func (s *Simulator) casAnswer(question byte) []byte {
	switch question {
	case enq:
		return []byte{ack}
	case dc1:
	default:
		return nil
	}
	state, sign, weight := "S", " ", s.weight
	if s.On(Moving) || s.On(Overload) {
		state = "U"
	}
	if s.On(BelowZero) {
		sign, weight = "-", 20
	}
	data := state + sign + kilograms(weight, 6) + "kg"
	var sum byte
	for _, b := range []byte(data) {
		sum ^= b
	}
	if s.On(BadSum) {
		sum++
	}
	return append([]byte("\x01\x02"+data), sum, 0x03, 0x04)
}

// The bits of a Toledo status.
const (
	motion    = 0x41
	over      = 0x42
	underZero = 0x44
)

// toledoAnswer is what an 8217 answers.
func (s *Simulator) toledoAnswer(question byte) []byte {
	switch question {
	case 'Z':
		s.weight = 0
		return []byte("\x02\r")
	case 'W':
	default:
		return nil
	}
	switch {
	case s.On(Moving):
		return []byte{2, '?', motion, '\r'}
	case s.On(Overload):
		return []byte{2, '?', over, '\r'}
	case s.On(BelowZero):
		return []byte{2, '?', underZero, '\r'}
	case s.On(BadSum):
		return []byte("\x02" + "01234\x80" + "\r")
	}
	weight := strings.ReplaceAll(kilograms(s.weight, 6), " ", "0")
	if s.tared {
		weight += "N"
	}
	return []byte("\x02" + weight + "\r")
}

// pause waits, or less when the context ends.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
