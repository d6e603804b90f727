package filing_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"shopbox/hub/invoice/filing"
	"shopbox/hub/invoice/result"
)

// success are the only codes by which a document may become accepted.
var success = []result.Code{"SUC001", "SYN003"}

// codes hold one of each verdict and nonsense.
var codes = []result.Code{"SUC001", "SYN003", "SIM306", "ERR042", "SYN001", "suc001", ""}

func code(err error) string {
	if refused, is := errors.AsType[*filing.Error](err); is {
		return refused.Code
	}
	return ""
}

// reachable are filings in every state, each come to by the shortest way.
func reachable(t *testing.T) map[filing.State]filing.Filing {
	t.Helper()
	start := filing.New("202611231234567800000001", time.Time{})
	found := map[filing.State]filing.Filing{start.State: start}
	queue := []filing.Filing{start}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, e := range events(f) {
			next, err := f.Apply(e)
			if _, known := found[next.State]; err == nil && !known {
				found[next.State] = next
				queue = append(queue, next)
			}
		}
	}
	return found
}

// events are all that can be tried on a filing: each kind with each code and
// with a new, the newest, an older, a foreign and no submission.
func events(f filing.Filing) []filing.Event {
	submissions := append([]string{"", "foreign", fmt.Sprintf("s%d", len(f.Submissions))}, f.Submissions...)
	var list []filing.Event
	for _, kind := range filing.Kinds() {
		for _, submission := range submissions {
			for _, c := range codes {
				list = append(list, filing.Event{Kind: kind, SubmitID: submission, Code: c, At: f.Since.Add(time.Second)})
			}
		}
	}
	return list
}

// TestEveryPairIsStated walks all pairs: each cell of the table is there, and
// what it forbids is refused with a code and changes nothing.
func TestEveryPairIsStated(t *testing.T) {
	found := reachable(t)
	for _, s := range filing.States() {
		f, ok := found[s]
		if !ok {
			t.Errorf("no way leads to %s", s)
			continue
		}
		if cells := filing.Row(s); len(cells) != len(filing.Kinds()) {
			t.Errorf("%s states %d of %d events", s, len(cells), len(filing.Kinds()))
		}
		for _, e := range events(f) {
			next, legal := s.Next(e.Kind)
			got, err := f.Apply(e)
			if legal && !slices.Contains(filing.States(), next) {
				t.Errorf("%s leads from %s to %q", e.Kind, s, next)
			}
			if !legal && code(err) != filing.CodeIllegal {
				t.Errorf("%s in %s: %v", e.Kind, s, err)
			}
			if err != nil && (code(err) == "" || got.State != s || len(got.Submissions) != len(f.Submissions) || got.Code != f.Code) {
				t.Errorf("%s in %s refused with %v left %+v", e.Kind, s, err, got)
			}
			if err == nil && got.State != next {
				t.Errorf("%s in %s led to %s, not %s", e.Kind, s, got.State, next)
			}
		}
	}
	if _, legal := filing.State("other").Next(filing.Issue); legal {
		t.Error("a state that is none takes events")
	}
	if _, legal := filing.Draft.Next("other"); legal {
		t.Error("an event that is none is taken")
	}
}

// TestNoPathIssuesTwice holds that nothing leads back before the issue.
func TestNoPathIssuesTwice(t *testing.T) {
	before := []filing.State{filing.Draft, filing.Issued, filing.Mailed, filing.Queued}
	for _, s := range filing.States() {
		for _, k := range filing.Kinds() {
			next, legal := s.Next(k)
			if legal && k == filing.Issue && (s != filing.Draft || next != filing.Issued) {
				t.Errorf("issued in %s", s)
			}
			if from, to := slices.Index(before, s), slices.Index(before, next); legal && to >= 0 && (from < 0 || to <= from) {
				t.Errorf("%s leads back from %s to %s", k, s, next)
			}
		}
	}
}

// TestNoPathLosesADocument holds that from everywhere the tax service's word
// still leads to accepted, that something is due in every state that is not
// final, and that nothing leads out of accepted.
func TestNoPathLosesADocument(t *testing.T) {
	for s, f := range reachable(t) {
		if !leads(s, map[filing.State]bool{}) {
			t.Errorf("no way leads from %s to accepted", s)
		}
		step := filing.DefaultPolicy().Due(f)
		if s.Final() != (step == filing.Step{}) {
			t.Errorf("due in %s: %+v", s, step)
		}
		if _, legal := s.Next(step.Event); step.Event != "" && !legal {
			t.Errorf("%s is due in %s but illegal", step.Event, s)
		}
	}
	for _, k := range filing.Kinds() {
		if next, legal := filing.Accepted.Next(k); legal && next != filing.Accepted {
			t.Errorf("%s leads from accepted to %s", k, next)
		}
		if next, legal := filing.Rejected.Next(k); legal && next != filing.Accepted && next != filing.Rejected {
			t.Errorf("%s leads from rejected to %s", k, next)
		}
	}
}

