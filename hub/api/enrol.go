package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/hub/tenant"
)

type enrolInput struct {
	Body struct {
		// A box of a later release may say more.
		_       struct{} `json:"-" additionalProperties:"true"`
		Code    string   `json:"code" minLength:"8" maxLength:"20"`
		Box     string   `json:"box" minLength:"1" maxLength:"64"`
		Version string   `json:"version" maxLength:"64"`
		CSR     string   `json:"csr" minLength:"1" maxLength:"8192" doc:"PKCS #10 in PEM."`
	}
}

type enrolOutput struct{ Body Enrolled }

// Enrolled is what a box gets when it is let in.
type Enrolled struct {
	Certificate string `json:"certificate" doc:"The box's identity, PEM."`
	CA          string `json:"ca" doc:"What the box trusts at the broker, PEM."`
	MQTT        string `json:"mqtt_address" doc:"host:port of the broker."`
	Shop        Named  `json:"shop"`
	Tenant      string `json:"tenant"`
}

type renewInput struct {
	Body struct {
		_   struct{} `json:"-" additionalProperties:"true"`
		Box string   `json:"box" minLength:"1" maxLength:"64"`
		CSR string   `json:"csr" minLength:"1" maxLength:"8192" doc:"PKCS #10 in PEM, signed by the key of the box's certificate."`
	}
}

type renewOutput struct{ Body Renewed }

// Renewed is a box's next certificate.
type Renewed struct {
	Certificate string `json:"certificate" doc:"The box's identity, PEM."`
	CA          string `json:"ca" doc:"What the box trusts at the broker, PEM."`
}

var renewRefusals = []refusal{
	{tenant.ErrRenewal, http.StatusForbidden},
	{tenant.ErrCertificate, http.StatusUnprocessableEntity},
}

var enrolRefusals = []refusal{
	{tenant.ErrClaimCode, http.StatusNotFound},
	{tenant.ErrBoxTaken, http.StatusConflict},
	{tenant.ErrCertificate, http.StatusUnprocessableEntity},
	{tenant.ErrInvalid, http.StatusUnprocessableEntity},
}

func (s *server) registerEnrol(api huma.API) {
	huma.Register(api, open(huma.Operation{
		OperationID: "enroll", Method: http.MethodPost, Path: "/enroll", Tags: []string{"boxes"},
		Summary: "Let a box into a shop (called by the box)",
	}), s.enrol)
	huma.Register(api, open(huma.Operation{
		OperationID: "renew", Method: http.MethodPost, Path: "/enroll/renew", Tags: []string{"boxes"},
		Summary: "Give a box its next certificate, also when its own ran out (called by the box)",
	}), s.renew)
}

func (s *server) enrol(ctx context.Context, in *enrolInput) (*enrolOutput, error) {
	claimed, err := s.places.Claim(ctx, tenant.ClaimRequest{
		Code: in.Body.Code, Box: in.Body.Box, Version: in.Body.Version,
		CSR: []byte(in.Body.CSR), Remote: clientOf(ctx),
	})
	if err != nil {
		return nil, s.refuse(ctx, err, enrolRefusals)
	}
	s.feed.Nudge(claimed.Tenant.ID)
	return &enrolOutput{Body: Enrolled{
		Certificate: string(claimed.Certificate.PEM), CA: string(claimed.Root),
		MQTT: s.settings.MQTTAddress, Shop: Named{ID: claimed.Shop.ID, Name: claimed.Shop.Name},
		Tenant: claimed.Tenant.ID,
	}}, nil
}

func (s *server) renew(ctx context.Context, in *renewInput) (*renewOutput, error) {
	renewed, err := s.places.Renew(ctx, tenant.RenewRequest{Box: in.Body.Box, CSR: []byte(in.Body.CSR), Remote: clientOf(ctx)})
	if err != nil {
		return nil, s.refuse(ctx, err, renewRefusals)
	}
	return &renewOutput{Body: Renewed{Certificate: string(renewed.Certificate.PEM), CA: string(renewed.Root)}}, nil
}
