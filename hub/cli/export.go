package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/pdf"
	"shopbox/hub/invoice/ubl"
)

func printFile(_ context.Context, args []string, with Streams) error {
	flags := flag.NewFlagSet("pdf", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	which := flags.String("copy", "both", "whose copy")
	copies := map[string][]pdf.Copy{
		"supplier": {pdf.SupplierCopy}, "buyer": {pdf.BuyerCopy}, "both": {pdf.SupplierCopy, pdf.BuyerCopy},
	}
	if flags.Parse(args) != nil || flags.NArg() != 1 || copies[*which] == nil {
		return ErrUsage
	}
	_, document, err := open(flags.Arg(0), with)
	if err != nil {
		return err
	}
	printed, err := pdf.Render(document, madeAt(document), copies[*which]...)
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
	}
	if len(printed.Undrawn) > 0 {
		fmt.Fprintf(with.Remarks, "%s: pdf_character: the font lacks %q; a box stands for each\n", flags.Arg(0), string(printed.Undrawn))
	}
	_, err = with.Out.Write(printed.PDF)
	return err
}

// madeAt is when the document was made, so that it prints the same at any
// time: its time of issue, else its written date, else the beginning of time.
func madeAt(i *invoice.Invoice) time.Time {
	if at, given := issuedAt(i); given {
		return at
	}
	korea := time.FixedZone("KST", 9*60*60)
	if day, err := time.ParseInLocation("20060102", string(i.Document.WrittenOn), korea); err == nil {
		return day
	}
	return time.Unix(0, 0).In(korea)
}

// exportUBL writes a document as one of EN 16931 for a buyer abroad.
func exportUBL(name string, with Streams) error {
	_, document, err := open(name, with)
	if err != nil {
		return err
	}
	exported, err := ubl.Write(document)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = with.Out.Write(exported)
	return err
}
