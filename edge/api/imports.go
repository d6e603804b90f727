package api

import (
	"context"
	"crypto/rand"
	"io"
	"mime/multipart"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/catalog"
	"shopbox/edge/staff"
	"shopbox/protocol/money"
)

const (
	// maxImports is how many previews wait to be taken at once; importFor is
	// how long one waits.
	maxImports = 4
	importFor  = 30 * time.Minute
	// uploadWithin bounds the upload of a file.
	uploadWithin = 2 * time.Minute
)

// imports keeps the files that were previewed until they are taken over.
type imports struct {
	now func() time.Time

	// writing is held by the import that goes in.
	writing sync.Mutex

	mu      sync.Mutex
	waiting map[string]upload
}

type upload struct {
	table catalog.Table
	at    time.Time
}

func newImports(now func() time.Time) *imports {
	return &imports{now: now, waiting: make(map[string]upload)}
}

// keep gives a table its token; the oldest go when there are too many.
func (i *imports) keep(table catalog.Table) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	for len(i.waiting) >= maxImports {
		oldest := ""
		for token, upload := range i.waiting {
			if oldest == "" || upload.at.Before(i.waiting[oldest].at) {
				oldest = token
			}
		}
		delete(i.waiting, oldest)
	}
	token := rand.Text()
	i.waiting[token] = upload{table: table, at: i.now()}
	return token
}

// take gives a table out once.
func (i *imports) take(token string) (catalog.Table, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	upload, known := i.waiting[token]
	delete(i.waiting, token)
	return upload.table, known && i.now().Sub(upload.at) <= importFor
}

type exportInput struct {
	Format string `query:"format" enum:"csv,xlsx" default:"csv"`
}

type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *Server) registerImports(api huma.API) {
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "preview-import", Method: http.MethodPost, Path: "/api/products/import/preview", Tags: []string{"products"},
		Summary: "What a product list (CSV or Excel) would change; it changes nothing", MaxBodyBytes: catalog.MaxFileBytes + 1<<20,
		BodyReadTimeout: uploadWithin,
	}), s.previewImport)
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "import", Method: http.MethodPost, Path: "/api/products/import/{token}", Tags: []string{"products"},
		Summary: "Take a previewed list over; rows with errors are left out",
	}), s.takeImport)
	download := map[string]*huma.Response{"200": {
		Description: "A file", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "export-products", Method: http.MethodGet, Path: "/api/products/export", Tags: []string{"products"}, Summary: "All products as a file",
		Responses: download,
	}), func(ctx context.Context, in *exportInput) (*fileOutput, error) {
		known, err := s.Products.Known(ctx)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return s.export(ctx, known, "products."+in.Format)
	})
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "import-template", Method: http.MethodGet, Path: "/api/products/import/template", Tags: []string{"products"},
		Summary: "An empty list to fill in", Responses: download,
	}), func(ctx context.Context, in *exportInput) (*fileOutput, error) {
		return s.export(ctx, catalog.Known{}, "template."+in.Format)
	})
}

// uploadInput is a form with one file.
type uploadInput struct{ RawBody multipart.Form }

func (s *Server) previewImport(ctx context.Context, in *uploadInput) (*bodyOf[ImportView], error) {
	file, err := readUpload(in.RawBody, catalog.MaxFileBytes, catalog.ErrFileTooLarge)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	table, err := catalog.ReadTable(file)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	defer giveBack(len(table))
	results, err := s.compare(ctx, table)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	view := viewImport(results)
	view.Token = s.imports.keep(table)
	return answering(view, nil)
}

// readUpload is the one file of a form; a larger one is the error tooLarge.
func readUpload(form multipart.Form, limit int64, tooLarge error) ([]byte, error) {
	headers := form.File["file"]
	if len(headers) != 1 {
		return nil, invalid(ProblemField{Location: "body.file", Code: catalog.CodeMissing})
	}
	if headers[0].Size > limit {
		return nil, tooLarge
	}
	file, err := headers[0].Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, limit+1))
}

func (s *Server) compare(ctx context.Context, table catalog.Table) ([]catalog.RowResult, error) {
	known, err := s.Products.Known(ctx)
	if err != nil {
		return nil, err
	}
	shop, _, err := s.Shop.Shop(ctx)
	if err != nil {
		return nil, err
	}
	known.VAT = money.Taxable
	if kind, ok := s.Kinds[shop.Kind]; ok {
		known.VAT = kind.Defaults().VAT
	}
	return catalog.Preview(table, known)
}

// maxShown is how many rows of a preview are shown; those with errors come
// first.
const maxShown = 500

func viewImport(results []catalog.RowResult) ImportView {
	counts := catalog.Count(results)
	view := ImportView{
		New: counts[catalog.ActionNew], Updated: counts[catalog.ActionUpdate], Same: counts[catalog.ActionSame], Bad: counts[catalog.ActionError],
		Rows: []ImportRowView{},
	}
	for _, bad := range []bool{true, false} {
		for _, result := range results {
			if (result.Action == catalog.ActionError) == bad && len(view.Rows) < maxShown {
				view.Rows = append(view.Rows, viewImportRow(result))
			}
		}
	}
	return view
}

