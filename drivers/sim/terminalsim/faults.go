package terminalsim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The faults that can be switched on. Those with a number take it as
// "name=3"; ":once" behind a name switches it off when it has happened.
const (
	Decline    = "decline"
	AnswerLost = "answer_lost_after_approval"
	PowerLoss  = "power_loss"
	AckLost    = "ack_lost"
	Busy       = "busy"
	Garbage    = "garbage"
	Amount     = "wrong_amount"
	Duplicate  = "duplicate_answer"
	Late       = "late_answer"
	NoCard     = "no_card"
	Stale      = "stale_answer"
	PowerAt    = "power_loss_at_telegram"
	DropBefore = "drop_before_telegram"
	DropAfter  = "drop_after_telegram"
)

const once = ":once"

// FaultInfo describes a fault.
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
		{Name: Decline, Description: "the host declines every payment"},
		{Name: AnswerLost, Description: "charges, then cuts the line without telling the result"},
		{Name: PowerLoss, Description: "loses power after the host approved"},
		{Name: AckLost, Description: "tells the result and cuts the line before it hears that it arrived"},
		{Name: Busy, Description: "is busy with something else"},
		{Name: Garbage, Description: "sends bytes that mean nothing in place of the result"},
		{Name: Amount, Description: "names an amount 1,000 higher than the one charged"},
		{Name: Duplicate, Description: "sends every result twice"},
		{Name: Late, Description: "holds the result back until the register has given up"},
		{Name: NoCard, Description: "the customer presents no card"},
		{Name: Stale, Description: "answers with the previous customer's result and does nothing for this one"},
		{Name: PowerAt, Number: true, Description: "loses power in place of the Nth telegram from now, either direction; once"},
		{Name: DropBefore, Number: true, Description: "cuts the line in place of the Nth telegram from now, either direction; once"},
		{Name: DropAfter, Number: true, Description: "cuts the line right behind the Nth telegram from now, either direction; once"},
	}
}

type fault struct {
	once bool
	left int
}

// Faults are those of one terminal.
type Faults struct {
	mutex sync.Mutex
	on    map[string]*fault
}

func (f *Faults) set(name string, on bool) error {
	name, single := strings.CutSuffix(name, once)
	name, argument, numbered := strings.Cut(name, "=")
	infos := describe()
	known := slices.IndexFunc(infos, func(info FaultInfo) bool { return info.Name == name })
	if known < 0 {
		return fmt.Errorf("no fault %q", name)
	}
	armed := &fault{once: single}
	if on && infos[known].Number {
		left, err := strconv.Atoi(argument)
		if err != nil || left < 1 {
			return fmt.Errorf("fault %q needs a number of telegrams", name)
		}
		armed.left = left
	} else if on && numbered {
		return fmt.Errorf("fault %q takes no number", name)
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	delete(f.on, name)
	if on {
		f.on[name] = armed
	}
	return nil
}

// List is every fault and whether it is on.
func (f *Faults) List() []FaultInfo {
	infos := describe()
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for i := range infos {
		infos[i].On = f.on[infos[i].Name] != nil
	}
	return infos
}

func (f *Faults) armed(name string) bool {
	name, _, _ = strings.Cut(strings.TrimSuffix(name, once), "=")
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.on[name] != nil
}

// Strikes reports whether a fault happens now, and uses it up if it was for
// once.
func (f *Faults) Strikes(name string) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	armed := f.on[name]
	if armed == nil {
		return false
	}
	if armed.once {
		delete(f.on, name)
	}
	return true
}

// counted is what a telegram met.
type counted struct{ powerLost, cutBefore, cutAfter bool }

// count counts a telegram.
func (f *Faults) count() counted {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return counted{f.countDown(PowerAt), f.countDown(DropBefore), f.countDown(DropAfter)}
}

func (f *Faults) countDown(name string) bool {
	armed := f.on[name]
	if armed == nil {
		return false
	}
	if armed.left--; armed.left > 0 {
		return false
	}
	delete(f.on, name)
	return true
}
