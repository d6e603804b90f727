package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/pdf"
	"shopbox/protocol/money"
)

func created() time.Time { return time.Date(2026, 11, 23, 10, 45, 0, 0, time.UTC) }

// document reads one of the documents that break no rule.
func document(tb testing.TB, name string) *invoice.Invoice {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("../testdata/documents", name+".xml"))
	if err != nil {
		tb.Fatal(err)
	}
	read, err := kecxml.Read(text)
	if err != nil {
		tb.Fatal(err)
	}
	if found := invoice.Validate(read); len(found) > 0 {
		tb.Fatalf("%s breaks %v", name, found)
	}
	return read
}

func render(t *testing.T, i *invoice.Invoice, copies ...pdf.Copy) pdf.Print {
	t.Helper()
	printed, err := pdf.Render(i, created(), copies...)
	if err != nil {
		t.Fatal(err)
	}
	return printed
}

// poppler runs one of its programs over a print; `make setup` installs them.
func poppler(t *testing.T, printed pdf.Print, program string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "print.pdf")
	if err := os.WriteFile(file, printed.PDF, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, file)
	if program == "pdftotext" {
		args = append(args, "-") // standard output, where the others write by themselves
	}
	out, err := exec.CommandContext(t.Context(), program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

// text is the text of a print without white space, because cells break lines.
func text(t *testing.T, printed pdf.Print) string {
	t.Helper()
	return compact(poppler(t, printed, "pdftotext", "-raw"))
}

func compact(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(text, "㈜", "(주)"))
}

// words are all texts and amounts of a document as they must stand on paper.
func words(i *invoice.Invoice) []string {
	list := append([]string{i.Exchange.ID, i.Totals.Charge.String(), i.Totals.Grand.String()}, i.Document.Remarks...)
	if i.Totals.Tax != nil {
		list = append(list, i.Totals.Tax.String())
	}
	parties := []invoice.Party{i.Supplier, i.Buyer.Party}
	if i.Broker != nil {
		parties = append(parties, *i.Broker)
	}
	for _, p := range parties {
		list = append(list, p.BusinessType, p.Name, p.Item, p.Branch, p.Representative, p.Address)
		list = append(list, p.Contact.Department, p.Contact.Person, p.Contact.Telephone, p.Contact.Email)
	}
	list = append(list, i.Buyer.Second.Department, i.Buyer.Second.Person, i.Buyer.Second.Telephone, i.Buyer.Second.Email)
	for _, p := range i.Payments {
		list = append(list, p.Amount.String())
	}
	for _, line := range i.Lines {
		list = append(list, line.Name, line.Specification, line.Remark)
		for _, w := range []*money.Won{line.Charge, line.Tax} {
			if w != nil {
				list = append(list, w.String())
			}
		}
	}
	return list
}

