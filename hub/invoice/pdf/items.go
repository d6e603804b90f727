package pdf

import (
	"fmt"

	"shopbox/hub/invoice"
)

const (
	// fewestRows stand on the form even when they are empty.
	fewestRows = 4
	// mostRows stand on the first page; the tax service's own print has as
	// many (unconfirmed). The rest follows on further pages.
	mostRows = 16
	// settlementHeight is what the last block takes.
	settlementHeight = labelHeight + valueHeight
	rowHeight        = 7.5
)

// layOut fills the pages of a copy.
func layOut(t *typesetter, f form) ([]*page, error) {
	first := &page{y: margin}
	f.heading(t, first)
	f.parties(t, first)
	f.broker(t, first)
	f.sums(t, first)
	rest := f.items(t, first, f.Lines, mostRows, pageEnd-settlementHeight)
	if len(rest) > 0 && len(rest) == len(f.Lines) || first.y > pageEnd-settlementHeight {
		return nil, ErrTooLong
	}
	f.settlement(t, first)
	first.frames = append(first.frames, frame{margin, margin, formWidth, first.y - margin})
	pages := []*page{first}
	for len(rest) > 0 {
		next := &page{y: margin}
		f.reminder(t, next)
		left := f.items(t, next, rest, len(rest), pageEnd)
		if len(left) == len(rest) {
			return nil, ErrTooLong
		}
		rest = left
		next.frames = append(next.frames, frame{margin, margin, formWidth, next.y - margin})
		pages = append(pages, next)
	}
	f.feet(pages)
	return pages, nil
}

// reminder heads a further page with what it belongs to.
func (f form) reminder(t *typesetter, p *page) {
	p.row(titleHeight*0.8, cell{width: formWidth, look: look{label: true}, runs: []run{
		{text: title(f.Document.Type), size: 13, bold: true},
		{text: "  (" + f.which.String() + ")  품목 계속", size: 9},
	}})
	p.flow(t, fieldHeight, label(20, "승인번호"), bold(centred(half-20, approvalNumber(f.Document.IssueID)), 9.5),
		label(20, "작성일자"), centred(half-20, day(f.Document.WrittenOn)))
	p.flow(t, fieldHeight,
		label(20, "공급자"), centred(26, businessNumber(f.Supplier.ID)), value(half-46, f.Supplier.Name),
		label(20, "공급받는자"), centred(26, buyerNumber(f.Buyer)), value(half-46, f.Buyer.Name))
}

// items puts as many lines as there is room for, at most the given number, and
// gives back the rest. The form has at least four rows.
func (f form) items(t *typesetter, p *page, lines []invoice.Line, most int, end float64) []invoice.Line {
	top := p.y
	p.row(labelHeight, f.columns()...)
	count := 0
	for len(lines) > 0 && count < most {
		cells := f.cells(lines[0])
		if p.y+t.high(rowHeight, cells...) > end {
			break
		}
		p.flow(t, rowHeight, cells...)
		lines = lines[1:]
		count++
	}
	for ; count < fewestRows && len(lines) == 0 && p.y+rowHeight <= end; count++ {
		p.row(rowHeight, f.cells(invoice.Line{})...)
	}
	p.frames = append(p.frames, frame{margin, top, formWidth, p.y - top})
	return lines
}

func (f form) columns() []cell {
	w := f.widths()
	names := []string{"월", "일", "품목", "규격", "수량", "단가", "공급가액", "세액", "비고"}
	cells := make([]cell, len(names))
	for n, name := range names {
		cells[n] = label(w[n], name)
	}
	return present(cells)
}

// widths of the columns; without tax its place goes to the texts.
func (f form) widths() [9]float64 {
	if !f.taxed {
		return [9]float64{8, 8, 58, 22, 18, 22, 27, 0, 23}
	}
	return [9]float64{8, 8, 47, 18, 17, 21, 26, 23, 18}
}

func (f form) cells(line invoice.Line) []cell {
	w := f.widths()
	month, date := string(line.SuppliedOn), ""
	if len(month) == 8 {
		month, date = month[4:6], month[6:]
	}
	return present([]cell{
		centred(w[0], month), centred(w[1], date),
		value(w[2], line.Name), value(w[3], line.Specification),
		number(w[4], hundredths(line.Quantity)), number(w[5], hundredths(line.UnitPrice)),
		number(w[6], won(line.Charge)), number(w[7], won(line.Tax)), value(w[8], line.Remark),
	})
}

// feet numbers the pages and says when the document was issued.
func (f form) feet(pages []*page) {
	for n, p := range pages {
		issued := ""
		if f.Exchange.IssuedAt != "" {
			issued = "발급일시 " + moment(f.Exchange.IssuedAt)
		}
		if n+1 < len(pages) {
			issued += "   품목이 다음 장에 이어집니다."
		}
		foot := look{size: 7.5, least: 6, bare: true}
		p.put(margin, p.y+1, footHeight, cell{width: formWidth - 30, text: issued, look: foot})
		foot.align = right
		p.put(margin+formWidth-30, p.y+1, footHeight, cell{width: 30, text: fmt.Sprintf("%d / %d", n+1, len(pages)), look: foot})
	}
}
