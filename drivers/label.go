package drivers

// Labeller is a printer that prints Label blocks in their size.
type Labeller interface {
	// LabelStock is what it prints them on; it asks the printer nothing.
	LabelStock() LabelStock
}

// LabelStock is what a printer prints labels on.
type LabelStock struct {
	// Resolution is in dots an inch.
	Resolution int
	// Widest is the most dots the printer has side by side; 0 for no limit.
	Widest int
	// Only says that its paper is labels: it prints documents of Label blocks
	// alone, any other is ErrUnsupported, and its Columns are 0.
	Only bool
}

// Label is a label to stick on goods: its title, its price, and a barcode. A
// printer of labels alone puts it on a label of its own; a receipt printer on a
// piece of paper of that size, cut off.
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