func TestEveryWordStandsOnPaper(t *testing.T) {
	for name, also := range map[string][]string{
		"taxed": {
			"전자세금계산서(공급자보관용)", "전자세금계산서(공급받는자보관용)", "20261123-41000008-00000001", "123-45-67891", "220-81-62517",
			"2026-11-23", "128,333.33", "14.5", "합계금액", "외상미수금", "발급일시2026-11-2310:45:00", "1/1", "담당자2",
		},
		"zero-rated":   {"영세율전자세금계산서(", "5,000,000", "10,000"},
		"exempt":       {"전자계산서(", "900101-1******"},
		"amended":      {"수정전자세금계산서(", "환입", "당초승인번호20261120-41000008-00000777", "-268,667", "-26,866", "-295,533", "-2", "0002"},
		"consigned":    {"위수탁전자세금계산서(", "120-81-47521"},
		"twenty-lines": {"품목이다음장에이어집니다", "품목계속", "1/2", "2/2"},
	} {
		t.Run(name, func(t *testing.T) {
			i := document(t, name)
			printed := render(t, i, pdf.SupplierCopy, pdf.BuyerCopy)
			got := text(t, printed)
			for _, want := range append(words(i), also...) {
				if !strings.Contains(got, compact(want)) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
			if len(printed.Undrawn) > 0 {
				t.Errorf("undrawn %q", string(printed.Undrawn))
			}
		})
	}
}

func TestExemptHasNoTax(t *testing.T) {
	i := document(t, "exempt")
	if got := text(t, render(t, i, pdf.SupplierCopy)); strings.Contains(got, "세액") {
		t.Error("there is a column for the tax")
	}
	// Against the law, but then it must be seen.
	i.Totals.Tax = new(money.Won(17_100))
	if got := text(t, render(t, i, pdf.SupplierCopy)); !strings.Contains(got, "17,100") {
		t.Error("a tax is hidden")
	}
}

func TestPersonalNumbersAreMasked(t *testing.T) {
	if got := text(t, render(t, document(t, "exempt"), pdf.BuyerCopy)); strings.Contains(got, "234567") {
		t.Error("a resident number is readable")
	}
	got := text(t, render(t, document(t, "foreigner"), pdf.BuyerCopy))
	for _, want := range []string{"9999999999999(외국인)", "여권번호M12345678", "900101-5******"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
}

func TestPurpose(t *testing.T) {
	i := document(t, "taxed")
	seen := map[string]bool{}
	for _, purpose := range []invoice.PurposeCode{"", invoice.PurposeReceived, invoice.PurposeBilled} {
		i.Document.Purpose = purpose
		printed := render(t, i, pdf.SupplierCopy)
		seen[string(printed.PDF)] = true
		if !strings.Contains(text(t, printed), "이금액을(영수·청구)함") {
			t.Error("the phrase is missing")
		}
	}
	billed := render(t, i, pdf.SupplierCopy)
	i.Document.Purpose = invoice.PurposeBilledOld
	if old := render(t, i, pdf.SupplierCopy); len(seen) != 3 || !bytes.Equal(old.PDF, billed.PDF) {
		t.Error("received, billed and neither must differ, and the old code is billed")
	}
}

func TestCopies(t *testing.T) {
	i := document(t, "taxed")
	red, blue := render(t, i, pdf.SupplierCopy), render(t, i, pdf.BuyerCopy)
	if colour(t, red) != "red" || colour(t, blue) != "blue" {
		t.Errorf("the supplier's copy is %s, the buyer's %s", colour(t, red), colour(t, blue))
	}
	if !bytes.Equal(red.PDF, render(t, i, pdf.SupplierCopy).PDF) {
		t.Error("the same document gives other bytes")
	}
	if _, err := pdf.Render(i, created()); !errors.Is(err, pdf.ErrCopy) {
		t.Errorf("no copy: %v", err)
	}
	if _, err := pdf.Render(i, created(), pdf.BuyerCopy+1); !errors.Is(err, pdf.ErrCopy) {
		t.Errorf("an unknown copy: %v", err)
	}
}

// colour is that of the first tinted point of the page.
func colour(t *testing.T, printed pdf.Print) string {
	t.Helper()
	picture := poppler(t, printed, "pdftoppm", "-r", "20", "-f", "1", "-singlefile")
	_, body, found := strings.Cut(picture, "\n255\n")
	if !found {
		t.Fatalf("no PPM: %.20q", picture)
	}
	pixels := []byte(body)
	for n := 0; n+2 < len(pixels); n += 3 {
		switch r, b := pixels[n], pixels[n+2]; {
		case r > b:
			return "red"
		case b > r:
			return "blue"
		}
	}
	return "none"
}

func TestFontsAreEmbeddedInPart(t *testing.T) {
	printed := render(t, document(t, "taxed"), pdf.SupplierCopy, pdf.BuyerCopy)
	fonts := strings.Split(strings.TrimSpace(poppler(t, printed, "pdffonts")), "\n")[2:]
	for _, font := range fonts {
		if !strings.Contains(font, "CID TrueType") || !strings.Contains(font, "yes yes yes") {
			t.Errorf("not embedded, not in part or without Unicode: %s", font)
		}
	}
	if len(fonts) != 2 || len(printed.PDF) > 200_000 {
		t.Errorf("%d fonts, %d bytes", len(fonts), len(printed.PDF))
	}
}

// full fills every element to the length that the standard allows.
func full(t *testing.T) *invoice.Invoice {
	t.Helper()
	i := document(t, "consigned")
	wide := func(n int) string { return strings.Repeat("값진가게", n/4+1)[:n*3] }
	amount := money.Won(-999_999_999_999_999)
	contact := invoice.Contact{Department: wide(40), Person: wide(30), Telephone: strings.Repeat("1", 20), Email: strings.Repeat("m", 40)}
	party := invoice.Party{
		ID: i.Supplier.ID, BusinessType: wide(40), Name: wide(70), Item: wide(40), Branch: "9999",
		Representative: wide(30), Contact: contact, Address: wide(150),
	}
	i.Exchange.ID = strings.Repeat("M", 24)
	i.Document.Type, i.Document.Amendment, i.Document.OriginalIssueID = "0205", "05", "202611204100000800000777"
	i.Document.Remarks = []string{wide(150), wide(150), wide(150)}
	i.Supplier, i.Buyer.Party, i.Buyer.Second, i.Broker = party, party, contact, &party
	i.Totals = invoice.Totals{Charge: amount, Tax: &amount, Grand: amount}
	for n := range i.Payments {
		i.Payments[n].Amount = amount
	}
	i.Lines = nil
	for n := range invoice.MaxLines {
		i.Lines = append(i.Lines, invoice.Line{
			Sequence: fmt.Sprint(n + 1), Name: wide(100), Specification: wide(60), Remark: wide(100),
			Charge: &amount, Tax: &amount, Quantity: new(invoice.Hundredths(-99_999_999_999_999_999)),
			UnitPrice: new(invoice.Hundredths(99_999_999_999_999_999)), SuppliedOn: "20261123",
		})
	}
	return i
}

func TestLongestDocument(t *testing.T) {
	i := full(t)
	printed := render(t, i, pdf.SupplierCopy)
	got := text(t, printed)
	for _, want := range words(i) {
		if !strings.Contains(got, compact(want)) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(got, "-999,999,999,999,999-999,999,999,999,999"); n < invoice.MaxLines {
		t.Errorf("%d lines show both amounts", n)
	}
	for _, want := range []string{"수정영세율위수탁전자세금계산서", "-999,999,999,999,999.99"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
	i.Supplier.Address = strings.Repeat("끝없는 주소", 5000)
	if _, err := pdf.Render(i, created(), pdf.SupplierCopy); !errors.Is(err, pdf.ErrTooLong) {
		t.Errorf("a text longer than the page: %v", err)
	}
}

func TestCharactersWithoutGlyph(t *testing.T) {
	i := document(t, "taxed")
	i.Supplier.Name = "㈜株式①㎡😀\x01\u00a0끝\xff"
	printed := render(t, i, pdf.SupplierCopy)
	if got := string(printed.Undrawn); got != "株式😀\x01\ufffd" {
		t.Errorf("undrawn %q", got)
	}
	if got := text(t, printed); !strings.Contains(got, "(주)□□1m2□□끝□") {
		t.Errorf("the name is not as expected: %s", got)
	}
}

// No document of another system may break the printer.
func FuzzRender(f *testing.F) {
	for _, name := range []string{"taxed", "exempt", "amended", "consigned"} {
		i := document(f, name)
		f.Add(kecxml.Write(i))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		i, err := kecxml.Read(text)
		if err != nil {
			return
		}
		printed, err := pdf.Render(i, created(), pdf.SupplierCopy)
		if err != nil && !errors.Is(err, pdf.ErrTooLong) || err == nil && !bytes.HasPrefix(printed.PDF, []byte("%PDF-")) {
			t.Errorf("%v", err)
		}
	})
}
