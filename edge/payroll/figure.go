package payroll

import "shopbox/protocol/money"

// Figure is an amount with everything that makes it checkable by hand.
type Figure struct {
	// Name is the stable name a screen looks its words up by.
	Name   string    `json:"name"`
	Amount money.Won `json:"amount"`
	// Rule is the formula over the inputs' names; floor10 cuts what is under
	// 10 won.
	Rule   string   `json:"rule"`
	Inputs []Amount `json:"inputs"`
	Rate   Fraction `json:"rate"`
	// Sources are the statutes and notices the rule and its rates stand in.
	Sources []string `json:"sources"`
	// Remarks say what is unconfirmed or must be watched.
	Remarks []string `json:"remarks,omitempty"`
}

// Amount is a named input: won, or a count.
type Amount struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// Remark adds what is unconfirmed or must be watched.
func (f *Figure) Remark(remark string) { f.Remarks = append(f.Remarks, remark) }

func amountOf(name string, won money.Won) Amount { return Amount{Name: name, Value: int64(won)} }

// rated is the plain rule: an input times a rate, cut to 10 won.
func rated(name string, input Amount, rate Dated[Fraction]) Figure {
	figure := Figure{
		Name: name, Amount: rate.Value.of(money.Won(input.Value)),
		Rule: "floor10(" + input.Name + " x rate)", Inputs: []Amount{input}, Rate: rate.Value,
	}
	figure.Cite(rate.Source, rate.Remark)
	return figure
}

// Cite adds a source and its remark, if any.
func (f *Figure) Cite(source, remark string) {
	f.Sources = append(f.Sources, source)
	if remark != "" {
		f.Remarks = append(f.Remarks, remark)
	}
}
