package wage

import (
	"shopbox/protocol/money"
)

// taxFree finds the tax-free part of each item (소득세법 12 3호). A limit is
// for all items of its kind together.
func (p *pay) taxFree() error {
	room := map[TaxFree]money.Won{}
	for i := range p.result.Items {
		item := &p.result.Items[i]
		if item.TaxFree == Taxable {
			continue
		}
		left, known := room[item.TaxFree]
		if !known {
			limit, err := p.limit(item)
			if err != nil {
				return err
			}
			left = limit
		}
		item.Nontaxable = max(0, min(item.Amount, left))
		room[item.TaxFree] = left - item.Nontaxable
	}
	return p.birthSupport()
}

// limit is the most of a kind that is tax-free in the month, with its source
// on the first item of it.
func (p *pay) limit(item *Item) (money.Won, error) {
	month := p.Month.Month
	switch item.TaxFree {
	case Meal:
		limit, err := p.rates.MealTaxFree.At("tax-free meal money", month)
		item.Cite(limit.Source, "tax-free only if the shop gives no meals")
		return limit.Value, err
	case OwnCar:
		limit, err := p.rates.OwnCarTaxFree.At("tax-free car money", month)
		item.Cite(limit.Source, "tax-free only for the worker's own or rented car, instead of travel costs")
		return limit.Value, err
	case ChildCare:
		return p.childCare(item)
	case PremiumPay:
		return p.premiumPay(item)
	case Taxable, BirthSupport:
	}
	return 0, nil
}

// childCare is for each child from 2026 on (소득세법 12 3호 머목 2).
func (p *pay) childCare(item *Item) (money.Won, error) {
	limit, err := p.rates.ChildCareTaxFree.At("tax-free child care", p.Month.Month)
	if err != nil {
		return 0, err
	}
	item.Cite(limit.Source, limit.Remark)
	children := 0
	for _, a := range p.Contract.Allowances {
		if a.TaxFree == ChildCare {
			children = max(children, a.Children)
		}
	}
	if !limit.Value.EachChild {
		children = min(children, 1)
	}
	return limit.Value.Limit * money.Won(children), nil
}

// premiumPay is for service jobs with low pay (소득세법 시행령 17). In shops
// under five nothing is paid on top of the ordinary wage, so nothing of it is
// tax-free here.
func (p *pay) premiumPay(item *Item) (money.Won, error) {
	if !p.Contract.ServiceJob {
		return 0, nil
	}
	limit, err := p.rates.PremiumPayTaxFree.At("tax-free premium pay", p.Month.Month)
	if err != nil {
		return 0, err
	}
	item.Cite(limit.Source, limit.Remark)
	if p.fixedPay() > limit.Value.MonthlyPay || p.LastYearPay > limit.Value.LastYearPay {
		return 0, nil
	}
	item.Remark("unconfirmed: the whole pay of the overtime counts, not only its premium")
	return max(0, limit.Value.Yearly-p.PremiumTaxFree), nil
}

// fixedPay is 월정액급여: the month without premiums, single payments and
// what only replaces costs (소득세법 시행령 17①).
func (p *pay) fixedPay() money.Won {
	var sum money.Won
	for _, item := range p.result.Items[:len(p.result.Items)-p.paidOnce()] {
		if item.TaxFree != PremiumPay && item.TaxFree != OwnCar {
			sum += item.Amount
		}
	}
	return sum
}

// paidOnce counts the extras at the end of the items.
func (p *pay) paidOnce() int {
	count := 0
	for _, e := range p.Extras {
		if e.Amount != 0 {
			count++
		}
	}
	return count
}

// birthSupport is tax-free as a whole in the first payments within two years
// (소득세법 12 3호 머목 1).
func (p *pay) birthSupport() error {
	items := p.result.Items[len(p.result.Items)-p.paidOnce():]
	for _, e := range p.Extras {
		if e.Amount == 0 {
			continue
		}
		if e.TaxFree == BirthSupport {
			law, err := p.rates.BirthSupportTaxFree.At("tax-free birth support", p.Month.Month)
			if err != nil {
				return err
			}
			items[0].Cite(law.Source, law.Remark)
			if e.Payment <= law.Value.Payments && p.Month.Month.First() <= e.Born.AddMonths(law.Value.Months) {
				items[0].Nontaxable = e.Amount
			}
		}
		items = items[1:]
	}
	return nil
}
