package pdf

import (
	"strings"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// title is the name of the form: what the document is, then what it is made of.
func title(t invoice.TypeCode) string {
	name := ""
	if t.Amended() {
		name += "수정"
	}
	if t.ZeroRated() {
		name += "영세율"
	}
	if t.Consigned() {
		name += "위수탁"
	}
	if t.Import() {
		name += "수입"
	}
	if t.Kind() == invoice.KindImportDeferred {
		name += "납부유예"
	}
	if t.Exempt() {
		return name + "전자계산서"
	}
	return name + "전자세금계산서"
}

func (c Copy) String() string {
	if c == BuyerCopy {
		return "공급받는자 보관용"
	}
	return "공급자 보관용"
}

// reason is an amendment's in words (부가가치세법 시행령 70①).
func reason(a invoice.AmendmentCode) string {
	switch a {
	case invoice.AmendCorrection:
		return "기재사항 착오·정정 등"
	case invoice.AmendPrice:
		return "공급가액 변동"
	case invoice.AmendReturn:
		return "환입"
	case invoice.AmendCancellation:
		return "계약의 해제"
	case invoice.AmendLocalCredit:
		return "내국신용장 등 사후개설"
	case invoice.AmendDuplicate:
		return "착오에 의한 이중발급 등"
	}
	return string(a)
}

// approvalNumber writes the 24 characters as 8-8-8.
func approvalNumber(id string) string {
	if len(id) != 24 {
		return id
	}
	return id[:8] + "-" + id[8:16] + "-" + id[16:]
}

func businessNumber(id string) string {
	if len(id) != 10 {
		return masked(id)
	}
	return id[:3] + "-" + id[3:5] + "-" + id[5:]
}

// masked hides what follows the first seven digits of a resident number, and
// of anything as long that is no business number.
func masked(id string) string {
	digits := strings.ReplaceAll(id, "-", "")
	if len(digits) < residentDigits {
		return id
	}
	return digits[:6] + "-" + digits[6:7] + strings.Repeat("*", len(digits)-7)
}

// residentDigits is the length of a resident number.
const residentDigits = 13

// remark hides the registration number of a foreign buyer, which is as
// personal as a resident number; a passport's stays readable.
func remark(text string, b invoice.Buyer) string {
	if b.IDKind != invoice.BuyerForeigner {
		return text
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '-' })
	for _, word := range words {
		if len(strings.ReplaceAll(word, "-", "")) == residentDigits {
			text = strings.ReplaceAll(text, word, masked(word))
		}
	}
	return text
}

func buyerNumber(b invoice.Buyer) string {
	if b.ID == invoice.ForeignerID {
		return b.ID + " (외국인)"
	}
	return businessNumber(b.ID)
}

func day(d invoice.Date) string {
	if len(d) != 8 {
		return string(d)
	}
	return string(d[:4] + "-" + d[4:6] + "-" + d[6:])
}

func moment(m invoice.Moment) string {
	if len(m) != 14 {
		return string(m)
	}
	return day(invoice.Date(m[:8])) + " " + string(m[8:10]+":"+m[10:12]+":"+m[12:])
}

func won(w *money.Won) string {
	if w == nil {
		return ""
	}
	return w.String()
}

// hundredths is a quantity or price with thousands commas.
func hundredths(h *invoice.Hundredths) string {
	if h == nil {
		return ""
	}
	text := h.String()
	digits, sign := strings.CutPrefix(text, "-")
	whole, decimals, point := strings.Cut(digits, ".")
	text = grouped(whole)
	if point {
		text += "." + decimals
	}
	if sign {
		text = "-" + text
	}
	return text
}

func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// contact is who to ask, with what stands before the telephone number.
func contact(c invoice.Contact, between string) string {
	return strings.TrimSpace(strings.TrimSpace(c.Department+" "+c.Person) + between + c.Telephone)
}
