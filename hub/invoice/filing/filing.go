// Package filing is the way of an e-tax invoice to the Korean tax service
// (부가가치세법 32③, 시행령 68⑦: by the day after issue), as a table of states
// and events and as a clerk who walks it. The command that sends documents
// calls it. What always holds: a document is issued once and sent again only
// under its own number, none gets lost on the way, and none counts as accepted
// unless the tax service said so. No I/O; time is handed in.
package filing

import (
	"cmp"
	"slices"
	"time"

	"shopbox/hub/invoice/result"
)

// State is where a document stands.
type State string

// The states.
const (
	Draft     State = "draft"     // being written
	Issued    State = "issued"    // signed, its number taken
	Mailed    State = "mailed"    // in the buyer's mailbox: issued in law
	Queued    State = "queued"    // to be sent for the first time
	Submitted State = "submitted" // sent; the receipt is awaited
	Received  State = "received"  // the tax service took it; the result is awaited
	Asking    State = "asking"    // no answer or no result came; the result is asked for
	Resending State = "resending" // to be sent again under the same number
	Held      State = "held"      // a person must look
	Accepted  State = "accepted"  // the tax service has it
	Rejected  State = "rejected"  // the tax service refused it; a new document is needed
)

// States lists all states on the way.
func States() []State {
	return []State{Draft, Issued, Mailed, Queued, Submitted, Received, Asking, Resending, Held, Accepted, Rejected}
}

// Final reports whether nothing more is to be done.
func (s State) Final() bool { return s == Accepted || s == Rejected }

// Kind is what can happen to a document.
type Kind string

// The kinds of events.
const (
	Issue       Kind = "issue"       // it was signed and took its number
	Mail        Kind = "mail"        // it was put into the buyer's mailbox
	Queue       Kind = "queue"       // it is to be sent
	Submit      Kind = "submit"      // it is about to be sent; nothing left yet
	Acknowledge Kind = "acknowledge" // the tax service says: taken, no result yet
	Silence     Kind = "silence"     // no answer, half an answer, or one not to be trusted
	Refuse      Kind = "refuse"      // the tax service did not take the submission
	Expire      Kind = "expire"      // it was tried as often as the policy says
	Accept      Kind = "accept"      // result: accepted
	Duplicate   Kind = "duplicate"   // result: there already
	Reject      Kind = "reject"      // result: refused
	Unclear     Kind = "unclear"     // result: a code nobody knows
	Release     Kind = "release"     // a person looked: ask again
)

// Kinds lists all kinds in the order of the table's columns.
func Kinds() []Kind {
	return []Kind{
		Issue, Mail, Queue, Submit, Acknowledge, Silence, Refuse, Expire,
		Accept, Duplicate, Reject, Unclear, Release,
	}
}

// row says where each kind of event leads from a state; the columns are Kinds.
// A buyer without a mailbox has Hometax for one (시행령 68⑫), so an issued
// document may be queued unmailed. What the tax service accepted stays so,
// whatever it says about a later copy.
func row(s State) []State {
	const no = "" // cannot happen
	switch s {
	//                       issue   mail    queue   submit     acknow.   silence refuse     expire     accept    duplic.   reject    unclear   release
	case Draft:
		return []State{Issued, no, no, no, no, no, no, no, no, no, no, no, no}
	case Issued:
		return []State{no, Mailed, Queued, no, no, no, no, no, no, no, no, no, no}
	case Mailed:
		return []State{no, no, Queued, no, no, no, no, no, no, no, no, no, no}
	case Queued:
		return []State{no, no, no, Submitted, no, no, no, no, no, no, no, no, no}
	case Submitted:
		return []State{no, no, no, no, Received, Asking, Resending, no, Accepted, Accepted, Rejected, Held, no}
	case Received:
		return []State{no, no, no, no, Received, Asking, Resending, no, Accepted, Accepted, Rejected, Held, no}
	case Asking:
		return []State{no, no, no, no, Received, Asking, Resending, Resending, Accepted, Accepted, Rejected, Held, no}
	case Resending:
		return []State{no, no, no, Submitted, no, no, no, Held, Accepted, Accepted, Rejected, Held, no}
	case Held:
		return []State{no, no, no, no, no, no, no, no, Accepted, Accepted, Rejected, Held, Asking}
	case Accepted:
		return []State{no, no, no, no, no, no, no, no, Accepted, Accepted, Accepted, Accepted, no}
	case Rejected:
		return []State{no, no, no, no, no, no, no, no, Accepted, Accepted, Rejected, Rejected, no}
	}
	return nil
}

