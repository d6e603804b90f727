package receipt_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// texts are all the words of a document, one block a line.
func texts(document drivers.Document) []string {
	var lines []string
	for _, block := range document.Blocks {
		switch b := block.(type) {
		case drivers.Text:
			lines = append(lines, b.Text)
		case drivers.Columns:
			lines = append(lines, b.Left+"|"+b.Right)
		case drivers.Barcode:
			lines = append(lines, b.Data)
		}
	}
	return lines
}

func readWords(t *testing.T, language receipt.Language) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("locales", string(language)+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	return words
}

func TestLanguagesHaveTheSameWords(t *testing.T) {
	t.Parallel()
	korean, english := readWords(t, receipt.Korean), readWords(t, receipt.English)
	for key, word := range korean {
		if strings.TrimSpace(word) == "" || strings.TrimSpace(english[key]) == "" {
			t.Errorf("%s: %q and %q", key, word, english[key])
		}
	}
	if len(korean) != len(english) {
		t.Errorf("%d Korean words, %d English", len(korean), len(english))
	}
}

// TestEveryWordIsKnownAndUsed reads the keys out of the source.
func TestEveryWordIsKnownAndUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{
		"sunday": true, "monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true,
		"cash": true, "card": true, "cash_back": true, "card_back": true,
		"income_deduction": true, "expense_proof": true, "self_issue": true,
	}
	literal := regexp.MustCompile(`(?:words\[|w\[|named\(|amount\(|key :?= |title :?= |verdict :?= )"([a-z_]+)"`)
	for _, file := range []string{"sale.go", "day.go", "kitchen.go", "slips.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range literal.FindAllStringSubmatch(string(source), -1) {
			used[match[1]] = true
		}
	}
	known := readWords(t, receipt.Korean)
	for _, key := range slices.Sorted(maps.Keys(used)) {
		if _, ok := known[key]; !ok {
			t.Errorf("%s is used and has no word", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if !used[key] {
			t.Errorf("%s has a word and is not used", key)
		}
	}
}

func TestCopyDiffersByItsMarkAlone(t *testing.T) {
	t.Parallel()
	paper := renderer(t)
	done := closed(t, mixed(), sale.Discount{Permille: 50}, cardTender(50_000))
	again := korean()
	again.Copy = true
	first, second := texts(paper.Sale(done, korean())), texts(paper.Sale(done, again))
	if len(first) != len(second) {
		t.Fatalf("%d lines, then %d", len(first), len(second))
	}
	for i := range first {
		if first[i] != second[i] && second[i] != first[i]+" [재출력]" {
			t.Errorf("%q became %q", first[i], second[i])
		}
	}
	if slices.Equal(first, second) {
		t.Error("the copy has no mark")
	}
}

func TestUnknownLanguageIsKorean(t *testing.T) {
	t.Parallel()
	options := korean()
	options.Language = "fr"
	done := closed(t, mixed(), sale.Discount{})
	paper := renderer(t)
	if !slices.Equal(texts(paper.Sale(done, options)), texts(paper.Sale(done, korean()))) {
		t.Error("another language is not Korean")
	}
}

func TestUnknownTenderIsNamedByItsCode(t *testing.T) {
	t.Parallel()
	done := closed(t, mixed(), sale.Discount{})
	done.Tenders = []sale.Tender{{Kind: "voucher", Amount: done.Total}}
	if !slices.Contains(texts(renderer(t).Sale(done, korean())), "voucher|"+done.Total.String()) {
		t.Error("the tender has no name")
	}
}

func TestEmptyParticularsLeaveNoLine(t *testing.T) {
	t.Parallel()
	options := receipt.Options{Shop: receipt.Shop{Name: "달빛", BusinessNumber: "123"}}
	lines := texts(renderer(t).Sale(sale.Sale{At: at()}, options))
	want := []string{
		"달빛", "사업자번호 123", "영수증", "일시|2026. 11. 23. (월) 14:05", "합계|0",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}

func TestRoundingOfAPartIsNamed(t *testing.T) {
	t.Parallel()
	done := sale.Sale{Kind: sale.Refunded, At: at(), Lines: []sale.SoldLine{{
		Item: sale.Item{Name: "참깨", VAT: money.Exempt}, Unit: 4, Quantity: 100, Discount: -1, Amount: 1,
	}}}
	lines := texts(renderer(t).Sale(done, korean()))
	if !slices.Contains(lines, "  4 x 0.1|0") || !slices.Contains(lines, "  끝수 조정|1") {
		t.Errorf("%q", lines)
	}
}

// TestAmountsOnPaperAddUp adds up what a customer would: goods and discounts
// make the total, tenders less nothing too, and so do the parts of VAT.
func TestAmountsOnPaperAddUp(t *testing.T) {
	t.Parallel()
	done := closed(t, mixed(), sale.Discount{Permille: 130}, cardTender(40_000))
	var goods, parts, total money.Won
	for _, line := range texts(renderer(t).Sale(done, korean())) {
		label, text, _ := strings.Cut(line, "|")
		amount := won(text)
		switch {
		case strings.HasPrefix(label, "  "):
			goods += amount
		case label == "공급가액" || label == "부가세" || label == "면세금액":
			parts += amount
		case label == "합계":
			total = amount
		}
	}
	if goods != total || parts != total || total != done.Total {
		t.Errorf("goods %d, parts %d, total %d", goods, parts, total)
	}
}

func won(text string) money.Won {
	var amount money.Won
	for _, r := range text {
		if r >= '0' && r <= '9' {
			amount = amount*10 + money.Won(r-'0')
		}
	}
	if strings.HasPrefix(text, "-") {
		return -amount
	}
	return amount
}

func TestNumberBarcode(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"20261123-0001": "R2611230001", "20261123-12345": "R26112312345", "": "", "0001": "", "20261123-": "", "123-4": "",
	} {
		if got := receipt.NumberBarcode(number); got != want {
			t.Errorf("%q: %q", number, got)
		}
	}
}

func TestDayOfOddDate(t *testing.T) {
	t.Parallel()
	odd := day()
	odd.Day = "yesterday"
	odd.Difference, odd.FirstNumber = 0, ""
	lines := texts(renderer(t).DayClose(odd, korean()))
	if !slices.Contains(lines, "영업일|yesterday") || !slices.Contains(lines, "차액 (맞음)|0") {
		t.Errorf("%q", lines)
	}
}

// A label printed again is one more label, and no receipt.
func TestCopiedLabel(t *testing.T) {
	t.Parallel()
	slip := drivers.Document{Blocks: []drivers.Block{drivers.Label{Title: "우유", Notes: []string{"x"}}}}
	if again := renderer(t).Copied(slip, korean()); len(again.Blocks) != 1 {
		t.Errorf("the label became %+v", again)
	}
}
