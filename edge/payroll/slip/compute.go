package slip

import (
	"fmt"
	"slices"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/commission"
	"shopbox/edge/payroll/wage"
	"shopbox/protocol/holiday"
	"shopbox/protocol/money"
)

// Commission is a share of the worker's own sales that belongs to the month.
type Commission struct {
	Rule  commission.Rule `json:"rule"`
	Sales Sales           `json:"sales"`
}

// Sales are commission.Sales in a file.
type Sales struct {
	Gross    money.Won `json:"gross"`
	VAT      money.Won `json:"vat,omitempty"`
	Material money.Won `json:"material,omitempty"`
}

// Compute goes from a month's time records to its slip. Errors are
// *payroll.Error, and *holiday.Error for a year whose public holidays are not
// known.
func Compute(rates *payroll.Rates, calendar holiday.Calendar, in Input) (Slip, error) {
	if err := in.addCommission(); err != nil {
		return Slip{}, err
	}
	gross, err := wage.Pay(rates, calendar, in.Work)
	if err != nil {
		return Slip{}, err
	}
	return Make(rates, &in, gross)
}

// addCommission makes the commission part of what is paid once, each tier
// with its explanation.
func (in *Input) addCommission() error {
	if in.Commission == nil {
		return nil
	}
	c := in.Commission
	result, err := c.Rule.Pay(commission.Sales{Gross: c.Sales.Gross, VAT: c.Sales.VAT, Material: c.Sales.Material})
	if err != nil {
		return err
	}
	extras := slices.Clip(in.Work.Extras)
	for i, part := range result.Parts {
		name := label(part.Name)
		if i > 0 {
			name = fmt.Sprintf("%s %d구간", name, i+1)
		}
		extras = append(extras, wage.Extra{Name: name, Amount: part.Amount, Figure: &part})
	}
	if result.TopUp.Name != "" {
		extras = append(extras, wage.Extra{Name: label(result.TopUp.Name), Amount: result.TopUp.Amount, Figure: &result.TopUp})
	}
	in.Work.Extras = extras
	return nil
}
