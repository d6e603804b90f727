package filing_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"shopbox/hub/invoice/filing"
	"shopbox/hub/invoice/result"
)

// service is a tax service in memory whose line fails at random: before a
// message arrives, behind it, with another's answer, with a refusal. It knows
// each number once.
type service struct {
	random      *rand.Rand
	fail        int // of 100 messages
	refuse      map[string]result.Code
	accepted    map[string]int
	submissions map[string][]result.Document
	sent        map[string]int
	posted      chan result.Response
}

var errLine = errors.New("the line broke")

func (s *service) broken() bool { return s.random.IntN(100) < s.fail }

func (s *service) Submit(_ context.Context, submission filing.Submission) (result.Response, error) {
	if s.broken() {
		return result.Response{}, errLine
	}
	if s.broken() {
		return result.Response{}, &filing.RefusalError{Code: "SIM103", Text: "busy"}
	}
	var results []result.Document
	for _, signed := range submission.Documents {
		id := string(signed.Content)
		s.sent[id]++
		code, refused := s.refuse[id]
		switch {
		case refused:
		case s.accepted[id] > 0:
			code = result.CodeDuplicate
		default:
			code = result.CodeAccepted
			s.accepted[id]++
		}
		results = append(results, result.Document{IssueID: id, Code: code})
	}
	s.submissions[submission.ID] = results
	if !s.broken() {
		select {
		case s.posted <- result.Response{SubmitID: submission.ID, Documents: results}:
		default:
		}
	}
	return s.answer(result.Response{SubmitID: submission.ID, Type: result.TypeReceipt, ReceiptID: "r"})
}

func (s *service) Ask(_ context.Context, id string) (result.Response, error) {
	if s.broken() {
		return result.Response{}, &filing.RefusalError{Code: "SIM103", Text: "busy"}
	}
	results, known := s.submissions[id]
	switch {
	case !known:
		return s.answer(result.Response{SubmitID: id, FailReason: "SIM204"})
	case s.broken():
		return s.answer(result.Response{SubmitID: id, Type: result.TypeReceipt})
	}
	return s.answer(result.Response{SubmitID: id, Documents: results})
}

func (s *service) answer(r result.Response) (result.Response, error) {
	if s.broken() {
		return result.Response{}, errLine
	}
	if s.broken() {
		return result.Response{SubmitID: "another", Documents: []result.Document{{IssueID: "d0", Code: "SUC001"}}}, nil
	}
	if s.broken() {
		return result.Response{}, nil
	}
	return r, nil
}

// run walks documents through a line that fails so often, for a day at most.
func run(t *testing.T, seed uint64, fail int) (*service, []filing.Document) {
	t.Helper()
	s := &service{
		random: rand.New(rand.NewPCG(seed, 1)), fail: fail, refuse: map[string]result.Code{"d1": "SIM306", "d2": "ERR042"},
		accepted: map[string]int{}, submissions: map[string][]result.Document{}, sent: map[string]int{},
		posted: make(chan result.Response, 8),
	}
	documents := make([]filing.Document, 120)
	for i := range documents {
		f := filing.New(fmt.Sprintf("d%d", i), time.Now())
		for _, k := range []filing.Kind{filing.Issue, filing.Queue} {
			f, _ = f.Apply(filing.Event{Kind: k, At: time.Now()})
		}
		documents[i] = filing.Document{Filing: f, Signed: filing.Signed{Content: []byte(f.IssueID)}}
	}
	last := map[string]filing.State{}
	count := 0
	clerk := filing.Clerk{
		Line: s, Policy: filing.DefaultPolicy(), Now: time.Now, Posted: s.posted,
		NewSubmitID: func() string { count++; return fmt.Sprintf("s%d", count) },
		Keep: func(f filing.Filing, reason string) error {
			if last[f.IssueID] == filing.Accepted && f.State != filing.Accepted || reason == "" {
				t.Errorf("%s left accepted for %s", f.IssueID, f.State)
			}
			last[f.IssueID] = f.State
			return nil
		},
	}
	ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
	defer cancel()
	if err := clerk.Run(ctx, documents); err != nil {
		t.Error(err)
	}
	return s, documents
}

// TestEveryLineEndsWell holds, whatever the line does, that each document is
// accepted exactly once or plainly not: refused, held or still open.
func TestEveryLineEndsWell(t *testing.T) {
	for _, fail := range []int{0, 5, 30, 60, 95, 100} {
		for seed := range uint64(6) {
			synctest.Test(t, func(t *testing.T) {
				s, documents := run(t, seed, fail)
				for _, d := range documents {
					f := d.Filing
					has := s.accepted[f.IssueID]
					switch {
					case f.State == filing.Accepted && has != 1, has > 1:
						t.Fatalf("fail %d seed %d: %s is %s but there %d times", fail, seed, f.IssueID, f.State, has)
					case f.State == filing.Rejected && (has != 0 || f.Code != "SIM306"):
						t.Fatalf("fail %d seed %d: %s rejected with %s", fail, seed, f.IssueID, f.Code)
					case fail == 0 && f.IssueID == "d2" && (f.State != filing.Held || f.Code != "ERR042"):
						t.Fatalf("an unknown code: %+v", f)
					case fail == 0 && f.IssueID != "d2" && !f.State.Final():
						t.Fatalf("a good line leaves %+v", f)
					case fail == 100 && f.State != filing.Held:
						t.Fatalf("a dead line leaves %+v", f)
					case len(f.Submissions) > filing.DefaultPolicy().Submissions:
						t.Fatalf("sent %d times", len(f.Submissions))
					}
				}
			})
		}
	}
}

// TestTheEndOfTime leaves what is open as it is.
func TestTheEndOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := filing.New("d0", time.Now())
		for _, e := range []filing.Event{{Kind: filing.Issue}, {Kind: filing.Queue}, {Kind: filing.Submit, SubmitID: "s"}, {Kind: filing.Acknowledge, SubmitID: "s"}} {
			e.At = time.Now()
			f, _ = f.Apply(e)
		}
		documents := []filing.Document{{Filing: f}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		clerk := filing.Clerk{Policy: filing.DefaultPolicy(), Now: time.Now, Keep: func(filing.Filing, string) error { return nil }}
		if err := clerk.Run(ctx, documents); err != nil || documents[0].Filing.State != filing.Received {
			t.Errorf("%+v, %v", documents[0].Filing, err)
		}
	})
}

// TestNothingIsSentUnwritten holds that a submission which cannot be written
// down does not leave.
func TestNothingIsSentUnwritten(t *testing.T) {
	full := errors.New("disk full")
	f := filing.Filing{IssueID: "d0", State: filing.Queued}
	s := &service{random: rand.New(rand.NewPCG(1, 1)), accepted: map[string]int{}, submissions: map[string][]result.Document{}, sent: map[string]int{}}
	clerk := filing.Clerk{
		Line: s, Policy: filing.DefaultPolicy(), Now: time.Now, NewSubmitID: func() string { return "s" },
		Keep: func(filing.Filing, string) error { return full },
	}
	if err := clerk.Run(t.Context(), []filing.Document{{Filing: f, Signed: filing.Signed{Content: []byte("d0")}}}); !errors.Is(err, full) || s.sent["d0"] != 0 {
		t.Errorf("%v, sent %d times", err, s.sent["d0"])
	}
}
