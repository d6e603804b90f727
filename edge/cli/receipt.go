package cli

import (
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"strings"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/paper"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// ErrReceiptUsage says how the command is called.
var ErrReceiptUsage = errors.New(`usage: edge receipt --sample [--columns 48|42|32] [--english]   a printer's bytes on standard output
       edge receipt --png  [--columns 48] [FILE]                  the paper those bytes make, as a picture
       edge receipt --text [--columns 48] [FILE]                  the same as text`)

// Encode turns a document into the bytes of a printer whose paper is so many
// columns wide.
type Encode func(document drivers.Document, columns int) []byte

// Receipt shows what receipts look like without a printer. With --sample it
// writes the bytes of an example receipt; with --png or --text it reads such
// bytes, from a file or standard input, and writes what stands on the paper.
func Receipt(args []string, encode Encode, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("receipt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	sample := flags.Bool("sample", false, "write an example receipt")
	picture := flags.Bool("png", false, "draw the paper")
	text := flags.Bool("text", false, "read the paper")
	english := flags.Bool("english", false, "the example in English")
	columns := flags.Int("columns", 48, "characters in a line")
	if flags.Parse(args) != nil || (*columns != 48 && *columns != 42 && *columns != 32) {
		return ErrReceiptUsage
	}
	switch {
	case *sample && !*picture && !*text && flags.NArg() == 0:
		document, err := sampleReceipt(*english)
		if err != nil {
			return err
		}
		_, err = out.Write(encode(document, *columns))
		return err
	case *picture != *text && !*sample && flags.NArg() <= 1:
		data, err := readInput(flags.Arg(0), in)
		if err != nil {
			return err
		}
		return showPaper(paper.Read(data, *columns), *picture, out)
	}
	return ErrReceiptUsage
}

// readInput reads a file; no name and "-" are standard input.
func readInput(name string, in io.Reader) ([]byte, error) {
	if name == "" || name == "-" {
		return io.ReadAll(in)
	}
	return os.ReadFile(name)
}

var errNoPaper = errors.New("the bytes print nothing")

// showPaper writes all slips as text, or the first as a picture.
func showPaper(slips []paper.Slip, picture bool, out io.Writer) error {
	if len(slips) == 0 {
		return errNoPaper
	}
	if picture {
		drawn, err := slips[0].Picture()
		if err != nil {
			return err
		}
		return png.Encode(out, drawn)
	}
	for _, slip := range slips {
		if _, err := fmt.Fprintln(out, strings.TrimRight(slip.Text(), "\n")); err != nil {
			return err
		}
	}
	return nil
}

// sampleReceipt is a sale with everything a receipt can show: goods with and
// without tax, by weight and at a discount, paid by card and in cash.
func sampleReceipt(english bool) (drivers.Document, error) {
	renderer, err := receipt.New()
	if err != nil {
		return drivers.Document{}, err
	}
	done, err := sampleSale()
	if err != nil {
		return drivers.Document{}, err
	}
	options := receipt.Options{
		Shop: receipt.Shop{
			Name: "달빛 상회", BusinessNumber: "1248100998", Representative: "김달",
			Address: "서울특별시 마포구 월드컵북로 400, 1층 (상암동)", Phone: "02-300-1234",
		},
		Language: receipt.Korean, Foot: "견본 영수증이에요. 고맙습니다!", OpenDrawer: true,
	}
	if english {
		options.Language, options.Foot = receipt.English, "This is a sample. Thank you!"
	}
	return renderer.Sale(done, options), nil
}

func sampleSale() (sale.Sale, error) {
	cart := &sale.Cart{ID: "sample"}
	lines := []sale.Line{
		{ID: "1", Item: sale.Item{Name: "아메리카노", VAT: money.Taxable, Price: 4500}, Quantity: 2 * money.One, Unit: 4500},
		{
			ID: "2", Item: sale.Item{Name: "우유식빵", VAT: money.Taxable, Price: 5200}, Quantity: money.One, Unit: 5200,
			Discount: sale.Discount{Amount: 700},
		},
		{ID: "3", Item: sale.Item{Name: "상추", VAT: money.Exempt, Price: 9900, ByWeight: true}, Quantity: 1234, Unit: 9900},
	}
	for _, line := range lines {
		if _, err := cart.Add(line); err != nil {
			return sale.Sale{}, err
		}
	}
	const onCard = money.Won(20_000)
	tenders := []sale.Tender{{Kind: sale.Card, Amount: onCard, Attempt: "sample", Slip: &sale.CardSlip{
		Number: "1234-56**-****-7890", Scheme: "신한카드 (신용)", Acquirer: "신한카드", Approval: "30012345", Terminal: "12345678",
	}}}
	cash, err := sale.CashTender(cart.Totals().Due-onCard, 10_000)
	if err != nil {
		return sale.Sale{}, err
	}
	for _, tender := range append(tenders, cash) {
		if err := cart.Take(tender); err != nil {
			return sale.Sale{}, err
		}
	}
	done, err := cart.Close(sale.Person{ID: "sample", Name: "민지"}, time.Date(2026, 11, 25, 5, 5, 0, 0, time.UTC))
	done.Number, done.Day = "20261125-0001", "2026-11-25"
	return done, err
}
