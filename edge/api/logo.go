package api

import (
	"context"
	"image"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/receipt"
	"shopbox/edge/staff"
)

// LogoView says whether receipts begin with a picture.
type LogoView struct {
	Set bool `json:"set"`
}

func (s *Server) registerLogo(api huma.API) {
	const path = "/api/shop/logo"
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "get-logo", Method: http.MethodGet, Path: path, Tags: []string{"shop"}, Summary: "Whether receipts begin with a picture",
	}), func(ctx context.Context, _ *none) (*bodyOf[LogoView], error) {
		logo, err := s.Shop.Logo(ctx)
		return answering(LogoView{Set: logo != nil}, s.refuse(ctx, err))
	})
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "preview-logo", Method: http.MethodGet, Path: path + "/paper.png", Tags: []string{"shop"},
		Summary: "The head of receipts as it is printed", Responses: pictureAnswer(),
	}), s.logoPicture)
	huma.Register(api, needs(staff.Settings, huma.Operation{
		OperationID: "set-logo", Method: http.MethodPut, Path: path, Tags: []string{"shop"},
		Summary:      "Put a picture (PNG or JPEG) at the head of receipts",
		MaxBodyBytes: receipt.MaxLogoBytes + 1<<20, BodyReadTimeout: uploadWithin,
	}), s.setLogo)
	huma.Register(api, needs(staff.Settings, huma.Operation{
		OperationID: "remove-logo", Method: http.MethodDelete, Path: path, Tags: []string{"shop"}, Summary: "Take the picture off receipts",
	}), func(ctx context.Context, _ *none) (*bodyOf[LogoView], error) { return s.saveLogo(ctx, nil) })
}

func (s *Server) logoPicture(ctx context.Context, _ *none) (*pictureOutput, error) {
	options, err := s.paperOptions(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return s.drawn(ctx, s.Paper.Head(options))
}

func (s *Server) setLogo(ctx context.Context, in *uploadInput) (*bodyOf[LogoView], error) {
	file, err := readUpload(in.RawBody, receipt.MaxLogoBytes, receipt.ErrLogoBytes)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	logo, err := receipt.ReadLogo(file)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return s.saveLogo(ctx, logo)
}

func (s *Server) saveLogo(ctx context.Context, logo image.Image) (*bodyOf[LogoView], error) {
	detail := "+"
	if logo == nil {
		detail = "-"
	}
	err := s.Shop.SaveLogo(ctx, logo, s.act(actor(ctx), staff.ActLogo, "", detail))
	return answering(LogoView{Set: logo != nil}, s.refuse(ctx, err))
}
