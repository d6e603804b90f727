package cli

import (
	"context"
	"errors"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// progressLine is what the customer is asked to do.
type progressLine struct {
	Progress drivers.Progress `json:"progress"`
}

// terminalLine is how a terminal is.
type terminalLine struct {
	Device   string `json:"device"`
	Ready    bool   `json:"ready"`
	Busy     bool   `json:"busy"`
	DayDue   bool   `json:"day_due"`
	Software string `json:"software,omitempty"`
	ID       string `json:"id,omitempty"`
}

// resultLine is a finished transaction. Outcome is "approved", "declined",
// "not_charged" or "undecided"; Asked says that the answer was lost and the
// terminal was asked.
type resultLine struct {
	Outcome   string     `json:"outcome"`
	Asked     bool       `json:"asked,omitempty"`
	Amount    money.Won  `json:"amount"`
	Approval  string     `json:"approval,omitempty"`
	Reference string     `json:"reference,omitempty"`
	Card      string     `json:"card,omitempty"`
	Scheme    string     `json:"scheme,omitempty"`
	Acquirer  string     `json:"acquirer,omitempty"`
	Merchant  string     `json:"merchant,omitempty"`
	Terminal  string     `json:"terminal,omitempty"`
	At        *time.Time `json:"at,omitempty"`
	Reason    string     `json:"reason,omitempty"`
	Text      string     `json:"text,omitempty"`
	Signature bool       `json:"signature,omitempty"`
	Lines     []string   `json:"lines,omitempty"`
}

func lineOf(outcome string, result drivers.Result) resultLine {
	line := resultLine{
		Outcome: outcome, Amount: result.Amount, Approval: result.Approval, Reference: result.Reference,
		Card: result.Card, Scheme: result.Scheme, Acquirer: result.Acquirer, Merchant: result.Merchant,
		Terminal: result.Terminal, Reason: result.Reason, Text: result.Text, Signature: result.Signature, Lines: result.Lines,
	}
	if !result.At.IsZero() {
		line.At = &result.At
	}
	return line
}

func outcomeOf(result drivers.Result) string {
	if result.Approved {
		return "approved"
	}
	return "declined"
}

// The refusals a command tells by its exit status besides its line.
var (
	errNotApproved = errors.New("not approved")
	errUndecided   = errors.New("the terminal's memory does not decide; look at its own list")
	errNothing     = errors.New("the terminal knows no transaction")
)

func (h *hand) terminal(ctx context.Context, terminal drivers.Terminal) error {
	switch h.call.act {
	case "status":
		status, err := terminal.Status(ctx)
		if err != nil {
			return err
		}
		return h.out.Encode(terminalLine{
			Device: h.call.driver, Ready: status.Ready, Busy: status.Busy, DayDue: status.DayDue, Software: status.Software, ID: status.ID,
		})
	case "last":
		last, err := recall(ctx, terminal)
		if err != nil {
			return err
		}
		return h.out.Encode(lineOf(outcomeOf(last), last))
	case "pay":
		return h.transact(ctx, terminal, terminal.Pay)
	case "refund":
		return h.transact(ctx, terminal, terminal.Refund)
	case "reverse":
		return h.reverse(ctx, terminal)
	case "endofday":
		return h.endOfDay(ctx, terminal)
	}
	return ErrDeviceUsage
}

func recall(ctx context.Context, terminal drivers.Terminal) (drivers.Result, error) {
	recaller, can := terminal.(drivers.Recaller)
	if !can {
		return drivers.Result{}, drivers.ErrUnsupported
	}
	last, known, err := recaller.Last(ctx)
	if err == nil && !known {
		err = errNothing
	}
	return last, err
}

// transact runs a job with the amount of the first operand.
func (h *hand) transact(
	ctx context.Context, terminal drivers.Terminal, job func(context.Context, drivers.Charge) (drivers.Result, error),
) error {
	amount, err := h.amount(0)
	if err != nil || len(h.call.operands) > 1 {
		return errors.Join(err, ErrDeviceUsage)
	}
	return h.settle(ctx, terminal, amount, job)
}

// reverse undoes the payment named, or else the last one.
func (h *hand) reverse(ctx context.Context, terminal drivers.Terminal) error {
	var original drivers.Result
	var err error
	switch len(h.call.operands) {
	case 0:
		original, err = recall(ctx, terminal)
	case 2:
		original.Reference = h.call.operands[0]
		original.Amount, err = h.amount(1)
	default:
		return ErrDeviceUsage
	}
	if err != nil {
		return err
	}
	return h.settle(ctx, terminal, original.Amount, func(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
		return terminal.Reverse(ctx, original, charge)
	})
}

// settle runs a job that moves money, and when its outcome is unknown asks the
// terminal what became of it.
func (h *hand) settle(
	ctx context.Context, terminal drivers.Terminal, amount money.Won, job func(context.Context, drivers.Charge) (drivers.Result, error),
) error {
	mark, err := terminal.Mark(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	charge := drivers.Charge{ID: "device", Amount: amount, Progress: func(step drivers.Progress) {
		_ = h.out.Encode(progressLine{step})
	}}
	result, err := job(ctx, charge)
	if err == nil {
		return h.tell(lineOf(outcomeOf(result), result))
	}
	if !errors.Is(err, drivers.ErrOutcomeUnknown) {
		return err
	}
	found, asked := terminal.Find(ctx, drivers.Query{Mark: mark, Charge: charge, Began: began})
	if asked != nil {
		return errors.Join(err, asked)
	}
	line := lineOf(string(found.Outcome), found.Result)
	line.Asked = true
	return h.tell(line)
}

// tell writes a result; one that is no approval is an error too.
func (h *hand) tell(line resultLine) error {
	if err := h.out.Encode(line); err != nil {
		return err
	}
	switch line.Outcome {
	case string(drivers.OutcomeApproved):
		return nil
	case string(drivers.OutcomeUndecided):
		return errUndecided
	}
	return errNotApproved
}

func (h *hand) endOfDay(ctx context.Context, terminal drivers.Terminal) error {
	closer, can := terminal.(drivers.DayCloser)
	if !can {
		return drivers.ErrUnsupported
	}
	totals, err := closer.EndOfDay(ctx)
	if err != nil {
		return err
	}
	return h.out.Encode(map[string]int64{"count": int64(totals.Count), "total": int64(totals.Total)})
}
