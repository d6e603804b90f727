package catalog

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// reader turns rows into products, knowing what the shop has and what earlier
// rows said.
type reader struct {
	known      Known
	byID       map[string]Product
	byBarcode  map[string]string
	byName     map[string]string
	categories map[string]string
	// rows are the numbers of the earlier rows, by product or barcode.
	rows map[string]int
}

func newReader(known Known) *reader {
	r := &reader{
		known: known, byID: make(map[string]Product), byBarcode: make(map[string]string),
		byName: make(map[string]string), categories: make(map[string]string), rows: make(map[string]int),
	}
	for _, product := range known.Products {
		r.byID[product.ID] = product
		// A product still sold goes before one that is not.
		if _, taken := r.byName[fold(product.Name)]; !taken || !product.Archived {
			r.byName[fold(product.Name)] = product.ID
		}
		for _, barcode := range product.Barcodes {
			r.byBarcode[barcode] = product.ID
		}
	}
	for _, category := range known.Categories {
		r.categories[fold(category.Name)] = category.ID
	}
	return r
}

// row is what one row says.
func (r *reader) row(number int, cells map[string]string) RowResult {
	row := &rowReader{cells: cells}
	barcodes := row.barcodes()
	before, exists := r.find(row, barcodes)
	product := before
	if !exists {
		product = Product{VAT: r.known.VAT}
	}
	row.product = &product
	row.fill(barcodes)
	result := RowResult{Row: number}
	result.NewCategory = r.category(row)
	result.Stock = r.stock(row, exists)
	r.duplicates(row, number, barcodes)
	if _, given := cells[ColumnPrice]; !given && !exists {
		row.wrong(ColumnPrice, CodeMissing, "")
	}
	for _, problem := range product.Check() {
		row.problem(problem)
	}
	result.Product, result.Errors = product, row.errors
	same := exists && result.NewCategory == "" && result.Stock == nil && equal(before, product)
	result.Action = action(exists, same, len(row.errors) > 0)
	return result
}

func action(exists, same, wrong bool) Action {
	switch {
	case wrong:
		return ActionError
	case same:
		return ActionSame
	case exists:
		return ActionUpdate
	}
	return ActionNew
}

// find is the known product a row is about.
func (r *reader) find(row *rowReader, barcodes []string) (Product, bool) {
	if product, known := r.byID[row.cells[ColumnID]]; known {
		return product, true
	}
	for _, barcode := range barcodes {
		if id, known := r.byBarcode[barcode]; known {
			return r.byID[id], true
		}
	}
	if len(barcodes) > 0 {
		return Product{}, false
	}
	product, known := r.byID[r.byName[fold(row.cells[ColumnName])]]
	return product, known
}

// category puts the product into the category of its name; a name nobody has
// yet is returned.
func (r *reader) category(row *rowReader) string {
	name, given := row.cells[ColumnCategory]
	if !given {
		return ""
	}
	if id, known := r.categories[fold(name)]; known {
		row.product.Category = id
		return ""
	}
	if code := requiredText(name, MaxCategory); code != "" {
		row.wrong(ColumnCategory, code, name)
	}
	return name
}

// stock is what the row says is there, nil when that is known already.
func (r *reader) stock(row *rowReader, exists bool) *money.Milli {
	cell, given := row.cells[ColumnStock]
	if !given {
		return nil
	}
	quantity, ok := parseQuantity(cell)
	if !ok {
		row.wrong(ColumnStock, CodeInvalid, cell)
		return nil
	}
	level, counted := r.known.Stock[row.product.ID]
	if exists && counted && level == quantity || !counted && quantity == 0 {
		return nil
	}
	row.product.TrackStock = true
	return &quantity
}