func leads(s filing.State, seen map[filing.State]bool) bool {
	if s == filing.Accepted {
		return true
	}
	seen[s] = true
	for _, k := range filing.Kinds() {
		if next, legal := s.Next(k); legal && !seen[next] && leads(next, seen) {
			return true
		}
	}
	return false
}

// TestOnlyTheTaxServiceAccepts tries every event on every filing of long random
// walks.
func TestOnlyTheTaxServiceAccepts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	for range 600 {
		f := filing.New("1", time.Time{})
		for range 40 {
			list := events(f)
			e := list[random.IntN(len(list))]
			next, err := f.Apply(e)
			if err != nil {
				continue
			}
			entered := next.State == filing.Accepted && f.State != filing.Accepted
			if entered && (!slices.Contains(success, e.Code) || !slices.Contains(f.Submissions, e.SubmitID)) {
				t.Fatalf("%s accepted by %+v", f.State, e)
			}
			if entered {
				accepted++
			}
			if next.IssueID != f.IssueID || len(next.Submissions) < len(f.Submissions) {
				t.Fatalf("%+v became %+v", f, next)
			}
			f = next
		}
	}
	if accepted < 5 {
		t.Errorf("only %d walks came to accepted", accepted)
	}
}

func TestAnswersOfOtherSubmissions(t *testing.T) {
	f := filing.New("1", time.Time{})
	apply := func(want string, e filing.Event) {
		t.Helper()
		next, err := f.Apply(e)
		if code(err) != want {
			t.Fatalf("%+v: %v, want %q", e, err, want)
		}
		f = next
	}
	apply("", filing.Event{Kind: filing.Issue})
	apply("", filing.Event{Kind: filing.Mail})
	apply("", filing.Event{Kind: filing.Queue})
	apply(filing.CodeSubmitID, filing.Event{Kind: filing.Submit})
	apply("", filing.Event{Kind: filing.Submit, SubmitID: "a"})
	apply(filing.CodeForeign, filing.Event{Kind: filing.Accept, SubmitID: "b", Code: "SUC001"})
	apply("", filing.Event{Kind: filing.Refuse, SubmitID: "a", Code: "SIM202"})
	apply(filing.CodeSubmitID, filing.Event{Kind: filing.Submit, SubmitID: "a"})
	apply("", filing.Event{Kind: filing.Submit, SubmitID: "b"})
	if f.Code != "" {
		t.Errorf("the old refusal is still there: %s", f.Code)
	}
	apply(filing.CodeStale, filing.Event{Kind: filing.Reject, SubmitID: "a", Code: "SIM301"})
	apply(filing.CodeIllegal, filing.Event{Kind: filing.Accept, SubmitID: "b", Code: "ERR001"})
	apply("", filing.Event{Kind: filing.Accept, SubmitID: "a", Code: "SUC001"})
	apply("", filing.Event{Kind: filing.Duplicate, SubmitID: "b", Code: "SYN003"})
	if f.State != filing.Accepted {
		t.Errorf("%+v", f)
	}
}

// TestPatience holds that pauses double and stop at the longest.
func TestPatience(t *testing.T) {
	p := filing.Policy{Answer: time.Second, Pause: time.Second, Longest: 5 * time.Second, Asks: 3, Submissions: 2}
	zero := time.Time{}
	for _, c := range []struct {
		filing filing.Filing
		want   filing.Step
	}{
		{filing.Filing{State: filing.Received}, filing.Step{At: zero.Add(time.Second), Event: filing.Silence}},
		{filing.Filing{State: filing.Received, Waits: 1}, filing.Step{At: zero.Add(2 * time.Second), Event: filing.Silence}},
		{filing.Filing{State: filing.Received, Waits: 9}, filing.Step{At: zero.Add(5 * time.Second), Event: filing.Silence}},
		{filing.Filing{State: filing.Asking}, filing.Step{Action: filing.Query}},
		{filing.Filing{State: filing.Asking, Unanswered: 2}, filing.Step{At: zero.Add(2 * time.Second), Action: filing.Query}},
		{filing.Filing{State: filing.Asking, Unanswered: 3}, filing.Step{Event: filing.Expire}},
		{filing.Filing{State: filing.Resending, Submissions: []string{"a"}}, filing.Step{At: zero.Add(time.Second), Action: filing.Send}},
		{filing.Filing{State: filing.Resending, Submissions: []string{"a", "b"}}, filing.Step{Event: filing.Expire}},
		{filing.Filing{State: filing.Submitted}, filing.Step{At: zero.Add(time.Second), Event: filing.Silence}},
	} {
		if got := p.Due(c.filing); got != c.want {
			t.Errorf("%+v: got %+v, want %+v", c.filing, got, c.want)
		}
	}
}
