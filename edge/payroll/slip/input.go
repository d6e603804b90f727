package slip

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/correction"
	"shopbox/edge/payroll/wage"
	"shopbox/protocol/money"
)

// MaxFile is the largest file read, in bytes.
const MaxFile = 1 << 20

// Input is a month of one worker as the file of edge slip holds it.
type Input struct {
	Shop   Shop   `json:"shop"`
	Worker Worker `json:"worker"`
	// PaidOn is the day of payment; its month decides the withholding table.
	PaidOn payroll.Date `json:"paid_on"`
	// Work is the contract, the time records and what is paid once.
	Work wage.Month `json:"work"`
	// Commission is a share of the worker's own sales; none is paid without.
	Commission *Commission `json:"commission,omitempty"`
	Tax        Tax         `json:"tax"`
	// Employer decides the employer's premiums.
	Employer Employer `json:"employer"`
	// Exempt are the insurances the worker is not in.
	Exempt []payroll.Exemption `json:"exempt,omitempty"`
	// Billed replaces computed premiums by those billed: pension, health, ltc,
	// employment.
	Billed map[string]money.Won `json:"billed,omitempty"`
	// Deductions are others the law or an agreement allows (근로기준법 43①).
	Deductions []Deduction `json:"deductions,omitempty"`
	// Corrections of locked months that this slip carries.
	Corrections []correction.Correction `json:"corrections,omitempty"`
}

// Tax is what decides the tax beside the pay; no ratio is 100.
type Tax struct {
	Family   int `json:"family"`
	Children int `json:"children,omitempty"`
	Ratio    int `json:"ratio,omitempty"`
}

// Employer is payroll.Employer in a file.
type Employer struct {
	Size     payroll.Size `json:"size,omitempty"`
	Industry string       `json:"industry,omitempty"`
	Staff    int          `json:"staff,omitempty"`
}

// Deduction is taken from the pay beside taxes and premiums.
type Deduction struct {
	Name   string    `json:"name"`
	Amount money.Won `json:"amount"`
	// Note says what it is for; it stands on the slip.
	Note string `json:"note,omitempty"`
}

// Read reads a file of known fields and nothing after it. Anything else is
// CodeRead, or the code of the month or date that is wrong.
func Read(content []byte) (Input, error) {
	if len(content) > MaxFile {
		return Input{}, payroll.Refuse(CodeRead, "the file is larger than %d bytes", MaxFile)
	}
	var input Input
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&input); err != nil {
		if refused, ok := errors.AsType[*payroll.Error](err); ok {
			return Input{}, refused
		}
		return Input{}, payroll.Refuse(CodeRead, "the file is not a month of one worker: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Input{}, payroll.Refuse(CodeRead, "something follows the month")
	}
	for _, extra := range input.Work.Extras {
		if extra.Figure != nil {
			return Input{}, payroll.Refuse(CodeRead, "%q brings its own explanation; leave the figure out, or use commission", extra.Name)
		}
	}
	return input, nil
}

// pay is the input of the engine for a month's gross pay.
func (in *Input) pay(gross wage.Result) payroll.Input {
	ratio := in.Tax.Ratio
	if ratio == 0 {
		ratio = 100
	}
	return payroll.Input{
		Month: in.Work.Month, Paid: in.PaidOn.Month(), Gross: gross.Gross, Nontaxable: gross.Nontaxable,
		Worker:   payroll.Worker{Family: in.Tax.Family, Children: in.Tax.Children, Ratio: ratio},
		Employer: payroll.Employer{Size: in.Employer.Size, Industry: in.Employer.Industry, Staff: in.Employer.Staff},
		Joined:   in.Work.Contract.Hired, Exempt: in.Exempt, Billed: in.Billed,
	}
}
