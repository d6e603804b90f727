package cli

import (
	"encoding/csv"
	"io"
	"strconv"

	"shopbox/edge/payroll"
)

// Withholding writes the monthly withholding table in force for payments of a
// month (소득세법 시행령 별표 2) as CSV with a header: the bounds of the row
// in thousand won, then the tax for 1 to 11 people. The last row is pay of
// exactly its bound. The month is written like 2026-11.
func Withholding(month string, out io.Writer) error {
	paid, err := payroll.ParseMonth(month)
	if err != nil {
		return err
	}
	rates, err := payroll.BuiltIn()
	if err != nil {
		return err
	}
	table, err := rates.WithholdingTable.At("withholding table", paid)
	if err != nil {
		return err
	}
	header := []string{"lower_thousand_won", "upper_thousand_won"}
	for family := range payroll.Columns {
		header = append(header, "family_"+strconv.Itoa(family+1))
	}
	writer := csv.NewWriter(out)
	records := [][]string{header}
	for _, row := range table.Value.All() {
		record := []string{strconv.FormatInt(row.Low, 10), strconv.FormatInt(row.High, 10)}
		for _, tax := range row.Tax {
			record = append(record, strconv.FormatInt(int64(tax), 10))
		}
		records = append(records, record)
	}
	return writer.WriteAll(records)
}
