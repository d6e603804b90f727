package duty

import (
	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// Violation is a kind of penalty (가산세).
type Violation string

// The penalties.
const (
	LateIssue        Violation = "late_issue"        // 지연발급
	NotIssued        Violation = "not_issued"        // 미발급
	Paper            Violation = "paper"             // 종이발급
	OtherWorkplace   Violation = "other_workplace"   // 다른 사업장 명의
	LateTransmission Violation = "late_transmission" // 지연전송
	NoTransmission   Violation = "no_transmission"   // 미전송
	WrongItems       Violation = "wrong_items"       // 부실기재
	Fake             Violation = "fake"              // 가공
	OtherName        Violation = "other_name"        // 위장
	Overstated       Violation = "overstated"        // 과다기재
	LateReceipt      Violation = "late_receipt"      // 매입처의 지연수취
)

// The penalties on documents for exempt goods (계산서, 소득세법 81의10).
const (
	ExemptLateIssue        Violation = "exempt_late_issue"
	ExemptNotIssued        Violation = "exempt_not_issued"
	ExemptPaper            Violation = "exempt_paper"
	ExemptLateTransmission Violation = "exempt_late_transmission"
	ExemptNoTransmission   Violation = "exempt_no_transmission"
	ExemptWrongItems       Violation = "exempt_wrong_items"
	ExemptFake             Violation = "exempt_fake"
	ExemptOtherName        Violation = "exempt_other_name"
)

// Violations lists all of them.
func Violations() []Violation {
	return []Violation{
		LateIssue, NotIssued, Paper, OtherWorkplace, LateTransmission, NoTransmission,
		WrongItems, Fake, OtherName, Overstated, LateReceipt,
		ExemptLateIssue, ExemptNotIssued, ExemptPaper, ExemptLateTransmission, ExemptNoTransmission,
		ExemptWrongItems, ExemptFake, ExemptOtherName,
	}
}

// capped are the ones that 국세기본법 49①1 and 3 bound: 부가가치세법 60②1, 3 to
// 5 and ⑦, and all of 소득세법 81의10.
func (v Violation) capped() bool {
	switch v {
	case NotIssued, Paper, OtherWorkplace, Fake, OtherName, Overstated:
		return false
	default:
		return true
	}
}

// exempt is the same act on a document for exempt goods; none where the income
// tax act knows none.
func (v Violation) exempt() Violation {
	switch v {
	case OtherWorkplace, Overstated, LateReceipt, "":
		return ""
	default:
		return "exempt_" + v
	}
}

// maxAmount is the largest amount of a document.
const maxAmount money.Won = 999_999_999_999_999

// Supply is what was supplied and the document for it.
type Supply struct {
	// On is the day of supply and Charge the supply amount in won.
	On       invoice.Date
	Charge   money.Won
	Taxpayer Taxpayer
	// Exempt goods bear no VAT: the income tax act sets the penalties.
	Exempt bool
	// Electronic says that the supplier must issue electronically.
	Electronic bool
	// Document is nil while none is issued.
	Document *Issued
}

// Issued is a document that was issued.
type Issued struct {
	// On is the day of issue, Transmitted the day it reached the tax service,
	// empty while it has not.
	On, Transmitted invoice.Date
	// Paper documents are not electronic, OtherWorkplace ones bear the name of
	// another workplace of the supplier, and WrongItems ones a required item
	// that is wrong or missing.
	Paper, OtherWorkplace, WrongItems bool
}

// The remark of a penalty that is still in the making.
const pending = "as of today; it grows if the act is not done by the final return deadline"

// The remark of every penalty on exempt goods.
const exemptOnly = "none for small traders (소득세법 81의10①); for a company 법인세법 75의8 and its own year hold, which is unconfirmed here"

// Penalties are what the supplier owes for a supply as of a day. A penalty on
// issuing excludes those on items and transmission, and with taxed goods one on
// items excludes those on transmission (부가가치세법 60②, 소득세법 81의10①). What
// is due but not done yet is given with the remark that it is pending.
func (l Law) Penalties(s Supply, today invoice.Date) ([]Figure, error) {
	due, err := l.dates(s, today)
	if err != nil {
		return nil, err
	}
	var list []Figure
	for _, found := range due.violations(s, today) {
		violation := found.violation
		if s.Exempt {
			violation = violation.exempt()
		}
		if violation == "" {
			continue
		}
		figure, err := l.Penalty(violation, s.Charge, s.On)
		if err != nil {
			return nil, err
		}
		figure.remark(found.open, pending)
		figure.remark(s.Exempt, exemptOnly)
		late := found.violation == LateTransmission || found.violation == NoTransmission
		figure.remark(late && due.remark != "", due.remark)
		list = append(list, figure)
	}
	return list, nil
}

// dues are the last days of one supply.
type dues struct {
	issue, transmit, final invoice.Date
	remark                 string
}

func (l Law) dates(s Supply, today invoice.Date) (dues, error) {
	if _, err := days(today); err != nil {
		return dues{}, err
	}
	issue, err := l.IssueBy(s.On)
	if err != nil {
		return dues{}, err
	}
	final, err := l.finalDay(s)
	if err != nil {
		return dues{}, err
	}
	d := dues{issue: issue.Day, final: final.Day}
	if s.Document == nil {
		return d, nil
	}
	if sent := s.Document.Transmitted; sent != "" {
		if _, err := days(sent); err != nil {
			return dues{}, err
		}
	}
	transmit, err := l.TransmitBy(s.Document.On)
	d.transmit, d.remark = transmit.Day, transmit.Remark
	return d, err
}

// finalDay is the last day after which an act counts as not done at all. For
// exempt goods it is 25 January of the next year, not moved over holidays.
func (l Law) finalDay(s Supply) (Deadline, error) {
	if !s.Exempt {
		return l.FinalReturnBy(s.On, s.Taxpayer)
	}
	end, err := periodEnd(s.On, Simplified)
	return Deadline{Day: invoice.DateOf(end.AddDate(0, 0, 25))}, err
}

// offence is a violation; open while the act may still be done.
type offence struct {
	violation Violation
	open      bool
}

func (d dues) violations(s Supply, today invoice.Date) []offence {
	if issuing := d.issuing(s, today); issuing.violation != "" {
		return []offence{issuing}
	}
	var list []offence
	doc := s.Document
	if doc != nil && doc.WrongItems {
		list = append(list, offence{violation: WrongItems})
	}
	// Who issues electronically by choice has no duty to transmit (32③ speaks
	// of ②, not of ⑤).
	if doc == nil || doc.Paper || !s.Electronic || len(list) > 0 && !s.Exempt {
		return list
	}
	return append(list, d.transmission(doc.Transmitted, today))
}

// issuing is the violation on the issue itself, if any.
func (d dues) issuing(s Supply, today invoice.Date) offence {
	doc := s.Document
	switch {
	case doc == nil && today <= d.issue:
		return offence{}
	case doc == nil && today <= d.final:
		return offence{violation: LateIssue, open: true}
	case doc == nil, doc.On > d.final:
		return offence{violation: NotIssued}
	case doc.On > d.issue:
		return offence{violation: LateIssue}
	case doc.Paper && s.Electronic:
		return offence{violation: Paper}
	case doc.OtherWorkplace && !s.Exempt:
		return offence{violation: OtherWorkplace}
	}
	return offence{}
}

func (d dues) transmission(sent, today invoice.Date) offence {
	at := sent
	if at == "" {
		at = today
	}
	switch {
	case at <= d.transmit:
		return offence{}
	case at <= d.final:
		return offence{violation: LateTransmission, open: sent == ""}
	}
	return offence{violation: NoTransmission}
}

// BuyerPenalty is what a buyer owes who deducts the tax of a document issued
// too late: after the last day to issue and within a year of the final return
// deadline (시행령 75 (3), (7)). Later the tax cannot be deducted at all.
func (l Law) BuyerPenalty(s Supply) ([]Figure, error) {
	if s.Document == nil || s.Exempt {
		return nil, nil
	}
	due, err := l.dates(s, s.Document.On)
	if err != nil {
		return nil, err
	}
	year, err := l.yearAfterReturn(Amendment{Original: s.On, Taxpayer: s.Taxpayer})
	if err != nil {
		return nil, err
	}
	if s.Document.On <= due.issue || s.Document.On > year.Day {
		return nil, nil
	}
	figure, err := l.Penalty(LateReceipt, s.Charge, s.On)
	if err != nil {
		return nil, err
	}
	if s.Document.On > due.final {
		figure.Remarks = append(figure.Remarks, "deductible only with a corrected return or by the tax office's decision (시행령 75 (7))")
	}
	return []Figure{figure}, nil
}

// Penalty is one kind of penalty on a supply amount by the law of the day of
// supply. ErrRateMissing where none is known.
func (l Law) Penalty(violation Violation, charge money.Won, supplied invoice.Date) (Figure, error) {
	series, found := l.Rates.Penalties[violation]
	if !found {
		return Figure{}, ErrViolation
	}
	if charge < 0 || charge > maxAmount {
		return Figure{}, ErrAmount
	}
	if _, err := days(supplied); err != nil {
		return Figure{}, err
	}
	rate, err := series.At(supplied)
	if err != nil {
		return Figure{}, err
	}
	figure := Figure{
		Name: string(violation), Amount: rate.Value.of(charge), Rule: "charge x rate, under a won cut off",
		Inputs: []Input{{Name: "charge", Value: int64(charge)}}, Rate: rate.Value,
	}
	figure.cite(rate.Source, rate.Remark)
	return figure, nil
}

// Capped bounds the sum of one kind of penalty of a tax period. Kinds that the
// law does not bound come back whole.
func (l Law) Capped(violation Violation, sum money.Won, small bool, supplied invoice.Date) (Figure, error) {
	limit, err := l.Rates.PenaltyCaps.At(supplied)
	if err != nil {
		return Figure{}, err
	}
	figure := Figure{Name: string(violation), Amount: sum, Inputs: []Input{{Name: "sum", Value: int64(sum)}}, Rule: "sum"}
	if !violation.capped() {
		figure.cite(limit.Source, "no cap for this kind")
		return figure, nil
	}
	most := limit.Value.Other
	if small {
		most = limit.Value.Small
	}
	figure.Rule, figure.Amount = "the lesser of sum and cap", min(sum, most)
	figure.Inputs = append(figure.Inputs, Input{Name: "cap", Value: int64(most)})
	figure.cite(limit.Source, limit.Remark)
	return figure, nil
}
