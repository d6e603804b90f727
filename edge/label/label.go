// Package label decides what stands on the label of a product: its name, its
// price, a barcode, and when wanted the price of 100 g and the date it keeps to.
// edge/api calls it; the driver of a printer lays the label out.
//
// What always holds: nothing here does I/O or reads a clock; what stands on a
// label is what the till would charge; a label is only made when the printer has
// the room for its barcode.
package label

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"time"

	"shopbox/drivers"
	layout "shopbox/drivers/label"
	"shopbox/edge/catalog"
	"shopbox/protocol/money"
)

// The reasons why there is no label.
var (
	// ErrSize says that there are no labels of this size.
	ErrSize = errors.New("label_size")
	// ErrCopies says how many labels may be printed at once.
	ErrCopies = errors.New("label_copies")
	// ErrContent says that the content of a package makes no sense.
	ErrContent = errors.New("label_content")
	// ErrDate says that the date is none.
	ErrDate = errors.New("label_date")
)

// MaxCopies is how many labels of a product may be printed at once.
const MaxCopies = 300

// Language is the language of a label.
type Language string

// The languages of labels.
const (
	Korean  Language = "ko"
	English Language = "en"
)

// Size is the size of a label, in millimetres.
type Size struct {
	Name   string `json:"name"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// Goods is what a label is for.
type Goods struct {
	Name  string
	Price money.Won
	// ByWeight goods cost the price by their unit.
	ByWeight bool
	Unit     string
	Barcodes []string
}

// Wanted is how the label is to be.
type Wanted struct {
	// Size is the name of one of Sizes.
	Size     string
	Language Language
	Copies   int
	// Content is what is in the package, for the price by its unit; the zero
	// value leaves that out.
	Content Content
	// Expires is a date, 2026-12-05; empty for none.
	Expires string
}

// Content is what a package holds.
type Content struct {
	Quantity money.Milli
	// Unit is one of Units.
	Unit string
}

// Maker makes labels. It is a value that never changes; any number of goroutines
// may use it.
type Maker struct {
	sizes []Size
	words map[Language]map[string]string
}

//go:embed sizes.json locales
var files embed.FS

// New reads the sizes and the words.
func New() (*Maker, error) {
	m := &Maker{words: make(map[Language]map[string]string)}
	if err := read("sizes.json", &m.sizes); err != nil {
		return nil, err
	}
	for _, language := range []Language{Korean, English} {
		var words map[string]string
		if err := read("locales/"+string(language)+".json", &words); err != nil {
			return nil, err
		}
		m.words[language] = words
	}
	return m, nil
}

func read(name string, into any) error {
	text, err := files.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Sizes are the labels there are, the smallest first.
func (m *Maker) Sizes() []Size { return slices.Clone(m.sizes) }

// Make makes a label for a printer; one without the room for the barcode is
// drivers.ErrLabel.
func (m *Maker) Make(goods Goods, wanted Wanted, stock drivers.LabelStock) (drivers.Label, error) {
	at := slices.IndexFunc(m.sizes, func(size Size) bool { return size.Name == wanted.Size })
	if at < 0 {
		return drivers.Label{}, ErrSize
	}
	if wanted.Copies < 1 || wanted.Copies > MaxCopies {
		return drivers.Label{}, ErrCopies
	}
	words, known := m.words[wanted.Language]
	if !known {
		words = m.words[Korean]
	}
	made := drivers.Label{
		Width: m.sizes[at].Width, Height: m.sizes[at].Height, Copies: wanted.Copies,
		Title: strings.TrimSpace(goods.Name), Price: price(goods, words), Code: codeOf(goods.Barcodes),
	}
	for _, note := range []func() (string, error){
		func() (string, error) { return unitPrice(goods.Price, wanted.Content, words) },
		func() (string, error) { return until(wanted.Expires, words) },
	} {
		text, err := note()
		if err != nil {
			return drivers.Label{}, err
		}
		if text != "" {
			made.Notes = append(made.Notes, text)
		}
	}
	_, err := layout.Lay(made, stock)
	return made, err
}

// Picture is the label as it comes out of the printer, a dot a pixel.
func Picture(label drivers.Label, stock drivers.LabelStock) (image.Image, error) {
	plan, err := layout.Lay(label, stock)
	if err != nil {
		return nil, err
	}
	return plan.Picture(), nil
}

func price(goods Goods, words map[string]string) string {
	if !goods.ByWeight {
		return fmt.Sprintf(words["price"], goods.Price)
	}
	unit := goods.Unit
	if unit == "" {
		unit = "kg"
	}
	return fmt.Sprintf(words["measured"], "1"+unit, goods.Price)
}

// codeOf is the barcode to print: an article number before a code of the shop's
// own, for every scanner reads those.
func codeOf(barcodes []string) drivers.LabelCode {
	for digits, symbology := range map[int]drivers.Symbology{13: drivers.EAN13, 8: drivers.EAN8} {
		for _, barcode := range barcodes {
			if len(barcode) == digits && catalog.ValidCheckDigit(barcode) {
				return drivers.LabelCode{Symbology: symbology, Data: barcode}
			}
		}
	}
	if len(barcodes) == 0 {
		return drivers.LabelCode{}
	}
	return drivers.LabelCode{Symbology: drivers.Code128, Data: barcodes[0]}
}

// until is the date goods keep to.
func until(date string, words map[string]string) (string, error) {
	if date == "" {
		return "", nil
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrDate, err)
	}
	return fmt.Sprintf(words["until"], day.Format("2006. 1. 2.")), nil
}
