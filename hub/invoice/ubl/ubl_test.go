package ubl_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/ubl"
	"shopbox/protocol/money"
)

var update = flag.Bool("update", false, "write the golden files anew")

const documents = "../testdata/documents"

func document(tb testing.TB, name string) *invoice.Invoice {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(documents, name+".xml"))
	if err != nil {
		tb.Fatal(err)
	}
	read, err := kecxml.Read(text)
	if err != nil {
		tb.Fatal(err)
	}
	return read
}

func write(tb testing.TB, i *invoice.Invoice) []byte {
	tb.Helper()
	written, err := ubl.Write(i)
	if err != nil {
		tb.Fatal(err)
	}
	return written
}

// The goldens were also held against the schemas of UBL 2.1 and the Schematron
// of EN 16931 1.3.16, which found nothing; neither is part of the project.
func TestGoldens(t *testing.T) {
	for _, name := range []string{"taxed", "zero-rated", "exempt", "amended", "consigned", "foreigner", "twenty-lines"} {
		t.Run(name, func(t *testing.T) {
			got := write(t, document(t, name))
			if ids := broken(parse(t, got)); len(ids) > 0 {
				t.Errorf("breaks %v", ids)
			}
			golden := filepath.Join("testdata", name+".xml")
			if *update {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(got, want) {
				t.Errorf("not as %s (%v); got\n%s", golden, err, got)
			}
		})
	}
}

// A rule that cannot fail proves nothing: some change of one text breaks it.
func TestEachRuleCanFail(t *testing.T) {
	for _, r := range rules() {
		spoilt := !r.holds(parse(t, []byte("<Invoice/>")))
		for _, name := range []string{"taxed", "exempt", "amended"} {
			n := parse(t, write(t, document(t, name)))
			for _, leaf := range n.leaves() {
				was := leaf.Text
				for _, leaf.Text = range []string{"", "0", "-777", "777", "S"} {
					spoilt = spoilt || !r.holds(n)
				}
				leaf.Text = was
			}
		}
		if !spoilt {
			t.Errorf("nothing breaks %s", r.id)
		}
	}
}

// Whatever adds up in Korea adds up abroad, and the total stays.
func TestRandomDocuments(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 16931))
	for range 500 {
		i := document(t, []string{"taxed", "zero-rated", "exempt", "amended"}[random.IntN(4)])
		shuffle(random, i)
		text, err := ubl.Write(i)
		if err != nil {
			t.Fatalf("%v\n%s", err, kecxml.Write(i))
		}
		n := parse(t, text)
		if ids := broken(n); len(ids) > 0 {
			t.Fatalf("breaks %v\n%s", ids, text)
		}
		whole := sum(n.number(totals+"PrepaidAmount"), n.number(totals+"PayableAmount"))
		if want := max(i.Totals.Grand, -i.Totals.Grand); whole.RatString() != fmt.Sprint(int64(want)) {
			t.Fatalf("paid and due are %s, the document says %d", whole.RatString(), want)
		}
	}
}

// shuffle gives a document other lines, each taxed by the won below.
func shuffle(random *rand.Rand, i *invoice.Invoice) {
	i.Lines, i.Payments = nil, nil
	var charge, tax money.Won
	for range 1 + random.IntN(20) {
		each := money.Won(random.IntN(1_000_000) - 300_000)
		line := invoice.Line{Charge: &each, Name: "품목"}
		if random.IntN(2) == 0 {
			line.Quantity = new(invoice.Hundredths(random.IntN(2000) - 1000))
		}
		if random.IntN(2) == 0 {
			line.UnitPrice = new(invoice.Hundredths(random.IntN(2000) - 1000))
		}
		i.Lines = append(i.Lines, line)
		charge += each
		if !i.Document.Type.Exempt() && !i.Document.Type.ZeroRated() {
			tax += each / 10
		}
	}
	i.Totals = invoice.Totals{Charge: charge, Tax: &tax, Grand: charge + tax}
	if random.IntN(2) == 0 {
		cash := i.Totals.Grand / 3
		i.Payments = []invoice.Payment{{Kind: invoice.PaidCash, Amount: cash}, {Kind: invoice.PaidCredit, Amount: i.Totals.Grand - cash}}
	}
}

func TestNothingPersonalLeaves(t *testing.T) {
	for _, name := range []string{"exempt", "foreigner"} {
		got := string(write(t, document(t, name)))
		for _, secret := range []string{"9001011234567", "1234567<", "5234567", "M12345678"} {
			if strings.Contains(strings.ReplaceAll(got, "KR1234567891", ""), secret) {
				t.Errorf("%s: %s leaves", name, secret)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	for code, spoil := range map[string]func(*invoice.Invoice){
		ubl.CodeImport: func(i *invoice.Invoice) { i.Document.Type = "0104" },
		ubl.CodeLines:  func(i *invoice.Invoice) { *i.Lines[0].Charge++ },
		ubl.CodeTotal:  func(i *invoice.Invoice) { i.Totals.Grand++ },
		ubl.CodeRate:   func(i *invoice.Invoice) { i.Document.WrittenOn = "19770630" },
		ubl.CodeTax: func(i *invoice.Invoice) {
			i.Totals.Grand += 10
			*i.Totals.Tax += 10
		},
	} {
		i := document(t, "taxed")
		spoil(i)
		var refused *ubl.Error
		if _, err := ubl.Write(i); !errors.As(err, &refused) || refused.Code != code || refused.Sentence == "" {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestOneLineMayLackItsAmount(t *testing.T) {
	i := document(t, "taxed")
	i.Lines[1].Charge = nil
	if !bytes.Equal(write(t, i), write(t, document(t, "taxed"))) {
		t.Error("the only line without an amount takes the rest")
	}
	i.Lines[0].Charge = nil
	if _, err := ubl.Write(i); err == nil {
		t.Error("two lines without amounts are guessed")
	}
}

func TestCorrected(t *testing.T) {
	i := document(t, "taxed")
	i.Document.Type, i.Document.Amendment, i.Document.OriginalIssueID = "0201", invoice.AmendPrice, "202611204100000800000777"
	n := parse(t, write(t, i))
	if n.text("InvoiceTypeCode") != "384" || n.text("BillingReference/InvoiceDocumentReference/IssueDate") != "2026-11-20" {
		t.Error("an amendment upwards is a corrected invoice with its original")
	}
}
