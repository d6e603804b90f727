package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/drivers"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// CashReceiptRequest issues a cash receipt over the cash of a sale.
type CashReceiptRequest struct {
	Key     string `json:"key" minLength:"8" maxLength:"64"`
	Purpose string `json:"purpose" enum:"income_deduction,expense_proof,self_issue"`
	// Holder is a mobile number, or a business number for expense_proof; absent
	// where the terminal asks, and for self_issue. It is not kept.
	Holder string `json:"holder,omitempty" maxLength:"20"`
}

// CashReceiptCancelRequest cancels the cash receipt of a sale.
type CashReceiptCancelRequest struct {
	Key string `json:"key" minLength:"8" maxLength:"64"`
	// Holder is wanted again where the terminal does not ask for it.
	Holder string `json:"holder,omitempty" maxLength:"20"`
	Reason string `json:"reason" enum:"sale,error,other"`
}

// TerminalView is what the card terminal to pay at can do, for a screen that
// offers no more.
type TerminalView struct {
	// Instalments is the most months, 0 for none; InstalmentsFrom the smallest
	// amount paid in months.
	Instalments     int       `json:"instalments"`
	InstalmentsFrom money.Won `json:"instalments_from"`
	CashReceipt     bool      `json:"cash_receipt"`
	// AsksHolder: the terminal asks for the holder of a cash receipt itself.
	AsksHolder bool `json:"asks_holder"`
}

// CashView is how a sale's cash and its cash receipt stand.
type CashView struct {
	// Sale is the number of the sale, also beside a refund of it.
	Sale string `json:"sale"`
	// Cash is what was paid in cash and not given back.
	Cash    money.Won        `json:"cash"`
	Receipt *CashReceiptView `json:"receipt,omitempty"`
}

// CashReceiptView is a cash receipt that holds.
type CashReceiptView struct {
	Purpose string `json:"purpose" enum:"income_deduction,expense_proof,self_issue"`
	// Holder is masked.
	Holder   string    `json:"holder"`
	Amount   money.Won `json:"amount"`
	Approval string    `json:"approval,omitempty"`
	At       time.Time `json:"at"`
	// CancelDue: cash it is over went back, so that it must be cancelled.
	CancelDue bool `json:"cancel_due"`
}

func (s *Server) registerCashReceipts(api huma.API) {
	job := func(id, path, summary string) huma.Operation {
		return signedIn(huma.Operation{OperationID: id, Method: http.MethodPost, Path: path, Tags: []string{"payments"}, Summary: summary})
	}
	huma.Register(api, job("issue-cash-receipt", "/api/sales/{number}/cash-receipt", "Issue a cash receipt at the terminal; it goes on in the state"), s.issueCashReceipt)
	huma.Register(api, job("cancel-cash-receipt", "/api/sales/{number}/cash-receipt/cancel", "Cancel the cash receipt of a sale"), s.cancelCashReceipt)
}

type cashReceiptInput struct {
	ByNumber
	Body CashReceiptRequest
}

func (s *Server) issueCashReceipt(ctx context.Context, in *cashReceiptInput) (*bodyOf[State], error) {
	return s.moving(ctx, func(ctx context.Context) error {
		_, err := s.Till.IssueCashReceipt(ctx, actor(ctx), till.CashReceiptRequest{
			Key: in.Body.Key, Number: in.Number, Purpose: drivers.CashReceiptPurpose(in.Body.Purpose), Holder: in.Body.Holder,
		})
		return err
	})
}

type cashReceiptCancelInput struct {
	ByNumber
	Body CashReceiptCancelRequest
}

func (s *Server) cancelCashReceipt(ctx context.Context, in *cashReceiptCancelInput) (*bodyOf[State], error) {
	return s.moving(ctx, func(ctx context.Context) error {
		_, err := s.Till.CancelCashReceipt(ctx, actor(ctx), till.CancelCashReceiptRequest{
			Key: in.Body.Key, Number: in.Number, Holder: in.Body.Holder, Reason: drivers.CancelReason(in.Body.Reason),
		})
		return err
	})
}

func viewCash(state till.CashState) CashView {
	view := CashView{Sale: state.Sale, Cash: state.Cash}
	if issued := state.Receipt; issued != nil {
		job := issued.Issue.CashReceipt
		view.Receipt = &CashReceiptView{
			Purpose: string(job.Purpose), Holder: job.Holder, Amount: issued.Issue.Amount, Approval: issued.Issue.Result.Approval,
			At: issued.Issue.Ended, CancelDue: issued.CancelDue,
		}
	}
	return view
}

func viewTerminal(able drivers.Abilities, rules drivers.CardRules) *TerminalView {
	return &TerminalView{
		Instalments: min(able.Instalments, rules.LongestInstalments), InstalmentsFrom: rules.InstalmentsFrom,
		CashReceipt: able.CashReceipt, AsksHolder: able.AsksHolder,
	}
}
