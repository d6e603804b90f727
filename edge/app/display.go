package app

import (
	"shopbox/drivers"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// customerLines is what the customer reads on the display: the change after a
// payment, else the last line of the cart and what it comes to, else nothing.
func customerLines(snapshot till.Snapshot) []drivers.DisplayLine {
	if finished := snapshot.Finished; finished != nil {
		lines := []drivers.DisplayLine{amountLine("합계", "Total", finished.Total)}
		if finished.Change > 0 {
			lines = append(lines, amountLine("거스름돈", "Change", finished.Change))
		}
		return lines
	}
	if len(snapshot.Cart.Lines) == 0 {
		return nil
	}
	totals := snapshot.Cart.Totals()
	last := len(snapshot.Cart.Lines) - 1
	lines := []drivers.DisplayLine{{Left: snapshot.Cart.Lines[last].Item.Name, Right: totals.Lines[last].Amount.String()}}
	if totals.Due != totals.Total {
		return append(lines, amountLine("남은 금액", "Due", totals.Due))
	}
	return append(lines, amountLine("합계", "Total", totals.Total))
}

func amountLine(words, latin string, amount money.Won) drivers.DisplayLine {
	return drivers.DisplayLine{Left: words, Latin: latin, Right: amount.String()}
}
