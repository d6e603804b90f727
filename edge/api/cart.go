package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

func (s *Server) registerCart(api huma.API) {
	cart := func(id, method, path, summary string) huma.Operation {
		return signedIn(huma.Operation{OperationID: id, Method: method, Path: "/api/cart" + path, Tags: []string{"cart"}, Summary: summary})
	}
	huma.Register(api, cart("scan", http.MethodPost, "/scan", "Take a code that was scanned or typed on this screen"), s.scan)
	huma.Register(api, cart("add-line", http.MethodPost, "/lines", "Put a product or a free amount into the cart"), s.addLine)
	huma.Register(api, cart("change-line", http.MethodPatch, "/lines/{id}", "Change a line"), s.changeLine)
	huma.Register(api, cart("remove-line", http.MethodDelete, "/lines/{id}", "Take a line out"),
		func(ctx context.Context, in *ByID) (*bodyOf[State], error) {
			return s.after(ctx, s.Till.Remove(ctx, actor(ctx), in.ID))
		})
	huma.Register(api, cart("undo-line", http.MethodPost, "/undo", "Bring the last removed line back"),
		func(ctx context.Context, _ *none) (*bodyOf[State], error) {
			return s.after(ctx, s.Till.Undo(ctx, actor(ctx)))
		})
	huma.Register(api, cart("discount-cart", http.MethodPut, "/discount", "Give the whole cart a discount"),
		func(ctx context.Context, in *struct{ Body DiscountRequest }) (*bodyOf[State], error) {
			return s.after(ctx, s.Till.Discount(ctx, actor(ctx), sale.Discount{Permille: in.Body.Permille, Amount: in.Body.Amount}))
		})
	huma.Register(api, cart("note-cart", http.MethodPut, "/note", "Give the whole cart a note"),
		func(ctx context.Context, in *struct{ Body NoteRequest }) (*bodyOf[State], error) {
			return s.after(ctx, s.Till.Note(ctx, actor(ctx), in.Body.Note))
		})
	huma.Register(api, cart("clear-cart", http.MethodDelete, "", "Throw the cart away and begin a new one"),
		func(ctx context.Context, _ *none) (*bodyOf[State], error) {
			return s.after(ctx, s.Till.Clear(ctx, actor(ctx)))
		})
}

func (s *Server) scan(ctx context.Context, in *struct{ Body ScanRequest }) (*bodyOf[State], error) {
	_, err := s.Till.ScanBy(ctx, actor(ctx), in.Body.Code)
	if errors.Is(err, till.ErrAsk) {
		err = nil
	}
	state, err := s.after(ctx, err)
	_, wallet := catalog.WalletCode(in.Body.Code)
	if problem, refused := errors.AsType[*Problem](err); refused && !wallet {
		err = problem.with("code", in.Body.Code)
	}
	return state, err
}

func (s *Server) addLine(ctx context.Context, in *struct{ Body LineRequest }) (*bodyOf[State], error) {
	wanted := in.Body
	if wanted.Product == "" {
		return s.addFree(ctx, wanted)
	}
	_, err := s.Till.AddProduct(ctx, actor(ctx), till.AddRequest{
		Product: wanted.Product, Code: wanted.Code, Quantity: wanted.Quantity,
		Answers: till.Answers{
			OldEnough: wanted.AgeChecked, Expired: wanted.ExpiredChecked,
			Note: wanted.Note, Weight: wanted.Quantity, Price: wanted.Unit,
		},
	})
	if errors.Is(err, till.ErrAsk) {
		// The state says what is asked.
		err = nil
	}
	return s.after(ctx, err)
}

// freeNames are what goods without a name are called on the receipt.
var freeNames = map[string]string{"ko": "기타 상품", "en": "Other goods"}

func (s *Server) addFree(ctx context.Context, wanted LineRequest) (*bodyOf[State], error) {
	if wanted.Name == "" {
		_, settings, err := s.Shop.Shop(ctx)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		wanted.Name = freeNames[settings.Language]
	}
	if wanted.VAT == "" {
		wanted.VAT = money.Taxable
	}
	_, err := s.Till.AddFree(ctx, actor(ctx), till.FreeAmount{Name: wanted.Name, VAT: wanted.VAT, Amount: wanted.Unit})
	return s.after(ctx, err)
}

type changeLineInput struct {
	ByID
	Body LineChange
}

func (s *Server) changeLine(ctx context.Context, in *changeLineInput) (*bodyOf[State], error) {
	change := sale.Change{Quantity: in.Body.Quantity, Unit: in.Body.Unit, Note: in.Body.Note}
	if in.Body.Permille != nil || in.Body.AmountOff != nil {
		change.Discount = &sale.Discount{}
		if in.Body.Permille != nil {
			change.Discount.Permille = *in.Body.Permille
		}
		if in.Body.AmountOff != nil {
			change.Discount.Amount = *in.Body.AmountOff
		}
	}
	return s.after(ctx, s.Till.Update(ctx, actor(ctx), in.ID, change))
}
