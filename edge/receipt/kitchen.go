package receipt

import (
	"slices"

	"shopbox/drivers"
	"shopbox/edge/sale"
)

// Kitchen is the order for whoever prepares the goods: large, without prices,
// only the given lines of the sale.
func (r *Renderer) Kitchen(done sale.Sale, lines []sale.SoldLine, options Options) drivers.Document {
	s := r.slip(options.Language)
	s.add(
		drivers.Text{Text: s.words["kitchen"] + " " + callNumber(done.Number), Align: drivers.Centre, Bold: true, Wide: true, Tall: true},
		drivers.Columns{Left: s.words.moment(done.At), Right: done.Number},
		drivers.Rule{Double: true},
	)
	for _, line := range lines {
		s.add(drivers.Columns{Left: line.Item.Name, Right: "x " + line.Quantity.String(), Bold: true, Wide: true, Tall: true})
		if line.Note != "" {
			s.add(drivers.Text{Text: "  > " + line.Note, Bold: true, Tall: true})
		}
	}
	s.add(drivers.Rule{})
	if done.Note != "" {
		s.add(drivers.Text{Text: s.words["note"] + ": " + done.Note, Bold: true, Tall: true})
	}
	s.named("staff", done.By.Name)
	return drivers.Document{Blocks: s.blocks}
}

// callNumber is what is called out: the number of the sale within its day.
func callNumber(number string) string {
	if at := len(number) - 4; at > 0 && number[at-1] == '-' {
		return number[at:]
	}
	return number
}

// Copied is a slip that was given to a printer before, so that whoever finds it
// twice knows. It opens no drawer again. A label stays as it is: one more of it
// does no harm.
func (r *Renderer) Copied(slip drivers.Document, options Options) drivers.Document {
	mark := drivers.Text{
		Text: "[" + r.in(options.Language)["copy"] + "]", Align: drivers.Centre, Bold: true, Wide: true, Tall: true,
	}
	if len(slip.Blocks) > 0 && (isLabel(slip.Blocks[0]) || slip.Blocks[0] == drivers.Block(mark)) {
		return drivers.Document{Blocks: slip.Blocks}
	}
	return drivers.Document{Blocks: slices.Concat([]drivers.Block{mark}, slip.Blocks)}
}

func isLabel(block drivers.Block) bool {
	_, is := block.(drivers.Label)
	return is
}
