package till

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"log/slog"

	"shopbox/drivers"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/protocol/money"
)

// PayRequest pays the open cart, or a part of it.
type PayRequest struct {
	// Key is made by the screen, one for each press of the button: the same
	// key gives the same answer and moves money once.
	Key string
	// Cart and Version are what the screen showed.
	Cart    string
	Version int64
	Tender  sale.TenderKind
	// Amount is how much of what is due to pay; 0 is all of it.
	Amount money.Won
	// Received is the cash handed over; 0 is exactly the amount.
	Received money.Won
	// Instalments is the number of months a card is charged in, 0 for at once.
	Instalments int
	// NoReceipt closes the sale without paper.
	NoReceipt bool
}

// Outcome is what came of a payment or a refund.
type Outcome string

// The outcomes.
const (
	// Done: the sale or refund is finished; Number is its receipt.
	Done Outcome = "done"
	// PartPaid: the money was taken, more is due.
	PartPaid Outcome = "part_paid"
	// GivenBack: the money of a tender went back to the customer.
	GivenBack Outcome = "given_back"
	// Refused: the terminal declined; Reason says why.
	Refused Outcome = "declined"
	// Nothing: certainly nothing was charged; Reason says why.
	Nothing Outcome = "not_charged"
	// Unsure: the outcome is not known yet; the till goes on asking.
	Unsure Outcome = "unknown"
)

