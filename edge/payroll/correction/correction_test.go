package correction_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"shopbox/edge/books"
	"shopbox/edge/payroll"
	"shopbox/edge/payroll/correction"
	"shopbox/protocol/money"
)

const (
	october  = payroll.Month(2026*12 + 10 - 1)
	november = october + 1
	december = november + 1
)

// computed are the items of a month of one worker with this gross pay.
func computed(t *testing.T, month payroll.Month, gross money.Won) []correction.Item {
	t.Helper()
	rates, err := payroll.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	result, err := rates.Pay(payroll.Input{
		Month: month, Gross: gross, Worker: payroll.Worker{Family: 1, Ratio: 100},
		Employer: payroll.Employer{Industry: "도소매·음식·숙박업"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return correction.Items([]payroll.Figure{{Name: "base", Amount: gross}}, &result)
}

// net is the net pay that items come to.
func net(items []correction.Item) money.Won {
	var sum money.Won
	for _, item := range items {
		switch item.Kind {
		case correction.Earning:
			sum += item.Amount
		case correction.Deduction:
			sum -= item.Amount
		case correction.Employer:
		}
	}
	return sum
}

func locked(t *testing.T) *correction.Ledger {
	t.Helper()
	var ledger correction.Ledger
	if err := ledger.Lock(october, computed(t, october, 3_000_000)); err != nil {
		t.Fatal(err)
	}
	return &ledger
}

func TestCorrect(t *testing.T) {
	ledger := locked(t)
	before := ledger.Booked(october)
	right := computed(t, october, 3_150_000)
	got, err := ledger.Correct(october, november, right, "연장근로 5시간이 빠졌어요")
	if err != nil {
		t.Fatal(err)
	}
	if got.Sum(correction.Earning) != 150_000 || got.Net() != net(right)-net(before) {
		t.Errorf("%+v gives %d", got, got.Net())
	}
	if !slices.Equal(ledger.Booked(october), before) {
		t.Error("the locked month changed")
	}
	if !slices.Equal(ledger.Standing(october), right) {
		t.Errorf("stands at %+v", ledger.Standing(october))
	}
	if carried := ledger.CarriedInto(november); len(carried) != 1 || carried[0].Reason == "" || len(ledger.CarriedInto(december)) != 0 {
		t.Errorf("carried %+v", carried)
	}
	// What is handed out is not the ledger's own.
	got.Entries[0].Recomputed = 0
	if !slices.Equal(ledger.Standing(october), right) {
		t.Error("the ledger can be changed from outside")
	}
	if _, err := ledger.Correct(october, december, right, "다시"); !refused(err, correction.CodeNothing) {
		t.Errorf("corrected twice: %v", err)
	}
}

// TestCorrectionsAddUp corrects a month again and again and holds the sum of
// all differences to the last computation, and every voucher to zero.
func TestCorrectionsAddUp(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 25))
	ledger := locked(t)
	booked := ledger.Booked(october)
	var gross, more money.Won = 3_000_000, 0
	for range 200 {
		change := money.Won(random.Int64N(400_000) - 200_000)
		if change == 0 {
			continue
		}
		gross = max(500_000, gross+change)
		right := computed(t, october, gross)
		got, err := ledger.Correct(october, november, right, "고침")
		if refused(err, correction.CodeNothing) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		more += got.Net()
		if net(booked)+more != net(right) || net(ledger.Standing(october)) != net(right) {
			t.Fatalf("booked %d and corrections %d are not %d", net(booked), more, net(right))
		}
		checkVouchers(t, got.Posting())
	}
}

// checkVouchers books a correction as the books book pay.
func checkVouchers(t *testing.T, posting correction.Posting) {
	t.Helper()
	fact := books.Fact{Day: "2026-11-25", Source: "correction", Memo: "2026-10 급여 정정"}
	amounts := func(parts []correction.Part) (amounts []books.Amount) {
		for _, part := range parts {
			amounts = append(amounts, books.Amount{Due: books.Due(part.Due), Won: part.Amount})
		}
		return amounts
	}
	pay, err := books.Rules{}.Pay(books.Pay{
		Fact: fact, Account: books.Wages, Gross: posting.Gross, Withheld: amounts(posting.Withheld), Paid: books.Bank,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := -on(pay, books.Bank); got != posting.Net {
		t.Fatalf("the bank pays %d, the correction says %d", got, posting.Net)
	}
	if on(pay, books.Wages) != posting.Gross {
		t.Fatalf("wages are %d, the correction says %d", on(pay, books.Wages), posting.Gross)
	}
	if _, err := (books.Rules{}).EmployerShare(fact, amounts(posting.Employer), books.UsualShareAccounts()); err != nil {
		t.Fatal(err)
	}
}

func on(voucher books.Voucher, account string) money.Won {
	var sum money.Won
	for _, line := range voucher.Entry.Lines() {
		if line.Account == account {
			sum += line.Amount
		}
	}
	return sum
}

// TestPosting holds long-term care to health insurance on both sides.
func TestPosting(t *testing.T) {
	c := correction.Correction{Entries: []correction.Entry{
		{Name: "base", Kind: correction.Earning, Booked: 1_000, Recomputed: 1_500},
		{Name: "meal", Kind: correction.Earning, Booked: 0, Recomputed: 100},
		{Name: "health", Kind: correction.Deduction, Booked: 100, Recomputed: 150},
		{Name: "ltc", Kind: correction.Deduction, Booked: 10, Recomputed: 15},
		{Name: "advance", Kind: correction.Deduction, Booked: 0, Recomputed: 7},
		{Name: "employer_pension", Kind: correction.Employer, Booked: 5, Recomputed: 4},
		{Name: "employer_health", Kind: correction.Employer, Booked: 100, Recomputed: 150},
		{Name: "employer_ltc", Kind: correction.Employer, Booked: 10, Recomputed: 15},
		{Name: "accident", Kind: correction.Employer, Booked: 3, Recomputed: 4},
		{Name: "employer_employment", Kind: correction.Employer, Booked: 3, Recomputed: 5},
	}}
	got := c.Posting()
	if got.Gross != 600 || got.Net != 600-62 ||
		!slices.Equal(got.Withheld, []correction.Part{{Due: "health", Amount: 55}, {Due: "advance", Amount: 7}}) ||
		!slices.Equal(got.Employer, []correction.Part{
			{Due: "pension", Amount: -1}, {Due: "health", Amount: 55}, {Due: "accident", Amount: 1}, {Due: "employment", Amount: 2},
		}) {
		t.Errorf("%+v", got)
	}
}

func TestRefusals(t *testing.T) {
	right := computed(t, october, 3_150_000)
	for name, c := range map[string]struct {
		of, into payroll.Month
		items    []correction.Item
		reason   string
		want     payroll.Code
	}{
		"not locked":     {november, december, right, "왜", correction.CodeOpen},
		"into itself":    {october, october, right, "왜", correction.CodeInto},
		"into before":    {october, october - 1, right, "왜", correction.CodeInto},
		"no reason":      {october, november, right, " ", correction.CodeReason},
		"twice the item": {october, november, append(right, right[0]), "왜", correction.CodeItem},
		"no kind":        {october, november, []correction.Item{{Name: "base"}}, "왜", correction.CodeItem},
		"no name":        {october, november, []correction.Item{{Kind: correction.Earning}}, "왜", correction.CodeItem},
		"too much":       {october, november, []correction.Item{{Name: "base", Kind: correction.Earning, Amount: payroll.MaxPay + 1}}, "왜", payroll.CodePay},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := locked(t).Correct(c.of, c.into, c.items, c.reason); !refused(err, c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	ledger := locked(t)
	if err := ledger.Lock(october, right); !refused(err, correction.CodeLocked) {
		t.Errorf("locked twice: %v", err)
	}
	if err := ledger.Lock(november, computed(t, november, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Correct(october, november, right, "왜"); !refused(err, correction.CodeInto) {
		t.Errorf("into a locked month: %v", err)
	}
}

func refused(err error, want payroll.Code) bool {
	var refused *payroll.Error
	return errors.As(err, &refused) && refused.Code == want
}
