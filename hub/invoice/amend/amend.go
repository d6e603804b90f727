// Package amend makes amended tax invoices (수정세금계산서, 부가가치세법 32⑦,
// 시행령 70): from a document, what amended it so far and a reason, the one or
// two sheets that belong together. The hub calls it before it signs. What
// always holds: sheets come all together or not at all, each passes every rule
// of the document, none takes back more than is left, and nothing given is
// changed.
package amend

import (
	"shopbox/hub/invoice"
	"shopbox/hub/invoice/duty"
)

// Request is an amendment as a person asks for it.
type Request struct {
	Reason invoice.AmendmentCode
	// On is the day of the change, return or cancellation, or the day the
	// local credit was opened; not given for corrections and duplicates.
	On invoice.Date
	// Lines are the difference of a price, with its sign, or the returned
	// goods, with a minus. Not given for other reasons.
	Lines []invoice.Line
	// Replacement is the right document of a correction. Its date may differ
	// from the original's when the date was what was wrong.
	Replacement *invoice.Invoice
	// Remarks take the place of the original's on all sheets but a
	// replacement; nil keeps the original's. The date that the law asks for is
	// added to them.
	Remarks []string
	// StatusChanged says that the supplier became a simplified or a general
	// taxpayer after the supply (시행령 70②③).
	StatusChanged bool
	// NotByMistake is a correction for another reason than a mistake (70①6).
	NotByMistake bool
	// AuditNotified says that the tax office has announced an audit or asked
	// about the supply: then nothing may be corrected (70①5).
	AuditNotified bool
	// PurchaseConfirmation is a 구매확인서 in place of a local credit.
	PurchaseConfirmation bool
}

// Issuing is who issues the sheets and when.
type Issuing struct {
	Numbering invoice.Numbering
	// At is the time of issue in Korea.
	At invoice.Moment
	// Law and Taxpayer tell the last days that some reasons have.
	Law      duty.Law
	Taxpayer duty.Taxpayer
}

// today is the day of issue.
func (i Issuing) today() invoice.Date { return invoice.Date(i.At[:8]) }

// Make gives the sheets of an amendment, in the order in which they are issued:
// the negative one first. They are complete but for the signature and the
// issuing system's own number. A wrong use is one of Refusals; errors of the numbering
// and of the law come through.
func Make(history History, request Request, by Issuing) ([]*invoice.Invoice, error) {
	m := maker{original: history.Original, request: request, by: by}
	if err := m.check(history); err != nil {
		return nil, err
	}
	sheets, err := m.sheets()
	if err != nil {
		return nil, err
	}
	for _, sheet := range sheets {
		if err := m.finish(sheet); err != nil {
			return nil, err
		}
	}
	return sheets, nil
}

// maker holds what one amendment is made from.
type maker struct {
	original *invoice.Invoice
	request  Request
	by       Issuing
	left     Amounts
}

// sheets are those of the reason, without numbers (시행령 70①).
func (m *maker) sheets() ([]*invoice.Invoice, error) {
	switch m.request.Reason {
	case invoice.AmendPrice, invoice.AmendReturn:
		return m.one(m.difference())
	case invoice.AmendCancellation:
		return m.one(m.negative())
	case invoice.AmendDuplicate:
		sheet := m.negative()
		sheet.Document.Remarks = m.remarks()
		return []*invoice.Invoice{sheet}, nil
	case invoice.AmendCorrection:
		sheet := m.negative()
		sheet.Document.Remarks = m.remarks()
		return []*invoice.Invoice{sheet, m.replacement()}, nil
	default: // checked before: a local credit
		return m.two(m.negative(), m.zeroRated())
	}
}

// one is a sheet of the day of its event with the original's date in the
// remarks. After a change of the tax status it is the other way round.
func (m *maker) one(sheet *invoice.Invoice) ([]*invoice.Invoice, error) {
	note := "처음 작성일 " + dashed(m.original.Document.WrittenOn)
	if m.request.StatusChanged {
		note = "사유 발생일 " + dashed(m.request.On)
	} else {
		sheet.Document.WrittenOn = m.request.On
	}
	return []*invoice.Invoice{sheet}, m.note(note, sheet)
}

// two are the sheets of a local credit: the original's date, and the day of
// opening in the remarks.
func (m *maker) two(negative, zeroRated *invoice.Invoice) ([]*invoice.Invoice, error) {
	note := "내국신용장 개설일 "
	if m.request.PurchaseConfirmation {
		note = "구매확인서 발급일 "
	}
	return []*invoice.Invoice{negative, zeroRated}, m.note(note+dashed(m.request.On), negative, zeroRated)
}

func (m *maker) note(note string, sheets ...*invoice.Invoice) error {
	remarks := append([]string{note}, m.remarks()...)
	if len(remarks) > invoice.MaxRemarks {
		return ErrRemarks
	}
	for _, sheet := range sheets {
		sheet.Document.Remarks = append([]string(nil), remarks...)
	}
	return nil
}

func (m *maker) remarks() []string {
	if m.request.Remarks != nil {
		return append([]string(nil), m.request.Remarks...)
	}
	return append([]string(nil), m.original.Document.Remarks...)
}

// finish gives a sheet its number and holds it against the rules.
func (m *maker) finish(sheet *invoice.Invoice) error {
	number, err := m.by.Numbering.Number(sheet.Document.WrittenOn)
	if err != nil {
		return err
	}
	sheet.Document.IssueID, sheet.Exchange.IssuedAt = number.String(), m.by.At
	if found := invoice.ValidateIssue(sheet, m.by.today()); len(found) > 0 {
		return &InvalidError{Findings: found}
	}
	return nil
}

// dashed writes a day as people do.
func dashed(d invoice.Date) string { return string(d[:4] + "-" + d[4:6] + "-" + d[6:]) }
