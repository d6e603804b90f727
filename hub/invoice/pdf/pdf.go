// Package pdf prints a tax invoice in its legal form (부가가치세법 시행규칙
// 별지 제14호서식; 계산서 by 소득세법 시행규칙 별지 제28호서식): the supplier's
// copy in red, the buyer's in blue. The invoice command calls it. What always
// holds: the same document and time give the same bytes; no amount is cut
// short; a resident number shows its first seven digits only.
package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"shopbox/hub/invoice"
)

// Copy is whom a sheet is for.
type Copy int

// The two copies of the form.
const (
	SupplierCopy Copy = iota // 공급자 보관용, red
	BuyerCopy                // 공급받는자 보관용, blue
)

// The refusals.
var (
	// ErrNoFont says that the program was built without the font files.
	ErrNoFont = errors.New("pdf_font: the program holds no font to print with; run make setup and build again")
	// ErrTooLong says that the texts leave no room for the items on the page.
	ErrTooLong = errors.New("pdf_too_long: names, addresses or remarks are too long for the form; shorten them")
	// ErrCopy says that no copy, or one that does not exist, was asked for.
	ErrCopy = errors.New("pdf_copy: a copy is the supplier's or the buyer's")
)

// Print is a printed document.
type Print struct {
	// PDF is the file: the pages of each copy in the order asked for.
	PDF []byte
	// Undrawn are the characters that the font lacks; a box stands for each.
	Undrawn []rune
}

// Render prints the document. Created is the date written into the file.
func Render(i *invoice.Invoice, created time.Time, copies ...Copy) (Print, error) {
	file, err := newFile(i, created)
	if err != nil {
		return Print{}, err
	}
	draw := newTypesetter(file)
	for _, which := range copies {
		if which != SupplierCopy && which != BuyerCopy {
			return Print{}, ErrCopy
		}
		pages, err := layOut(draw, newForm(i, which))
		if err != nil {
			return Print{}, err
		}
		for _, p := range pages {
			p.draw(draw, paletteOf(which))
		}
	}
	if len(copies) == 0 {
		return Print{}, ErrCopy
	}
	var out bytes.Buffer
	if err := file.Output(&out); err != nil {
		return Print{}, fmt.Errorf("pdf: %w", err)
	}
	return Print{PDF: tagSubsets(out.Bytes()), Undrawn: draw.undrawn}, nil
}

// newFile is an empty file with all that makes its bytes the same each time.
func newFile(i *invoice.Invoice, created time.Time) (*fpdf.Fpdf, error) {
	file := fpdf.New("P", "mm", "A4", "")
	file.SetCreationDate(created)
	file.SetModificationDate(created)
	file.SetCatalogSort(true)
	file.SetProducer("Shopbox", true)
	file.SetTitle(title(i.Document.Type)+" "+approvalNumber(i.Document.IssueID), true)
	file.SetLang("ko")
	file.SetAutoPageBreak(false, 0)
	return file, addFonts(file)
}
