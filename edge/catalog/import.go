package catalog

import (
	"errors"

	"shopbox/protocol/money"
)

// The reasons why a file as a whole cannot be read.
var (
	// ErrFile says that the file is neither CSV nor an Excel workbook.
	ErrFile = errors.New("file_unreadable")
	// ErrFileOld says that the file is of an Excel before 2007 (xls) or locked
	// with a password; it can be saved as xlsx without one.
	ErrFileOld = errors.New("file_old_excel")
	// ErrFileTooLarge says that the file is over the limits.
	ErrFileTooLarge = errors.New("file_too_large")
	// ErrNoHeader says that no row names the columns for name and price.
	ErrNoHeader = errors.New("header_missing")
)

// Action is what importing a row would do.
type Action string

// What importing a row would do. A row with errors does nothing.
const (
	ActionNew    Action = "new"
	ActionUpdate Action = "update"
	ActionSame   Action = "same"
	ActionError  Action = "error"
)

// The columns of a product list, also the names used in errors.
const (
	ColumnID       = "id"
	ColumnName     = "name"
	ColumnCategory = "category"
	ColumnPrice    = "price"
	ColumnCost     = "cost"
	ColumnVAT      = "vat"
	ColumnBarcode  = "barcode"
	ColumnByWeight = "by_weight"
	ColumnUnit     = "unit"
	ColumnStock    = "stock"
	ColumnAge      = "age"
	ColumnNote     = "note"
	ColumnArchived = "archived"
)

// CellError says what is wrong with a cell.
type CellError struct {
	// Code says what is wrong: one of the Code constants, "bad_check_digit",
	// "duplicate_in_file", "barcode_taken", "barcode_rounded".
	Code string
	// Column is one of the Column constants; Value is what stands there.
	Column, Value string
	// Other is the number of the other row, for "duplicate_in_file".
	Other int
}

// The codes of cell errors, besides those of Problem and of ParseCode.
const (
	CodeDuplicateInFile = "duplicate_in_file"
	CodeBarcodeTaken    = "barcode_taken"
	CodeBarcodeRounded  = "barcode_rounded"
)

// RowResult is what a row of the file says and what importing it would do.
type RowResult struct {
	// Row is the row's number in the file, from 1, as a spreadsheet counts.
	Row int
	// Product is the product as it would be; its ID is empty when it is new.
	Product Product
	// NewCategory is the name of a category that does not exist yet; Product's
	// Category is then the one it had, or empty.
	NewCategory string
	// Stock is how much there is by the file, nil when it says nothing new.
	Stock  *money.Milli
	Action Action
	Errors []CellError
}

// Known is what the shop has already.
type Known struct {
	Products   []Product
	Categories []Category
	// Stock is what there is, by product id.
	Stock map[string]money.Milli
	// VAT is the treatment of new products when the file does not say.
	VAT money.VAT
}

// Preview says what importing a table would do, row by row, and changes
// nothing. The first rows may be titles; the row that names the columns is
// found by its words, Korean or English. ErrNoHeader when there is none.
//
// A row is the product of its id, else the one that has one of its barcodes,
// else, without a barcode, the one of its name. Columns and cells that are
// missing leave a known product as it is.
func Preview(table Table, known Known) ([]RowResult, error) {
	header, at, err := findHeader(table)
	if err != nil {
		return nil, err
	}
	reader := newReader(known)
	var results []RowResult
	for i, cells := range table[at+1:] {
		if blank(cells) {
			continue
		}
		results = append(results, reader.row(at+2+i, header.pick(cells)))
	}
	return results, nil
}
