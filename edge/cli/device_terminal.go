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
	Needs    string `json:"needs,omitempty"`
	Software string `json:"software,omitempty"`
	Model    string `json:"model,omitempty"`
	Serial   string `json:"serial,omitempty"`
	ID       string `json:"id,omitempty"`
	// Unit is what an amount of 1 is on this terminal.
	Unit string `json:"unit"`
}

// resultLine is a finished transaction. Amount is in the Unit, and Money is the
// same as people write it. Outcome is "approved", "declined",
// "not_charged" or "undecided"; Asked says that the answer was lost and the
// terminal was asked.
type resultLine struct {
	Outcome   string     `json:"outcome"`
	Asked     bool       `json:"asked,omitempty"`
	Amount    money.Won  `json:"amount"`
	Unit      string     `json:"unit"`
	Money     string     `json:"money"`
	Tip       money.Won  `json:"tip,omitempty"`
	Tippable  bool       `json:"tippable,omitempty"`
	Approval  string     `json:"approval,omitempty"`
	Reference string     `json:"reference,omitempty"`
	Trace     string     `json:"trace,omitempty"`
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

func lineOf(outcome string, result drivers.Result, in purse) resultLine {
	line := resultLine{
		Outcome: outcome, Amount: result.Amount, Unit: in.unit(), Money: in.write(result.Amount), Tip: result.Tip, Tippable: result.Tippable,
		Approval: result.Approval, Reference: result.Reference, Trace: result.Trace,
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

// terminalAct is what can be done with a terminal by hand.
type terminalAct func(h *hand, ctx context.Context, terminal drivers.Terminal) error

func terminalActs() map[string]terminalAct {
	return map[string]terminalAct{
		"status":       (*hand).terminalStatus,
		"last":         (*hand).last,
		"pay":          (*hand).pay,
		"refund":       (*hand).refund,
		"reverse":      (*hand).reverse,
		"tip":          (*hand).tip,
		"reserve":      (*hand).reserve,
		"reservations": (*hand).reservations,
		"book":         (*hand).book,
		"lower":        (*hand).lower,
		"release":      (*hand).release,
		"totals":       (*hand).totals,
		"endofday":     (*hand).endOfDay,
		"diagnose":     (*hand).diagnose,
		"settime":      (*hand).setTime,
		"reprint":      (*hand).reprint,
	}
}

func (h *hand) terminal(ctx context.Context, terminal drivers.Terminal) error {
	act, known := terminalActs()[h.call.act]
	if !known {
		return ErrDeviceUsage
	}
	return act(h, ctx, terminal)
}

func (h *hand) terminalStatus(ctx context.Context, terminal drivers.Terminal) error {
	status, err := terminal.Status(ctx)
	if err != nil {
		return err
	}
	return h.out.Encode(terminalLine{
		Device: h.call.driver, Ready: status.Ready, Busy: status.Busy, DayDue: status.DayDue, Needs: status.Needs,
		Software: status.Software, Model: status.Model, Serial: status.Serial, ID: status.ID, Unit: purseOf(terminal).unit(),
	})
}

func (h *hand) last(ctx context.Context, terminal drivers.Terminal) error {
	last, err := recall(ctx, terminal)
	if err != nil {
		return err
	}
	return h.out.Encode(lineOf(outcomeOf(last), last, purseOf(terminal)))
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

// pay charges the first operand; the second is a tip within it, or says that
// one may follow.
func (h *hand) pay(ctx context.Context, terminal drivers.Terminal) error {
	amount, err := h.amount(0)
	if err != nil {
		return err
	}
	charge := drivers.Charge{Amount: amount}
	switch more := h.call.operands[1:]; {
	case len(more) == 1 && more[0] == "tip-later":
		charge.TipLater = true
	case len(more) == 1:
		charge.Tip, err = h.amount(1)
	case len(more) > 1:
		err = ErrDeviceUsage
	}
	if err != nil {
		return err
	}
	return h.settle(ctx, terminal, job{charge: charge, do: terminal.Pay})
}

func (h *hand) refund(ctx context.Context, terminal drivers.Terminal) error {
	amount, err := h.amount(0)
	if err != nil || len(h.call.operands) > 1 {
		return errors.Join(err, ErrDeviceUsage)
	}
	return h.settle(ctx, terminal, job{charge: drivers.Charge{Amount: amount}, do: terminal.Refund})
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
	return h.settle(ctx, terminal, job{
		charge: drivers.Charge{Amount: original.Amount},
		do: func(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
			return terminal.Reverse(ctx, original, charge)
		},
	})
}

// job is one that moves or holds money.
type job struct {
	charge drivers.Charge
	do     func(context.Context, drivers.Charge) (drivers.Result, error)
	// ends is the reference of the reservation it ends.
	ends string
}

// settle does a job, and when its outcome is unknown asks the terminal what
// became of it.
func (h *hand) settle(ctx context.Context, terminal drivers.Terminal, job job) error {
	mark, err := terminal.Mark(ctx)
	if err != nil {
		return err
	}
	began, charge, in := time.Now(), job.charge, purseOf(terminal)
	charge.ID = "device"
	charge.Progress = func(step drivers.Progress) { _ = h.out.Encode(progressLine{step}) }
	result, err := job.do(ctx, charge)
	if err == nil {
		return h.tell(lineOf(outcomeOf(result), result, in))
	}
	if !errors.Is(err, drivers.ErrOutcomeUnknown) {
		return err
	}
	found, asked := terminal.Find(ctx, drivers.Query{Mark: mark, Charge: charge, Began: began, Reservation: job.ends})
	if asked != nil {
		return errors.Join(err, asked)
	}
	line := lineOf(string(found.Outcome), found.Result, in)
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
