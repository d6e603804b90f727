package paper

import (
	"encoding/hex"
	"slices"
	"strings"
)

// Roll is the paper of a printer: commands go in, slips come out.
type Roll struct {
	columns int
	style   Style
	align   Align
	barcode Barcode
	qr      QR
	// runs is the line that is not ended yet.
	runs  []Run
	width int
	// open says that a slip was begun.
	open   bool
	slip   Slip
	slips  []Slip
	pulses int
}

// NewRoll makes a roll of paper so many columns wide.
func NewRoll(columns int) *Roll {
	roll := &Roll{columns: max(columns, 1)}
	roll.reset()
	return roll
}

// Slips are the slips cut or torn off so far, oldest first.
func (r *Roll) Slips() []Slip { return slices.Clone(r.slips) }

// Pulses is how many drawer pulses came so far, with a slip or alone.
func (r *Roll) Pulses() int { return r.pulses }

// Lines is how many lines hang in the printer, not cut off yet.
func (r *Roll) Lines() int { return len(r.slip.Lines) }

// Tear takes off what hangs in the printer without a cut, if anything was
// printed, and switches the printer off and on.
func (r *Roll) Tear() {
	r.endLine()
	if len(r.slip.Lines) > 0 || len(r.slip.Unknown) > 0 || r.slip.Pulses > 0 {
		r.takeOff()
	}
	r.slip, r.open = Slip{}, false
	r.reset()
}

func (r *Roll) takeOff() {
	r.slip.Columns = r.columns
	r.slips = append(r.slips, r.slip)
	r.slip, r.open = Slip{}, false
}

// reset is what ESC @ and switching on do.
func (r *Roll) reset() {
	r.style = Style{Wide: 1, Tall: 1}
	r.align = Left
	r.barcode = Barcode{Module: 3, Height: 162}
	r.qr = QR{Module: 3, Level: "L"}
	r.runs, r.width = nil, 0
}

// Apply prints one command. Questions to the printer leave no trace.
func (r *Roll) Apply(command Command) {
	if r.asks(command) {
		return
	}
	if command.Op == "ESC p" {
		r.pulses++
		if r.open {
			r.slip.Pulses++
			r.slip.Bytes = append(r.slip.Bytes, command.Raw...)
		}
		return
	}
	r.open = true
	r.slip.Bytes = append(r.slip.Bytes, command.Raw...)
	if !r.print(command) && !r.format(command) && !known(command.Op) {
		r.slip.Unknown = append(r.slip.Unknown, hex.EncodeToString(command.Raw))
	}
}

// asks tells questions, and pulses in real time, from what makes a slip.
func (r *Roll) asks(command Command) bool {
	switch command.Op {
	case "DLE DC4":
		if command.Args[0] == 1 {
			r.pulses++
		}
		return true
	case "DLE EOT", "DLE ENQ", "GS a", "GS r", "GS I", "GS ( H":
		return true
	default:
		return false
	}
}

// known are commands that change nothing this package shows.
func known(op string) bool {
	switch op {
	case "ESC SP", "ESC %", "ESC 2", "ESC 3", "ESC =", "ESC D", "ESC G", "ESC M", "ESC R", "ESC S", "ESC V",
		"ESC t", "ESC {", "FS &", "FS .", "FS !", "FS -", "FS C", "FS S", "FS ( A",
		"GS L", "GS P", "GS W", "GS f", "CR", "CAN":
		return true
	default:
		return strings.HasPrefix(op, "ESC c")
	}
}

// print does the commands that put something on paper.
func (r *Roll) print(command Command) bool {
	switch command.Op {
	case "text":
		r.write(command.Text)
	case "HT":
		r.write(strings.Repeat(" ", 8-r.width%8))
	case "LF":
		r.newLine()
	case "ESC d":
		r.feedLines(int(command.Args[0]))
	case "ESC J":
		r.feedDots(int(command.Args[0]))
	case "GS v 0":
		r.raster(command.Args[1:])
	case "GS k":
		r.printBarcode(command.Args)
	case "GS ( k":
		return r.symbol(command.Args[3:])
	case "GS V", "ESC i", "ESC m":
		r.cut(command)
	default:
		return false
	}
	return true
}

// format does the commands that change how the next characters look.
func (r *Roll) format(command Command) bool {
	switch command.Op {
	case "ESC @":
		r.reset()
	case "ESC a":
		r.align = Align(command.Args[0] % '0' % 3)
	case "ESC E":
		r.style.Bold = command.Args[0]&1 == 1
	case "ESC -":
		r.style.Underline = command.Args[0]%'0' != 0
	case "GS B":
		r.style.Invert = command.Args[0]&1 == 1
	case "GS !":
		r.style.Wide, r.style.Tall = int(command.Args[0]>>4&7)+1, int(command.Args[0]&7)+1
	case "ESC !":
		r.mode(command.Args[0])
	case "GS h":
		r.barcode.Height = max(int(command.Args[0]), 1)
	case "GS w":
		r.barcode.Module = min(max(int(command.Args[0]), 1), 6)
	case "GS H":
		r.barcode.Text = command.Args[0]%'0' >= 2
	default:
		return false
	}
	return true
}

// mode is ESC !, which sets several styles at once.
func (r *Roll) mode(bits byte) {
	r.style.Bold = bits&0x08 != 0
	r.style.Underline = bits&0x80 != 0
	r.style.Tall = 1 + int(bits>>4&1)
	r.style.Wide = 1 + int(bits>>5&1)
}

// write adds characters to the line and wraps it where the paper ends.
func (r *Roll) write(text string) {
	for _, character := range text {
		width := runeWidth(character) * r.style.Wide
		if r.width+width > r.columns && r.width > 0 {
			r.newLine()
		}
		r.width += width
		if last := len(r.runs) - 1; last >= 0 && r.runs[last].Style == r.style {
			r.runs[last].Text += string(character)
			continue
		}
		r.runs = append(r.runs, Run{Text: string(character), Style: r.style})
	}
}

func (r *Roll) newLine() {
	r.add(Line{Runs: r.runs})
	r.runs, r.width = nil, 0
}

// endLine prints what waits in the line, if anything does.
func (r *Roll) endLine() {
	if len(r.runs) > 0 {
		r.newLine()
	}
}

func (r *Roll) add(line Line) {
	line.Align = r.align
	r.slip.Lines = append(r.slip.Lines, line)
}

func (r *Roll) feedLines(lines int) {
	if lines == 0 {
		r.endLine()
	}
	for range lines {
		r.newLine()
	}
}

func (r *Roll) feedDots(dots int) {
	r.endLine()
	if dots > 0 {
		r.add(Line{Feed: dots})
	}
}

func (r *Roll) cut(command Command) {
	r.endLine()
	if len(command.Args) > 1 {
		r.feedDots(int(command.Args[1]))
	}
	r.slip.Cut = true
	r.takeOff()
}
