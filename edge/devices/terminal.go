package devices

import (
	"context"
	"errors"

	"shopbox/drivers"
)

// lookTerminal asks an idle terminal how it is.
func (m *Manager) lookTerminal(ctx context.Context, e *entry) {
	terminal, is := e.device.(drivers.Terminal)
	if !is {
		m.fault(ctx, e, drivers.ErrUnsupported)
		return
	}
	for ctx.Err() == nil {
		if e.tryTake() {
			m.askTerminal(ctx, e, terminal)
			e.release()
		}
		e.sleep(ctx, m.config.Waits.Probe)
	}
}

func (m *Manager) askTerminal(ctx context.Context, e *entry, terminal drivers.Terminal) {
	limited, cancel := context.WithTimeout(ctx, m.config.Waits.Answer)
	defer cancel()
	err := e.ready(limited)
	var status drivers.TerminalStatus
	if err == nil {
		status, err = terminal.Status(limited)
	}
	switch {
	case err != nil:
		e.lose()
		m.fault(ctx, e, err)
	case status.DayDue:
		m.become(ctx, e, Warn, "terminal_day_due")
	case status.Busy:
		m.become(ctx, e, Warn, "terminal_busy")
	case !status.Ready:
		m.notReady(ctx, e, status.Needs)
	default:
		m.become(ctx, e, OK, "")
	}
}

// notReady tells what a terminal needs before it can pay.
func (m *Manager) notReady(ctx context.Context, e *entry, needs string) {
	switch needs {
	case "diagnosis":
		m.become(ctx, e, Warn, "terminal_needs_diagnosis")
	case "initialisation":
		m.become(ctx, e, Warn, "terminal_needs_initialisation")
	case "time":
		m.become(ctx, e, Warn, "terminal_needs_time")
	case "memory":
		m.become(ctx, e, Warn, "terminal_needs_memory")
	case "printer":
		m.become(ctx, e, Warn, "terminal_needs_printer")
	case "service":
		m.become(ctx, e, Warn, "terminal_needs_service")
	default:
		m.become(ctx, e, Warn, "terminal_not_ready")
	}
}

// Terminal is a card terminal as the till uses it: adopted, opened when
// needed, one operation at a time. ID names the adopted device, so that a
// payment is always cleared up with the terminal that made it.
type Terminal struct {
	manager *Manager
	entry   *entry
	drivers.Terminal
}

// ID is the adopted device's id.
func (t *Terminal) ID() string { return t.entry.ID }

// Terminal is the terminal to pay at now, or ErrNoDevice.
func (m *Manager) Terminal() (*Terminal, error) {
	e, err := m.first(drivers.KindTerminal)
	if err != nil {
		return nil, err
	}
	return m.terminal(e)
}

// TerminalByID is one certain terminal, or ErrUnknownDevice.
func (m *Manager) TerminalByID(id string) (*Terminal, error) {
	e, err := m.find(id)
	if err != nil {
		return nil, err
	}
	return m.terminal(e)
}

func (m *Manager) terminal(e *entry) (*Terminal, error) {
	terminal, is := e.device.(drivers.Terminal)
	if !is {
		return nil, ErrNoDevice
	}
	return &Terminal{manager: m, entry: e, Terminal: terminal}, nil
}

// Mark implements drivers.Terminal.
func (t *Terminal) Mark(ctx context.Context) (mark string, err error) {
	err = t.run(ctx, func() error {
		mark, err = t.Terminal.Mark(ctx)
		return err
	})
	return mark, err
}

// Pay implements drivers.Terminal.
func (t *Terminal) Pay(ctx context.Context, charge drivers.Charge) (result drivers.Result, err error) {
	err = t.run(ctx, func() error {
		result, err = t.Terminal.Pay(ctx, charge)
		return err
	})
	return result, err
}

