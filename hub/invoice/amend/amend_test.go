package amend_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/amend"
	"shopbox/hub/invoice/duty"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/refusal"
	"shopbox/protocol/holiday"
	"shopbox/protocol/money"
)

const now invoice.Moment = "20261125103000"

// issuing numbers from start.
func issuing(tb testing.TB, start int) amend.Issuing {
	tb.Helper()
	law, err := duty.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	serial := start
	return amend.Issuing{
		Numbering: invoice.Numbering{System: "41000008", Next: func(invoice.Date) (int, error) { serial++; return serial, nil }},
		At:        now, Law: law, Taxpayer: duty.General,
	}
}

// original is a taxed document of two lines, 11,000 won.
func original() *invoice.Invoice {
	return &invoice.Invoice{
		Exchange: invoice.Exchange{ID: "SB-1", IssuedAt: "20260920104500"},
		Document: invoice.Document{
			IssueID: "202609204100000800000001", Type: "0101", WrittenOn: "20260920", Purpose: invoice.PurposeBilledOld,
			Remarks: []string{"비고"},
		},
		Supplier: invoice.Party{ID: "1234567891", Name: "샵박스", Representative: "홍길동"},
		Buyer: invoice.Buyer{
			Party:  invoice.Party{ID: "2208162517", Name: "받는곳", Representative: "김철수"},
			IDKind: invoice.BuyerBusiness,
		},
		Payments: []invoice.Payment{{Kind: invoice.PaidCredit, Amount: 11_000}},
		Totals:   invoice.Totals{Charge: 10_000, Tax: new(money.Won(1000)), Grand: 11_000},
		Lines: []invoice.Line{
			{
				Name: "사과", Charge: new(money.Won(6000)), Tax: new(money.Won(600)), SuppliedOn: "20260920",
				Quantity: new(invoice.Hundredths(300)), UnitPrice: new(invoice.Hundredths(2000_00)),
			},
			{Name: "배", Charge: new(money.Won(4000)), Tax: new(money.Won(400))},
		},
	}
}

// line is a line of a difference or return.
func line(charge, tax money.Won) invoice.Line {
	return invoice.Line{Name: "사과", Charge: &charge, Tax: &tax}
}

func corrected(change func(*invoice.Invoice)) *invoice.Invoice {
	c := original()
	change(c)
	return c
}

func code(err error) string {
	if refused, ok := errors.AsType[*refusal.Error](err); ok {
		return refused.Code
	}
	return fmt.Sprint(err)
}

// make1 makes an amendment that must be right.
func make1(tb testing.TB, h amend.History, r amend.Request, by amend.Issuing) []*invoice.Invoice {
	tb.Helper()
	before := h.Original.Clone()
	sheets, err := amend.Make(h, r, by)
	if err != nil {
		tb.Fatalf("%+v: %v", r, err)
	}
	if !reflect.DeepEqual(before, h.Original) {
		tb.Fatal("the original was changed")
	}
	for _, sheet := range sheets {
		sound(tb, h.Original, r, sheet)
	}
	return sheets
}

// sound holds every sheet against the rules, and against writing and reading.
func sound(tb testing.TB, from *invoice.Invoice, r amend.Request, sheet *invoice.Invoice) {
	tb.Helper()
	if found := invoice.ValidateIssue(sheet, "20261125"); len(found) > 0 {
		tb.Fatalf("%s breaks %+v", r.Reason, found)
	}
	d := sheet.Document
	if d.Amendment != r.Reason || d.OriginalIssueID != from.Document.IssueID || !d.Type.Amended() || sheet.Exchange.IssuedAt != now {
		tb.Errorf("%s: %+v", r.Reason, d)
	}
	back, err := kecxml.Read(kecxml.Write(sheet))
	if err != nil || !reflect.DeepEqual(back, sheet) {
		tb.Errorf("%s does not survive writing: %+v\n%+v\n%v", r.Reason, sheet, back, err)
	}
}

