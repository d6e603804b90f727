package drivers

// LabelPrinter is a printer whose paper is labels. It prints documents of Label
// blocks alone; any other is ErrUnsupported, and its Columns are 0.
type LabelPrinter interface {
	Printer
	// Resolution is in dots an inch.
	Resolution() int
}

// Label is a label to stick on goods: its title, its price, and a barcode. A
// LabelPrinter prints it on a label of its own; a receipt printer on a piece of
// paper of that size, cut off.
type Label struct {
	// Width and Height are the label's, in millimetres.
	Width, Height int
	Title         string
	// Price is large, as it is to stand there: "2,800원". Empty for none.
	Price string
	// Notes stand small beside the price: a price per 100 g, a date.
	Notes []string
	// Code has no Data when there is no barcode.
	Code LabelCode
	// Copies is how many of it; 0 is one.
	Copies int
}

// Symbology is a kind of barcode.
type Symbology string

// The barcodes a label may have.
const (
	EAN13   Symbology = "ean13"
	EAN8    Symbology = "ean8"
	Code128 Symbology = "code128"
)

// LabelCode is a barcode with its check digit, as a scanner would read it.
type LabelCode struct {
	Symbology Symbology
	Data      string
}

func (Label) block() {}
