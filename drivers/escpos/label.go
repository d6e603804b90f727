package escpos

import (
	"strings"

	"shopbox/drivers"
	"shopbox/drivers/label"
)

// LabelStock implements drivers.Labeller.
func (p *Printer) LabelStock() drivers.LabelStock { return p.config.Profile.labelStock() }

func (p Profile) labelStock() drivers.LabelStock {
	return drivers.LabelStock{Resolution: p.resolution(), Widest: p.Columns * 12}
}

// label is a label as often as it is wanted, each a picture of its size that is
// cut off. One that cannot be laid out comes out as text.
func (e encoder) label(l drivers.Label) [][]byte {
	var one [][]byte
	if plan, err := label.Lay(l, e.profile.labelStock()); err == nil {
		one = e.bands(drivers.Image{Picture: plan.Picture()})
	} else {
		one = [][]byte{
			e.text(drivers.Text{Text: l.Title, Bold: true}),
			e.columns(drivers.Columns{Left: strings.Join(l.Notes, " "), Right: l.Price, Bold: true}),
			e.text(drivers.Text{Text: l.Code.Data, Align: drivers.Centre}),
		}
	}
	one = append(one, finish(e.profile))
	var all [][]byte
	for range max(l.Copies, 1) {
		all = append(all, one...)
	}
	return all
}