func amounts(i *invoice.Invoice) amend.Amounts {
	return amend.Amounts{Charge: i.Totals.Charge, Tax: i.Totals.TaxAmount()}
}

func TestEachReason(t *testing.T) {
	for _, c := range []struct {
		name    string
		request amend.Request
		types   []invoice.TypeCode
		dates   []invoice.Date
		sums    []amend.Amounts
		remarks []string // of the first sheet
	}{
		{
			name:    "correction",
			request: amend.Request{Reason: "01", Replacement: corrected(func(i *invoice.Invoice) { i.Buyer.Name = "바른곳" })},
			types:   []invoice.TypeCode{"0201", "0201"},
			dates:   []invoice.Date{"20260920", "20260920"},
			sums:    []amend.Amounts{{Charge: -10_000, Tax: -1000}, {Charge: 10_000, Tax: 1000}},
			remarks: []string{"비고"},
		},
		{
			name: "corrected date and rate",
			request: amend.Request{Reason: "01", Replacement: corrected(func(i *invoice.Invoice) {
				i.Document.WrittenOn, i.Document.Type, i.Payments = "20260921", "0102", nil
				i.Totals = invoice.Totals{Charge: 10_000, Grand: 10_000}
				i.Lines = []invoice.Line{{Charge: new(money.Won(10_000))}}
			})},
			types:   []invoice.TypeCode{"0201", "0202"},
			dates:   []invoice.Date{"20260920", "20260921"},
			sums:    []amend.Amounts{{Charge: -10_000, Tax: -1000}, {Charge: 10_000}},
			remarks: []string{"비고"},
		},
		{
			name:    "price up",
			request: amend.Request{Reason: "02", On: "20261120", Lines: []invoice.Line{line(500, 50)}},
			types:   []invoice.TypeCode{"0201"},
			dates:   []invoice.Date{"20261120"},
			sums:    []amend.Amounts{{Charge: 500, Tax: 50}},
			remarks: []string{"처음 작성일 2026-09-20", "비고"},
		},
		{
			name:    "price down",
			request: amend.Request{Reason: "02", On: "20261120", Lines: []invoice.Line{line(-500, -50), line(200, 20)}, Remarks: []string{"단가 인하"}},
			types:   []invoice.TypeCode{"0201"},
			dates:   []invoice.Date{"20261120"},
			sums:    []amend.Amounts{{Charge: -300, Tax: -30}},
			remarks: []string{"처음 작성일 2026-09-20", "단가 인하"},
		},
		{
			name:    "return",
			request: amend.Request{Reason: "03", On: "20261120", Lines: []invoice.Line{line(-2000, -200)}},
			types:   []invoice.TypeCode{"0201"},
			dates:   []invoice.Date{"20261120"},
			sums:    []amend.Amounts{{Charge: -2000, Tax: -200}},
			remarks: []string{"처음 작성일 2026-09-20", "비고"},
		},
		{
			name:    "return after a change of status",
			request: amend.Request{Reason: "03", On: "20261120", Lines: []invoice.Line{line(-2000, -200)}, StatusChanged: true},
			types:   []invoice.TypeCode{"0201"},
			dates:   []invoice.Date{"20260920"},
			sums:    []amend.Amounts{{Charge: -2000, Tax: -200}},
			remarks: []string{"사유 발생일 2026-11-20", "비고"},
		},
		{
			name:    "cancellation",
			request: amend.Request{Reason: "04", On: "20261120"},
			types:   []invoice.TypeCode{"0201"},
			dates:   []invoice.Date{"20261120"},
			sums:    []amend.Amounts{{Charge: -10_000, Tax: -1000}},
			remarks: []string{"처음 작성일 2026-09-20", "비고"},
		},
		{
			name:    "local credit",
			request: amend.Request{Reason: "05", On: "20261120"},
			types:   []invoice.TypeCode{"0201", "0202"},
			dates:   []invoice.Date{"20260920", "20260920"},
			sums:    []amend.Amounts{{Charge: -10_000, Tax: -1000}, {Charge: 10_000}},
			remarks: []string{"내국신용장 개설일 2026-11-20", "비고"},
		},
		{
			name:    "purchase confirmation",
			request: amend.Request{Reason: "05", On: "20261120", PurchaseConfirmation: true},
			types:   []invoice.TypeCode{"0201", "0202"},
			dates:   []invoice.Date{"20260920", "20260920"},
			sums:    []amend.Amounts{{Charge: -10_000, Tax: -1000}, {Charge: 10_000}},
			remarks: []string{"구매확인서 발급일 2026-11-20", "비고"},
		},
		{
			name:    "duplicate",
			request: amend.Request{Reason: "06", Remarks: []string{}},
			types:   []invoice.TypeCode{"0201"},
			dates:   []invoice.Date{"20260920"},
			sums:    []amend.Amounts{{Charge: -10_000, Tax: -1000}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			sheets := make1(t, amend.History{Original: original()}, c.request, issuing(t, 100))
			if len(sheets) != len(c.types) {
				t.Fatalf("%d sheets", len(sheets))
			}
			for n, sheet := range sheets {
				if sheet.Document.Type != c.types[n] || sheet.Document.WrittenOn != c.dates[n] || amounts(sheet) != c.sums[n] {
					t.Errorf("sheet %d: %+v %+v", n, sheet.Document, amounts(sheet))
				}
			}
			if got := sheets[0].Document.Remarks; len(got) != len(c.remarks) || len(got) > 0 && !reflect.DeepEqual(got, c.remarks) {
				t.Errorf("remarks %v", got)
			}
		})
	}
}

