package duty_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/duty"
	"shopbox/hub/invoice/refusal"
	"shopbox/protocol/holiday"
	"shopbox/protocol/money"
)

func law(tb testing.TB) duty.Law {
	tb.Helper()
	built, err := duty.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	return built
}

func code(err error) string {
	if refused, ok := errors.AsType[*refusal.Error](err); ok {
		return refused.Code
	}
	if refused, ok := errors.AsType[*holiday.Error](err); ok {
		return string(refused.Code)
	}
	return ""
}

func TestDeadlines(t *testing.T) {
	l := law(t)
	final := func(taxpayer duty.Taxpayer) func(invoice.Date) (duty.Deadline, error) {
		return func(d invoice.Date) (duty.Deadline, error) { return l.FinalReturnBy(d, taxpayer) }
	}
	credit := func(d invoice.Date) (duty.Deadline, error) { return l.LocalCreditBy(d, duty.General) }
	for _, c := range []struct {
		name       string
		ask        func(invoice.Date) (duty.Deadline, error)
		from, want invoice.Date
		code       string
	}{
		{"issue", l.IssueBy, "20261101", "20261210", ""},
		{"issue on Chuseok and a Sunday", l.IssueBy, "20250915", "20251010", ""},
		{"issue after a Saturday", l.IssueBy, "20260930", "20261012", ""},
		{"issue after a Sunday", l.IssueBy, "20260415", "20260511", ""},
		{"issue in the next year", l.IssueBy, "20261231", "20270111", ""},
		{"issue by a substitute holiday's eve", l.IssueBy, "20270930", "20271012", ""},
		{"issue in an unknown year", l.IssueBy, "20271201", "", "holiday_year_unknown"},
		{"issue on no day", l.IssueBy, "20261131", "", "duty_date"},
		{"transmit", l.TransmitBy, "20261124", "20261125", ""},
		{"transmit over a week end", l.TransmitBy, "20261127", "20261130", ""},
		{"transmit over May 1", l.TransmitBy, "20260430", "20260504", ""},
		{"transmit over July 17", l.TransmitBy, "20260716", "20260720", ""},
		{"transmit over May 1 of 2025", l.TransmitBy, "20250430", "20250502", ""},
		{"first half", final(duty.General), "20260630", "20260727", ""},
		{"second half", final(duty.General), "20260701", "20270125", ""},
		{"a simplified taxpayer's year", final(duty.Simplified), "20260101", "20270125", ""},
		{"no kind of taxpayer", final(""), "20260101", "", "duty_taxpayer"},
		{"credit of the first half", credit, "20260301", "20260727", ""},
	} {
		got, err := c.ask(c.from)
		if code(err) != c.code || got.Day != c.want {
			t.Errorf("%s: %s, %v", c.name, got.Day, err)
		}
		if err == nil && (got.Rule == "" || got.Korean == "" || got.Source == "") {
			t.Errorf("%s is not explained: %+v", c.name, got)
		}
	}
	over, err := l.TransmitBy("20261127")
	if err != nil || !strings.Contains(over.Remark, "20261128") {
		t.Errorf("the safe day is not named: %+v, %v", over, err)
	}
}

