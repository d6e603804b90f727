package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// cardPatience is how long a request waits for a card payment's end. What
// takes longer, a customer looking for a card, shows in the state.
const cardPatience = 250 * time.Millisecond

// PaymentView is a card payment on its way, or one that ended just now.
type PaymentView struct {
	Attempt string    `json:"attempt"`
	Purpose string    `json:"purpose" enum:"charge,refund,reversal,cash_receipt,cash_receipt_cancel"`
	Amount  money.Won `json:"amount"`
	// State is where it stands: "waiting" at the terminal, "asking" the
	// terminal what happened, "unknown" needs a person, then "approved",
	// "declined" or "not_charged".
	State string `json:"state" enum:"waiting,asking,unknown,approved,declined,not_charged"`
	// Instalments is the number of months, absent for at once.
	Instalments int `json:"instalments,omitempty"`
	// Wallet says that the code of the customer's phone is charged.
	Wallet bool `json:"wallet,omitempty"`
	// Progress is what the customer is asked to do.
	Progress string `json:"progress,omitempty"`
	// Reason is the code of a refusal, Text the terminal's own words.
	Reason    string    `json:"reason,omitempty"`
	Text      string    `json:"text,omitempty"`
	CanCancel bool      `json:"can_cancel"`
	Since     time.Time `json:"since"`
}

func (s *Server) registerPayments(api huma.API) {
	payment := func(id, path, summary string) huma.Operation {
		return signedIn(huma.Operation{OperationID: id, Method: http.MethodPost, Path: path, Tags: []string{"payments"}, Summary: summary})
	}
	huma.Register(api, payment("pay", "/api/cart/pay", "Pay the cart or a part of it; a card payment goes on in the state"),
		func(ctx context.Context, in *struct{ Body PayRequest }) (*bodyOf[State], error) {
			return s.pay(ctx, till.PayRequest{
				Key: in.Body.Key, Cart: in.Body.Cart, Version: in.Body.Version, Tender: sale.TenderKind(in.Body.Tender),
				Amount: in.Body.Amount, Received: in.Body.Received, Instalments: in.Body.Instalments, NoReceipt: in.Body.NoReceipt,
			})
		})
	huma.Register(api, payment("give-back", "/api/cart/tenders/{index}/give-back", "Give the money of a tender back"), s.giveBack)
	huma.Register(api, payment("cancel-payment", "/api/payments/{id}/cancel", "Ask the terminal to give the payment up"), s.cancelPayment)
	huma.Register(api, payment("ask-payment", "/api/payments/{id}/ask", "Ask the terminal again what became of a payment"),
		func(ctx context.Context, in *ByID) (*bodyOf[State], error) {
			return s.after(ctx, s.Till.AskAgain(in.ID))
		})
	huma.Register(api, payment("settle-payment", "/api/payments/{id}/settle", "Decide a payment nobody knows the outcome of"), s.settle)
	huma.Register(api, payment("refund", "/api/sales/{number}/refund", "Take goods of a sale back"), s.refund)
}

// moving runs an act that may wait for a card; it answers with the state as
// soon as the terminal has the payment.
func (s *Server) moving(ctx context.Context, act func(ctx context.Context) error) (*bodyOf[State], error) {
	patient, cancel := context.WithTimeout(ctx, cardPatience)
	defer cancel()
	err := act(patient)
	if errors.Is(err, till.ErrPaymentInProgress) && errors.Is(err, context.DeadlineExceeded) {
		err = nil
	}
	return s.after(ctx, err)
}

func (s *Server) pay(ctx context.Context, request till.PayRequest) (*bodyOf[State], error) {
	if request.Tender != sale.Card {
		_, err := s.Till.Pay(ctx, actor(ctx), request)
		return s.after(ctx, err)
	}
	return s.moving(ctx, func(ctx context.Context) error {
		_, err := s.Till.Pay(ctx, actor(ctx), request)
		return err
	})
}

type giveBackInput struct {
	Index int `path:"index" minimum:"0" maximum:"500"`
	Body  *GiveBackRequest
}

func (s *Server) giveBack(ctx context.Context, in *giveBackInput) (*bodyOf[State], error) {
	open := s.Till.Snapshot().Cart
	request := till.GiveBackRequest{Cart: open.ID, Version: open.Version, Tender: in.Index}
	if in.Body != nil && in.Body.Cart != "" {
		request.Cart, request.Version = in.Body.Cart, in.Body.Version
	}
	if in.Body != nil {
		request.Key = in.Body.Key
	}
	if request.Key == "" {
		// Each press is a try of its own: a terminal that refused once can be
		// asked again. The version keeps one press from counting twice.
		key, err := newID()
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		request.Key = key
	}
	return s.moving(ctx, func(ctx context.Context) error {
		_, err := s.Till.GiveBack(ctx, actor(ctx), request)
		return err
	})
}

func (s *Server) cancelPayment(ctx context.Context, in *ByID) (*bodyOf[State], error) {
	if payment := s.Till.Snapshot().Payment; payment == nil || payment.Attempt != in.ID {
		return s.after(ctx, till.ErrNoPayment)
	}
	return s.after(ctx, s.Till.CancelPayment(ctx))
}

type settleInput struct {
	ByID
	Body SettleRequest
}

func (s *Server) settle(ctx context.Context, in *settleInput) (*bodyOf[State], error) {
	_, err := s.Till.SettlePayment(ctx, actor(ctx), till.SettleRequest{
		Attempt: in.ID, Approved: in.Body.Outcome == "charged", Reason: in.Body.Reason,
	})
	return s.after(ctx, err)
}

type refundInput struct {
	ByNumber
	Body RefundRequest
}

func (s *Server) refund(ctx context.Context, in *refundInput) (*bodyOf[State], error) {
	request := till.RefundRequest{
		Key: in.Body.Key, Number: in.Number, Tender: sale.TenderKind(in.Body.Tender), OtherCard: in.Body.OtherCard,
		Reason: in.Body.Reason, NoReceipt: in.Body.NoReceipt,
	}
	for _, pick := range in.Body.Lines {
		request.Picks = append(request.Picks, sale.Pick{Line: pick.Line, Quantity: pick.Quantity})
	}
	return s.moving(ctx, func(ctx context.Context) error {
		_, err := s.Till.Refund(ctx, actor(ctx), request)
		return err
	})
}
