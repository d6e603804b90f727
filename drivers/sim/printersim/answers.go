package printersim

import (
	"time"

	"shopbox/drivers/paper"
)

// realTime obeys a command at once.
func (s *Simulator) realTime(command paper.Command) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch command.Op {
	case "DLE EOT":
		if s.faults[Garbage] {
			s.reply([]byte{0xFF, 0xA5, 0x80})
			return
		}
		s.reply([]byte{s.status(command.Args[0])})
	case "DLE DC4":
		s.roll.Apply(command)
		s.bell.Ring()
	}
}

// status is the byte that answers DLE EOT n.
func (s *Simulator) status(n byte) byte {
	status := byte(0x12)
	set := func(fault string, bits byte) {
		if s.faults[fault] {
			status |= bits
		}
	}
	switch n {
	case 1:
		set(DrawerOpen, 0x04)
		if s.stuck() {
			status |= 0x08
		}
	case 2:
		set(CoverOpen, 0x04)
		set(PaperOut, 0x20)
		set(Cutter, 0x40)
	case 3:
		set(Cutter, 0x08)
	case 4:
		set(NearEnd, 0x0C)
		set(PaperOut, 0x6C)
	}
	return status
}

// automaticStatus is the four bytes of GS a.
func (s *Simulator) automaticStatus() [4]byte {
	status := [4]byte{0x10}
	set := func(fault string, at int, bits byte) {
		if s.faults[fault] {
			status[at] |= bits
		}
	}
	if s.stuck() {
		status[0] |= 0x08
	}
	set(DrawerOpen, 0, 0x04)
	set(CoverOpen, 0, 0x20)
	set(Cutter, 1, 0x08)
	set(NearEnd, 2, 0x03)
	set(PaperOut, 2, 0x0F)
	return status
}

// tell reports the status unasked if it changed. The mutex is held.
func (s *Simulator) tell(before [4]byte) {
	if now := s.automaticStatus(); s.tells != 0 && now != before {
		s.reply(now[:])
	}
}

// answer answers the questions that are obeyed in order. The mutex is held.
func (s *Simulator) answer(command paper.Command) {
	switch command.Op {
	case "GS a":
		s.tells = command.Args[0]
		if status := s.automaticStatus(); s.tells != 0 {
			s.reply(status[:])
		}
	case "GS r":
		if !s.faults[NoConfirm] {
			s.reply([]byte{s.sensor(command.Args[0])})
		}
	case "GS ( H":
		// fn pL pH, then 30 30 and the number of the job.
		if id := command.Args[3:]; len(id) == 6 && !s.faults[NoConfirm] {
			s.reply(append(append([]byte{0x37, 0x22}, id[2:]...), 0))
		}
	case "GS I":
		s.reply([]byte("_Shopbox simulator\x00"))
	}
}

// sensor is the byte that answers GS r n.
func (s *Simulator) sensor(n byte) byte {
	switch {
	case n%'0' == 2 && s.faults[DrawerOpen]:
		return 0x01
	case n%'0' == 1 && s.faults[NearEnd]:
		return 0x03
	default:
		return 0
	}
}

// reply sends bytes to the driver; whether they are read is its business. The
// mutex is held.
func (s *Simulator) reply(answer []byte) {
	if s.current == nil || s.off() {
		return
	}
	_ = s.current.SetWriteDeadline(time.Now().Add(replyPatience))
	_, _ = s.current.Write(answer)
}