// duplicates names the earlier row that has the same product or barcode, and
// barcodes that belong to another product.
func (r *reader) duplicates(row *rowReader, number int, barcodes []string) {
	product := *row.product
	if product.ID != "" {
		r.once(row, number, "id "+product.ID, CellError{Column: ColumnName, Value: product.Name})
	} else if len(barcodes) == 0 {
		r.once(row, number, "name "+fold(product.Name), CellError{Column: ColumnName, Value: product.Name})
	}
	for _, barcode := range barcodes {
		if owner, taken := r.byBarcode[barcode]; taken && owner != product.ID {
			row.wrong(ColumnBarcode, CodeBarcodeTaken, barcode)
		}
		r.once(row, number, "code "+barcode, CellError{Column: ColumnBarcode, Value: barcode})
	}
}

// once notes that a row has a thing; it is wrong when another row has it too.
func (r *reader) once(row *rowReader, number int, thing string, wrong CellError) {
	other, taken := r.rows[thing]
	if !taken {
		r.rows[thing] = number
		return
	}
	if other == number {
		return
	}
	wrong.Code, wrong.Other = CodeDuplicateInFile, other
	row.errors = append(row.errors, wrong)
}

func equal(a, b Product) bool {
	return a.Name == b.Name && a.Category == b.Category && a.Price == b.Price && sameCost(a.Cost, b.Cost) &&
		a.VAT == b.VAT && slices.Equal(a.Barcodes, b.Barcodes) && a.ByWeight == b.ByWeight && a.Unit == b.Unit &&
		slices.Equal(a.Prompts, b.Prompts) && a.Archived == b.Archived && a.TrackStock == b.TrackStock
}

func sameCost(a, b *money.Won) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// rowReader reads the cells of one row into a product.
type rowReader struct {
	cells   map[string]string
	product *Product
	errors  []CellError
}

func (r *rowReader) wrong(column, code, value string) {
	r.errors = append(r.errors, CellError{Code: code, Column: column, Value: value})
}

// problem names the cell behind a problem of the product as a whole, once.
func (r *rowReader) problem(problem Problem) {
	column := problem.Field
	switch column {
	case "barcodes":
		column = ColumnBarcode
	case "prompts":
		column = ColumnAge
		if problem.Code == CodeTooLong {
			column = ColumnNote
		}
	}
	if !slices.ContainsFunc(r.errors, func(e CellError) bool { return e.Column == column }) {
		r.wrong(column, problem.Code, problem.Value)
	}
}

// fill takes over the cells that are given.
func (r *rowReader) fill(barcodes []string) {
	p := r.product
	r.text(ColumnName, &p.Name)
	r.text(ColumnUnit, &p.Unit)
	r.amount(ColumnPrice, &p.Price)
	if _, given := r.cells[ColumnCost]; given {
		cost := money.Won(0)
		r.amount(ColumnCost, &cost)
		p.Cost = &cost
	}
	if _, given := r.cells[ColumnBarcode]; given {
		p.Barcodes = barcodes
	}
	r.vat()
	r.flag(ColumnByWeight, &p.ByWeight)
	r.flag(ColumnArchived, &p.Archived)
	r.prompts()
}

func (r *rowReader) text(column string, field *string) {
	if cell, given := r.cells[column]; given {
		*field = cell
	}
}

func (r *rowReader) amount(column string, field *money.Won) {
	cell, given := r.cells[column]
	if !given {
		return
	}
	amount, ok := parseWon(cell)
	if !ok {
		r.wrong(column, CodeInvalid, cell)
		return
	}
	*field = amount
}

func (r *rowReader) vat() {
	cell, given := r.cells[ColumnVAT]
	if !given {
		return
	}
	switch fold(cell) {
	case "과세", "과", "taxable", "vat", "10%", "0.1", "y", "yes", "o":
		r.product.VAT = money.Taxable
	case "면세", "면", "비과세", "영세", "exempt", "none", "0%", "0", "n", "no", "x":
		r.product.VAT = money.Exempt
	default:
		r.wrong(ColumnVAT, CodeInvalid, cell)
	}
}

