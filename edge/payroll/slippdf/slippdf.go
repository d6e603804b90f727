// Package slippdf puts a pay slip on paper: A4 pages as PDF with the Korean
// font embedded. The command edge slip and the shop's pay screen call it. It
// is pure: the fonts and the date of making come in, and the same slip gives
// the same bytes.
package slippdf

import (
	"bytes"
	"fmt"
	"time"

	"github.com/signintech/gopdf"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/slip"
	"shopbox/protocol/money"
)

// The fonts by the names they are embedded under: only what a slip uses, as
// the tag before the + says (ISO 32000-1, 9.6.4).
const (
	regular = "SLIPAA+NanumGothic"
	bold    = "SLIPAB+NanumGothicBold"
)

// Press prints slips. It reads the fonts once and may be used by several
// goroutines.
type Press struct{ fonts gopdf.FontContainer }

// NewPress takes the TrueType files of the plain and the bold font.
func NewPress(plain, heavy []byte) (*Press, error) {
	press := &Press{}
	// A character the font lacks leaves a visible box, not a gap.
	option := gopdf.TtfOption{OnGlyphNotFoundSubstitute: func(rune) rune { return '□' }}
	for name, file := range map[string][]byte{regular: plain, bold: heavy} {
		if err := press.fonts.AddTTFFontDataWithOption(name, file, option); err != nil {
			return nil, fmt.Errorf("font %s: %w", name, err)
		}
	}
	return press, nil
}

// Print is the slip as PDF. Created stands in the file as its date. A slip
// that does not add up or lacks what the law asks for is refused.
func (p *Press) Print(s *slip.Slip, created time.Time) ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	sheet, err := p.newSheet()
	if err != nil {
		return nil, err
	}
	sheet.pdf.SetInfo(gopdf.PdfInfo{
		Title: heading(s.Month) + " 임금명세서", Author: s.Shop.Name, Creator: "Shopbox", CreationDate: created.UTC(),
	})
	sheet.slip(s)
	sheet.numberPages()
	if sheet.err != nil {
		return nil, sheet.err
	}
	var out bytes.Buffer
	if _, err := sheet.pdf.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// slip draws the parts from top to bottom.
func (s *sheet) slip(data *slip.Slip) {
	s.head(data)
	s.person(data)
	s.net(data)
	s.table("지급", data.Earnings, "임금 총액", data.Gross)
	s.table("공제", data.Deductions, "공제 총액", data.Deducted)
	s.foot(data)
}

func heading(month payroll.Month) string {
	return fmt.Sprintf("%d년 %d월", int(month)/12, month.Of())
}

// date is 2026. 12. 10., or nothing for no date.
func date(d payroll.Date) string {
	if d == 0 {
		return ""
	}
	t := d.Time()
	return fmt.Sprintf("%d. %d. %d.", t.Year(), int(t.Month()), t.Day())
}

// day is a date with its weekday: 2026. 12. 10. (목).
func day(d payroll.Date) string {
	weekdays := [...]string{"일", "월", "화", "수", "목", "금", "토"}
	return fmt.Sprintf("%s (%s)", date(d), weekdays[d.Weekday()])
}

func (s *sheet) head(data *slip.Slip) {
	s.y += 18
	begin := s.y
	s.text(left, ink, bold, title, "임금명세서")
	s.y += 17
	s.text(left, muted, regular, body, heading(data.Month)+"분 · "+day(data.PaidOn)+" 지급")
	end := s.y
	s.y = begin
	for i, line := range s.wrap(data.Shop.Name, headWidth, bold, control) {
		s.y = begin + float64(i)*15
		s.right(right, ink, bold, control, line)
	}
	s.y += 5
	for _, line := range s.wrap(joined(data.Shop.Number, data.Shop.Address), headWidth, regular, note) {
		s.y += 12
		s.right(right, muted, regular, note, line)
	}
	s.y = max(s.y, end) + 12
	s.rule(ink)
}

func joined(parts ...string) string {
	text := ""
	for _, part := range parts {
		if part != "" && text != "" {
			text += " · "
		}
		text += part
	}
	return text
}

// fact is a word and what stands under it, over one or more of the columns.
type fact struct {
	word, value string
	span        int
}

