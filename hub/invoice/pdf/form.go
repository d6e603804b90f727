package pdf

import (
	"strings"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// The paper and what stays free of it, in millimetres (A4).
const (
	paperHeight = 297.0
	margin      = 12.0
	formWidth   = 186.0
	half        = formWidth / 2
	stripWidth  = 6.0
	footHeight  = 6.0
	pageEnd     = paperHeight - margin - footHeight
)

// The usual heights of rows.
const (
	fieldHeight = 7.5
	labelHeight = 5.5
	valueHeight = 8.0
	titleHeight = 14.0
)

// form is a document as a copy of the form.
type form struct {
	*invoice.Invoice

	which Copy
	// taxed says that there are columns for the tax.
	taxed bool
}

// newForm leaves the tax away on 계산서, unless one bears tax against the law.
func newForm(i *invoice.Invoice, which Copy) form {
	taxed := !i.Document.Type.Exempt() || i.Totals.TaxAmount() != 0
	for _, line := range i.Lines {
		taxed = taxed || line.Tax != nil && *line.Tax != 0
	}
	return form{Invoice: i, which: which, taxed: taxed}
}

func label(width float64, text string) cell {
	return cell{width: width, text: text, look: look{size: 7.5, least: 5, label: true, align: centre}}
}

func value(width float64, text string) cell {
	return cell{width: width, text: text, look: look{size: 8.5, least: 6}}
}

func centred(width float64, text string) cell {
	c := value(width, text)
	c.look.align = centre
	return c
}

// number is an amount, a quantity or a price: never broken, never cut.
func number(width float64, text string) cell {
	return cell{width: width, text: text, look: look{
		size: 8.5, oneLine: true, align: right, negative: strings.HasPrefix(text, "-"),
	}}
}

func bold(c cell, size float64) cell {
	c.look.bold, c.look.size = true, size
	return c
}

// heading is the name of the form, the place for the number of a paper book,
// and the numbers of the document.
func (f form) heading(t *typesetter, p *page) {
	const wide, narrow = 122.0, 16.0
	top := p.y
	p.put(margin, top, titleHeight, cell{width: wide, look: look{label: true}, runs: []run{
		{text: title(f.Document.Type), size: titleSize(f.Document.Type), bold: true},
		{text: "  (" + f.which.String() + ")", size: 9},
	}})
	const book = (formWidth - wide - narrow) / 2
	blank := func(text string) cell {
		c := value(book, text)
		c.look.align = right
		return c
	}
	p.put(margin+wide, top, titleHeight/2, label(narrow, "책번호"))
	p.put(margin+wide+narrow, top, titleHeight/2, blank("권"))
	p.put(margin+wide+narrow+book, top, titleHeight/2, blank("호"))
	p.put(margin+wide, top+titleHeight/2, titleHeight/2, label(narrow, "일련번호"))
	p.put(margin+wide+narrow, top+titleHeight/2, titleHeight/2, value(formWidth-wide-narrow, ""))
	p.y += titleHeight
	p.flow(t, fieldHeight,
		label(20, "승인번호"), bold(centred(half-20, approvalNumber(f.Document.IssueID)), 9.5),
		label(20, "관리번호"), centred(half-20, f.Exchange.ID))
}

// titleSize makes room for the longest names.
func titleSize(t invoice.TypeCode) float64 {
	if len([]rune(title(t))) > 10 {
		return 15
	}
	return 19
}

// parties are supplier and buyer side by side.
func (f form) parties(t *typesetter, p *page) {
	top := p.y
	supplier, buyer := partyRows(f.Supplier, businessNumber(f.Supplier.ID)), partyRows(f.Buyer.Party, buyerNumber(f.Buyer))
	supplier = append(supplier, contactRows(f.Supplier.Contact, invoice.Contact{})...)
	buyer = append(buyer, contactRows(f.Buyer.Contact, f.Buyer.Second)...)
	for n := range supplier {
		cells := append([]cell{strip()}, supplier[n]...)
		p.flow(t, fieldHeight, append(append(cells, strip()), buyer[n]...)...)
	}
	p.put(margin, top, p.y-top, stripe("공급자"))
	p.put(margin+half, top, p.y-top, stripe("공급받는자"))
	p.frames = append(p.frames, frame{margin, top, half, p.y - top}, frame{margin + half, top, half, p.y - top})
}

// strip keeps the place of a stripe.
func strip() cell { return cell{width: stripWidth, look: look{bare: true}} }

// stripe names a block, written downwards.
func stripe(name string) cell {
	return cell{width: stripWidth, text: name, look: look{size: 8.5, bold: true, label: true, stacked: true}}
}

// partyRows are the rows that every party has, in half the form's width.
func partyRows(party invoice.Party, id string) [][]cell {
	return [][]cell{
		{label(15, "등록번호"), bold(centred(43, id), 11), label(15, "종사업장\n번호"), centred(14, party.Branch)},
		{label(15, "상호\n(법인명)"), value(35, party.Name), label(12, "성명\n(대표자)"), value(17, party.Representative), seal()},
		{label(15, "사업장\n(주소)"), value(72, party.Address)},
		{label(15, "업태"), value(30, party.BusinessType), label(12, "종목"), value(30, party.Item)},
	}
}

// seal is the place of a seal, which a signed document does not bear.
func seal() cell {
	return cell{width: 8, text: "(인)", look: look{size: 7, least: 6, align: centre}}
}

// contactRows are two rows: one contact with its mail below, or two contacts.
func contactRows(first, second invoice.Contact) [][]cell {
	if second == (invoice.Contact{}) {
		return [][]cell{
			{label(15, "담당자"), value(72, contact(first, " "))},
			{label(15, "이메일"), value(72, first.Email)},
		}
	}
	return [][]cell{
		{label(15, "담당자 1"), value(26, contact(first, "\n")), label(12, "이메일 1"), value(34, first.Email)},
		{label(15, "담당자 2"), value(26, contact(second, "\n")), label(12, "이메일 2"), value(34, second.Email)},
	}
}

// broker is the consignee who issues (수탁자, 시행령 69), over the full width.
func (f form) broker(t *typesetter, p *page) {
	if f.Broker == nil {
		return
	}
	top := p.y
	rows := partyRows(*f.Broker, businessNumber(f.Broker.ID))
	who, mail := []cell{label(15, "담당자"), value(72, contact(f.Broker.Contact, " "))}, []cell{label(15, "이메일"), value(72, f.Broker.Contact.Email)}
	// The left half has number, address and contact, the right half name, trade and mail.
	for _, pair := range [][2][]cell{{rows[0], rows[1]}, {rows[2], rows[3]}, {who, mail}} {
		pair[1][1].width += stripWidth // there is no second stripe
		p.flow(t, fieldHeight, append(append([]cell{strip()}, pair[0]...), pair[1]...)...)
	}
	p.put(margin, top, p.y-top, stripe("수탁자"))
	p.frames = append(p.frames, frame{margin, top, formWidth, p.y - top})
}

// sums are the written date, the amounts and why the document amends another.
func (f form) sums(t *typesetter, p *page) {
	top := p.y
	widths := []float64{26, 42, 36, 82}
	if !f.taxed {
		widths = []float64{26, 78, 0, 82}
	}
	labels := []cell{label(widths[0], "작성일자"), label(widths[1], "공급가액"), label(widths[2], "세액"), label(widths[3], "수정사유")}
	values := []cell{
		centred(widths[0], day(f.Document.WrittenOn)),
		bold(number(widths[1], f.Totals.Charge.String()), 10),
		bold(number(widths[2], f.Totals.TaxAmount().String()), 10),
		value(widths[3], f.amendment()),
	}
	p.flow(t, labelHeight, present(labels)...)
	p.flow(t, valueHeight, present(values)...)
	remarks := value(formWidth-widths[0], f.remarks())
	remarks.look.least = 7.5 // three lines are usual: rather a higher row than small letters
	p.flow(t, fieldHeight, label(widths[0], "비고"), remarks)
	p.frames = append(p.frames, frame{margin, top, formWidth, p.y - top})
}

// present leaves out the columns that have no width.
func present(cells []cell) []cell {
	var kept []cell
	for _, c := range cells {
		if c.width > 0 {
			kept = append(kept, c)
		}
	}
	return kept
}

func (f form) amendment() string {
	text := reason(f.Document.Amendment)
	if f.Document.OriginalIssueID != "" {
		text = strings.TrimSpace(text + "\n당초승인번호 " + approvalNumber(f.Document.OriginalIssueID))
	}
	return text
}

// remarks are those of the document and what customs declared.
func (f form) remarks() string {
	var lines []string
	for _, text := range f.Document.Remarks {
		lines = append(lines, remark(text, f.Buyer))
	}
	if d := f.Document.Import; d != nil {
		text := "수입신고번호 " + d.ID
		if d.Quantity != "" {
			text += " · " + d.Quantity + "건"
		}
		if d.From+d.To != "" {
			text += " · 수리기간 " + day(d.From) + " ~ " + day(d.To)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// settlement is the last block: the sum, how it is paid, and whether it is
// received or billed.
func (f form) settlement(t *typesetter, p *page) {
	const sum, paid, phrase = 32.0, 27.5, 44.0
	top := p.y
	p.row(labelHeight, label(sum, "합계금액"), label(paid, "현금"), label(paid, "수표"), label(paid, "어음"), label(paid, "외상미수금"))
	cells := []cell{bold(number(sum, f.Totals.Grand.String()), 10)}
	for _, kind := range []invoice.PaymentCode{invoice.PaidCash, invoice.PaidCheque, invoice.PaidNote, invoice.PaidCredit} {
		cells = append(cells, number(paid, f.paid(kind)))
	}
	p.flow(t, valueHeight, cells...)
	p.put(margin+formWidth-phrase, top, p.y-top, cell{width: phrase, runs: f.phrase()})
	p.frames = append(p.frames, frame{margin, top, formWidth, p.y - top})
}

// paid adds up the payments of a kind; a valid document has one at most.
func (f form) paid(kind invoice.PaymentCode) string {
	var sum money.Won
	given := false
	for _, payment := range f.Payments {
		if payment.Kind == kind {
			sum, given = sum+payment.Amount, true
		}
	}
	if !given {
		return ""
	}
	return sum.String()
}

// phrase marks the word that is valid.
func (f form) phrase() []run {
	word := func(text string, valid bool) run {
		return run{text: text, size: 9, bold: valid, marked: valid}
	}
	purpose := f.Document.Purpose
	return []run{
		{text: "이 금액을  (  ", size: 9},
		word("영수", purpose == invoice.PurposeReceived),
		{text: "  ·  ", size: 9},
		word("청구", purpose == invoice.PurposeBilled || purpose == invoice.PurposeBilledOld),
		{text: "  )  함", size: 9},
	}
}
