package store_test

import (
	"image"
	"image/color"
	"testing"
)

// The logo outlives a restart, is replaced by the next, and its damage is an
// error that the receipt can do without.
func TestLogo(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.setUp(t)
	if logo, err := b.Logo(t.Context()); logo != nil || err != nil {
		t.Fatalf("a new shop's logo: %v, %v", logo, err)
	}
	for _, width := range []int{3, 5} {
		drawn := image.NewPaletted(image.Rect(0, 0, width, 2), color.Palette{color.Gray{}, color.Gray{Y: 0x88}, color.Gray{Y: 0xFF}})
		drawn.SetColorIndex(1, 1, 1)
		if err := b.SaveLogo(t.Context(), drawn); err != nil {
			t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		b.open(t, -1)
		read, err := b.Logo(t.Context())
		if err != nil || read.Bounds() != drawn.Rect || color.GrayModel.Convert(read.At(1, 1)) != (color.Gray{Y: 0x88}) {
			t.Errorf("read %v, %v", read, err)
		}
	}
	b.meddle(t, `UPDATE logo SET picture = x'00'`)
	if _, err := b.Logo(t.Context()); err == nil {
		t.Error("a damaged logo was read")
	}
	if err := b.SaveLogo(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if logo, err := b.Logo(t.Context()); logo != nil || err != nil {
		t.Errorf("taken away: %v, %v", logo, err)
	}
}
