package printing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"

	"shopbox/drivers"
)

// ErrDocument says that a stored document cannot be read.
var ErrDocument = errors.New("document_malformed")

// block is a document's block as it is stored: one field is set.
type block struct {
	Text    *drivers.Text    `json:"text,omitempty"`
	Columns *drivers.Columns `json:"columns,omitempty"`
	Rule    *drivers.Rule    `json:"rule,omitempty"`
	Feed    *drivers.Feed    `json:"feed,omitempty"`
	Barcode *drivers.Barcode `json:"barcode,omitempty"`
	QR      *drivers.QR      `json:"qr,omitempty"`
	Label   *drivers.Label   `json:"label,omitempty"`
	// Image is a PNG file; Shades is that of the drivers.Image.
	Image  []byte `json:"image,omitempty"`
	Shades bool   `json:"shades,omitempty"`
}

type document struct {
	Blocks     []block `json:"blocks"`
	OpenDrawer bool    `json:"open_drawer,omitempty"`
}

// Encode writes a document as JSON, with pictures as PNG.
func Encode(from drivers.Document) ([]byte, error) {
	stored := document{OpenDrawer: from.OpenDrawer, Blocks: make([]block, len(from.Blocks))}
	for i, one := range from.Blocks {
		switch one := one.(type) {
		case drivers.Text:
			stored.Blocks[i].Text = &one
		case drivers.Columns:
			stored.Blocks[i].Columns = &one
		case drivers.Rule:
			stored.Blocks[i].Rule = &one
		case drivers.Feed:
			stored.Blocks[i].Feed = &one
		case drivers.Barcode:
			stored.Blocks[i].Barcode = &one
		case drivers.QR:
			stored.Blocks[i].QR = &one
		case drivers.Label:
			stored.Blocks[i].Label = &one
		case drivers.Image:
			picture, err := encodePicture(one.Picture)
			if err != nil {
				return nil, err
			}
			stored.Blocks[i].Image, stored.Blocks[i].Shades = picture, one.Shades
		default:
			return nil, fmt.Errorf("%w: block %T", ErrDocument, one)
		}
	}
	text, err := json.Marshal(stored)
	if err != nil {
		return nil, fmt.Errorf("encode document: %w", err)
	}
	return text, nil
}

// Picture is a picture together with the PNG file it was read from, which is
// stored again as it is: no sale waits for the logo to be packed anew.
type Picture struct {
	image.Image

	File []byte
}

func encodePicture(picture image.Image) ([]byte, error) {
	if read, ok := picture.(Picture); ok {
		return read.File, nil
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		return nil, fmt.Errorf("encode picture: %w", err)
	}
	return file.Bytes(), nil
}

// Decode reads what Encode wrote.
func Decode(text []byte) (drivers.Document, error) {
	var stored document
	if err := json.Unmarshal(text, &stored); err != nil {
		return drivers.Document{}, fmt.Errorf("%w: %w", ErrDocument, err)
	}
	read := drivers.Document{OpenDrawer: stored.OpenDrawer}
	for _, one := range stored.Blocks {
		block, err := one.open()
		if err != nil {
			return drivers.Document{}, err
		}
		read.Blocks = append(read.Blocks, block)
	}
	return read, nil
}

func (b block) open() (drivers.Block, error) {
	switch {
	case b.Text != nil:
		return *b.Text, nil
	case b.Columns != nil:
		return *b.Columns, nil
	case b.Rule != nil:
		return *b.Rule, nil
	case b.Feed != nil:
		return *b.Feed, nil
	case b.Barcode != nil:
		return *b.Barcode, nil
	case b.QR != nil:
		return *b.QR, nil
	case b.Label != nil:
		return *b.Label, nil
	case b.Image != nil:
		picture, err := png.Decode(bytes.NewReader(b.Image))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDocument, err)
		}
		return drivers.Image{Picture: picture, Shades: b.Shades}, nil
	}
	return nil, fmt.Errorf("%w: empty block", ErrDocument)
}