// Next is the state an event leads to; found is false when it cannot happen.
func (s State) Next(k Kind) (next State, found bool) {
	column := slices.Index(Kinds(), k)
	cells := row(s)
	if column < 0 || column >= len(cells) {
		return s, false
	}
	return cells[column], cells[column] != ""
}

// KindOf is the event a result code makes. Only the two codes of success make
// one that leads to Accepted.
func KindOf(code result.Code) Kind {
	switch code.Meaning().Verdict {
	case result.Accepted:
		return Accept
	case result.Duplicate:
		return Duplicate
	case result.Refused:
		return Reject
	default:
		return Unclear
	}
}

// Event is something that happened.
type Event struct {
	Kind Kind
	// SubmitID is the submission it is about; empty for what concerns none.
	SubmitID string
	// Code is what the tax service said, of results and refusals.
	Code result.Code
	// ReceiptID is the tax service's number, of Acknowledge.
	ReceiptID string
	// At is when.
	At time.Time
}

// Filing is one document on its way. The zero value is none; begin with New.
type Filing struct {
	// IssueID is its approval number; it never changes.
	IssueID string
	State   State
	// Since is when it came into its state or last tried there.
	Since time.Time
	// Submissions are the SubmitIDs it was sent under, the newest last.
	Submissions []string
	// Unanswered counts the silences in a row.
	Unanswered int
	// Waits counts the waits for a result since it was last sent.
	Waits int
	// Code is the last the tax service said.
	Code result.Code
	// ReceiptID is the tax service's number of the last receipt.
	ReceiptID string
}

// New is a draft.
func New(issueID string, at time.Time) Filing {
	return Filing{IssueID: issueID, State: Draft, Since: at}
}

// The codes of a refused event.
const (
	CodeIllegal  = "filing_illegal_event"
	CodeSubmitID = "filing_submit_id"
	CodeForeign  = "filing_foreign_submission"
	CodeStale    = "filing_stale_answer"
)

// Error says why an event is refused; the filing stays as it is.
type Error struct {
	// Code is one of the Code constants.
	Code string
	// IssueID is the document.
	IssueID string
	// State and Kind are what did not go together.
	State State
	Kind  Kind
}

// Error is the code and what did not go together in one line.
func (e *Error) Error() string {
	return e.Code + ": " + e.IssueID + ": " + string(e.Kind) + " in state " + string(e.State)
}

// Apply is the filing after the event. It is refused with an *Error when the
// table has no place for it, when a submission has no new name, and when an
// answer is about a submission that the document was not in, or, unless it says
// that the tax service has the document, about an earlier one.
func (f Filing) Apply(e Event) (Filing, error) {
	next, found := f.State.Next(e.Kind)
	if !found {
		return f, f.refuse(CodeIllegal, e)
	}
	if code := f.check(e); code != "" {
		return f, f.refuse(code, e)
	}
	f.count(e)
	f.State, f.Since = next, e.At
	if e.Code != "" {
		f.Code = e.Code
	}
	if e.ReceiptID != "" {
		f.ReceiptID = e.ReceiptID
	}
	return f, nil
}

func (f Filing) refuse(code string, e Event) error {
	return &Error{Code: code, IssueID: f.IssueID, State: f.State, Kind: e.Kind}
}

// check holds the event's submission to those the document was sent in.
func (f Filing) check(e Event) string {
	known := slices.Contains(f.Submissions, e.SubmitID)
	newest := known && f.Submissions[len(f.Submissions)-1] == e.SubmitID
	switch e.Kind {
	case Submit:
		return when(e.SubmitID == "" || known, CodeSubmitID)
	case Accept, Duplicate:
		return cmp.Or(when(KindOf(e.Code) != e.Kind, CodeIllegal), when(!known, CodeForeign))
	case Acknowledge, Refuse, Reject, Unclear:
		return cmp.Or(when(!known, CodeForeign), when(!newest, CodeStale))
	default:
		return ""
	}
}

func when(broken bool, code string) string {
	if broken {
		return code
	}
	return ""
}

// count keeps the tallies the policy looks at. A document sent again leaves
// the code of its last refusal behind.
func (f *Filing) count(e Event) {
	switch e.Kind {
	case Submit:
		f.Submissions = append(slices.Clone(f.Submissions), e.SubmitID)
		f.Unanswered, f.Waits, f.Code = 0, 0, ""
	case Silence:
		f.Waits++
		if f.State == Asking {
			f.Unanswered++
		}
	case Acknowledge, Release:
		f.Unanswered = 0
	default:
	}
}
