package receipt_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/escpos"
	"shopbox/drivers/paper"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

var update = flag.Bool("update", false, "write the goldens anew")

func renderer(t *testing.T) *receipt.Renderer {
	t.Helper()
	made, err := receipt.New()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func shop() receipt.Shop {
	return receipt.Shop{
		Name: "달빛 상회", BusinessNumber: "1248100998", Representative: "김달",
		Address: "서울특별시 마포구 월드컵북로 400, 1층 (상암동)", Phone: "02-300-1234",
	}
}

func at() time.Time { return time.Date(2026, 11, 23, 5, 5, 0, 0, time.UTC) }

func korean() receipt.Options {
	return receipt.Options{
		Shop: shop(), Language: receipt.Korean, Foot: "교환과 환불은 7일 안에 영수증과 함께 오세요.\n고맙습니다!", OpenDrawer: true,
	}
}

func english() receipt.Options {
	options := korean()
	options.Language, options.Foot = receipt.English, "Thank you!"
	return options
}

func goods(id, name string, price money.Won, quantity money.Milli) sale.Line {
	return sale.Line{
		ID: id, Item: sale.Item{Product: id, Name: name, VAT: money.Taxable, Price: price}, Quantity: quantity, Unit: price,
	}
}

func vegetables(id, name string, price money.Won, quantity money.Milli) sale.Line {
	line := goods(id, name, price, quantity)
	line.Item.VAT, line.Item.ByWeight = money.Exempt, true
	return line
}

// closed is a finished sale of lines, paid with tenders and the rest in cash.
func closed(t *testing.T, lines []sale.Line, discount sale.Discount, tenders ...sale.Tender) sale.Sale {
	t.Helper()
	cart := &sale.Cart{ID: "c"}
	for _, line := range lines {
		if _, err := cart.Add(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := cart.SetDiscount(discount); err != nil {
		t.Fatal(err)
	}
	for _, tender := range tenders {
		if err := cart.Take(tender); err != nil {
			t.Fatal(err)
		}
	}
	if due := cart.Totals().Due; due > 0 {
		cash, err := sale.CashTender(due, min((due+9999)/10_000*10_000, sale.MaxPrice))
		if err != nil {
			t.Fatal(err)
		}
		if err := cart.Take(cash); err != nil {
			t.Fatal(err)
		}
	}
	done, err := cart.Close(sale.Person{ID: "p", Name: "민지"}, at())
	if err != nil {
		t.Fatal(err)
	}
	done.Number, done.Day = "20261123-0001", "2026-11-23"
	return done
}

func mixed() []sale.Line {
	cola := goods("2", "코카콜라 제로 슈거 라임 355mL 24캔 묶음 상품 (제로 슈거, 재활용 가능한 알루미늄 캔)", 21_900, money.One)
	cola.Discount = sale.Discount{Amount: 2000}
	noted := goods("3", "생일 케이크", 38_000, money.One)
	noted.Note = "초 5개, 이름: 하늘"
	return []sale.Line{goods("1", "아메리카노", 4500, 2*money.One), cola, noted, vegetables("4", "상추", 9900, 1234)}
}

func cardTender(amount money.Won) sale.Tender {
	return sale.Tender{Kind: sale.Card, Amount: amount, Attempt: "a", Slip: &sale.CardSlip{
		Number: "1234-56**-****-7890", Scheme: "신한카드 (신용)", Acquirer: "신한카드", Approval: "30012345",
		Reference: "0471", Terminal: "12345678", Merchant: "0098765432", Instalments: 3, Signature: true,
		Lines: []string{"할부 3개월", "문의 1544-7000"},
	}}
}

func cashReceipt() receipt.CashReceipt {
	return receipt.CashReceipt{
		Number: "20261123-0001", Purpose: "income_deduction", Holder: "010-****-5678", Amount: 25_161, VAT: 1934, TaxFree: 3885,
		Approval: "123456789", Terminal: "12345678", At: at(), By: sale.Person{ID: "m", Name: "민지"},
	}
}

func refundOf(t *testing.T, original sale.Sale) sale.Sale {
	t.Helper()
	refund, err := sale.Refund(sale.RefundRequest{
		ID: "r", Original: original, By: sale.Person{ID: "m", Name: "지훈"}, At: at().Add(26 * time.Hour),
		Reason: "유통 기한이 지났어요",
		Picks:  []sale.Pick{{Line: "1", Quantity: money.One}, {Line: "4", Quantity: 234}},
	})
	if err != nil {
		t.Fatal(err)
	}
	refund.Number, refund.Day = "20261124-0007", "2026-11-24"
	refund.Tenders = []sale.Tender{{Kind: sale.Cash, Amount: 1000}, cardTender(refund.Total - 1000)}
	return refund
}

func day() receipt.Day {
	return receipt.Day{
		Day: "2026-11-23", OpenedAt: at().Add(-6 * time.Hour), ClosedAt: at().Add(8 * time.Hour),
		By: sale.Person{Name: "지훈"}, Sales: 128, Refunds: 2, Sold: 2_345_600, GivenBack: 21_000, Total: 2_324_600,
		Split:   sale.Split{Supply: 1_900_000, VAT: 190_000, Exempt: 234_600},
		Tenders: []receipt.TenderSum{{Kind: sale.Cash, Count: 51, Sum: 612_300}, {Kind: sale.Card, Count: 79, Sum: 1_712_300}},
		Float:   100_000, Expected: 712_300, Counted: 711_300, Difference: -1000, Note: "거스름돈을 더 드린 것 같아요",
		FirstNumber: "20261123-0001", LastNumber: "20261123-0130",
	}
}

func documents(t *testing.T) map[string]drivers.Document {
	t.Helper()
	paper := renderer(t)
	simple := closed(t, []sale.Line{goods("1", "아메리카노", 4500, 2*money.One)}, sale.Discount{})
	everything := closed(t, mixed(), sale.Discount{Permille: 50}, cardTender(50_000))
	everything.Note, everything.ClockDoubt = "7번 손님", true
	large := closed(t, []sale.Line{goods("1", "다이아몬드", 999_999_999, money.One)}, sale.Discount{})
	again, interim := korean(), day()
	again.Copy, again.OpenDrawer = true, false
	interim.ClosedAt, interim.Counted, interim.Difference = time.Time{}, 0, 0
	over := day()
	over.Difference, over.Counted, over.Note = 300, 712_600, ""
	reprinted, cancelled := again, cashReceipt()
	reprinted.CashReceipt = new(receipt.CashReceipt)
	*reprinted.CashReceipt = cashReceipt()
	adorned := korean()
	adorned.Logo = logo(t)
	cancelled.Cancelled, cancelled.Purpose, cancelled.Holder = true, "self_issue", "010-000-1234"
	return map[string]drivers.Document{
		"cash-receipt":         paper.CashReceipt(cashReceipt(), korean()),
		"cash-receipt-english": paper.CashReceipt(cashReceipt(), english()),
		"cash-receipt-cancel":  paper.CashReceipt(cancelled, korean()),
		"cash-receipt-copy":    paper.Sale(simple, reprinted),
		"merchant-copy":        paper.MerchantCopies(everything, korean())[0],
		"merchant-english":     paper.MerchantCopies(everything, english())[0],
		"cash":                 paper.Sale(simple, korean()),
		"cash-logo":            paper.Sale(simple, adorned),
		"cash-english":         paper.Sale(simple, english()),
		"everything":           paper.Sale(everything, korean()),
		"copy":                 paper.Sale(everything, again),
		"large":                paper.Sale(large, korean()),
		"refund":               paper.Sale(refundOf(t, everything), korean()),
		"refund-english":       paper.Sale(refundOf(t, everything), english()),
		"day":                  paper.DayClose(day(), korean()),
		"day-so-far":           paper.DayClose(interim, korean()),
		"day-english":          paper.DayClose(over, english()),
		"test":                 paper.Test(at(), korean()),
		"order":                paper.Kitchen(everything, everything.Lines[1:], korean()),
		"order-copy":           paper.Copied(paper.Kitchen(everything, everything.Lines[:1], english()), english()),
	}
}

// TestGoldens lays every slip out on paper of 42 and 48 columns, reads the
// bytes back and compares them with the text a person would hold.
func TestGoldens(t *testing.T) {
	t.Parallel()
	for name, document := range documents(t) {
		for _, columns := range []int{42, 48} {
			t.Run(fmt.Sprint(name, columns), func(t *testing.T) {
				t.Parallel()
				encoded := escpos.Encode(document, escpos.Profile{Columns: columns, Korean: true, Cutter: true, QR: true})
				slips := paper.Read(encoded, columns)
				if len(slips) != 1 || len(slips[0].Unknown) != 0 || (slips[0].Pulses > 0) != document.OpenDrawer {
					t.Fatalf("%d slips, unknown %v", len(slips), slips[0].Unknown)
				}
				golden(t, fmt.Sprintf("%s%d.txt", name, columns), []byte(slips[0].Text()))
				golden(t, fmt.Sprintf("%s%d.bin", name, columns), encoded)
				for line := range strings.Lines(slips[0].Text()) {
					if width := paper.Width(strings.TrimRight(line, "\n")); width > columns {
						t.Errorf("a line of %d columns: %q", width, line)
					}
				}
			})
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not the golden; it is\n%s", name, got)
	}
}
