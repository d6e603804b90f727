package amend

import (
	"reflect"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/duty"
)

// check refuses every wrong use before a number is taken.
func (m *maker) check(history History) error {
	if !m.by.At.Valid() {
		return refuse(CodeTime)
	}
	if m.original == nil {
		return refuse(CodeOriginal)
	}
	if _, err := invoice.ParseApprovalNumber(m.original.Document.IssueID); err != nil || !m.original.Document.WrittenOn.Valid() {
		return refuse(CodeOriginal)
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

// first refuses with the first code that is broken.
func first(broken ...condition) error {
	for _, c := range broken {
		if c.broken {
			return refuse(c.code)
		}
	}
	return nil
}

type condition struct {
	broken bool
	code   Code
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
		condition{!reason.Valid(), CodeReason},
		condition{!t.Valid(), CodeOriginal},
		condition{t.Import(), CodeImport},
		condition{negative && !correction && reason != invoice.AmendDuplicate, CodeNegative},
		condition{reason == invoice.AmendLocalCredit && (t.Exempt() || t.ZeroRated()), CodeCreditKind},
		condition{correction && m.request.AuditNotified, CodeAudit},
		condition{m.request.NotByMistake && !correction, CodeMistake},
		condition{m.request.StatusChanged && !m.partly() && reason != invoice.AmendCancellation, CodeStatus},
	)
}

func (m *maker) checkEvent() error {
	on, reason := m.request.On, m.request.Reason
	if reason == invoice.AmendCorrection || reason == invoice.AmendDuplicate {
		return first(condition{on != "", CodeEvent})
	}
	return first(
		condition{!on.Valid(), CodeEvent},
		condition{on < m.original.Document.WrittenOn, CodeEarly},
		condition{on > m.by.today(), CodeFuture},
	)
}

func (m *maker) checkParts() error {
	lines, replacement := m.request.Lines, m.request.Replacement
	correction := m.request.Reason == invoice.AmendCorrection
	if err := first(
		condition{(len(lines) > 0) != m.partly(), CodeLines},
		condition{(replacement != nil) != correction, CodeReplacement},
	); err != nil || !correction {
		return err
	}
	return first(
		condition{replacement.Supplier.ID != m.original.Supplier.ID, CodeSupplier},
		condition{replacement.Document.Type.Exempt() != m.original.Document.Type.Exempt(), CodeClass},
		condition{negates(replacement, m.original), CodeSign},
		condition{same(m.replacement(), m.base()), CodeSame},
	)
}

// same compares what a correction can correct.
func same(replacement, original *invoice.Invoice) bool {
	replacement.Exchange, replacement.Document.IssueID = original.Exchange, original.Document.IssueID
	return reflect.DeepEqual(replacement, original)
}

func (m *maker) checkLeft() error {
	if (m.left == Amounts{}) {
		return refuse(CodeNothingLeft)
	}
	if !m.partly() {
		return first(condition{m.left != amountsOf(m.original), CodePartly})
	}
	difference := sumOf(m.request.Lines)
	after := m.left.plus(difference)
	return first(
		condition{difference == Amounts{}, CodeEmpty},
		condition{m.request.Reason == invoice.AmendReturn && !returned(m.request.Lines), CodeReturnSign},
		condition{after.Charge < 0 || after.Tax < 0, CodeExceeds},
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
		return first(condition{m.request.On > last.Day, CodeCreditLate})
	case m.request.NotByMistake:
		last, err := m.by.Law.AmendBy(duty.Amendment{
			Reason: m.request.Reason, Original: written, NotByMistake: true, Taxpayer: m.by.Taxpayer,
		})
		if err != nil {
			return err
		}
		return first(condition{m.by.today() > last.Day, CodeLate})
	}
	return nil
}