func TestKindsAreKept(t *testing.T) {
	consigned := corrected(func(i *invoice.Invoice) {
		i.Document.Type, i.Broker = "0103", &invoice.Party{ID: "2208162517", Name: "수탁", Representative: "수"}
	})
	sheets := make1(t, amend.History{Original: consigned}, amend.Request{Reason: "05", On: "20261120"}, issuing(t, 100))
	if sheets[0].Document.Type != "0203" || sheets[1].Document.Type != "0205" {
		t.Errorf("got %s and %s", sheets[0].Document.Type, sheets[1].Document.Type)
	}
	free := corrected(func(i *invoice.Invoice) {
		i.Document.Type, i.Payments = "0301", nil
		i.Totals = invoice.Totals{Charge: 10_000, Grand: 10_000}
		i.Lines = []invoice.Line{{Charge: new(money.Won(10_000))}}
	})
	sheets = make1(t, amend.History{Original: free}, amend.Request{
		Reason: "03", On: "20261120", Lines: []invoice.Line{{Charge: new(money.Won(-1000))}},
	}, issuing(t, 200))
	if sheets[0].Document.Type != "0401" || sheets[0].Totals.Tax != nil {
		t.Errorf("got %+v", sheets[0])
	}
}

func TestNegativeKeepsUnitPrices(t *testing.T) {
	sheet := make1(t, amend.History{Original: original()}, amend.Request{Reason: "04", On: "20261120"}, issuing(t, 100))[0]
	first := sheet.Lines[0]
	if *first.Quantity != -300 || *first.UnitPrice != 2000_00 || *first.Charge != -6000 || sheet.Payments[0].Amount != -11_000 {
		t.Errorf("got %+v", first)
	}
}