func TestAmendmentDeadlines(t *testing.T) {
	l := law(t)
	for _, c := range []struct {
		name string
		a    duty.Amendment
		want invoice.Date
		code string
	}{
		{"a return", duty.Amendment{Reason: invoice.AmendReturn, Original: "20260101", Event: "20261105"}, "20261210", ""},
		{"a cancellation", duty.Amendment{Reason: invoice.AmendCancellation, Original: "20260101", Event: "20260915"}, "20261012", ""},
		{"a price", duty.Amendment{Reason: invoice.AmendPrice, Original: "20260101", Event: "20261231"}, "20270111", ""},
		{"a mistake", duty.Amendment{Reason: invoice.AmendCorrection, Original: "20260101"}, "", ""},
		{"a duplicate", duty.Amendment{Reason: invoice.AmendDuplicate, Original: "20260101"}, "", ""},
		{"another reason", duty.Amendment{Reason: invoice.AmendCorrection, Original: "20260101", NotByMistake: true}, "20270727", ""},
		{"a credit in the period", duty.Amendment{Reason: invoice.AmendLocalCredit, Original: "20260301", Event: "20260520"}, "20260610", ""},
		{"a credit after the period", duty.Amendment{Reason: invoice.AmendLocalCredit, Original: "20260301", Event: "20260720"}, "20260727", ""},
		{"no reason", duty.Amendment{Reason: "07"}, "", "duty_reason"},
		{"no event", duty.Amendment{Reason: invoice.AmendReturn}, "", "duty_date"},
	} {
		c.a.Taxpayer = duty.General
		got, err := l.AmendBy(c.a)
		if got.Day != c.want || code(err) != c.code || err == nil && (got.Rule == "" || got.Korean == "" || got.Source == "") {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

func TestPenalties(t *testing.T) {
	l := law(t)
	const today = "20261125"
	in := func(on, sent invoice.Date) *duty.Issued { return &duty.Issued{On: on, Transmitted: sent} }
	for _, c := range []struct {
		name    string
		on      invoice.Date
		doc     *duty.Issued
		choice  bool // issues electronically by choice
		want    string
		amount  money.Won
		pending bool
	}{
		{"in time", "20261030", in("20261110", "20261111"), false, "", 0, false},
		{"on the day after a week end", "20261030", in("20261106", "20261109"), false, "", 0, false},
		{"nothing yet, still in time", "20261101", nil, false, "", 0, false},
		{"nothing yet, late", "20261001", nil, false, "late_issue", 12_345, true},
		{"nothing, too late", "20260101", nil, false, "not_issued", 24_691, false},
		{"late", "20260401", in("20260512", "20260513"), false, "late_issue", 12_345, false},
		{"after the return", "20260401", in("20260728", "20260728"), false, "not_issued", 24_691, false},
		{"late excludes transmission", "20260401", in("20260512", ""), false, "late_issue", 12_345, false},
		{"paper", "20260401", &duty.Issued{On: "20260401", Paper: true}, false, "paper", 12_345, false},
		{"paper by choice", "20260401", &duty.Issued{On: "20260401", Paper: true}, true, "", 0, false},
		{"other workplace", "20260401", &duty.Issued{On: "20260401", Transmitted: "20260402", OtherWorkplace: true}, false, "other_workplace", 12_345, false},
		{"wrong items exclude transmission", "20260401", &duty.Issued{On: "20260401", WrongItems: true}, false, "wrong_items", 12_345, false},
		{"sent late", "20260401", in("20260401", "20260403"), false, "late_transmission", 3703, false},
		{"not sent yet", "20261101", in("20261101", ""), false, "late_transmission", 3703, true},
		{"not sent", "20260401", in("20260401", ""), false, "no_transmission", 6172, false},
		{"sent after the return", "20260401", in("20260401", "20260728"), false, "no_transmission", 6172, false},
		{"not sent, by choice", "20260401", in("20260401", ""), true, "", 0, false},
	} {
		got, err := l.Penalties(duty.Supply{
			On: c.on, Charge: 1_234_567, Taxpayer: duty.General, Electronic: !c.choice, Document: c.doc,
		}, today)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var name string
		var amount money.Won
		var open bool
		for _, f := range got {
			name, amount = name+f.Name, amount+f.Amount
			open = strings.Contains(strings.Join(f.Remarks, " "), "as of today")
			if len(f.Sources) == 0 || f.Rule == "" || len(f.Inputs) == 0 {
				t.Errorf("%s is not explained: %+v", c.name, f)
			}
		}
		if name != c.want || amount != c.amount || open != c.pending {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestExemptPenalties(t *testing.T) {
	l := law(t)
	const today = "20261125"
	for _, c := range []struct {
		name   string
		on     invoice.Date
		doc    *duty.Issued
		want   string
		amount money.Won
	}{
		{"in time", "20261030", &duty.Issued{On: "20261110", Transmitted: "20261111"}, "", 0},
		{"nothing yet, all year", "20260101", nil, "exempt_late_issue", 12_345},
		{"nothing, last year", "20250801", nil, "exempt_not_issued", 24_691},
		{"issued on the last day", "20250801", &duty.Issued{On: "20260125", Transmitted: "20260126"}, "exempt_late_issue", 12_345},
		{"paper", "20260401", &duty.Issued{On: "20260401", Paper: true}, "exempt_paper", 12_345},
		{"other workplace", "20260401", &duty.Issued{On: "20260401", Transmitted: "20260402", OtherWorkplace: true}, "", 0},
		{"sent late", "20260401", &duty.Issued{On: "20260401", Transmitted: "20260403"}, "exempt_late_transmission", 3703},
		{"sent after January", "20250801", &duty.Issued{On: "20250801", Transmitted: "20260126"}, "exempt_no_transmission", 6172},
		{"wrong and sent late", "20260401", &duty.Issued{On: "20260401", Transmitted: "20260403", WrongItems: true}, "exempt_wrong_items,exempt_late_transmission", 16_048},
	} {
		got, err := l.Penalties(duty.Supply{On: c.on, Charge: 1_234_567, Exempt: true, Electronic: true, Document: c.doc}, today)
		var names []string
		var amount money.Won
		for _, f := range got {
			names, amount = append(names, f.Name), amount+f.Amount
			if !strings.Contains(strings.Join(f.Remarks, " "), "small traders") {
				t.Errorf("%s: %v", c.name, f.Remarks)
			}
		}
		if err != nil || strings.Join(names, ",") != c.want || amount != c.amount {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	if got, err := l.BuyerPenalty(duty.Supply{On: "20260401", Exempt: true, Document: &duty.Issued{On: "20260728"}}); got != nil || err != nil {
		t.Errorf("the buyer of exempt goods owes %+v, %v", got, err)
	}
}

func TestPenaltyRefuses(t *testing.T) {
	l := law(t)
	for _, c := range []struct {
		violation duty.Violation
		charge    money.Won
		on        invoice.Date
		want      string
	}{
		{"other", 1, "20260101", "duty_violation"},
		{duty.Fake, -1, "20260101", "duty_amount"},
		{duty.Fake, 1_000_000_000_000_000, "20260101", "duty_amount"},
		{duty.Fake, 1, "20260132", "duty_date"},
		{duty.Fake, 1, "20241231", "duty_rate_missing"},
	} {
		if got, err := l.Penalty(c.violation, c.charge, c.on); code(err) != c.want {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
	}
	for on, want := range map[invoice.Date]money.Won{"20251231": 300, "20260101": 400} {
		if got, err := l.Penalty(duty.Fake, 10_000, on); err != nil || got.Amount != want {
			t.Errorf("a fake one of %s: %+v, %v", on, got, err)
		}
	}
}

func TestBuyerPenalty(t *testing.T) {
	l := law(t)
	for on, want := range map[invoice.Date]money.Won{"20260511": 0, "20260512": 6172, "20260728": 6172, "20270727": 6172, "20270728": 0} {
		got, err := l.BuyerPenalty(duty.Supply{On: "20260401", Charge: 1_234_567, Taxpayer: duty.General, Document: &duty.Issued{On: on}})
		if err != nil || (len(got) > 0) != (want > 0) || len(got) > 0 && got[0].Amount != want {
			t.Errorf("received on %s: %+v, %v", on, got, err)
		}
	}
}

func TestCaps(t *testing.T) {
	l := law(t)
	for _, c := range []struct {
		violation duty.Violation
		small     bool
		sum, want money.Won
	}{
		{duty.LateIssue, true, 60_000_000, 50_000_000},
		{duty.LateIssue, false, 160_000_000, 100_000_000},
		{duty.LateIssue, true, 40_000_000, 40_000_000},
		{duty.NotIssued, true, 60_000_000, 60_000_000},
		{duty.Fake, true, 60_000_000, 60_000_000},
		{duty.ExemptNotIssued, true, 60_000_000, 50_000_000},
		{duty.LateReceipt, true, 60_000_000, 50_000_000},
	} {
		got, err := l.Capped(c.violation, c.sum, c.small, "20260101")
		if err != nil || got.Amount != c.want || len(got.Sources) == 0 {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
	}
	if _, err := l.Capped(duty.LateIssue, 1, true, "20200101"); code(err) != "duty_rate_missing" {
		t.Errorf("got %v", err)
	}
}

func sent(count int, issued, transmitted invoice.Date) []duty.Sent {
	list := make([]duty.Sent, count)
	for i := range list {
		list[i] = duty.Sent{Issued: issued, Transmitted: transmitted}
	}
	return list
}

func TestCredit(t *testing.T) {
	l := law(t)
	mixed := append(sent(3, "20261124", "20261125"), sent(2, "20261124", "20261126")...)
	mixed = append(append(mixed, sent(1, "20261124", "")...), sent(1, "20251124", "20251125")...)
	for _, c := range []struct {
		name  string
		claim duty.CreditClaim
		want  money.Won
		code  string
	}{
		{"in time only", duty.CreditClaim{Year: 2026, PriorYear: 299_999_999, Documents: mixed}, 600, ""},
		{"at the bound", duty.CreditClaim{Year: 2026, PriorYear: 300_000_000, Documents: mixed}, 0, ""},
		{"newly opened", duty.CreditClaim{Year: 2026, PriorYear: 300_000_000, Opened: true, Documents: mixed}, 600, ""},
		{"a company", duty.CreditClaim{Year: 2026, Company: true, Documents: mixed}, 0, ""},
		{"the year's cap", duty.CreditClaim{Year: 2026, Documents: sent(6000, "20261124", "20261125")}, 1_000_000, ""},
		{"the rest of the cap", duty.CreditClaim{Year: 2026, Taken: 999_700, Documents: mixed}, 300, ""},
		{"the tax due", duty.CreditClaim{Year: 2026, TaxDue: new(money.Won(250)), Documents: mixed}, 250, ""},
		{"a refund", duty.CreditClaim{Year: 2026, TaxDue: new(money.Won(-250)), Documents: mixed}, 0, ""},
		{"the last year", duty.CreditClaim{Year: 2027, Documents: sent(2, "20271230", "20271231")}, 400, ""},
		{"after it", duty.CreditClaim{Year: 2028}, 0, "duty_rate_missing"},
		{"no day", duty.CreditClaim{Year: 2026, Documents: sent(1, "2026", "20261125")}, 0, "duty_date"},
	} {
		got, err := l.Credit(c.claim)
		if got.Amount != c.want || code(err) != c.code || err == nil && len(got.Sources) == 0 {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

func TestDecide(t *testing.T) {
	l := law(t)
	retail := duty.Seller{Taxpayer: duty.General, Trade: duty.Retail}
	with := func(change func(*duty.Seller)) duty.Seller {
		changed := retail
		change(&changed)
		return changed
	}
	const on = "20261125"
	for _, c := range []struct {
		name       string
		seller     duty.Seller
		deal       duty.Deal
		issue      duty.Verdict
		electronic duty.Verdict
		reason     string
	}{
		{"retail", retail, duty.Deal{On: on}, duty.May, duty.May, "retail"},
		{"retail, asked", retail, duty.Deal{On: on, Asked: true}, duty.Must, duty.May, "asked"},
		{"paid by card", retail, duty.Deal{On: on, Asked: true, Receipt: true}, duty.MustNot, duty.May, "receipt_given"},
		{"a restaurant", with(func(s *duty.Seller) { s.Trade = duty.Hospitality }), duty.Deal{On: on}, duty.May, duty.May, "hospitality"},
		{"a hairdresser", with(func(s *duty.Seller) { s.Trade = duty.PersonalCare }), duty.Deal{On: on, Asked: true}, duty.MustNot, duty.May, "personal_care"},
		{"a hairdresser's chair", with(func(s *duty.Seller) { s.Trade = duty.PersonalCare }), duty.Deal{On: on, Asked: true, Asset: true}, duty.Must, duty.May, "asked"},
		{"wholesale", with(func(s *duty.Seller) { s.Trade = duty.OtherTrade }), duty.Deal{On: on}, duty.Must, duty.May, "supply"},
		{"a company", with(func(s *duty.Seller) { s.Company = true }), duty.Deal{On: on}, duty.May, duty.Must, "company"},
		{"at the threshold", with(func(s *duty.Seller) { s.Supply = map[int]money.Won{2025: 80_000_000} }), duty.Deal{On: "20260701"}, duty.May, duty.Must, "threshold"},
		{"before the second half", with(func(s *duty.Seller) { s.Supply = map[int]money.Won{2025: 80_000_000} }), duty.Deal{On: "20260630"}, duty.May, duty.May, "below_threshold"},
		{"below it", with(func(s *duty.Seller) { s.Supply = map[int]money.Won{2025: 79_999_999} }), duty.Deal{On: on}, duty.May, duty.May, "below_threshold"},
		{"for ever after", with(func(s *duty.Seller) { s.Supply = map[int]money.Won{2023: 80_000_000, 2024: 1, 2025: 1} }), duty.Deal{On: on}, duty.May, duty.Must, "threshold"},
		{"once obliged", with(func(s *duty.Seller) { s.Obliged = true }), duty.Deal{On: on}, duty.May, duty.Must, "threshold"},
		{"exempt", retail, duty.Deal{On: on, Exempt: true}, duty.May, duty.May, "exempt"},
		{"simplified, small", with(func(s *duty.Seller) {
			s.Taxpayer, s.Receipts = duty.Simplified, map[int]money.Won{2025: 47_999_999}
		}), duty.Deal{On: on, Asked: true}, duty.MustNot, duty.May, "receipts_only"},
		{"simplified, not small", with(func(s *duty.Seller) {
			s.Taxpayer, s.Receipts = duty.Simplified, map[int]money.Won{2025: 48_000_000}
		}), duty.Deal{On: on, Asked: true}, duty.Must, duty.May, "asked"},
		{"simplified, until June the year before counts", with(func(s *duty.Seller) {
			s.Taxpayer, s.Receipts = duty.Simplified, map[int]money.Won{2024: 1, 2025: 48_000_000}
		}), duty.Deal{On: "20260630", Asked: true}, duty.MustNot, duty.May, "receipts_only"},
		{"simplified, new", with(func(s *duty.Seller) { s.Taxpayer, s.OpenedOn = duty.Simplified, "20250801" }), duty.Deal{On: "20260630"}, duty.MustNot, duty.May, "receipts_only"},
	} {
		got, err := l.Decide(c.seller, c.deal)
		named := false
		for _, r := range got.Reasons {
			named = named || r.Code == c.reason
			if r.English == "" || r.Korean == "" || r.Source == "" {
				t.Errorf("%s is not explained: %+v", c.name, r)
			}
		}
		if err != nil || got.Issue != c.issue || got.Electronic != c.electronic || !named {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
		if class := got.Class; (class == invoice.ClassExempt) != c.deal.Exempt {
			t.Errorf("%s: class %s", c.name, class)
		}
	}
}

func TestDecideRefuses(t *testing.T) {
	l := law(t)
	good := duty.Seller{Taxpayer: duty.General, Trade: duty.Retail}
	for want, c := range map[string]struct {
		seller duty.Seller
		deal   duty.Deal
	}{
		"duty_date":     {good, duty.Deal{}},
		"duty_taxpayer": {duty.Seller{Taxpayer: duty.General}, duty.Deal{On: "20261125"}},
		"duty_receipts": {duty.Seller{Taxpayer: duty.Simplified, Trade: duty.Retail}, duty.Deal{On: "20261125"}},
	} {
		if got, err := l.Decide(c.seller, c.deal); code(err) != want {
			t.Errorf("%s: %+v, %v", want, got, err)
		}
	}
	company := duty.Seller{Company: true, Taxpayer: duty.Simplified, Trade: duty.Retail}
	if got, err := l.Decide(company, duty.Deal{On: "20261125"}); code(err) != "duty_taxpayer" {
		t.Errorf("a simplified company: %+v, %v", got, err)
	}
}

func TestParseRatesRefuses(t *testing.T) {
	for _, file := range []string{``, `{}`, `[]`, `{"penalties":{"late_issue":[]}}`, `{"more":1}`} {
		if _, err := duty.ParseRates([]byte(file)); code(err) != "duty_rates_invalid" {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// FuzzParseRates holds that rates that are taken can be computed with.
func FuzzParseRates(f *testing.F) {
	file, err := os.ReadFile("rates.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte(`{"penalties":{"late_issue":[{"from":"20250101","value":{"num":1,"den":0},"source":"a"}]}}`))
	calendar, err := holiday.BuiltIn()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		rates, err := duty.ParseRates(file)
		if err != nil {
			return
		}
		l := duty.Law{Holidays: calendar, Rates: rates}
		const charge = 999_999_999_999_999
		for _, violation := range duty.Violations() {
			figure, err := l.Penalty(violation, charge, "20260601")
			if err == nil && (figure.Amount < 0 || figure.Amount > charge) {
				t.Errorf("%s is %s", violation, figure.Amount)
			}
		}
	})
}