func viewImportRow(result catalog.RowResult) ImportRowView {
	view := ImportRowView{
		Row: result.Row, Name: result.Product.Name, Action: string(result.Action), Price: result.Product.Price, Errors: []ImportErrorView{},
	}
	if len(result.Product.Barcodes) > 0 {
		view.Code = result.Product.Barcodes[0]
	}
	for _, wrong := range result.Errors {
		shown := ImportErrorView{Code: wrong.Code, Column: wrong.Column, Value: wrong.Value}
		if wrong.Other > 0 {
			shown.Value = strconv.Itoa(wrong.Other)
		}
		view.Errors = append(view.Errors, shown)
	}
	return view
}

type takeImportInput struct {
	Token string `path:"token" maxLength:"64"`
}

// takeImport compares once more: the catalogue may have changed since the
// preview.
func (s *Server) takeImport(ctx context.Context, in *takeImportInput) (*bodyOf[ImportedView], error) {
	table, known := s.imports.take(in.Token)
	if !known {
		return nil, newProblem(http.StatusNotFound, "import_gone")
	}
	defer giveBack(len(table))
	// One after the other, so that the second sees what the first brought.
	s.imports.writing.Lock()
	defer s.imports.writing.Unlock()
	results, err := s.compare(ctx, table)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	change, err := s.importChange(ctx, results)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	counts := catalog.Count(results)
	done := ImportedView{New: counts[catalog.ActionNew], Updated: counts[catalog.ActionUpdate]}
	act := s.act(actor(ctx), staff.ActImport, "", strconv.Itoa(done.New)+" + "+strconv.Itoa(done.Updated))
	written, err := s.Products.Import(ctx, change, person(actor(ctx)), act)
	s.Changed()
	if err != nil {
		return nil, s.brokeOff(ctx, written, err)
	}
	return answering(done, nil)
}

// brokeOff answers for an import of which a part is in for good.
func (s *Server) brokeOff(ctx context.Context, written int, err error) error {
	if written == 0 {
		return s.refuse(ctx, err)
	}
	s.Log.ErrorContext(ctx, "import broke off", "written", written, "error", err)
	return newProblem(http.StatusConflict, "import_broke_off").with("count", written)
}

// manyRows is how long a list must be for its memory to be given back at once.
const manyRows = 1_000

// giveBack hands the memory of a long list back to the system. It would go by
// itself, but over minutes, and a small box has other use for it.
func giveBack(rows int) {
	if rows >= manyRows {
		debug.FreeOSMemory()
	}
}

// importChange makes the new categories and products that the rows ask for.
func (s *Server) importChange(ctx context.Context, results []catalog.RowResult) (catalog.Change, error) {
	change := catalog.Change{Counted: make(map[string]money.Milli)}
	made, err := s.newCategories(ctx, results)
	if err != nil {
		return change, err
	}
	ids := make(map[string]string, len(made))
	for _, category := range made {
		ids[category.Name] = category.ID
	}
	change.Categories = made
	for _, result := range results {
		if result.Action != catalog.ActionNew && result.Action != catalog.ActionUpdate {
			continue
		}
		product := result.Product
		if product.ID == "" {
			if product.ID, err = newID(); err != nil {
				return change, err
			}
			product.TrackStock = true
		}
		if result.NewCategory != "" {
			product.Category = ids[result.NewCategory]
		}
		if result.Stock != nil {
			product.TrackStock = true
			change.Counted[product.ID] = *result.Stock
		}
		change.Products = append(change.Products, product)
	}
	return change, nil
}

func (s *Server) newCategories(ctx context.Context, results []catalog.RowResult) ([]catalog.Category, error) {
	known, err := s.Goods.Categories(ctx)
	if err != nil {
		return nil, err
	}
	next := 0
	for _, category := range known {
		next = max(next, category.Order+1)
	}
	var made []catalog.Category
	for i, name := range catalog.NewCategories(results) {
		id, err := newID()
		if err != nil {
			return nil, err
		}
		made = append(made, catalog.Category{ID: id, Name: name, Order: next + i, Color: catalog.Plain})
	}
	return made, nil
}

func (s *Server) export(ctx context.Context, known catalog.Known, name string) (*fileOutput, error) {
	_, settings, err := s.Shop.Shop(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	table := catalog.Export(known, settings.Language == "en")
	file := &fileOutput{Disposition: `attachment; filename="` + name + `"`}
	if name[len(name)-3:] == "csv" {
		file.ContentType = "text/csv; charset=utf-8"
		file.Body, err = table.CSV()
	} else {
		file.ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		file.Body, err = table.XLSX()
	}
	return file, s.refuse(ctx, err)
}