func TestRefusals(t *testing.T) {
	back := []invoice.Line{line(-2000, -200)}
	right := corrected(func(i *invoice.Invoice) { i.Buyer.Name = "바른곳" })
	tested := map[string]bool{}
	for _, c := range []struct {
		code     string
		request  amend.Request
		original func(*invoice.Invoice)
		by       func(*amend.Issuing)
	}{
		{code: "amend_time", request: amend.Request{Reason: "06"}, by: func(b *amend.Issuing) { b.At = "" }},
		{code: "amend_original", request: amend.Request{Reason: "06"}, original: func(i *invoice.Invoice) { i.Document.IssueID = "1" }},
		{code: "amend_original", request: amend.Request{Reason: "06"}, original: func(i *invoice.Invoice) { i.Document.Type = "0302" }},
		{code: "amend_reason", request: amend.Request{Reason: "07"}},
		{code: "amend_import", request: amend.Request{Reason: "06"}, original: func(i *invoice.Invoice) { i.Document.Type = "0104" }},
		{code: "amend_negative", request: amend.Request{Reason: "04", On: "20261120"}, original: func(i *invoice.Invoice) { i.Totals.Grand = -1 }},
		{code: "amend_credit_kind", request: amend.Request{Reason: "05", On: "20261120"}, original: func(i *invoice.Invoice) { i.Document.Type = "0102" }},
		{code: "amend_credit_kind", request: amend.Request{Reason: "05", On: "20261120"}, original: func(i *invoice.Invoice) { i.Document.Type = "0301" }},
		{code: "amend_credit_late", request: amend.Request{Reason: "05", On: "20260728"}, original: func(i *invoice.Invoice) { i.Document.WrittenOn = "20260630" }},
		{code: "amend_audit", request: amend.Request{Reason: "01", Replacement: right, AuditNotified: true}},
		{code: "amend_mistake", request: amend.Request{Reason: "06", NotByMistake: true}},
		{code: "amend_status", request: amend.Request{Reason: "06", StatusChanged: true}},
		{code: "amend_event", request: amend.Request{Reason: "06", On: "20261120"}},
		{code: "amend_event", request: amend.Request{Reason: "04"}},
		{code: "amend_event_early", request: amend.Request{Reason: "04", On: "20260919"}},
		{code: "amend_event_future", request: amend.Request{Reason: "04", On: "20261126"}},
		{code: "amend_lines", request: amend.Request{Reason: "03", On: "20261120"}},
		{code: "amend_lines", request: amend.Request{Reason: "04", On: "20261120", Lines: back}},
		{code: "amend_replacement", request: amend.Request{Reason: "01"}},
		{code: "amend_replacement", request: amend.Request{Reason: "06", Replacement: right}},
		{code: "amend_supplier", request: amend.Request{Reason: "01", Replacement: corrected(func(i *invoice.Invoice) { i.Supplier.ID = "2208162517" })}},
		{code: "amend_class", request: amend.Request{Reason: "01", Replacement: corrected(func(i *invoice.Invoice) { i.Document.Type = "0301" })}},
		{code: "amend_sign", request: amend.Request{Reason: "01", Replacement: corrected(func(i *invoice.Invoice) {
			i.Totals = invoice.Totals{Charge: -10_000, Tax: new(money.Won(-1000)), Grand: -11_000}
		})}},
		{code: "amend_same", request: amend.Request{Reason: "01", Replacement: original()}},
		{code: "amend_empty", request: amend.Request{Reason: "02", On: "20261120", Lines: []invoice.Line{line(500, 50), line(-500, -50)}}},
		{code: "amend_return_sign", request: amend.Request{Reason: "03", On: "20261120", Lines: []invoice.Line{line(-500, -50), line(100, 10)}}},
		{code: "amend_exceeds", request: amend.Request{Reason: "03", On: "20261120", Lines: []invoice.Line{line(-10_001, -1000)}}},
		{code: "amend_exceeds", request: amend.Request{Reason: "02", On: "20261120", Lines: []invoice.Line{line(-10_000, -1001)}}},
		{code: "amend_late", request: amend.Request{Reason: "01", Replacement: right, NotByMistake: true}, original: func(i *invoice.Invoice) { i.Document.WrittenOn = "20250201" }},
		{code: "amend_remarks", request: amend.Request{Reason: "04", On: "20261120", Remarks: []string{"1", "2", "3"}}},
		{code: "amend_invalid", request: amend.Request{Reason: "03", On: "20261120", Lines: []invoice.Line{{Charge: new(money.Won(-5000))}}}},
	} {
		tested[c.code] = true
		from, by := original(), issuing(t, 100)
		if c.original != nil {
			c.original(from)
		}
		if c.by != nil {
			c.by(&by)
		}
		got, err := amend.Make(amend.History{Original: from}, c.request, by)
		if code(err) != c.code || got != nil {
			t.Errorf("%s: got %v", c.code, err)
		}
	}
	for _, elsewhere := range []string{"amend_history", "amend_nothing_left", "amend_partly"} {
		tested[elsewhere] = true
	}
	for _, err := range amend.Refusals() {
		if !tested[code(err)] {
			t.Errorf("%v is not tested", err)
		}
	}
}

