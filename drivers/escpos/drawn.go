package escpos

import (
	"slices"

	"shopbox/drivers"
	"shopbox/drivers/paper"
)

// drawn is a block that the printer has not the characters for, as a picture:
// laid out as for a printer with Korean, and drawn with our own font. ok is
// false for what it can print itself, and without the font.
func (e encoder) drawn(block drivers.Block) (pieces [][]byte, ok bool) {
	if e.profile.Korean {
		return nil, false
	}
	able := encoder{e.profile}
	able.profile.Korean = true
	if !able.beyondASCII(block) {
		return nil, false
	}
	stream := append(prologue(able.profile), slices.Concat(able.block(block)...)...)
	slips := paper.Read(stream, e.profile.Columns)
	if len(slips) != 1 {
		return nil, false
	}
	strip, err := slips[0].Strip()
	if err != nil || strip.Bounds().Empty() {
		return nil, false
	}
	return e.bands(drivers.Image{Picture: strip}), true
}

// beyondASCII reports whether a block of text needs more than ASCII.
func (e encoder) beyondASCII(block drivers.Block) bool {
	var text string
	switch b := block.(type) {
	case drivers.Text:
		text = b.Text
	case drivers.Columns:
		text = b.Left + b.Right
	}
	return slices.ContainsFunc([]rune(e.profile.clean(text)), func(r rune) bool { return r >= 0x80 })
}
