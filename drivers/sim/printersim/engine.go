package printersim

import (
	"context"
	"net"
	"time"

	"shopbox/drivers/paper"
)

// receive takes what a driver sends: questions in real time are answered at
// once, the rest goes into the buffer.
func (s *Simulator) receive(ctx context.Context, from connection) {
	if !s.begin(ctx, from) {
		return
	}
	defer s.end(from)
	var lexer paper.Lexer
	chunk := make([]byte, 512)
	for {
		n, err := from.Read(chunk)
		if err != nil {
			return
		}
		outages, off := s.power()
		if off {
			lexer = paper.Lexer{}
			continue
		}
		_, _ = lexer.Write(chunk[:n])
		for command, ok := lexer.Next(); ok; command, ok = lexer.Next() {
			if command.RealTime() {
				s.realTime(command)
				continue
			}
			if s.enqueue(ctx, command, outages) != nil {
				return
			}
		}
	}
}

// begin makes a connection the current one; not while the printer is off.
func (s *Simulator) begin(ctx context.Context, from connection) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	// A serial line is there even when the printer on it is off.
	_, tcp := from.(*net.TCPConn)
	if ctx.Err() != nil || s.off() && tcp {
		return false
	}
	s.current, s.tells = from, 0
	return true
}

func (s *Simulator) end(from connection) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.current == from {
		s.current = nil
	}
}

// power says how often the power went, and whether it is off.
func (s *Simulator) power() (outages int, off bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.outages, s.off()
}

// enqueue puts a command into the buffer when there is room. A command from
// before a loss of power is lost.
func (s *Simulator) enqueue(ctx context.Context, command paper.Command, outages int) error {
	return s.bell.Wait(ctx, func() bool {
		if s.off() || s.outages != outages {
			return true
		}
		if s.buffered > 0 && s.buffered+len(command.Raw) > bufferSize {
			return false
		}
		s.queue = append(s.queue, command)
		s.buffered += len(command.Raw)
		s.bell.Ring()
		return true
	})
}

// print takes commands from the buffer and puts them on paper.
func (s *Simulator) print(ctx context.Context) {
	for {
		lines := 0
		err := s.bell.Wait(ctx, func() bool {
			if len(s.queue) == 0 || s.stuck() {
				return false
			}
			lines = s.next()
			return true
		})
		if err != nil {
			return
		}
		s.pause(ctx, lines)
	}
}

// next prints one command and says how many lines came. The mutex is held.
func (s *Simulator) next() int {
	command := s.queue[0]
	s.queue = s.queue[1:]
	s.buffered -= len(command.Raw)
	before := s.roll.Lines()
	s.roll.Apply(command)
	s.answer(command)
	lines := s.roll.Lines()
	if lines >= midway {
		s.midway()
	}
	s.bell.Ring()
	return max(lines-before, 0)
}

// midway lets paper or power end in the middle of a slip. The mutex is held.
func (s *Simulator) midway() {
	if s.faults[PowerLoss] && !s.dead {
		s.dead = true
		s.loseAll()
	}
	if s.faults[PaperOutMidway] {
		status := s.automaticStatus()
		s.faults[PaperOutMidway], s.faults[PaperOut] = false, true
		s.tell(status)
	}
}

// pause takes the time that a slow printer needs.
func (s *Simulator) pause(ctx context.Context, lines int) {
	s.mutex.Lock()
	slow := s.faults[Slow]
	s.mutex.Unlock()
	if !slow || lines == 0 {
		return
	}
	timer := time.NewTimer(time.Duration(lines) * slowLine)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
