package catalog

import (
	"slices"
	"strings"
	"unicode"
)

// headers are the words for each column, as other programs and people write
// them; spaces, case and what stands in brackets do not count.
var headers = map[string][]string{
	ColumnID:       {"관리번호", "id", "상품id", "productid"},
	ColumnName:     {"상품명", "품명", "제품명", "품목명", "이름", "상품", "name", "productname", "product", "item", "itemname"},
	ColumnCategory: {"분류", "카테고리", "상품분류", "대분류", "category"},
	ColumnPrice:    {"판매가", "판매단가", "판매가격", "가격", "단가", "소비자가", "price", "sellingprice", "retailprice", "unitprice"},
	ColumnCost:     {"매입가", "원가", "매입단가", "매입가격", "공급가", "cost", "costprice", "purchaseprice"},
	ColumnVAT:      {"과세구분", "과세", "과세여부", "부가세", "세금", "면세여부", "vat", "tax", "taxtype"},
	ColumnBarcode:  {"바코드", "상품코드", "barcode", "barcodes", "ean", "upc", "gtin", "code"},
	ColumnByWeight: {"중량판매", "저울상품", "무게판매", "byweight", "weighed"},
	ColumnUnit:     {"단위", "판매단위", "unit"},
	ColumnStock:    {"재고", "재고수량", "현재고", "수량", "stock", "quantity", "qty", "onhand"},
	ColumnAge:      {"나이확인", "연령제한", "age", "minimumage"},
	ColumnNote:     {"메모요청", "물어볼말", "note", "asknote"},
	ColumnArchived: {"판매중지", "사용중지", "archived", "discontinued"},
}

// headerRows is how far down the row of column names may stand.
const headerRows = 20

// header says which cell of a row is which column.
type header map[string]int

// findHeader is the first row that names both name and price, and its index.
func findHeader(table Table) (found header, at int, err error) {
	for i, cells := range table[:min(headerRows, len(table))] {
		found := readHeader(cells)
		_, name := found[ColumnName]
		_, price := found[ColumnPrice]
		if name && price {
			return found, i, nil
		}
	}
	return nil, 0, ErrNoHeader
}

// readHeader finds the columns of a row. When two cells stand for the same
// column the better word has it: 바코드 before 상품코드.
func readHeader(cells []string) header {
	found, ranks := make(header), make(map[string]int)
	for i, cell := range cells {
		column, rank := columnOf(cell)
		if best, taken := ranks[column]; column != "" && (!taken || rank < best) {
			found[column], ranks[column] = i, rank
		}
	}
	return found
}

// columnOf is the column a word stands for and how well it does, 0 being best;
// the column is empty when it is none of ours.
func columnOf(cell string) (column string, rank int) {
	word, _, _ := strings.Cut(fold(cell), "(")
	word = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, word)
	for column, words := range headers {
		if rank := slices.Index(words, word); rank >= 0 {
			return column, rank
		}
	}
	return "", 0
}

// pick are the cells of a row by column; a column that is missing or blank is
// not there.
func (h header) pick(cells []string) map[string]string {
	picked := make(map[string]string, len(h))
	for column, i := range h {
		if i < len(cells) {
			if cell := plainCell(cells[i]); cell != "" {
				picked[column] = cell
			}
		}
	}
	return picked
}

// plainCell takes off spaces and the apostrophe that keeps a spreadsheet from
// reading a text as a formula.
func plainCell(cell string) string {
	cell = tidy(cell)
	if quoted(cell) {
		return cell[1:]
	}
	return cell
}

// quoted reports whether a text is a formula behind apostrophes.
func quoted(text string) bool {
	return strings.HasPrefix(text, "'") && formula(strings.TrimLeft(text, "'"))
}

// formula reports whether a spreadsheet would take a text for a formula.
func formula(text string) bool {
	return text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0]))
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}
