// Package commission computes a share of one's own sales, as salons pay their
// designers: a rule the shop writes as data and a month's sales in, figures
// out. Pay slips of employees and payments to freelancers call it. It is
// pure; a commission is never below nothing and never below the guarantee.
package commission

import (
	"bytes"
	"encoding/json"
	"slices"

	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

// The refusals of this room.
const (
	// CodeRule is a rule that contradicts itself.
	CodeRule payroll.Code = "commission_rule_invalid"
	// CodeSales is sales below nothing, or VAT or material beyond them.
	CodeSales payroll.Code = "sales_out_of_range"
)

// Rule is how a shop shares sales.
type Rule struct {
	// LessVAT takes the VAT off the sales first, LessMaterial the cost of
	// material used.
	LessVAT      bool `json:"less_vat"`
	LessMaterial bool `json:"less_material"`
	// Tiers are the shares by sales, lowest first; the first begins at 0.
	Tiers []Tier `json:"tiers"`
	// Whole pays the share of the highest tier reached on all sales; else each
	// tier's share holds for the part within it.
	Whole bool `json:"whole,omitempty"`
	// Guarantee is the least a month pays, in won.
	Guarantee money.Won `json:"guarantee,omitempty"`
}

// Tier is a share in thousandths of the sales over a sum in won.
type Tier struct {
	Over     money.Won `json:"over"`
	Permille int64     `json:"permille"`
}

// Sales are a person's own sales of a month: Gross with VAT, the VAT in it,
// and the cost of the material used.
type Sales struct {
	Gross, VAT, Material money.Won
}

// Result is the month's commission.
type Result struct {
	// Base is the sales the shares are of.
	Base money.Won
	// Parts are one figure for each tier reached.
	Parts []payroll.Figure
	// TopUp fills up to the guarantee; no name when nothing is missing.
	TopUp payroll.Figure
	Total money.Won
}

// Read reads one rule with known fields only and checks it.
func Read(content []byte) (Rule, error) {
	var rule Rule
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&rule); err != nil {
		return Rule{}, payroll.Refuse(CodeRule, "the rule is not readable: %v", err)
	}
	if decoder.More() {
		return Rule{}, payroll.Refuse(CodeRule, "something follows the rule")
	}
	return rule, rule.Check()
}

// Check refuses a rule without tiers from 0 up or with shares above all.
func (r Rule) Check() error {
	if len(r.Tiers) == 0 || r.Tiers[0].Over != 0 {
		return payroll.Refuse(CodeRule, "the first tier begins at 0 won")
	}
	for i, tier := range r.Tiers {
		if tier.Permille < 0 || tier.Permille > 1000 {
			return payroll.Refuse(CodeRule, "a share of %d thousandths is not from 0 to 1000", tier.Permille)
		}
		if i > 0 && tier.Over <= r.Tiers[i-1].Over {
			return payroll.Refuse(CodeRule, "the tier over %d won is not above the one before", tier.Over)
		}
	}
	if r.Guarantee < 0 || r.Guarantee > payroll.MaxPay {
		return payroll.Refuse(CodeRule, "a guarantee of %d won is out of range", r.Guarantee)
	}
	return nil
}

// Pay is the commission on a month's sales, each part cut to the won.
func (r Rule) Pay(sales Sales) (Result, error) {
	if err := r.Check(); err != nil {
		return Result{}, err
	}
	base, err := r.base(sales)
	if err != nil {
		return Result{}, err
	}
	result := Result{Base: base}
	for _, part := range r.parts(base) {
		figure := part.figure(r, sales)
		result.Total += figure.Amount
		result.Parts = append(result.Parts, figure)
	}
	if missing := r.Guarantee - result.Total; missing > 0 {
		result.TopUp = r.topUp(result.Total, missing)
		result.Total = r.Guarantee
	}
	return result, nil
}

// base is the sales less what the rule takes off, not below nothing.
func (r Rule) base(sales Sales) (money.Won, error) {
	for _, amount := range []money.Won{sales.Gross, sales.VAT, sales.Material} {
		if amount < 0 || amount > payroll.MaxPay {
			return 0, payroll.Refuse(CodeSales, "sales of %d won are not from 0 to %d", amount, payroll.MaxPay)
		}
	}
	if sales.VAT > sales.Gross {
		return 0, payroll.Refuse(CodeSales, "VAT of %d won is more than the sales of %d", sales.VAT, sales.Gross)
	}
	base := sales.Gross
	if r.LessVAT {
		base -= sales.VAT
	}
	if r.LessMaterial {
		base -= sales.Material
	}
	return max(0, base), nil
}

// part is what one tier's share is of.
type part struct {
	tier   Tier
	amount money.Won
}

func (r Rule) parts(base money.Won) []part {
	reached := slices.DeleteFunc(slices.Clone(r.Tiers), func(tier Tier) bool { return tier.Over > 0 && base <= tier.Over })
	if r.Whole {
		return []part{{tier: reached[len(reached)-1], amount: base}}
	}
	parts := make([]part, len(reached))
	upper := base
	for i, tier := range slices.Backward(reached) {
		parts[i] = part{tier: tier, amount: upper - tier.Over}
		upper = tier.Over
	}
	return parts
}

func (p part) figure(rule Rule, sales Sales) payroll.Figure {
	inputs := []payroll.Amount{{Name: "sales", Value: int64(sales.Gross)}}
	if rule.LessVAT {
		inputs = append(inputs, payroll.Amount{Name: "vat", Value: int64(sales.VAT)})
	}
	if rule.LessMaterial {
		inputs = append(inputs, payroll.Amount{Name: "material", Value: int64(sales.Material)})
	}
	inputs = append(inputs,
		payroll.Amount{Name: "over", Value: int64(p.tier.Over)}, payroll.Amount{Name: "part", Value: int64(p.amount)})
	return payroll.Figure{
		Name: "commission", Amount: money.Won(int64(p.amount) * p.tier.Permille / 1000),
		Rule: "part x rate, cut to the won", Inputs: inputs,
		Rate:    payroll.Fraction{Num: p.tier.Permille, Den: 1000},
		Sources: []string{"the shop's own rule"},
	}
}

func (r Rule) topUp(total, missing money.Won) payroll.Figure {
	return payroll.Figure{
		Name: "commission_guarantee", Amount: missing, Rule: "guarantee - commission",
		Inputs: []payroll.Amount{{Name: "guarantee", Value: int64(r.Guarantee)}, {Name: "commission", Value: int64(total)}},
		Rate:   payroll.Fraction{Num: 1, Den: 1}, Sources: []string{"the shop's own rule"},
		Remarks: []string{"an employee's commission must also reach the minimum wage for the hours worked (최저임금법 시행령 5②)"},
	}
}
