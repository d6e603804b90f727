package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"shopbox/edge/books"
	"shopbox/edge/books/statement"
	"shopbox/edge/payroll"
	"shopbox/edge/payroll/slip"
	"shopbox/edge/sale"
	"shopbox/hub/invoice"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/sign"
	"shopbox/protocol/holiday"
	"shopbox/protocol/money"
)

const (
	// turns and turn are how long something is repeated; two things that are
	// compared take turns, so that both see the same machine.
	turns = 10
	turn  = 300 * time.Millisecond
	// salesOfYear are those of a busy shop.
	salesOfYear = 100_000
)

// measureEngines measures the pure rooms, each on one core.
func (b *bench) measureEngines() error {
	b.log.Info("engines")
	for _, engine := range []func() (row, error){signing, payslips, slips, closing} {
		measured, err := engine()
		if err != nil {
			return fmt.Errorf("engines: %w", err)
		}
		b.report.add(measured)
	}
	return nil
}

// paces are how often each of the things is done in a second.
func paces(things ...func() error) ([]float64, error) {
	done, took := make([]int, len(things)), make([]time.Duration, len(things))
	for range turns {
		for n, thing := range things {
			began := time.Now()
			for time.Since(began) < turn {
				if err := thing(); err != nil {
					return nil, err
				}
				done[n]++
			}
			took[n] += time.Since(began)
		}
	}
	each := make([]float64, len(things))
	for n := range things {
		each[n] = float64(done[n]) / took[n].Seconds()
	}
	return each, nil
}

// signing writes and signs tax invoices, against the bare key on a digest.
func signing() (row, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return row{}, err
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	certified, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		return row{}, err
	}
	certificate, err := x509.ParseCertificate(certified)
	if err != nil {
		return row{}, err
	}
	document := taxInvoice()
	digest := sha256.Sum256(kecxml.Write(document))
	signed, err := paces(func() error {
		_, err := sign.Sign(kecxml.Write(document), key, certificate)
		return err
	}, func() error {
		_, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
		return err
	})
	if err != nil {
		return row{}, err
	}
	measured := row{What: "tax invoices written and signed, one core", Value: signed[0], Unit: "1/s"}.
		against("bare RSA-2048", signed[1])
	return measured.aim(">= 80 %", measured.Ratio >= 0.8).
		note("%d lines, %d bytes before signing", len(document.Lines), len(kecxml.Write(document))), nil
}

func taxInvoice() *invoice.Invoice {
	supplier := invoice.Party{ID: "1234567891", Name: "샵박스 상사", Representative: "홍길동", Address: "서울특별시 중구 세종대로 110"}
	buyer := invoice.Party{ID: "2208162517", Name: "한빛디자인", Representative: "김철수", Address: "경기도 성남시 분당구 판교로 228"}
	document := &invoice.Invoice{
		Exchange: invoice.Exchange{ID: "SB-1", IssuedAt: "20261123104500"},
		Document: invoice.Document{IssueID: "202611234100000800000001", Type: "0101", WrittenOn: "20261123", Purpose: invoice.PurposeBilled},
		Supplier: supplier, Buyer: invoice.Buyer{Party: buyer, IDKind: invoice.BuyerBusiness},
	}
	for n := range 4 {
		charge, tax := money.Won(10_000*(n+1)), money.Won(1000*(n+1))
		document.Lines = append(document.Lines, invoice.Line{
			Sequence: fmt.Sprint(n + 1), Name: fmt.Sprintf("품목 %d", n+1), Charge: &charge, Tax: &tax, SuppliedOn: "20261123",
		})
		document.Totals.Charge += charge
	}
	tax := document.Totals.Charge / 10
	document.Totals.Tax, document.Totals.Grand = &tax, document.Totals.Charge+tax
	return document
}

// payslips computes months of pay, each of another amount and family.
func payslips() (row, error) {
	rates, err := payroll.BuiltIn()
	if err != nil {
		return row{}, err
	}
	count := 0
	pace, err := paces(func() error {
		count++
		_, err := rates.Pay(payroll.Input{
			Month: payroll.NewMonth(2026, 11), Gross: money.Won(2_200_000 + count*7919%8_000_000), Nontaxable: 200_000,
			Worker: payroll.Worker{Family: 1 + count%4, Ratio: 100},
		})
		return err
	})
	if err != nil {
		return row{}, err
	}
	return row{What: "months of pay with every explanation, one core", Value: pace[0], Unit: "1/s"}, nil
}

// slips makes pay slips from a month's time records.
func slips() (row, error) {
	rates, err := payroll.BuiltIn()
	if err != nil {
		return row{}, err
	}
	holidays, err := holiday.BuiltIn()
	if err != nil {
		return row{}, err
	}
	content, err := os.ReadFile(filepath.FromSlash("edge/payroll/slip/testdata/hourly.json"))
	if err != nil {
		return row{}, err
	}
	input, err := slip.Read(content)
	if err != nil {
		return row{}, err
	}
	pace, err := paces(func() error {
		_, err := slip.Compute(&rates, holidays, input)
		return err
	})
	if err != nil {
		return row{}, err
	}
	return row{What: "pay slips from time records, one core", Value: pace[0], Unit: "1/s"}.
		note("%d days worked, every figure explained", len(input.Work.Days)), nil
}

// closing makes a year's sales into vouchers and closes the year: trial
// balance, profit and loss, closing entry, balance sheet.
func closing() (row, error) {
	rules := books.Rules{Taxpayer: books.General}
	began := time.Now()
	vouchers, err := yearOfSales(rules)
	if err != nil {
		return row{}, err
	}
	booked := time.Since(began)
	began = time.Now()
	if err := closeYear(vouchers); err != nil {
		return row{}, err
	}
	took := time.Since(began)
	return row{What: "a year of 100,000 sales closed", Value: took.Seconds(), Unit: "s"}.
		aim("< 1 s", took < time.Second).
		note("booking the vouchers before took %.2f s", booked.Seconds()), nil
}

func yearOfSales(rules books.Rules) ([]books.Voucher, error) {
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	vouchers := make([]books.Voucher, 0, salesOfYear)
	for n := range salesOfYear {
		total := money.Won(1000 + n*7919%90_000)
		supply, vat := money.SplitIncluded(total)
		kind := sale.Cash
		if n%5 > 0 {
			kind = sale.Card
		}
		booked, err := rules.Sale(books.Fact{
			Source: fmt.Sprintf("sale-%06d", n), Day: first.AddDate(0, 0, n*365/salesOfYear).Format(time.DateOnly),
		}, sale.Sale{
			Kind: sale.Sold, Total: total, Split: sale.Split{Supply: supply, VAT: vat},
			Tenders: []sale.Tender{{Kind: kind, Amount: total}},
		})
		if err != nil {
			return nil, err
		}
		vouchers = append(vouchers, booked)
	}
	return vouchers, nil
}

func closeYear(vouchers []books.Voucher) error {
	year := statement.Period{From: "2026-01-01", Through: "2026-12-31"}
	if _, err := statement.TrialBalance(vouchers, year); err != nil {
		return err
	}
	profit, err := statement.Profit(vouchers, year)
	if err != nil {
		return err
	}
	closed, err := statement.Close(vouchers, books.Fact{Source: "close-2026", Day: year.Through})
	if err != nil {
		return err
	}
	sheet, err := statement.Balance(append(vouchers, closed), year.Through)
	if err != nil {
		return err
	}
	if profit.Revenue <= 0 || sheet.Result != 0 || sheet.TotalAssets != sheet.TotalEquity+sheet.TotalLiabilities {
		return errors.New("the closed year does not balance")
	}
	return nil
}
