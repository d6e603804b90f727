package amend

import (
	"strconv"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// base is the original as an amendment: same parties, kind and date.
func (m *maker) base() *invoice.Invoice {
	sheet := m.original.Clone()
	m.mark(sheet)
	return sheet
}

// mark makes a document an amendment of the original.
func (m *maker) mark(sheet *invoice.Invoice) {
	class := invoice.ClassTaxAmended
	if m.original.Document.Type.Exempt() {
		class = invoice.ClassExemptAmended
	}
	d := &sheet.Document
	d.Type = invoice.TypeCode(class) + invoice.TypeCode(d.Type.Kind())
	d.Amendment, d.OriginalIssueID = m.request.Reason, m.original.Document.IssueID
	if d.Purpose == "" || d.Purpose == invoice.PurposeBilledOld {
		d.Purpose = invoice.PurposeBilled
	}
	sheet.Exchange = invoice.Exchange{}
	number(sheet.Lines)
}

// number writes the lines' numbers, which other systems may leave out.
func number(lines []invoice.Line) {
	for n := range lines {
		lines[n].Sequence = strconv.Itoa(n + 1)
	}
}

// negative is the whole original with a minus. Unit prices keep their sign;
// quantities carry it.
func (m *maker) negative() *invoice.Invoice {
	sheet := m.base()
	sheet.Totals.Charge, sheet.Totals.Grand = -sheet.Totals.Charge, -sheet.Totals.Grand
	negate(sheet.Totals.Tax)
	for _, line := range sheet.Lines {
		negate(line.Charge)
		negate(line.Tax)
		negate(line.Quantity)
	}
	for n := range sheet.Payments {
		sheet.Payments[n].Amount = -sheet.Payments[n].Amount
	}
	return sheet
}

func negate[T ~int64](value *T) {
	if value != nil {
		*value = -*value
	}
}

// difference is a sheet of the request's lines alone. How they are paid is not
// known.
func (m *maker) difference() *invoice.Invoice {
	sheet := m.base()
	carrier := &invoice.Invoice{Lines: m.request.Lines}
	sheet.Lines, sheet.Payments = carrier.Clone().Lines, nil
	number(sheet.Lines)
	sum := sumOf(sheet.Lines)
	sheet.Totals = invoice.Totals{Charge: sum.Charge, Grand: sum.Charge + sum.Tax}
	if m.original.Totals.Tax != nil || sum.Tax != 0 {
		sheet.Totals.Tax = &sum.Tax
	}
	return sheet
}

// zeroRated is the original without its tax. How it was paid held the tax and
// is left out.
func (m *maker) zeroRated() *invoice.Invoice {
	sheet := m.base()
	kind := invoice.KindZeroRate
	if sheet.Document.Type.Consigned() {
		kind = invoice.KindZeroRateConsigned
	}
	sheet.Document.Type = invoice.TypeCode(invoice.ClassTaxAmended) + invoice.TypeCode(kind)
	sheet.Payments = nil
	sheet.Totals = invoice.Totals{Charge: sheet.Totals.Charge, Grand: sheet.Totals.Charge}
	for n := range sheet.Lines {
		sheet.Lines[n].Tax = nil
	}
	return sheet
}

// replacement is the right document of a correction.
func (m *maker) replacement() *invoice.Invoice {
	sheet := m.request.Replacement.Clone()
	id := sheet.Exchange.ID
	if sheet.Document.WrittenOn == "" {
		sheet.Document.WrittenOn = m.original.Document.WrittenOn
	}
	m.mark(sheet)
	sheet.Exchange.ID = id
	return sheet
}

// Amounts are a supply amount and its tax in won.
type Amounts struct{ Charge, Tax money.Won }

func (a Amounts) plus(b Amounts) Amounts {
	return Amounts{Charge: a.Charge + b.Charge, Tax: a.Tax + b.Tax}
}

func amountsOf(i *invoice.Invoice) Amounts {
	return Amounts{Charge: i.Totals.Charge, Tax: i.Totals.TaxAmount()}
}

func sumOf(lines []invoice.Line) Amounts {
	var sum Amounts
	for _, line := range lines {
		if line.Charge != nil {
			sum.Charge += *line.Charge
		}
		if line.Tax != nil {
			sum.Tax += *line.Tax
		}
	}
	return sum
}
