package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/hub/tenant"
)

// One network founds few tenants; each costs a password hash and rows.
const (
	signupInterval = 5 * time.Minute
	signupBurst    = 10
)

type signupInput struct {
	Body struct {
		ShopName       string `json:"shop_name" minLength:"1" maxLength:"100"`
		Name           string `json:"name" minLength:"1" maxLength:"100" doc:"The owner's name."`
		BusinessNumber string `json:"business_number" minLength:"10" maxLength:"12"`
		Login          string `json:"login" minLength:"3" maxLength:"100"`
		Password       string `json:"password" minLength:"8" maxLength:"200"`
	}
}

var signupRefusals = []refusal{
	{tenant.ErrBusinessNumber, http.StatusUnprocessableEntity},
	{tenant.ErrPassword, http.StatusUnprocessableEntity},
	{tenant.ErrInvalid, http.StatusUnprocessableEntity},
	{tenant.ErrLoginTaken, http.StatusConflict},
	{tenant.ErrBusinessTaken, http.StatusConflict},
}

func (s *server) registerSignup(api huma.API) {
	huma.Register(api, open(huma.Operation{
		OperationID: "sign-up", Method: http.MethodPost, Path: "/api/signup", Tags: []string{"session"},
		Summary: "Found a tenant with its owner and first shop, and sign in",
	}), s.signUp)
}

func (s *server) signUp(ctx context.Context, in *signupInput) (*sessionOutput, error) {
	if !s.settings.SignupOpen {
		return nil, newProblem(http.StatusForbidden, codeSignup)
	}
	client := clientOf(ctx)
	if wait, ok := s.signups.take(client); !ok {
		return nil, waitFor(wait)
	}
	body := in.Body
	_, _, err := s.accounts.Found(ctx, tenant.NewTenant{
		Name: body.ShopName, BusinessNumber: body.BusinessNumber,
		ShopName: body.ShopName, ShopKind: "retail",
		Login: body.Login, Password: body.Password, OwnerName: body.Name,
	})
	if err != nil {
		return nil, s.refuse(ctx, err, signupRefusals)
	}
	first := &signInInput{}
	first.Body.Login, first.Body.Password = body.Login, body.Password
	return s.signIn(ctx, first)
}
