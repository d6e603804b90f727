package escpos

import (
	"bytes"
	"slices"
	"strings"

	"shopbox/drivers"
	"shopbox/drivers/paper"
)

// Encode lays a document out for a printer and returns the bytes it prints
// from, the cut included.
func Encode(document drivers.Document, profile Profile) []byte {
	return slices.Concat(encode(document, profile)...)
}

// encode is Encode in pieces that end where a command ends, so that the
// printer can be asked for its status between them.
func encode(document drivers.Document, profile Profile) [][]byte {
	pieces := [][]byte{prologue(profile)}
	if document.OpenDrawer {
		pieces = append(pieces, pulse(profile))
	}
	e := encoder{profile: profile}
	cut := true
	for _, block := range document.Blocks {
		pieces = append(pieces, e.block(block)...)
		_, cut = block.(drivers.Label)
	}
	if cut {
		// Only the drawer was meant, or the last label was cut off already.
		return pieces
	}
	return append(pieces, finish(profile))
}

// prologue makes the printer ready: ESC @, and for Korean code table 0, double
// byte characters on, the Korean character set.
func prologue(profile Profile) []byte {
	if !profile.Korean {
		return []byte("\x1b@\x1bt\x00")
	}
	return []byte("\x1b@\x1bt\x00\x1c&\x1bR\x0d")
}

// pulse opens the drawer: ESC p with 50 ms on and 500 ms off.
func pulse(profile Profile) []byte {
	return []byte{0x1B, 'p', profile.drawerConnector(), 0x19, 0xFA}
}

func (p Profile) drawerConnector() byte {
	if p.DrawerPin == 5 {
		return 1
	}
	return 0
}

// finish feeds the paper to the cutter and cuts: GS V B.
func finish(profile Profile) []byte {
	if !profile.Cutter {
		return []byte("\x1bd\x05")
	}
	return []byte("\x1dVB\x03")
}

type encoder struct{ profile Profile }

func (e encoder) block(block drivers.Block) [][]byte {
	if drawn, ok := e.drawn(block); ok {
		return drawn
	}
	switch b := block.(type) {
	case drivers.Text:
		return [][]byte{e.text(b)}
	case drivers.Columns:
		return [][]byte{e.columns(b)}
	case drivers.Rule:
		return [][]byte{e.rule(b)}
	case drivers.Feed:
		return [][]byte{feed(b.Lines)}
	case drivers.Barcode:
		return [][]byte{e.barcode(b.Data)}
	case drivers.QR:
		return e.qr(b.Data)
	case drivers.Image:
		return e.image(b)
	case drivers.Label:
		return e.label(b)
	default:
		return nil
	}
}

// look is how characters are to look.
type look struct {
	align            drivers.Align
	bold, wide, tall bool
}

// styled switches a style on around lines, and off again.
func styled(l look, lines []byte) []byte {
	var on, off []byte
	if l.align != drivers.Left {
		on = append(on, 0x1B, 'a', byte(l.align))
	}
	if l.bold {
		on = append(on, 0x1B, 'E', 1)
	}
	if l.wide || l.tall {
		on = append(on, 0x1D, '!', size(l))
		off = append(off, 0x1D, '!', 0)
	}
	if l.bold {
		off = append(off, 0x1B, 'E', 0)
	}
	if l.align != drivers.Left {
		off = append(off, 0x1B, 'a', 0)
	}
	return slices.Concat(on, lines, off)
}

// size is the argument of GS !.
func size(l look) byte {
	var bits byte
	if l.wide {
		bits |= 0x10
	}
	if l.tall {
		bits |= 0x01
	}
	return bits
}

// width is how many columns a line has at this size.
func (e encoder) width(wide bool) int {
	if wide {
		return max(e.profile.Columns/2, 1)
	}
	return e.profile.Columns
}

func (e encoder) lines(lines []string) []byte {
	var out bytes.Buffer
	for _, line := range lines {
		out.Write(e.profile.bytes(line))
		out.WriteByte('\n')
	}
	return out.Bytes()
}

func (e encoder) text(t drivers.Text) []byte {
	lines := wrap(e.profile.clean(t.Text), e.width(t.Wide))
	return styled(look{align: t.Align, bold: t.Bold, wide: t.Wide, tall: t.Tall}, e.lines(lines))
}

// columns keeps the right part whole: a wide line that cannot hold it becomes
// a normal one.
func (e encoder) columns(c drivers.Columns) []byte {
	left, right := e.profile.clean(c.Left), strings.ReplaceAll(e.profile.clean(c.Right), "\n", " ")
	wide := c.Wide && paper.Width(right) <= e.width(true)
	lines := justify(left, right, e.width(wide))
	return styled(look{bold: c.Bold, wide: wide, tall: c.Tall}, e.lines(lines))
}

// justify sets left and right on one line; when they do not fit, the left
// wraps over the whole width and the right stands on the last line, or below
// it.
func justify(left, right string, width int) []string {
	lines := wrap(left, width)
	last := len(lines) - 1
	room := width - paper.Width(lines[last]) - paper.Width(right)
	if room < 1 && left != "" && right != "" {
		lines = append(lines, "")
		last++
		room = width - paper.Width(right)
	}
	if right != "" {
		lines[last] += strings.Repeat(" ", max(room, 0)) + right
	}
	return lines
}

func (e encoder) rule(r drivers.Rule) []byte {
	sign := "-"
	if r.Double {
		sign = "="
	}
	return []byte(strings.Repeat(sign, e.profile.Columns) + "\n")
}

func feed(lines int) []byte {
	if lines <= 0 {
		return nil
	}
	return []byte{0x1B, 'd', byte(min(lines, 255))}
}