// Answer is the answer to a payment or a refund. The same key gets the same
// one again.
type Answer struct {
	Outcome Outcome   `json:"outcome"`
	Number  string    `json:"number,omitempty"`
	Total   money.Won `json:"total,omitempty"`
	Change  money.Won `json:"change,omitempty"`
	Due     money.Won `json:"due,omitempty"`
	Attempt string    `json:"attempt,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	Text    string    `json:"text,omitempty"`
}

const maxKey = 64

// MaxTenders is how many parts a cart can be paid in before the whole rest
// must be.
const MaxTenders = 20

func checkKey(key string) error {
	if key == "" || len(key) > maxKey {
		return ErrKey
	}
	return nil
}

func (r PayRequest) what() string {
	what := fmt.Sprintf("pay %s %s %d %d", r.Cart, r.Tender, r.Amount, r.Received)
	if r.Instalments != 0 {
		what += fmt.Sprintf(" in %d", r.Instalments)
	}
	return what
}

// Pay takes cash or charges a card. With a card it returns when the terminal
// is done (or the context ends: then the same request gives the answer later).
func (t *Till) Pay(ctx context.Context, actor staff.Person, request PayRequest) (Answer, error) {
	if err := checkKey(request.Key); err != nil {
		return Answer{}, err
	}
	t.mu.Lock()
	if answer, run, err := t.answered(ctx, request.Key, request.what()); err != nil || answer != nil || run != nil {
		t.mu.Unlock()
		return t.again(ctx, answer, run, err)
	}
	if err := t.payable(request); err != nil {
		t.mu.Unlock()
		return Answer{}, err
	}
	if request.Tender == sale.Card && t.cart.Totals().Due > 0 {
		run, err := t.beginCharge(person(actor), request)
		t.mu.Unlock()
		if err != nil {
			return Answer{}, err
		}
		return t.wait(ctx, run)
	}
	defer t.mu.Unlock()
	return t.payCash(ctx, person(actor), request)
}

// answered looks a key up: its answer when it has one, the payment when one
// runs for it.
func (t *Till) answered(ctx context.Context, key, what string) (*Answer, *running, error) {
	if t.running != nil && t.running.attempt.Key == key {
		if t.running.what != what {
			return nil, nil, ErrKeyReused
		}
		return nil, t.running, nil
	}
	known, err := t.store.Answer(ctx, key)
	if err != nil {
		return nil, nil, fmt.Errorf("look key up: %w", err)
	}
	if known != nil {
		if known.What != what {
			return nil, nil, ErrKeyReused
		}
		var answer Answer
		if err := json.Unmarshal(known.Answer, &answer); err != nil {
			return nil, nil, fmt.Errorf("read answer: %w", err)
		}
		return &answer, nil, nil
	}
	attempt, err := t.store.AttemptByKey(ctx, key)
	if err != nil {
		return nil, nil, fmt.Errorf("look key up: %w", err)
	}
	if attempt != nil {
		if attempt.What != what {
			return nil, nil, ErrKeyReused
		}
		return attempt.answer(), nil, nil
	}
	return nil, nil, nil
}

func (t *Till) again(ctx context.Context, answer *Answer, run *running, err error) (Answer, error) {
	switch {
	case err != nil:
		return Answer{}, err
	case answer != nil:
		return *answer, nil
	}
	return t.wait(ctx, run)
}

// answer is what is known of an attempt that has no stored answer.
func (a Attempt) answer() *Answer {
	answer := &Answer{Outcome: Unsure, Attempt: a.ID, Reason: a.Reason, Text: a.Result.Text}
	switch a.State {
	case Declined:
		answer.Outcome = Refused
	case NotCharged:
		answer.Outcome = Nothing
	default:
	}
	return answer
}

// payable checks that the cart the screen showed can be paid now.
func (t *Till) payable(request PayRequest) error {
	switch {
	case t.day == nil:
		return ErrDayClosed
	case t.running != nil && (t.cartAtTerminal() || request.Tender == sale.Card):
		return ErrPaymentInProgress
	case request.Cart != t.cart.ID || request.Version != t.cart.Version:
		return ErrCartChanged
	case t.blocked(t.cart.ID):
		return ErrPaymentUnknown
	case len(t.cart.Lines) == 0:
		return sale.ErrEmpty
	case request.Tender != sale.Cash && request.Tender != sale.Card:
		return sale.ErrTender
	case request.Instalments < 0 || request.Instalments > 0 && request.Tender != sale.Card:
		return drivers.ErrInstalments
	}
	return request.fits(t.cart.Cart)
}

// fits checks the money of a request against what is due.
func (r PayRequest) fits(cart sale.Cart) error {
	due := cart.Totals().Due
	part := r.Amount != 0 && r.Amount < due || r.Received != 0 && r.Received < due
	if r.Amount < 0 || r.Amount > due || r.Received < 0 || part && len(cart.Tenders) >= MaxTenders {
		return sale.ErrTender
	}
	return nil
}

func (t *Till) payCash(ctx context.Context, by sale.Person, request PayRequest) (Answer, error) {
	next := t.changed(t.cart, by)
	if due := next.Totals().Due; due > 0 {
		amount := request.Amount
		if amount == 0 {
			amount = due
		}
		received := request.Received
		if received == 0 {
			received = amount
		}
		tender, err := sale.CashTender(amount, received)
		if err != nil {
			return Answer{}, err
		}
		if err := next.Take(tender); err != nil {
			return Answer{}, err
		}
	}
	return t.afterTender(ctx, settling{
		cart: next, by: by, key: request.Key, what: request.what(), noReceipt: request.NoReceipt,
	})
}

// settling is a cart that got a tender, with what is to be written with it.
type settling struct {
	cart      Cart
	by        sale.Person
	key, what string
	attempt   *AttemptChange
	acts      []staff.AuditEvent
	noReceipt bool
}

// afterTender writes a tender down with its cart, and closes the sale when it
// is paid in full. It is called with the lock held.
func (t *Till) afterTender(ctx context.Context, s settling) (Answer, error) {
	if s.cart.Totals().Due == 0 {
		return t.closeSale(ctx, s)
	}
	answer := Answer{Outcome: PartPaid, Due: s.cart.Totals().Due}
	if s.attempt != nil {
		answer.Attempt = s.attempt.Attempt.ID
	}
	change := CartChange{Attempt: s.attempt, Acts: s.acts}
	if err := t.carry(&change, s, answer); err != nil {
		return Answer{}, err
	}
	if err := t.store.SaveCarts(ctx, change); err != nil {
		return Answer{}, fmt.Errorf("take tender: %w", err)
	}
	t.keep(s.cart)
	t.touch()
	t.publish()
	return answer, nil
}

// carry puts cart and answer into a change.
func (t *Till) carry(change *CartChange, s settling, answer Answer) (err error) {
	if s.cart.ID == t.cart.ID {
		change.Open = &s.cart
	} else {
		change.Saved = append(change.Saved, s.cart)
	}
	change.Answer, err = remember(s.key, s.what, answer)
	return err
}

// keep takes a written cart over.
func (t *Till) keep(cart Cart) {
	if cart.ID == t.cart.ID {
		t.cart = cart
	} else if at := t.parkedAt(cart.ID); at >= 0 {
		t.parked[at] = cart
	}
}

func remember(key, what string, answer Answer) (*Answered, error) {
	if key == "" {
		return nil, nil
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return &Answered{Key: key, What: what, Answer: text}, nil
}

// closeSale turns a paid cart into a sale, in one transaction.
func (t *Till) closeSale(ctx context.Context, s settling) (Answer, error) {
	now, doubt := t.clock.Read()
	sold, err := s.cart.Close(s.by, now)
	if err != nil {
		return Answer{}, err
	}
	sold.ClockDoubt = doubt
	closing := Closing{Sale: sold, CartChange: CartChange{Attempt: s.attempt, Acts: s.acts, Dropped: []string{s.cart.ID}}}
	next := t.cart
	if s.cart.ID == t.cart.ID {
		if next, err = t.emptyCart(s.by); err != nil {
			return Answer{}, err
		}
		closing.Open = &next
	}
	answer, err := t.finish(ctx, closing, s)
	if err != nil {
		return Answer{}, err
	}
	t.cart = next
	if at := t.parkedAt(s.cart.ID); at >= 0 {
		t.parked = append(t.parked[:at:at], t.parked[at+1:]...)
	}
	t.publish()
	return answer, nil
}

// finish writes a sale or refund with its paper and its answer.
func (t *Till) finish(ctx context.Context, closing Closing, s settling) (Answer, error) {
	options, err := t.receiptOptions(ctx)
	if err != nil {
		return Answer{}, err
	}
	paper := t.receiptOf(options, s.noReceipt)
	closing.Receipt, closing.Slips = paper, func(closed sale.Sale) []drivers.Document { return t.merchantCopies(closed, options) }
	if closing.Kitchen, err = t.kitchenOf(ctx, closing.Sale.Kind); err != nil {
		return Answer{}, err
	}
	closing.Answered = func(closed Closed) (*Answered, error) { return remember(s.key, s.what, answerOf(closed, s.attempt)) }
	closed, err := t.store.CloseSale(ctx, closing)
	if err != nil {
		return Answer{}, fmt.Errorf("close sale: %w", err)
	}
	t.touch()
	t.finished = finishedOf(closed)
	if closed.Kind == sale.Refunded {
		t.showCash(ctx, closed.Original)
		t.wakeUp()
	}
	return answerOf(closed, s.attempt), nil
}

func answerOf(closed Closed, attempt *AttemptChange) Answer {
	answer := Answer{Outcome: Done, Number: closed.Number, Total: closed.Total, Change: closed.Change()}
	if attempt != nil {
		answer.Attempt = attempt.Attempt.ID
	}
	return answer
}

func finishedOf(closed Closed) *Finished {
	finished := &Finished{
		Number: closed.Number, Kind: closed.Kind, Total: closed.Total, Change: closed.Change(),
		Tenders: closed.Tenders, Job: closed.Job, Cash: Record{Sale: closed.Sale}.CashState(),
	}
	for _, tender := range closed.Tenders {
		finished.Received += tender.Received
	}
	return finished
}

// receiptOf makes the paper of a sale. Cash opens the drawer, also when no
// receipt is wanted.
func (t *Till) receiptOf(options receipt.Options, none bool) func(sale.Sale) (*drivers.Document, error) {
	return func(closed sale.Sale) (*drivers.Document, error) {
		if !t.printer() {
			// A slip nobody can print would wait for years, and come out with
			// all others on the day a printer is taken on.
			return nil, nil //nolint:nilnil // no printer: nothing to do
		}
		options.OpenDrawer = movesCash(closed)
		if none {
			if !options.OpenDrawer {
				return nil, nil //nolint:nilnil // no paper and no drawer: nothing to do
			}
			return &drivers.Document{OpenDrawer: true}, nil
		}
		document := t.paper.Sale(closed, options)
		return &document, nil
	}
}

// merchantCopies are the slips that customers sign, whether or not they want a
// receipt.
func (t *Till) merchantCopies(closed sale.Sale, options receipt.Options) []drivers.Document {
	if !t.printer() {
		return nil
	}
	return t.paper.MerchantCopies(closed, options)
}

func (t *Till) receiptOptions(ctx context.Context) (receipt.Options, error) {
	shop, settings, err := t.store.Shop(ctx)
	if err != nil {
		return receipt.Options{}, fmt.Errorf("shop: %w", err)
	}
	return receipt.Options{
		Shop: receipt.Shop{
			Name: shop.Name, BusinessNumber: shop.BusinessNumber, Representative: shop.Representative,
			Address: shop.Address, Phone: shop.Phone,
		},
		Language: receipt.Language(settings.Language), Foot: settings.ReceiptFoot, Logo: t.logo(ctx),
	}, nil
}

// logo is the shop's picture. No sale waits for one that cannot be read.
func (t *Till) logo(ctx context.Context) image.Image {
	logo, err := t.store.Logo(ctx)
	if err != nil {
		t.log.ErrorContext(ctx, "receipt without its logo", slog.Any("error", err))
		return nil
	}
	return logo
}

func movesCash(closed sale.Sale) bool {
	for _, tender := range closed.Tenders {
		if tender.Kind == sale.Cash {
			return true
		}
	}
	return false
}

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }
