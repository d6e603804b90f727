package zplsim

import (
	"context"
	"fmt"
	"time"
)

// receive takes what a driver sends: questions are answered at once, formats go
// into the buffer when they are whole.
func (s *Simulator) receive(ctx context.Context, from connection) {
	s.mutex.Lock()
	s.current, s.lexer, s.open = from, lexer{}, nil
	s.mutex.Unlock()
	chunk := make([]byte, 4096)
	for ctx.Err() == nil {
		n, err := from.Read(chunk)
		if n > 0 {
			s.take(chunk[:n])
		}
		if err != nil {
			return
		}
	}
}

// take works through bytes; a printer without power hears nothing.
func (s *Simulator) take(data []byte) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.dark() {
		return
	}
	s.lexer.write(data)
	for next, ok := s.lexer.next(); ok; next, ok = s.lexer.next() {
		s.obey(next)
	}
	s.bell.Ring()
}

// obey does a command. The mutex is held.
func (s *Simulator) obey(c command) {
	switch c.name {
	case "~HS", "~HQES", "~HI":
		s.reply(s.answer(c.name))
	case "~JA":
		s.queue, s.left = nil, 0
	case "^XA":
		s.open = bareFormat()
	case "^XZ":
		if s.open != nil {
			s.queue = append(s.queue, s.open.label)
			s.open = nil
		}
	default:
		if s.open != nil {
			s.open.apply(c)
		}
	}
}

// answer is what the printer says to a question; empty for nothing. The mutex is
// held.
func (s *Simulator) answer(question string) string {
	switch {
	case s.On(Garbage):
		return "\xff\xa5ready?\x00"
	case question == "~HI":
		return fmt.Sprintf("\x02SHOPBOX-SIM,V1.0.0,%d,8192KB\x03\r\n", s.dots)
	case question == "~HQES":
		return s.errors()
	case s.On(Mute) && s.faulty():
		return ""
	}
	waiting := len(s.queue)
	if s.left > 0 {
		// The format being printed has left the buffer.
		waiting--
	}
	return fmt.Sprintf("\x02030,%d,%d,%04d,%03d,0,0,%d,000,0,0,0\x03\r\n", s.flag(PaperOut), s.flag(Paused), usualHeight, waiting, bit(s.open != nil)) +
		fmt.Sprintf("\x02001,0,%d,%d,1,2,4,0,%08d,1,000\x03\r\n", s.flag(HeadOpen), s.flag(RibbonOut), s.left) +
		"\x021234,0\x03\r\n"
}

// errors is the answer to ~HQES.
func (s *Simulator) errors() string {
	bits := s.flag(PaperOut) | s.flag(RibbonOut)<<1 | s.flag(HeadOpen)<<2
	return fmt.Sprintf("\x02\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         %d 00000000 %08X\r\n   WARNINGS:       0 00000000 00000000\r\n\x03", bit(bits != 0), bits)
}

func (s *Simulator) flag(fault string) int { return bit(s.On(fault)) }

func bit(on bool) int {
	if on {
		return 1
	}
	return 0
}

// reply sends bytes to the driver; whether they are read is its business. The
// mutex is held.
func (s *Simulator) reply(answer string) {
	if s.current == nil || answer == "" {
		return
	}
	_ = s.current.SetWriteDeadline(time.Now().Add(replyPatience))
	_, _ = s.current.Write([]byte(answer))
}

// print lets labels come out, one after the other.
func (s *Simulator) print(ctx context.Context) {
	for {
		err := s.bell.Wait(ctx, func() bool {
			if len(s.queue) == 0 || s.stuck() {
				return false
			}
			if s.left == 0 {
				s.left = s.queue[0].copies
			}
			return true
		})
		if err != nil {
			return
		}
		long := time.Millisecond
		if s.On(Slow) {
			long = slowLabel
		}
		if s.pause(ctx, long) != nil {
			return
		}
		s.next()
	}
}

// next lets one label out, unless something came in between.
func (s *Simulator) next() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.queue) == 0 || s.stuck() {
		return
	}
	if s.left > 0 {
		s.labels = append(s.labels, s.queue[0])
		s.labels = s.labels[max(len(s.labels)-mostKept, 0):]
		s.left--
	}
	if s.left == 0 {
		s.queue = s.queue[1:]
	}
	s.midway()
	s.bell.Ring()
}

// midway lets paper, power or line end behind a label. The mutex is held.
func (s *Simulator) midway() {
	if s.On(PowerLoss) && !s.dead {
		s.dead = true
		s.loseAll()
	}
	if s.On(PaperOutMidway) {
		_, _ = s.Switch(PaperOutMidway, false), s.Switch(PaperOut, true)
	}
	if s.On(Cut) {
		_ = s.Switch(Cut, false)
		s.cut()
	}
}

// cut cuts the line: a TCP connection is closed, a serial line pulled out and
// put in again. The mutex is held.
func (s *Simulator) cut() {
	s.hangUp()
	if s.serial != nil {
		_ = s.serial.Unplug()
		_ = s.serial.Plug()
	}
}
