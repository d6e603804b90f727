package zvtsim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The faults that can be switched on. Those with a number take it as
// "name=3".
const (
	faultDecline        = "decline"
	faultAnswerLost     = "answer_lost_after_approval"
	faultPowerLoss      = "power_loss"
	faultAckLost        = "ack_lost"
	faultSlow           = "slow"
	faultBusy           = "busy"
	faultGarbage        = "garbage"
	faultAmount         = "wrong_amount"
	faultDuplicate      = "duplicate_answer"
	faultLate           = "late_answer"
	faultNoCard         = "no_card"
	faultLinkAckLost    = "link_ack_lost"
	faultLinkAckUnheard = "link_ack_unheard"
	faultLinkNAK        = "link_nak"
	faultLinkBadSum     = "link_bad_sum"
	faultLinkNoise      = "link_noise"
	faultStale          = "stale_answer"
	faultPowerAt        = "power_loss_at_telegram"
	faultDropBefore     = "drop_before_telegram"
	faultDropAfter      = "drop_after_telegram"
	faultDiagnosis      = "diagnosis_due"
	faultStaysCut       = "line_stays_cut"
)

// once is the ending of a fault that happens one time.
const once = ":once"

// FaultInfo describes a fault that can be switched on.
type FaultInfo struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	// Number: the name is followed by "=" and a number.
	Number bool `json:"number"`
	On     bool `json:"on"`
}

// describe lists all faults in the order a person reads them.
func describe() []FaultInfo {
	return []FaultInfo{
		{Name: faultDecline, Description: "the host declines every payment (result 05)"},
		{Name: faultAnswerLost, Description: "charges, then cuts the line without telling the result; the charge stands"},
		{Name: faultPowerLoss, Description: "loses power after the host approved; takes the payment back when power returns"},
		{Name: faultAckLost, Description: "tells the result and cuts the line before the acknowledgement arrives"},
		{Name: faultSlow, Description: "takes three long pauses, reporting progress between"},
		{Name: faultBusy, Description: "is busy with something else"},
		{Name: faultGarbage, Description: "sends bytes that are no ZVT in place of the result"},
		{Name: faultAmount, Description: "names an amount 1,000 higher than the one charged"},
		{Name: faultDuplicate, Description: "sends every result twice"},
		{Name: faultLate, Description: "holds the result back until the register has given up"},
		{Name: faultNoCard, Description: "the customer presents no card"},
		{Name: faultStale, Description: "answers a payment with the previous customer's result and charges nothing"},
		{Name: faultDiagnosis, Description: "takes no payment before a diagnosis was made"},
		{Name: faultPowerAt, Number: true, Description: "loses power in place of the Nth telegram from now, either direction; once"},
		{Name: faultLinkAckLost, Description: "serial: its ACK of a block gets lost; the register sends it again"},
		{Name: faultLinkAckUnheard, Description: "serial: does not hear the register's ACK and sends the block again"},
		{Name: faultLinkNAK, Description: "serial: asks for a block again"},
		{Name: faultLinkBadSum, Description: "serial: sends a block with a wrong checksum"},
		{Name: faultLinkNoise, Description: "serial: sends noise before a block"},
		{Name: faultDropBefore, Number: true, Description: "cuts the line in place of the Nth telegram from now, either direction; once"},
		{Name: faultDropAfter, Number: true, Description: "cuts the line right behind the Nth telegram from now, either direction; once"},
		{Name: faultStaysCut, Description: "a line that another fault cut stays cut until this is switched off"},
	}
}

// fault is one that is switched on.
type fault struct {
	once bool
	// left is how many telegrams are still to come, for the faults that count.
	left int
}

// faults are those switched on. The owner's lock guards them.
type faults struct {
	on map[string]*fault
	// generation grows whenever telegrams are counted from anew.
	generation int
}

func (f *faults) names() []string {
	names := make([]string, 0, len(f.on))
	for name := range f.on {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// SetFault switches a fault on or off. The name is one of Faults; "name=3"
// gives the number, and "name:once" switches it off when it has happened.
func (s *Simulator) SetFault(name string, on bool) error {
	name, single := strings.CutSuffix(name, once)
	name, argument, numbered := strings.Cut(name, "=")
	known := slices.IndexFunc(describe(), func(info FaultInfo) bool { return info.Name == name })
	if known < 0 {
		return fmt.Errorf("no fault %q", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == faultStaysCut {
		s.severed = false
	}
	if !on {
		delete(s.faults.on, name)
		return nil
	}
	armed := &fault{once: single}
	if describe()[known].Number {
		left, err := strconv.Atoi(argument)
		if err != nil || left < 1 {
			return fmt.Errorf("fault %q needs a number of telegrams", name)
		}
		armed.left = left
		s.faults.generation++
	} else if numbered {
		return fmt.Errorf("fault %q takes no number", name)
	}
	s.faults.on[name] = armed
	return nil
}

// Faults lists every fault and whether it is on.
func (s *Simulator) Faults() []FaultInfo {
	infos := describe()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range infos {
		infos[i].On = s.faults.on[infos[i].Name] != nil
	}
	return infos
}

// Armed reports whether a fault is on; one that happens once is off after it.
func (s *Simulator) Armed(name string) bool {
	name, _, _ = strings.Cut(strings.TrimSuffix(name, once), "=")
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.on[name] != nil
}

// strikes reports whether a fault happens now, and uses it up if it was for
// once.
func (s *Simulator) strikes(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	armed := s.faults.on[name]
	if armed == nil {
		return false
	}
	if armed.once {
		delete(s.faults.on, name)
	}
	return true
}

// cutsNext reports whether the line is to be cut in place of the next
// telegram, and if so uses the fault up.
func (s *Simulator) cutsNext(l *link) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	armed := s.faults.on[faultDropBefore]
	if armed == nil || l.born < s.faults.generation || armed.left != 1 {
		return false
	}
	delete(s.faults.on, faultDropBefore)
	return true
}

// outOfReach reports whether nothing gets through to the terminal, with s.mu
// held.
func (s *Simulator) outOfReach() bool {
	return s.dark || s.severed && s.faults.on[faultStaysCut] != nil
}

// goDark takes the power away for a while, with s.mu held.
func (s *Simulator) goDark() {
	s.dark = true
	s.registered = registration{}
	s.workers.Go(func() {
		s.pause(s.config.Restart)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.dark = false
	})
}

// countTelegram counts a telegram and says whether the line is cut before or
// after it.
func (s *Simulator) countTelegram(l *link) (before, after bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.born < s.faults.generation {
		return false, false
	}
	if s.countDown(faultPowerAt) {
		s.goDark()
		return true, false
	}
	return s.countDown(faultDropBefore), s.countDown(faultDropAfter)
}

// countDown is countTelegram for one fault, with s.mu held.
func (s *Simulator) countDown(name string) bool {
	armed := s.faults.on[name]
	if armed == nil {
		return false
	}
	if armed.left--; armed.left > 0 {
		return false
	}
	delete(s.faults.on, name)
	return true
}
