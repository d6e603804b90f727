// Package cli holds the commands of the box's program that work without a
// running box: pay and withholding, a receipt on paper, and a device by hand.
// Package main calls it with the terminal's streams. Commands keep no state;
// what they compute is the same for the same input.
package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

// MaxLine is the longest input line in bytes, without its end.
const MaxLine = 64 << 10

// The refusals of a line before the engine sees it.
const (
	codeJSON    = "json_invalid"
	codeField   = "field_missing"
	codeTooLong = "line_too_long"
)

// payLine is a line of input. Family and the two amounts asked of everyone
// have no default; the tax ratio is by law 100 unless the worker applies for
// another (소득세법 시행령 194①).
type payLine struct {
	Month      *payroll.Month `json:"month"`
	Paid       payroll.Month  `json:"paid"`
	Gross      *money.Won     `json:"gross"`
	Nontaxable money.Won      `json:"nontaxable"`
	Family     *int           `json:"family"`
	Children   int            `json:"children"`
	Ratio      *int           `json:"ratio"`
	Size       payroll.Size   `json:"employer_size"`
	Industry   string         `json:"industry"`
	Staff      int            `json:"staff"`

	Exempt []payroll.Exemption `json:"exempt"`
}

type payAnswer struct {
	Pension      money.Won        `json:"pension"`
	Health       money.Won        `json:"health"`
	LongTermCare money.Won        `json:"ltc"`
	Employment   money.Won        `json:"employment"`
	IncomeTax    money.Won        `json:"income_tax"`
	LocalTax     money.Won        `json:"local_tax"`
	Net          money.Won        `json:"net"`
	Employer     employerAnswer   `json:"employer"`
	Explanation  []payroll.Figure `json:"explanation,omitempty"`
}

type employerAnswer struct {
	Pension      money.Won `json:"pension"`
	Health       money.Won `json:"health"`
	LongTermCare money.Won `json:"ltc"`
	Employment   money.Won `json:"employment"`
	Accident     money.Won `json:"accident,omitempty"`
}

// lineFault is a refused line.
type lineFault struct {
	Line  int       `json:"line"`
	Error faultText `json:"error"`
}

type faultText struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func refuse(line int, code, message string) lineFault {
	return lineFault{Line: line, Error: faultText{Code: code, Message: message}}
}

// Pay answers each JSON line of in with a JSON line on out: the month's
// deductions, net pay and employer's side, or the line's number and error.
// Empty lines are passed over but counted. With explain each answer carries
// how its figures came about. The error is one of reading or writing, never
// of a line.
func Pay(rates *payroll.Rates, in io.Reader, out io.Writer, explain bool) error {
	writer := bufio.NewWriter(out)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	reader := bufio.NewReaderSize(in, MaxLine+1) // and the line's end
	for number := 1; ; number++ {
		line, tooLong, err := nextLine(reader)
		if err != nil {
			return errors.Join(ended(err), writer.Flush())
		}
		var answer any
		switch {
		case tooLong:
			answer = refuse(number, codeTooLong, fmt.Sprintf("the line is longer than %d bytes", MaxLine))
		case len(bytes.TrimSpace(line)) == 0:
			continue
		default:
			answer = answerLine(rates, number, line, explain)
		}
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
}

// ended is nil for the end of the input.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// nextLine reads a line without its end; of one too long for the buffer it
// passes over the rest. The line is good until the next call.
func nextLine(reader *bufio.Reader) (line []byte, tooLong bool, err error) {
	line, err = reader.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		tooLong = true
		_, err = reader.ReadSlice('\n')
	}
	if errors.Is(err, io.EOF) && (tooLong || len(line) > 0) {
		err = nil
	}
	return line, tooLong, err
}

// answerLine is a payAnswer or a lineFault.
func answerLine(rates *payroll.Rates, number int, line []byte, explain bool) any {
	input, err := readLine(line)
	if err == nil {
		var result payroll.Result
		if result, err = rates.Pay(input); err == nil {
			return answerOf(&result, explain)
		}
	}
	if refused, ok := errors.AsType[*payroll.Error](err); ok {
		return refuse(number, string(refused.Code), refused.Message)
	}
	if errors.Is(err, errMissing) {
		return refuse(number, codeField, err.Error())
	}
	return refuse(number, codeJSON, err.Error())
}

var errMissing = errors.New("month, gross and family are needed")

// readLine takes one JSON object with known fields and nothing after it.
func readLine(line []byte) (payroll.Input, error) {
	var fields payLine
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&fields); err != nil {
		return payroll.Input{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return payroll.Input{}, errors.New("something follows the object")
	}
	if fields.Month == nil || fields.Gross == nil || fields.Family == nil {
		return payroll.Input{}, errMissing
	}
	ratio := 100
	if fields.Ratio != nil {
		ratio = *fields.Ratio
	}
	return payroll.Input{
		Month: *fields.Month, Paid: fields.Paid, Gross: *fields.Gross, Nontaxable: fields.Nontaxable,
		Worker:   payroll.Worker{Family: *fields.Family, Children: fields.Children, Ratio: ratio},
		Employer: payroll.Employer{Size: fields.Size, Industry: fields.Industry, Staff: fields.Staff},
		Exempt:   fields.Exempt,
	}, nil
}

func answerOf(result *payroll.Result, explain bool) payAnswer {
	answer := payAnswer{
		Pension:      result.Pension.Amount,
		Health:       result.Health.Amount,
		LongTermCare: result.LongTermCare.Amount,
		Employment:   result.Employment.Amount,
		IncomeTax:    result.Withholding.Income.Amount,
		LocalTax:     result.Withholding.Local.Amount,
		Net:          result.Net.Amount,
		Employer: employerAnswer{
			Pension:      result.Pension.Amount,
			Health:       result.Health.Amount,
			LongTermCare: result.LongTermCare.Amount,
			Employment:   result.EmployerEmployment.Amount,
			Accident:     result.Accident.Amount,
		},
	}
	if explain {
		answer.Explanation = result.Figures()
	}
	return answer
}
