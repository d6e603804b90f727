package devices

import (
	"context"
	"errors"
	"log/slog"

	"shopbox/drivers"
)

// Job is a slip waiting to be printed.
type Job struct {
	ID       int64
	Document drivers.Document
}

// Verdict is how a print job ended.
type Verdict string

// The verdicts of a print job.
const (
	// Printed: the printer confirmed that the paper came out.
	Printed Verdict = "printed"
	// Unknown: bytes went out, nobody knows whether paper came. It is only
	// printed again when a person asks, marked as a copy.
	Unknown Verdict = "unknown"
	// Waiting: nothing went out; it stays in the queue.
	Waiting Verdict = "queued"
	// Refused: this printer will never print it.
	Refused Verdict = "failed"
)

// PrintQueue is where slips wait; it survives a power cut.
type PrintQueue interface {
	// Next takes the oldest waiting job for one of the printers, "" being those
	// that name none; from then on it counts as printing. ok is false when none
	// waits.
	Next(ctx context.Context, printers []string) (job Job, ok bool, err error)
	// Finish writes down how a job ended.
	Finish(ctx context.Context, id int64, verdict Verdict, code string) error
}

// Wake lets printers look into the queue at once.
func (m *Manager) Wake() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wakeKind(drivers.KindPrinter)
}

// lookPrinter asks a printer how it is and prints what waits while it is well.
func (m *Manager) lookPrinter(ctx context.Context, e *entry) {
	printer, is := e.device.(drivers.Printer)
	if !is {
		m.fault(ctx, e, drivers.ErrUnsupported)
		return
	}
	for ctx.Err() == nil {
		if e.tryTake() {
			m.tend(ctx, e, printer)
			e.release()
		}
		e.sleep(ctx, m.config.Waits.Probe)
	}
}

// tend is one look at a printer.
func (m *Manager) tend(ctx context.Context, e *entry, printer drivers.Printer) {
	if !m.printerWell(ctx, e, printer) {
		return
	}
	for m.printNext(ctx, e, printer) {
	}
}

func (m *Manager) printerWell(ctx context.Context, e *entry, printer drivers.Printer) bool {
	limited, cancel := context.WithTimeout(ctx, m.config.Waits.Answer)
	defer cancel()
	err := e.ready(limited)
	var status drivers.PrinterStatus
	if err == nil {
		status, err = printer.Status(limited)
	}
	if err != nil {
		e.lose()
		m.fault(ctx, e, err)
		return false
	}
	m.watchDrawer(ctx, e, status)
	switch {
	case status.Fault != nil:
		m.fault(ctx, e, status.Fault)
		return false
	case e.drawer.unasked:
		m.become(ctx, e, Warn, drawerUnasked)
	case status.PaperLow:
		m.become(ctx, e, Warn, "paper_low")
	default:
		m.become(ctx, e, OK, "")
	}
	return true
}

// printNext prints the oldest waiting slip; it reports whether to go on.
func (m *Manager) printNext(ctx context.Context, e *entry, printer drivers.Printer) bool {
	if m.config.Queue == nil {
		return false
	}
	job, ok, err := m.config.Queue.Next(ctx, m.serves(e))
	if err != nil || !ok {
		if err != nil && ctx.Err() == nil {
			m.config.Log.ErrorContext(ctx, "print queue", slog.Any("error", err))
		}
		return false
	}
	err = printer.Print(ctx, job.Document)
	if job.Document.OpenDrawer {
		m.pulsed(e)
	}
	verdict := verdictOf(err)
	// The verdict must be kept even when the box is being stopped.
	if kept := m.config.Queue.Finish(context.WithoutCancel(ctx), job.ID, verdict, drivers.Code(err)); kept != nil {
		m.config.Log.ErrorContext(ctx, "print queue", slog.Any("error", kept))
		return false
	}
	if err != nil && verdict != Refused {
		e.lose()
		m.fault(ctx, e, err)
	}
	return err == nil || verdict == Refused
}

func verdictOf(err error) Verdict {
	switch {
	case err == nil:
		return Printed
	case errors.Is(err, drivers.ErrPrintUnknown):
		return Unknown
	case errors.Is(err, drivers.ErrUnsupported), errors.Is(err, drivers.ErrLabel):
		return Refused
	case drivers.Code(err) == "fault":
		// Not one of the contract's faults, so nothing is known about it.
		return Unknown
	default:
		return Waiting
	}
}

// OpenDrawer opens the cash drawer on the receipt printer.
func (m *Manager) OpenDrawer(ctx context.Context) error {
	e, err := m.receiptPrinter()
	if err != nil {
		return err
	}
	drawer, has := e.device.(drivers.Drawer)
	if !has {
		return drivers.ErrUnsupported
	}
	if err := e.take(ctx); err != nil {
		return err
	}
	defer e.release()
	if err := e.ready(ctx); err != nil {
		return err
	}
	m.pulsed(e)
	return drawer.OpenDrawer(ctx)
}

// TestPrint prints a slip on one printer at once, past the queue.
func (m *Manager) TestPrint(ctx context.Context, id string, slip drivers.Document) error {
	e, err := m.find(id)
	if err != nil {
		return err
	}
	printer, is := e.device.(drivers.Printer)
	if !is {
		return drivers.ErrUnsupported
	}
	if err := e.take(ctx); err != nil {
		return err
	}
	defer e.release()
	if err := e.ready(ctx); err != nil {
		return err
	}
	return printer.Print(ctx, slip)
}

// Encoded is the bytes that the receipt printer would get for a document, and
// the columns of its paper; has is false when there is none, or none that
// tells.
func (m *Manager) Encoded(document drivers.Document) (encoded []byte, columns int, has bool) {
	e, err := m.receiptPrinter()
	if err != nil {
		return nil, 0, false
	}
	encoder, tells := e.device.(drivers.Encoder)
	printer, prints := e.device.(drivers.Printer)
	if !tells || !prints {
		return nil, 0, false
	}
	return encoder.Encode(document), printer.Columns(), true
}
