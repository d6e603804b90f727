package amend

import (
	"reflect"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/duty"
)

// check refuses every wrong use before a number is taken.
func (m *maker) check(history History) error {
	if !m.by.At.Valid() {
		return ErrTime
	}
	if m.original == nil {
		return ErrOriginal
	}
	if _, err := invoice.ParseApprovalNumber(m.original.Document.IssueID); err != nil || !m.original.Document.WrittenOn.Valid() {
		return ErrOriginal
	}
	var err error
	if m.left, err = history.Left(); err != nil {
		return err
	}
	for _, step := range []func() error{m.checkReason, m.checkEvent, m.checkParts, m.checkLeft, m.checkDays} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// first refuses with the first condition that is broken.
func first(broken ...condition) error {
	for _, c := range broken {
		if c.broken {
			return c.err
		}
	}
	return nil
}

type condition struct {
	broken bool
	err    error
}

// partly reasons leave the rest of the original as it is; the others end it.
func (m *maker) partly() bool {
	return m.request.Reason == invoice.AmendPrice || m.request.Reason == invoice.AmendReturn
}

func (m *maker) checkReason() error {
	t, reason := m.original.Document.Type, m.request.Reason
	correction := reason == invoice.AmendCorrection
	negative := m.original.Totals.Grand <= 0
	return first(
		condition{!reason.Valid(), ErrReason},
		condition{!t.Valid(), ErrOriginal},
		condition{t.Import(), ErrImport},
		condition{negative && !correction && reason != invoice.AmendDuplicate, ErrNegative},
		condition{reason == invoice.AmendLocalCredit && (t.Exempt() || t.ZeroRated()), ErrCreditKind},
		condition{correction && m.request.AuditNotified, ErrAudit},
		condition{m.request.NotByMistake && !correction, ErrMistake},
		condition{m.request.StatusChanged && !m.partly() && reason != invoice.AmendCancellation, ErrStatus},
	)
}

func (m *maker) checkEvent() error {
	on, reason := m.request.On, m.request.Reason
	if reason == invoice.AmendCorrection || reason == invoice.AmendDuplicate {
		return first(condition{on != "", ErrEvent})
	}
	return first(
		condition{!on.Valid(), ErrEvent},
		condition{on < m.original.Document.WrittenOn, ErrEarly},
		condition{on > m.by.today(), ErrFuture},
	)
}

func (m *maker) checkParts() error {
	lines, replacement := m.request.Lines, m.request.Replacement
	correction := m.request.Reason == invoice.AmendCorrection
	if err := first(
		condition{(len(lines) > 0) != m.partly(), ErrLines},
		condition{(replacement != nil) != correction, ErrReplacement},
	); err != nil || !correction {
		return err
	}
	return first(
		condition{replacement.Supplier.ID != m.original.Supplier.ID, ErrSupplier},
		condition{replacement.Document.Type.Exempt() != m.original.Document.Type.Exempt(), ErrClass},
		condition{negates(replacement, m.original), ErrSign},
		condition{same(m.replacement(), m.base()), ErrSame},
	)
}

// same compares what a correction can correct.
func same(replacement, original *invoice.Invoice) bool {
	replacement.Exchange, replacement.Document.IssueID = original.Exchange, original.Document.IssueID
	return reflect.DeepEqual(replacement, original)
}

func (m *maker) checkLeft() error {
	if (m.left == Amounts{}) {
		return ErrNothingLeft
	}
	if !m.partly() {
		return first(condition{m.left != amountsOf(m.original), ErrPartly})
	}
	difference := sumOf(m.request.Lines)
	after := m.left.plus(difference)
	return first(
		condition{difference == Amounts{}, ErrEmpty},
		condition{m.request.Reason == invoice.AmendReturn && !returned(m.request.Lines), ErrReturnSign},
		condition{after.Charge < 0 || after.Tax < 0, ErrExceeds},
	)
}

// returned reports whether every line gives back and none adds.
func returned(lines []invoice.Line) bool {
	for _, line := range lines {
		if line.Charge == nil || *line.Charge >= 0 || line.Tax != nil && *line.Tax > 0 || line.Quantity != nil && *line.Quantity > 0 {
			return false
		}
	}
	return true
}

// checkDays refuses what the law no longer allows. Being late otherwise costs,
// but is not refused.
func (m *maker) checkDays() error {
	written := m.original.Document.WrittenOn
	switch {
	case m.request.Reason == invoice.AmendLocalCredit:
		last, err := m.by.Law.LocalCreditBy(written, m.by.Taxpayer)
		if err != nil {
			return err
		}
		return first(condition{m.request.On > last.Day, ErrCreditLate})
	case m.request.NotByMistake:
		last, err := m.by.Law.AmendBy(duty.Amendment{
			Reason: m.request.Reason, Original: written, NotByMistake: true, Taxpayer: m.by.Taxpayer,
		})
		if err != nil {
			return err
		}
		return first(condition{m.by.today() > last.Day, ErrLate})
	}
	return nil
}
