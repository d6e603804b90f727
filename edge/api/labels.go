package api

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/drivers"
	"shopbox/edge/devices"
	"shopbox/edge/label"
	"shopbox/edge/printing"
	"shopbox/edge/staff"
	"shopbox/protocol/money"
)

// LabelsView is what labels can be printed with.
type LabelsView struct {
	Sizes []LabelSizeView `json:"sizes"`
	// Size is the one printed last.
	Size string `json:"size"`
	// Printers are those that labels can come out of, the usual one first.
	Printers []LabelPrinterView `json:"printers"`
	Units    []string           `json:"units" doc:"of the content of a package"`
}

// LabelSizeView is a size of label, in millimetres.
type LabelSizeView struct {
	Name   string `json:"name"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// LabelPrinterView is a printer for labels.
type LabelPrinterView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Labels says that labels are its duty; else it is the receipt printer.
	Labels bool `json:"labels"`
}

// LabelLook is how labels are to be. It is exported because huma reads no fields
// of an unexported embedded struct.
type LabelLook struct {
	Size    string      `json:"size" query:"size" maxLength:"20"`
	Printer string      `json:"printer,omitempty" query:"printer" maxLength:"64" doc:"absent for the usual one"`
	Content money.Milli `json:"content,omitempty" query:"content" minimum:"0" doc:"what the package holds, in thousandths of the unit, for the price of 100 g or the like; absent to leave that out"`
	Unit    string      `json:"unit,omitempty" query:"unit" maxLength:"10"`
	Expires string      `json:"expires,omitempty" query:"expires" maxLength:"10" example:"2026-12-05"`
}

// LabelsRequest prints labels of products.
type LabelsRequest struct {
	LabelLook
	Items []LabelItem `json:"items" minItems:"1" maxItems:"100"`
}

// LabelItem is how many labels of a product.
type LabelItem struct {
	Product string `json:"product" maxLength:"64"`
	Count   int    `json:"count" minimum:"1" maximum:"300"`
}

// LabelsPrintedView is what went into the print queue.
type LabelsPrintedView struct {
	Count   int    `json:"count"`
	Printer string `json:"printer" doc:"its name"`
}

func (s *Server) registerLabels(api huma.API) {
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "get-labels", Method: http.MethodGet, Path: "/api/labels", Tags: []string{"labels"}, Summary: "The sizes of labels and the printers for them",
	}), s.getLabels)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "preview-label", Method: http.MethodGet, Path: "/api/labels/preview.png", Tags: []string{"labels"},
		Summary: "The label of a product as it comes out of the printer", Responses: pictureAnswer(),
	}), s.labelPicture)
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "print-labels", Method: http.MethodPost, Path: "/api/labels", Tags: []string{"labels"}, Summary: "Print labels of products",
	}), s.printLabels)
}

func (s *Server) getLabels(ctx context.Context, _ *none) (*bodyOf[LabelsView], error) {
	view := LabelsView{Sizes: []LabelSizeView{}, Printers: []LabelPrinterView{}, Units: label.Units()}
	for _, size := range s.Labels.Sizes() {
		view.Sizes = append(view.Sizes, LabelSizeView(size))
	}
	for _, printer := range s.Devices.Labellers() {
		view.Printers = append(view.Printers, LabelPrinterView{ID: printer.ID, Name: printer.Name, Labels: printer.Role == devices.LabelRole})
	}
	last, err := s.Prints.LabelSize(ctx)
	view.Size = cmp.Or(last, view.Sizes[0].Name)
	return answering(view, s.refuse(ctx, err))
}

type labelInput struct {
	Product string `query:"product" maxLength:"64"`
	LabelLook
}

func (s *Server) labelPicture(ctx context.Context, in *labelInput) (*pictureOutput, error) {
	printer, err := s.Devices.Labeller(in.Printer)
	if err != nil {
		// Without a printer the label is shown as the usual one would make it.
		printer.Stock = drivers.LabelStock{Resolution: 203}
	}
	made, err := s.makeLabel(ctx, LabelItem{Product: in.Product, Count: 1}, in.LabelLook, printer.Stock)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	picture, err := label.Picture(made, printer.Stock)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		return nil, s.refuse(ctx, fmt.Errorf("encode picture: %w", err))
	}
	return &pictureOutput{ContentType: "image/png", Body: file.Bytes()}, nil
}

func (s *Server) makeLabel(ctx context.Context, item LabelItem, look LabelLook, stock drivers.LabelStock) (drivers.Label, error) {
	known, err := s.Products.ProductWithStock(ctx, item.Product)
	if err != nil {
		return drivers.Label{}, err
	}
	_, settings, err := s.Shop.Shop(ctx)
	if err != nil {
		return drivers.Label{}, err
	}
	return s.Labels.Make(label.Goods{
		Name: known.Name, Price: known.Price, ByWeight: known.ByWeight, Unit: known.Unit, Barcodes: known.Barcodes,
	}, label.Wanted{
		Size: look.Size, Language: label.Language(settings.Language), Copies: item.Count, Expires: look.Expires,
		Content: label.Content{Quantity: look.Content, Unit: look.Unit},
	}, stock)
}

// printLabels makes every label before the first is queued, so that all come out
// or none.
func (s *Server) printLabels(ctx context.Context, in *struct{ Body LabelsRequest }) (*bodyOf[LabelsPrintedView], error) {
	printer, err := s.Devices.Labeller(in.Body.Printer)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	jobs := make([]printing.Job, len(in.Body.Items))
	printed := LabelsPrintedView{Printer: printer.Name}
	for i, item := range in.Body.Items {
		made, err := s.makeLabel(ctx, item, in.Body.LabelLook, printer.Stock)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		jobs[i] = printing.Job{
			Kind: printing.Label, Number: made.Title, Printer: printer.ID, Document: drivers.Document{Blocks: []drivers.Block{made}},
		}
		printed.Count += made.Copies
	}
	act := s.act(actor(ctx), staff.ActLabels, jobs[0].Number, strconv.Itoa(printed.Count))
	if err := s.Prints.PrintLabels(ctx, in.Body.Size, jobs, act); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Devices.Wake()
	s.Changed()
	return answering(printed, nil)
}

// testLabel is a label that shows what a printer can, in the size used last.
func (s *Server) testLabel(ctx context.Context, id string) (drivers.Document, error) {
	printer, err := s.Devices.Labeller(id)
	if err != nil {
		return drivers.Document{}, err
	}
	size, err := s.Prints.LabelSize(ctx)
	if err != nil {
		return drivers.Document{}, err
	}
	shop, settings, err := s.Shop.Shop(ctx)
	if err != nil {
		return drivers.Document{}, err
	}
	made, err := s.Labels.Make(label.Goods{Name: shop.Name, Price: 12_345, Barcodes: []string{"2000000000015"}}, label.Wanted{
		Size: cmp.Or(size, s.Labels.Sizes()[0].Name), Language: label.Language(settings.Language), Copies: 1,
	}, printer.Stock)
	return drivers.Document{Blocks: []drivers.Block{made}}, err
}
