package vat_test

import (
	"math/rand/v2"
	"testing"

	"shopbox/edge/books"
	"shopbox/edge/books/vat"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// randomVoucher is a sale, a refund or a purchase of any evidence.
func randomVoucher(random *rand.Rand, rules books.Rules) (books.Voucher, error) {
	evidence := []books.Evidence{
		books.TaxInvoice, books.Invoice, books.CardSlip, books.CashReceipt, books.Receipt, books.Internal, "",
	}[random.IntN(7)]
	fact := books.Fact{Day: "2026-08-15", Evidence: evidence}
	supply, tax := money.SplitIncluded(money.Won(random.Int64N(400_000)))
	if random.IntN(3) == 0 {
		account := []string{books.Goods, books.EntertainmentCost, "212", "208"}[random.IntN(4)]
		bought := books.Purchase{Fact: fact, Account: account, Supply: supply, VAT: tax, Paid: books.Bank}
		if account == "208" {
			bought.Refusal = books.PassengerCar
		}
		return rules.Purchase(bought)
	}
	exempt := money.Won(random.Int64N(3) * 7777)
	whole := supply + tax + exempt
	byCard := money.Won(random.Int64N(int64(whole) + 1))
	return rules.Sale(fact, sale.Sale{
		Kind: []sale.Kind{sale.Sold, sale.Refunded}[random.IntN(2)], Total: whole,
		Split: sale.Split{Supply: supply, VAT: tax, Exempt: exempt},
		Tenders: []sale.Tender{
			{Kind: sale.Card, Amount: byCard},
			{Kind: sale.Cash, Amount: whole - byCard},
		},
	})
}

func TestReturnAgreesWithTheLedgerAndClosesIt(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(12, 4))
	rules := books.Rules{Taxpayer: books.General}
	for range 50 {
		var vouchers []books.Voucher
		for range 200 {
			done, err := randomVoucher(random, rules)
			if err != nil {
				t.Fatal(err)
			}
			vouchers = append(vouchers, done)
		}
		balances := make(map[string]money.Won)
		post(balances, vouchers...)
		filing := half(vat.Restaurant)
		filing.Filed = "2027-01-25"
		result, err := vat.GeneralReturn(vouchers, filing, rates(t))
		if err != nil {
			t.Fatal(err)
		}
		if result.Box9Output.Tax != -balances[books.VATPayable] || result.Box17Net.Tax != balances[books.VATPrepaid] {
			t.Fatalf("return %d, %d; ledger %v", result.Box9Output.Tax, result.Box17Net.Tax, balances)
		}
		closing, err := rules.CloseVAT(books.VATClosing{
			Output: result.Box9Output.Tax, Input: result.Box17Net.Tax, Due: result.Due,
		})
		if err != nil {
			t.Fatal(err)
		}
		post(balances, closing)
		owed := balances[books.TaxPayable] + balances[books.RefundDue]
		if balances[books.VATPayable] != 0 || balances[books.VATPrepaid] != 0 || owed != -result.Due {
			t.Fatalf("closed with %d due: %v", result.Due, balances)
		}
	}
}

func post(balances map[string]money.Won, vouchers ...books.Voucher) {
	for _, done := range vouchers {
		for _, line := range done.Entry.Lines() {
			balances[line.Account] += line.Amount
		}
	}
}