func TestNothingGiven(t *testing.T) {
	if _, err := amend.Make(amend.History{}, amend.Request{Reason: "06"}, issuing(t, 1)); code(err) != "amend_original" {
		t.Errorf("got %v", err)
	}
	h := amend.History{Original: original(), Earlier: []*invoice.Invoice{nil}}
	if _, err := amend.Make(h, amend.Request{Reason: "06"}, issuing(t, 1)); code(err) != "amend_history" {
		t.Errorf("got %v", err)
	}
}

func TestErrorsOfOthersComeThrough(t *testing.T) {
	by, spent := issuing(t, 1), errors.New("spent")
	by.Numbering.Next = func(invoice.Date) (int, error) { return 0, spent }
	if _, err := amend.Make(amend.History{Original: original()}, amend.Request{Reason: "06"}, by); !errors.Is(err, spent) {
		t.Errorf("got %v", err)
	}
	by = issuing(t, 1)
	by.Law.Holidays = holiday.Calendar{}
	_, err := amend.Make(amend.History{Original: original()}, amend.Request{Reason: "05", On: "20261120"}, by)
	if refused, ok := errors.AsType[*holiday.Error](err); !ok || refused.Code != holiday.CodeYear {
		t.Errorf("got %v", err)
	}
}

func TestHistory(t *testing.T) {
	by := issuing(t, 100)
	h := amend.History{Original: original()}
	step := func(want string, r amend.Request) []*invoice.Invoice {
		t.Helper()
		sheets, err := amend.Make(h, r, by)
		if want != "" {
			if code(err) != want {
				t.Errorf("%s: want %s, got %v", r.Reason, want, err)
			}
			return nil
		}
		if err != nil {
			t.Fatal(err)
		}
		h.Earlier = append(h.Earlier, sheets...)
		return sheets
	}
	give := func(charge, tax money.Won) amend.Request {
		return amend.Request{Reason: "03", On: "20261120", Lines: []invoice.Line{line(charge, tax)}}
	}
	first := step("", give(-7000, -700))[0]
	step("amend_exceeds", give(-3001, -300))
	step("amend_partly", amend.Request{Reason: "04", On: "20261120"})
	// The first return was a mistake and is taken back: all is left again.
	undo := make1(t, amend.History{Original: first}, amend.Request{Reason: "06"}, by)
	h.Earlier = append(h.Earlier, undo...)
	step("", give(-3000, -300))
	step("", give(-7000, -700))
	step("amend_nothing_left", give(-1, 0))

	h = amend.History{Original: original()}
	pair := step("", amend.Request{Reason: "01", Replacement: corrected(func(i *invoice.Invoice) { i.Buyer.Name = "바른곳" })})
	step("amend_nothing_left", amend.Request{Reason: "06"})
	// The replacement stands for itself.
	h = amend.History{Original: pair[1]}
	step("", give(-2000, -200))

	h = amend.History{Original: original(), Earlier: []*invoice.Invoice{first, first}}
	step("amend_history", give(-1, -1))
	h.Earlier = undo
	step("amend_history", give(-1, -1))
	circle := first.Clone()
	circle.Document.OriginalIssueID = undo[0].Document.IssueID
	h.Earlier = []*invoice.Invoice{circle, undo[0]}
	step("amend_history", give(-1, -1))
}
