package drivers

import (
	"context"
	"image"
)

// Printer is a receipt printer.
type Printer interface {
	Device
	// Print puts a document on paper and returns nil only when the printer
	// itself confirmed that the paper came out. A fault before any byte was
	// accepted is that fault (ErrPaperOut, ErrOffline ...) and the document
	// can be sent again as it is; once bytes went out without confirmation it
	// is ErrPrintUnknown, wrapping the fault seen, if any.
	Print(ctx context.Context, document Document) error
	// Status asks the printer how it is.
	Status(ctx context.Context) (PrinterStatus, error)
	// Columns is the number of columns of the normal font: 42 or 48, or 32.
	Columns() int
}

// Encoder is a printer that can show the very bytes it would print from, for
// a preview. They are ESC/POS, as package paper reads them.
type Encoder interface {
	Encode(document Document) []byte
}

// Drawer is a cash drawer, usually hanging on a printer.
type Drawer interface {
	// OpenDrawer sends the pulse.
	OpenDrawer(ctx context.Context) error
}

// PrinterStatus is how a printer is. Fault is nil when it can print, else
// ErrPaperOut, ErrCoverOpen, ErrCutter, ErrRibbonOut, ErrPaused, ErrPrinterFault
// or ErrOffline.
type PrinterStatus struct {
	Fault      error
	PaperLow   bool
	DrawerOpen bool
}

// Document is a slip of paper, independent of any printer: blocks from top to
// bottom. The driver lays it out in its own width and cuts at the end.
type Document struct {
	Blocks []Block
	// OpenDrawer sends the drawer's pulse before the first line.
	OpenDrawer bool
}

// Block is one of Text, Columns, Rule, Feed, Barcode, QR, Image or Label.
type Block interface{ block() }

// Align is where a text stands.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Centre
	Right
)

// Text is a paragraph; it wraps at the width of the paper.
type Text struct {
	Text  string
	Align Align
	Bold  bool
	// Wide and Tall double the width and the height.
	Wide, Tall bool
}

// Columns is a line with something at the left and an amount at the right.
// The left part wraps; the right part is never cut and never wraps.
type Columns struct {
	Left, Right string
	Bold        bool
	Wide, Tall  bool
}

// Rule is a line across the paper.
type Rule struct{ Double bool }

// Feed is empty lines.
type Feed struct{ Lines int }

// Barcode is a CODE128 barcode with its text below.
type Barcode struct{ Data string }

// QR is a QR code.
type QR struct{ Data string }

// Image is a picture, such as a shop's logo. It is centred, and narrowed when
// wider than the paper.
type Image struct {
	Picture image.Image
	// Shades has greys drawn as dots, close together where it is dark; without
	// it anything darker than half is black.
	Shades bool
}

func (Text) block()    {}
func (Columns) block() {}
func (Rule) block()    {}
func (Feed) block()    {}
func (Barcode) block() {}
func (QR) block()      {}
func (Image) block()   {}
