package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/sale"
	"shopbox/edge/till"
)

func (s *Server) registerParked(api huma.API) {
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "park", Method: http.MethodPost, Path: "/api/cart/park", Tags: []string{"parked"}, Summary: "Put the cart aside",
	}), func(ctx context.Context, in *struct{ Body ParkRequest }) (*bodyOf[State], error) {
		return s.after(ctx, s.Till.Park(ctx, actor(ctx), in.Body.Name))
	})
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "resume", Method: http.MethodPost, Path: "/api/parked/{id}/resume", Tags: []string{"parked"},
		Summary: "Open a parked cart; goods in the open cart are parked first",
	}), func(ctx context.Context, in *ByID) (*bodyOf[State], error) {
		return s.after(ctx, s.Till.Resume(ctx, actor(ctx), in.ID))
	})
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "drop-parked", Method: http.MethodDelete, Path: "/api/parked/{id}", Tags: []string{"parked"}, Summary: "Throw a parked cart away",
	}), func(ctx context.Context, in *ByID) (*bodyOf[State], error) {
		return s.after(ctx, s.Till.DropParked(ctx, actor(ctx), in.ID))
	})
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "pay-parked", Method: http.MethodPost, Path: "/api/parked/{id}/pay", Tags: []string{"parked"},
		Summary: "Open a parked cart and pay it whole",
	}), s.payParked)
}

type parkedPayInput struct {
	ByID
	Body ParkedPayRequest
}

// payParked sent twice finds the cart open or sold the second time; the key
// then gives the first answer.
func (s *Server) payParked(ctx context.Context, in *parkedPayInput) (*bodyOf[State], error) {
	isIt := func(cart till.Cart) bool { return cart.ID == in.ID }
	if slices.ContainsFunc(s.Till.Snapshot().Parked, isIt) {
		if err := s.Till.Resume(ctx, actor(ctx), in.ID); err != nil {
			return s.after(ctx, err)
		}
	}
	request := till.PayRequest{
		Key: in.Body.Key, Cart: in.ID, Tender: sale.TenderKind(in.Body.Tender), Received: in.Body.Received, NoReceipt: in.Body.NoReceipt,
	}
	if open := s.Till.Snapshot().Cart; isIt(open) {
		request.Version = open.Version
	}
	return s.pay(ctx, request)
}
