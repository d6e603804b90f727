package statement

import (
	"cmp"
	"slices"
	"strings"

	"shopbox/edge/books"
	"shopbox/protocol/money"
)

// Cell is an amount and its VAT in the simplified book.
type Cell struct{ Amount, VAT money.Won }

func (c Cell) plus(other Cell) Cell {
	return Cell{c.Amount + other.Amount, c.VAT + other.VAT}
}

// SimpleRow is a line of the simplified book (간편장부, 소득세법 시행규칙 별지 82호)
// in its legal columns.
type SimpleRow struct {
	Day     string // ① 일자
	Account string // ② 계정과목
	Memo    string // ③ 거래내용
	Party   string // ④ 거래처
	Income  Cell   // ⑤ 수입(매출)
	Expense Cell   // ⑥ 비용(원가 관련 매입 포함)
	Asset   Cell   // ⑦ 사업용 유형·무형자산 증감(매매)
	Remark  string // ⑧ 비고: 세계, 계, 카드, 현영, 영

	// Sources are the records behind the line.
	Sources []string
	till    bool
}

// manySales is how many sales of a day may stand as one line (별지 82호, notes).
const manySales = 50

// SimpleBook writes the simplified book of a period, by day. A shop with 50 or
// more sales on a day gets one line for them per account and kind of evidence.
// Sales stand as the books have them, so that a simplified taxpayer's are
// gross; what was bought is split wherever its evidence shows the VAT. Cost by
// count and closing entries are no lines of it: what was bought is already a
// cost, and the stock at the year's end goes into the notes.
func SimpleBook(vouchers []books.Voucher, period Period) []SimpleRow {
	names := make(map[string]books.Account)
	for _, account := range books.Accounts() {
		names[account.Code] = account
	}
	sales := make(map[string]int)
	var rows []SimpleRow
	for _, voucher := range byDay(vouchers) {
		if !period.Holds(voucher.Day) || voucher.Kind == books.PeriodClosed || voucher.Kind == books.CostOfGoods {
			continue
		}
		if soldAtTill(voucher) {
			sales[voucher.Day]++
		}
		rows = append(rows, simpleRows(voucher, names)...)
	}
	return mergeSales(rows, sales)
}

func soldAtTill(voucher books.Voucher) bool {
	return voucher.Kind == books.Sold || voucher.Kind == books.Refunded
}

func simpleRows(voucher books.Voucher, names map[string]books.Account) []SimpleRow {
	vat := vatOf(voucher)
	var rows []SimpleRow
	for _, line := range voucher.Entry.Lines() {
		row := SimpleRow{
			Day: voucher.Day, Account: names[line.Account].Name, Memo: voucher.Memo, Party: voucher.Party,
			Remark: mark(voucher), Sources: []string{voucher.Source}, till: soldAtTill(voucher),
		}
		switch {
		case names[line.Account].Class == books.Income:
			row.Income.Amount = -line.Amount
			if !line.Exempt {
				row.Income.VAT, vat.output = vat.output, 0
			}
		case boughtAsset(voucher, line):
			row.Asset, vat = Cell{line.Amount + vat.prepaid - vat.input, vat.input}, vatParts{}
		case cost(voucher, line, names):
			row.Expense, vat = Cell{line.Amount + vat.prepaid - vat.input, vat.input}, vatParts{}
		default:
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

func boughtAsset(voucher books.Voucher, line books.Line) bool {
	return voucher.Kind == books.Purchased && books.FixedAsset(line.Account)
}

func cost(voucher books.Voucher, line books.Line, names map[string]books.Account) bool {
	stock := line.Account == books.Goods || line.Account == books.Materials
	return names[line.Account].Class == books.Expense ||
		stock && (voucher.Kind == books.Purchased || voucher.Kind == books.DeemedInput)
}

// vatParts are the VAT of a voucher: what stands on the output account, what
// stands on the input account, and what the evidence of a purchase shows.
type vatParts struct{ output, prepaid, input money.Won }

// vatOf leaves out vouchers that only settle VAT.
func vatOf(voucher books.Voucher) (parts vatParts) {
	if voucher.Kind == books.VATClosed || voucher.Kind == books.DeemedInput {
		return parts
	}
	for _, line := range voucher.Entry.Lines() {
		switch line.Account {
		case books.VATPayable:
			parts.output -= line.Amount
		case books.VATPrepaid:
			parts.prepaid += line.Amount
		}
	}
	for _, tax := range voucher.Taxes {
		if strings.HasPrefix(string(tax.Use), "input_") {
			parts.input += tax.VAT
		}
	}
	return parts
}

// mark is the evidence as column ⑧ names it.
func mark(voucher books.Voucher) string {
	switch voucher.Evidence {
	case books.TaxInvoice:
		return "세계"
	case books.Invoice:
		return "계"
	case books.CardSlip:
		return "카드"
	case books.CashReceipt:
		return "현영"
	case books.Receipt:
		return "영"
	case books.Internal:
		return ""
	}
	if !soldAtTill(voucher) {
		return ""
	}
	return tenderMark(voucher.Taxes)
}

// tenderMark tells by the tenders of a sale which slips it has.
func tenderMark(taxes []books.Tax) string {
	var card, plain bool
	for _, tax := range taxes {
		card, plain = card || tax.ByCard, plain || !tax.ByCard
	}
	switch {
	case card && plain:
		return "카드/영"
	case card:
		return "카드"
	}
	return "영"
}

// mergeSales makes one line of the sales of a busy day, where the first stood.
func mergeSales(rows []SimpleRow, sales map[string]int) []SimpleRow {
	type key struct{ day, account, remark string }
	first := make(map[key]int)
	merged := rows[:0]
	for _, row := range rows {
		at, seen := first[key{row.Day, row.Account, row.Remark}]
		busy := sales[row.Day] >= manySales && row.till
		switch {
		case !busy:
			merged = append(merged, row)
		case !seen:
			first[key{row.Day, row.Account, row.Remark}] = len(merged)
			row.Memo, row.Party = "", ""
			merged = append(merged, row)
		default:
			merged[at].Income = merged[at].Income.plus(row.Income)
			merged[at].Sources = append(merged[at].Sources, row.Sources...)
		}
	}
	slices.SortStableFunc(merged, func(a, b SimpleRow) int { return cmp.Compare(a.Day, b.Day) })
	return merged
}
