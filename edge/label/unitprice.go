package label

import (
	"fmt"

	"shopbox/protocol/money"
)

// measure is a unit of contents and the amount a price is told for, in
// thousandths of the small unit.
type measure struct {
	// small is the unit the price is told for, "piece" for pieces; factor how
	// many of it are in one.
	small  string
	factor int64
	// per is the amount of the price.
	per int64
}

// measures are the units of contents. Prices are told for 100 g, 100 mL or one
// piece, the usual ones; which amount the notice on price labels (가격표시제
// 실시요령) wants for an article differs and is not known here.
func measures() map[string]measure {
	return map[string]measure{
		"g": {"g", 1, 100}, "kg": {"g", 1000, 100}, "mL": {"mL", 1, 100}, "L": {"mL", 1000, 100}, "piece": {"piece", 1, 1},
	}
}

// Units are the units a content may have.
func Units() []string { return []string{"g", "kg", "mL", "L", "piece"} }

// maxContent is the largest content, in thousandths of its unit.
const maxContent = 1_000_000_000

// unitPrice is the price of 100 g or the like, rounded to the won; empty without
// a content.
func unitPrice(price money.Won, content Content, words map[string]string) (string, error) {
	if content == (Content{}) {
		return "", nil
	}
	measure, known := measures()[content.Unit]
	if !known || content.Quantity <= 0 || content.Quantity > maxContent {
		return "", ErrContent
	}
	all := int64(content.Quantity) * measure.factor
	told := (int64(price)*measure.per*1000 + all/2) / all
	amount := fmt.Sprint(measure.per, measure.small)
	if measure.small == "piece" {
		amount = fmt.Sprint(measure.per) + words["piece"]
	}
	return fmt.Sprintf(words["per"], amount, money.Won(told)), nil
}
