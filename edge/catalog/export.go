package catalog

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"shopbox/protocol/money"
)

// exportColumns are the columns of an exported list with their Korean and
// English heads; ReadTable and Preview understand both.
var exportColumns = [...]struct{ column, korean, english string }{
	{ColumnName, "상품명", "Name"},
	{ColumnBarcode, "바코드", "Barcode"},
	{ColumnPrice, "판매가", "Price"},
	{ColumnCost, "매입가", "Cost"},
	{ColumnCategory, "분류", "Category"},
	{ColumnVAT, "과세구분", "VAT"},
	{ColumnUnit, "단위", "Unit"},
	{ColumnByWeight, "중량판매", "By weight"},
	{ColumnStock, "재고", "Stock"},
	{ColumnAge, "나이확인", "Age"},
	{ColumnNote, "메모요청", "Note"},
	{ColumnArchived, "판매중지", "Archived"},
	{ColumnID, "관리번호", "ID"},
}

// Export is the shop's products as a table with a row of column names, Korean
// or English, that Preview reads back as it was.
func Export(known Known, english bool) Table {
	categories := make(map[string]string, len(known.Categories))
	for _, category := range known.Categories {
		categories[category.ID] = category.Name
	}
	heads := make([]string, len(exportColumns))
	for i, column := range exportColumns {
		heads[i] = column.korean
		if english {
			heads[i] = column.english
		}
	}
	table := Table{heads}
	for _, product := range known.Products {
		cells := product.cells(english)
		cells[ColumnCategory] = categories[product.Category]
		if level, counted := known.Stock[product.ID]; counted && product.TrackStock {
			cells[ColumnStock] = level.String()
		}
		row := make([]string, len(exportColumns))
		for i, column := range exportColumns {
			row[i] = cells[column.column]
		}
		table = append(table, row)
	}
	return table
}

func (p Product) cells(english bool) map[string]string {
	cells := map[string]string{
		ColumnID: p.ID, ColumnName: p.Name, ColumnUnit: p.Unit,
		ColumnBarcode:  strings.Join(p.Barcodes, ";"),
		ColumnPrice:    plainWon(p.Price),
		ColumnVAT:      vatWord(p.VAT, english),
		ColumnByWeight: flagWord(p.ByWeight),
		ColumnArchived: flagWord(p.Archived),
		ColumnNote:     p.NoteLabel(),
		ColumnAge:      strconv.Itoa(p.Age()),
	}
	if p.Cost != nil {
		cells[ColumnCost] = plainWon(*p.Cost)
	}
	return cells
}

func plainWon(amount money.Won) string { return strconv.FormatInt(int64(amount), 10) }

func vatWord(vat money.VAT, english bool) string {
	switch {
	case english:
		return string(vat)
	case vat == money.Exempt:
		return "면세"
	}
	return "과세"
}

func flagWord(on bool) string {
	if on {
		return "Y"
	}
	return "N"
}

// CSV writes the table in UTF-8 with a byte order mark, which Excel needs to
// read Korean. A text that a spreadsheet would take for a formula gets an
// apostrophe before it, which ReadTable takes off again.
func (t Table) CSV() ([]byte, error) {
	var file bytes.Buffer
	file.WriteString(bom)
	writer := csv.NewWriter(&file)
	writer.UseCRLF = true
	for _, cells := range t {
		row := make([]string, len(cells))
		for i, cell := range cells {
			row[i] = cell
			if guarded(cell) {
				row[i] = "'" + cell
			}
		}
		if err := writer.Write(row); err != nil {
			return nil, fmt.Errorf("write csv: %w", err)
		}
	}
	writer.Flush()
	if err := writer.Error(); err != nil {
		return nil, fmt.Errorf("write csv: %w", err)
	}
	return file.Bytes(), nil
}

// guarded reports whether a text needs an apostrophe in CSV: formulas do, and
// what would lose its own apostrophe when it is read; negative numbers do not.
func guarded(cell string) bool {
	_, number := parseQuantity(cell)
	return formula(cell) && !number || quoted(cell)
}

// XLSX writes the table as an Excel workbook of one sheet. Every cell is text:
// no barcode is rounded, no name becomes a formula.
func (t Table) XLSX() ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	writer, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	for i, cells := range t {
		row := make([]any, len(cells))
		for j, cell := range cells {
			row[j] = cell
			if quoted(cell) {
				row[j] = "'" + cell
			}
		}
		if err := writer.SetRow("A"+strconv.Itoa(i+1), row); err != nil {
			return nil, fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := writer.Flush(); err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	file, err := book.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	return file.Bytes(), nil
}