// person says who is paid, for what work, in rows of four columns.
func (s *sheet) person(data *slip.Slip) {
	facts := []fact{{"이름", data.Worker.Name, 1}}
	add := func(facts []fact, word, value string, span int) []fact {
		if value == "" {
			return facts
		}
		return append(facts, fact{word, value, span})
	}
	facts = add(facts, "사원번호", data.Worker.Number, 1)
	facts = add(facts, "생년월일", date(data.Worker.Born), 1)
	facts = add(facts, "업무", data.Worker.Job, 1)
	facts = add(facts, "입사일", date(data.Worker.Hired), 1)
	facts = add(facts, "임금 기준", data.Basis, 2)
	facts = append(facts, fact{"근로일수", fmt.Sprintf("%d일", data.Time.Days), 1})
	facts = add(facts, "근로시간", slip.Hours(data.Time.Worked), 1)
	facts = add(facts, "연장", slip.Hours(data.Time.Overtime), 1)
	facts = add(facts, "야간", slip.Hours(data.Time.Night), 1)
	facts = add(facts, "휴일", slip.Hours(data.Time.Holiday), 1)
	s.grid(facts)
	s.y += 14
}

const columns = 4

func (s *sheet) grid(facts []fact) {
	width := (right - left) / columns
	column, top, deepest := 0, s.y, s.y
	for _, f := range facts {
		if column+f.span > columns {
			column, top = 0, deepest
		}
		x := left + float64(column)*width
		s.y = top + 16
		s.text(x, muted, regular, note, f.word)
		for _, line := range s.wrap(f.value, float64(f.span)*width-8, regular, body) {
			s.y += 13
			s.text(x, ink, regular, body, line)
		}
		deepest = max(deepest, s.y)
		column += f.span
	}
	s.y = deepest
}

// net is the amount paid, the one thing everybody looks for.
func (s *sheet) net(data *slip.Slip) {
	const height = 52
	s.band(height)
	s.y += 22
	s.text(left+pad, ink, bold, control, "실수령액")
	s.y += 16
	s.text(left+pad, muted, regular, note, fmt.Sprintf("임금 총액 %s원 - 공제 총액 %s원", data.Gross, data.Deducted))
	s.y -= 4
	s.amount(right-pad, accent, bold, amountSize, data.Net)
	s.y += height - 34
}

// table lists lines with their method and ends with their sum.
func (s *sheet) table(name string, lines []slip.Line, total string, sum money.Won) {
	s.need(70)
	s.y += 22
	s.text(left, ink, bold, control, name)
	s.text(methodAt, muted, regular, note, "계산 방법")
	s.right(right, muted, regular, note, "금액")
	s.y += 8
	s.rule(ink)
	for _, line := range lines {
		s.line(line)
	}
	s.need(24)
	s.y += 16
	s.text(left, ink, bold, body, total)
	s.amount(right, ink, bold, body, sum)
	s.y += 6
}

// line takes as many rows as its label or method needs.
func (s *sheet) line(line slip.Line) {
	labels := s.wrap(line.Label, methodAt-left-gap, regular, body)
	methods := s.wrap(line.Method, amountAt-methodAt-gap, regular, note)
	rows := max(len(labels), len(methods), 1)
	s.need(float64(rows)*rowHeight + 10)
	top := s.y + 13.5
	for i, text := range labels {
		s.y = top + float64(i)*rowHeight
		s.text(left, ink, regular, body, text)
	}
	for i, text := range methods {
		s.y = top + float64(i)*rowHeight
		s.text(methodAt, muted, regular, note, text)
	}
	s.y = top
	s.amount(right, ink, regular, body, line.Amount)
	s.y = top + float64(rows-1)*rowHeight + 6.5
	s.rule(hairline)
}

// foot says what part is tax-free and what the paper is.
func (s *sheet) foot(data *slip.Slip) {
	s.need(40)
	s.y += 10
	if data.Nontaxable > 0 {
		s.y += 12
		s.text(left, muted, regular, note, fmt.Sprintf("임금 총액 중 %s원은 소득세를 내지 않는 금액(비과세)이에요.", data.Nontaxable))
	}
	s.y += 12
	s.text(left, muted, regular, note, "근로기준법 제48조 제2항에 따라 드리는 임금명세서예요. 금액이 다르면 사업주에게 물어보세요.")
}
