package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"shopbox/drivers/paper"
	"shopbox/edge/payroll"
	"shopbox/edge/payroll/slip"
	"shopbox/edge/payroll/slippdf"
	"shopbox/protocol/holiday"
)

// slipHelp is what edge slip --help says.
const slipHelp = `usage: edge slip FILE.json > slip.pdf
       edge slip --json FILE.json

한 사람의 한 달 근로시간 기록으로 임금명세서(PDF)를 만들어요. --json은 모든 금액을 근거와 함께 보여 줘요.
Makes the pay slip of one worker's month from time records. --json prints it as data with every figure explained.

The file (amounts in won, times in minutes from midnight, 540 is 09:00; past midnight goes on, 1500 is 01:00):

  shop        name, number (business number), address
  worker      name, number or born (one of both is needed), job
  paid_on     the day of payment, 2026-12-10
  tax         family (with the worker), children (aged 8 to 20), ratio (80, 100 or 120; 100 if none)
  employer    industry (for the accident premium), size (under_150, priority, under_1000, large), staff
  exempt      pension, health, employment, unemployment
  billed      pension, health, ltc, employment: what the offices billed in place of what is computed
  deductions  other deductions: name, amount, note
  corrections of locked months: of, into, reason, entries (name, kind earning|deduction|employer, booked, recomputed)
  commission  rule (less_vat, less_material, tiers of over and permille, whole, guarantee), sales (gross, vat, material)
  work        month      2026-11
              contract   per (hour, day, month), wage, hired, left, allowances (name, amount, ordinary, tax_free: meal,
                         own_car, child_care), schedule (contracted: minutes of each weekday, Sunday first;
                         weekly_holiday and week_start: 0 is Sunday), probation_months, term_months, service_job
              shop       five_or_more (five or more staff), hours (up or nearest: 209 for 208.57; exact if none)
              days       date, spans and breaks (from, to), absences (kind absent|late_early|excused|paid_leave, minutes),
                         planned; from the Monday, or other first day, of the week the month begins in
              extras     paid once: name, amount, tax_free

Examples: edge/payroll/slip/testdata/*.json
`

// RunSlip makes the slip of the file named after the command's name. A
// refusal says its code first.
func RunSlip(args []string, out io.Writer) error {
	if len(args) == 1 && (args[0] == "--help" || args[0] == "-h") {
		_, err := io.WriteString(out, slipHelp)
		return err
	}
	asData := len(args) == 2 && args[0] == "--json"
	if len(args) != 1 && !asData {
		return ErrUsage
	}
	content, err := os.ReadFile(args[len(args)-1])
	if err != nil {
		return err
	}
	made, err := makeSlip(content)
	if err != nil {
		return coded(err)
	}
	if asData {
		return writeJSON(out, made)
	}
	printed, err := printSlip(&made)
	if err != nil {
		return coded(err)
	}
	_, err = out.Write(printed)
	return err
}

func makeSlip(content []byte) (slip.Slip, error) {
	input, err := slip.Read(content)
	if err != nil {
		return slip.Slip{}, err
	}
	rates, err := payroll.BuiltIn()
	if err != nil {
		return slip.Slip{}, err
	}
	calendar, err := holiday.BuiltIn()
	if err != nil {
		return slip.Slip{}, err
	}
	return slip.Compute(&rates, calendar, input)
}

// printSlip dates the file on the day of payment, so that the same month is
// the same file.
func printSlip(made *slip.Slip) ([]byte, error) {
	plain, err := paper.Font(false)
	if err != nil {
		return nil, err
	}
	heavy, err := paper.Font(true)
	if err != nil {
		return nil, err
	}
	press, err := slippdf.NewPress(plain, heavy)
	if err != nil {
		return nil, err
	}
	return press.Print(made, made.PaidOn.Time())
}

func writeJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// coded puts the code of a refusal before its sentence.
func coded(err error) error {
	if refused, ok := errors.AsType[*payroll.Error](err); ok {
		return fmt.Errorf("%s: %w", refused.Code, err)
	}
	return err
}