func (r *rowReader) flag(column string, field *bool) {
	cell, given := r.cells[column]
	if !given {
		return
	}
	switch fold(cell) {
	case "y", "yes", "o", "1", "true", "예":
		*field = true
	case "n", "no", "x", "0", "false", "아니요", "아니오":
		*field = false
	default:
		r.wrong(column, CodeInvalid, cell)
	}
}

// prompts reads the two questions a list can carry. A column that is there
// replaces its own question and keeps the other.
func (r *rowReader) prompts() {
	age, note := r.product.Age(), r.product.NoteLabel()
	before := Prompts(age, note)
	if cell, given := r.cells[ColumnAge]; given {
		years, err := strconv.Atoi(strings.TrimSuffix(cell, "세"))
		if err != nil || years < 0 || years > MaxAge {
			r.wrong(ColumnAge, CodeInvalid, cell)
			return
		}
		age = years
	}
	r.text(ColumnNote, &note)
	if now := Prompts(age, note); !slices.Equal(before, now) {
		r.product.Prompts = now
	}
}

// barcodes are the row's barcodes in their normal form.
func (r *rowReader) barcodes() []string {
	var barcodes []string
	for _, typed := range strings.FieldsFunc(r.cells[ColumnBarcode], func(c rune) bool {
		return strings.ContainsRune(" ,;/|\n\t", c)
	}) {
		if rounded(typed) {
			r.wrong(ColumnBarcode, CodeBarcodeRounded, typed)
			continue
		}
		normal, err := NormalBarcode(typed, nil)
		if err != nil {
			r.wrong(ColumnBarcode, err.Error(), typed)
			continue
		}
		if !slices.Contains(barcodes, normal) {
			barcodes = append(barcodes, normal)
		}
	}
	return barcodes
}

// NewCategories lists the names of categories that importing the rows would
// add, in the order they come.
func NewCategories(results []RowResult) []string {
	seen := make(map[string]bool)
	var names []string
	for _, result := range results {
		key := fold(result.NewCategory)
		if result.NewCategory != "" && result.Action != ActionError && !seen[key] {
			seen[key] = true
			names = append(names, result.NewCategory)
		}
	}
	return names
}

// Count is how many rows there are of each action.
func Count(results []RowResult) map[Action]int {
	count := map[Action]int{ActionNew: 0, ActionUpdate: 0, ActionSame: 0, ActionError: 0}
	for _, result := range results {
		count[result.Action]++
	}
	return maps.Clone(count)
}

// parseWon reads an amount as people and spreadsheets write it: 4500, 4,500원,
// ₩4,500, 4500.00. There is nothing smaller than a won.
func parseWon(cell string) (money.Won, bool) {
	cell = strings.Map(func(r rune) rune {
		if strings.ContainsRune(", 원₩￦\\", r) {
			return -1
		}
		return r
	}, cell)
	whole, part, _ := strings.Cut(cell, ".")
	if strings.Trim(part, "0") != "" || !digits(whole) || len(whole) > 12 {
		return 0, false
	}
	amount, err := strconv.ParseInt(whole, 10, 64)
	return money.Won(amount), err == nil && money.Won(amount) <= sale.MaxPrice
}

// parseQuantity reads a quantity with up to three digits after the point; it
// may be negative.
func parseQuantity(cell string) (money.Milli, bool) {
	cell = strings.ReplaceAll(cell, ",", "")
	cell, negative := strings.CutPrefix(cell, "-")
	whole, part, _ := strings.Cut(cell, ".")
	part = strings.TrimRight(part, "0")
	if !digits(whole) || len(whole) > 7 || len(part) > 3 || part != "" && !digits(part) {
		return 0, false
	}
	thousandths, err := strconv.ParseInt(whole+(part + "000")[:3], 10, 64)
	if negative {
		thousandths = -thousandths
	}
	return money.Milli(thousandths), err == nil
}

// rounded reports whether a spreadsheet has written a long number in short,
// 8.80104E+12: its last digits are lost.
func rounded(code string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToUpper(code), "E+")
	return found && digits(exponent) && digits(strings.Replace(mantissa, ".", "", 1))
}
