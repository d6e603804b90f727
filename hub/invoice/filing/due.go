package filing

import "time"

// Policy is how patient the clerk is. It is the only place where anything is
// tried again; no transport does it by itself.
type Policy struct {
	// Answer is the longest wait for an answer to a message.
	Answer time.Duration
	// Pause is the first wait for a result, or before sending again; every
	// further one is twice as long, up to Longest.
	Pause, Longest time.Duration
	// Asks is how many questions in a row may stay unanswered before the
	// document is sent again.
	Asks int
	// Submissions is how often a document is sent before a person must look.
	Submissions int
}

// DefaultPolicy waits for minutes, since the tax service may take hours, and is
// through long before the legal day after issue (시행령 68⑦).
func DefaultPolicy() Policy {
	return Policy{
		Answer: 30 * time.Second, Pause: 5 * time.Second, Longest: 10 * time.Minute, Asks: 3, Submissions: 5,
	}
}

// Sound reports whether the policy waits and tries at all.
func (p Policy) Sound() bool {
	return p.Answer > 0 && p.Pause > 0 && p.Longest >= p.Pause && p.Asks > 0 && p.Submissions > 0
}

// Action is what the outside has to do.
type Action string

// The actions.
const (
	Rest    Action = ""        // nothing, or only the event of the step
	Sign    Action = "sign"    // sign and number the draft
	Deliver Action = "deliver" // put it into the buyer's mailbox; queue it when there is none
	Enqueue Action = "enqueue" // queue it
	Send    Action = "send"    // submit it
	Query   Action = "query"   // ask for its result
	Look    Action = "look"    // a person decides
)

// Step is what comes next: at the time, either an action or an event that time
// alone makes.
type Step struct {
	At     time.Time
	Action Action
	// Event is empty unless Action is Rest.
	Event Kind
}

// Due is the next step of the filing. A final one has none: its step is zero.
func (p Policy) Due(f Filing) Step {
	switch f.State {
	case Draft:
		return Step{At: f.Since, Action: Sign}
	case Issued:
		return Step{At: f.Since, Action: Deliver}
	case Mailed:
		return Step{At: f.Since, Action: Enqueue}
	case Queued:
		return Step{At: f.Since, Action: Send}
	case Submitted: // the program ended while it was sent
		return Step{At: f.Since.Add(p.Answer), Event: Silence}
	case Received:
		return Step{At: f.Since.Add(p.pause(f.Waits)), Event: Silence}
	case Asking:
		return p.ask(f)
	case Resending:
		if len(f.Submissions) >= p.Submissions {
			return Step{At: f.Since, Event: Expire}
		}
		return Step{At: f.Since.Add(p.pause(len(f.Submissions) - 1)), Action: Send}
	case Held:
		return Step{At: f.Since, Action: Look}
	case Accepted, Rejected:
	}
	return Step{}
}

// ask asks at once after the first wait and then more and more slowly.
func (p Policy) ask(f Filing) Step {
	switch {
	case f.Unanswered >= p.Asks:
		return Step{At: f.Since, Event: Expire}
	case f.Unanswered == 0:
		return Step{At: f.Since, Action: Query}
	}
	return Step{At: f.Since.Add(p.pause(f.Unanswered - 1)), Action: Query}
}

func (p Policy) pause(times int) time.Duration {
	pause := p.Pause
	for range times {
		if pause >= p.Longest/2 {
			return p.Longest
		}
		pause *= 2
	}
	return min(pause, p.Longest)
}