// Refund implements drivers.Terminal.
func (t *Terminal) Refund(ctx context.Context, charge drivers.Charge) (result drivers.Result, err error) {
	err = t.run(ctx, func() error {
		result, err = t.Terminal.Refund(ctx, charge)
		return err
	})
	return result, err
}

// Reverse implements drivers.Terminal.
func (t *Terminal) Reverse(ctx context.Context, original drivers.Result, charge drivers.Charge) (result drivers.Result, err error) {
	err = t.run(ctx, func() error {
		result, err = t.Terminal.Reverse(ctx, original, charge)
		return err
	})
	return result, err
}

// Find implements drivers.Terminal.
func (t *Terminal) Find(ctx context.Context, query drivers.Query) (found drivers.Found, err error) {
	err = t.run(ctx, func() error {
		found, err = t.Terminal.Find(ctx, query)
		return err
	})
	return found, err
}

// Status implements drivers.Terminal.
func (t *Terminal) Status(ctx context.Context) (status drivers.TerminalStatus, err error) {
	err = t.run(ctx, func() error {
		status, err = t.Terminal.Status(ctx)
		return err
	})
	return status, err
}

// Abort implements drivers.Aborter; it does not wait for the turn, since it
// is the running operation that is to stop.
func (t *Terminal) Abort(ctx context.Context) error {
	aborter, can := t.Terminal.(drivers.Aborter)
	if !can {
		return drivers.ErrUnsupported
	}
	return aborter.Abort(ctx)
}

// CanAbort reports whether a waiting payment can be cancelled from the box.
func (t *Terminal) CanAbort() bool {
	_, can := t.Terminal.(drivers.Aborter)
	return can
}

// Abilities is what the terminal can do.
func (t *Terminal) Abilities() drivers.Abilities { return drivers.AbilitiesOf(t.Terminal) }

// IssueCashReceipt implements drivers.CashReceipter; ErrUnsupported when the
// terminal is none.
func (t *Terminal) IssueCashReceipt(ctx context.Context, receipt drivers.CashReceipt, charge drivers.Charge) (result drivers.Result, err error) {
	err = t.runReceipt(ctx, func(issuer drivers.CashReceipter) error {
		result, err = issuer.IssueCashReceipt(ctx, receipt, charge)
		return err
	})
	return result, err
}

// CancelCashReceipt implements drivers.CashReceipter.
func (t *Terminal) CancelCashReceipt(ctx context.Context, original drivers.Result, receipt drivers.CashReceipt, charge drivers.Charge) (result drivers.Result, err error) {
	err = t.runReceipt(ctx, func(issuer drivers.CashReceipter) error {
		result, err = issuer.CancelCashReceipt(ctx, original, receipt, charge)
		return err
	})
	return result, err
}

// FindCashReceipt implements drivers.CashReceipter.
func (t *Terminal) FindCashReceipt(ctx context.Context, query drivers.Query) (found drivers.Found, err error) {
	err = t.runReceipt(ctx, func(issuer drivers.CashReceipter) error {
		found, err = issuer.FindCashReceipt(ctx, query)
		return err
	})
	return found, err
}

func (t *Terminal) runReceipt(ctx context.Context, work func(drivers.CashReceipter) error) error {
	issuer, can := t.Terminal.(drivers.CashReceipter)
	if !can {
		return drivers.ErrUnsupported
	}
	return t.run(ctx, func() error { return work(issuer) })
}

// run works with the terminal alone and opens it first when needed.
func (t *Terminal) run(ctx context.Context, work func() error) error {
	if err := t.entry.take(ctx); err != nil {
		return err
	}
	defer t.entry.release()
	if err := t.entry.ready(ctx); err != nil {
		t.manager.fault(ctx, t.entry, err)
		return err
	}
	err := work()
	if errors.Is(err, drivers.ErrOffline) || errors.Is(err, drivers.ErrProtocol) || errors.Is(err, drivers.ErrOutcomeUnknown) {
		t.entry.lose()
		t.manager.fault(ctx, t.entry, err)
	}
	return err
}
