package simulator

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Point is where a fault strikes.
type Point string

// The points.
const (
	AtCertificate Point = "certificate" // the answer with the certificates
	AtSubmit      Point = "submit"      // a submission and its receipt
	AtAsk         Point = "ask"         // a question and its answer
	AtPost        Point = "post"        // results posted to ReplyTo
)

// FaultName is what goes wrong.
type FaultName string

// The faults.
const (
	SilentBefore   FaultName = "silent_before"
	SilentAfter    FaultName = "silent_after"
	Garbage        FaultName = "garbage"
	Half           FaultName = "half"
	WrongSignature FaultName = "wrong_signature"
	Duplicated     FaultName = "duplicate"
	Delay          FaultName = "delay"
	RefuseMessage  FaultName = "fault"
	RefuseAll      FaultName = "refuse"
)

// FaultInfo describes a fault for a person.
type FaultInfo struct {
	Name FaultName
	// Value is what follows "=", empty when nothing does.
	Value string
	// Points are where it can be switched on.
	Points      []Point
	Description string
}

// FaultInfos lists all faults.
func FaultInfos() []FaultInfo {
	everywhere := []Point{AtCertificate, AtSubmit, AtAsk, AtPost}
	answers := []Point{AtCertificate, AtSubmit, AtAsk}
	return []FaultInfo{
		{SilentBefore, "", everywhere, "hangs up before the message is taken; posts nothing"},
		{SilentAfter, "", everywhere, "takes the message and hangs up; posts and hears no answer"},
		{Garbage, "", everywhere, "sends garbage"},
		{Half, "", everywhere, "sends half of the message"},
		{WrongSignature, "", everywhere, "signs with a stranger's key"},
		{Duplicated, "", []Point{AtAsk, AtPost}, "gives every result twice"},
		{Delay, "DURATION", everywhere, "answers or posts later; at submit, the results are ready later"},
		{RefuseMessage, "CODE", answers, "refuses the message with a SOAP fault"},
		{RefuseAll, "CODE", []Point{AtSubmit}, "refuses every document with the code"},
	}
}

// Fault is one that is switched on.
type Fault struct {
	Point Point
	Name  FaultName
	// Value is a duration or a code, of the faults that have one.
	Value string
	// Times is how often it strikes; zero is always.
	Times int
}

// ParseFaults reads a list such as "submit.silent_after:2,ask.delay=3s".
func ParseFaults(text string) ([]Fault, error) {
	var list []Fault
	for one := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(one) == "" {
			continue
		}
		parsed, err := parseFault(strings.TrimSpace(one))
		if err != nil {
			return nil, err
		}
		list = append(list, parsed)
	}
	return list, nil
}

func parseFault(text string) (Fault, error) {
	parts := regexp.MustCompile(`^([a-z]+)\.([a-z_]+)(=[A-Za-z0-9.]+)?(:[0-9]{1,4})?$`).FindStringSubmatch(text)
	if parts == nil {
		return Fault{}, fmt.Errorf("fault %q: it is written POINT.NAME[=VALUE][:TIMES]", text)
	}
	f := Fault{Point: Point(parts[1]), Name: FaultName(parts[2]), Value: strings.TrimPrefix(parts[3], "=")}
	f.Times, _ = strconv.Atoi(strings.TrimPrefix(parts[4], ":")) // empty is zero: always
	for _, info := range FaultInfos() {
		if info.Name != f.Name || !slices.Contains(info.Points, f.Point) {
			continue
		}
		if (info.Value == "") != (f.Value == "") {
			return Fault{}, fmt.Errorf("fault %q: its value is %q", text, info.Value)
		}
		if _, err := time.ParseDuration(f.Value); info.Name == Delay && err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", text, err)
		}
		return f, nil
	}
	return Fault{}, fmt.Errorf("fault %q: there is none of that name at that point", text)
}

// fault is what strikes one message; the zero value is none.
type fault struct {
	name  FaultName
	value string
	delay time.Duration
}

func (f fault) is(name FaultName) bool { return f.name == name }

// next is the fault that strikes at a point now, and counts it.
func (s *Service) next(at Point) fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.Point == at })
	if i < 0 {
		return fault{}
	}
	f := &s.faults[i]
	active := fault{name: f.Name, value: f.Value}
	active.delay, _ = time.ParseDuration(f.Value) // checked when it was switched on; zero for others
	if f.Times == 1 {
		s.faults = slices.Delete(s.faults, i, i+1)
	} else if f.Times > 1 {
		f.Times--
	}
	return active
}
