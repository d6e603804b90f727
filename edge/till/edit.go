package till

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

// duplicateWithin is how soon after a scan the same code from the same scanner
// is a bounce of the trigger, not a second piece.
const duplicateWithin = 300 * time.Millisecond

// scanned is what a scanner read last.
type scanned struct {
	code string
	at   time.Time
}

// Scanned is what came of a scan.
type Scanned struct {
	// Line is the line of the cart that holds the goods now.
	Line string
	// Receipt is the receipt number when a receipt was scanned: its sale can be
	// taken back.
	Receipt string
}

// Scan takes a code from a scanner (source is the device) or from a keyboard
// (source is empty). What it has to say is also shown as a notice, because a
// scanner has no screen of its own.
func (t *Till) Scan(ctx context.Context, source, text string) (Scanned, error) {
	return t.scanBy(ctx, sale.Person{}, source, text)
}

// ScanBy is Scan for a person at a screen.
func (t *Till) ScanBy(ctx context.Context, actor staff.Person, text string) (Scanned, error) {
	return t.scanBy(ctx, person(actor), "", text)
}

func (t *Till) scanBy(ctx context.Context, by sale.Person, source, text string) (Scanned, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.publish()
	wallet, isWallet := catalog.WalletCode(text)
	if t.bounced(source, text) {
		t.sayOf(source, LevelWarn, ErrDuplicateScan.Error(), shownCode(text, isWallet))
		return Scanned{}, ErrDuplicateScan
	}
	found, code, err := t.scan(ctx, text)
	subject := shownCode(cmp.Or(code.Text, text), isWallet)
	if isWallet && noGoods(err) {
		err = t.scanWallet(by, wallet)
	}
	switch {
	case err != nil:
		t.sayOf(source, LevelStop, Code(err), subject)
	case found.Receipt != "":
		t.sayOf(source, LevelOK, "receipt_scanned", found.Receipt)
	}
	return found, err
}

// shownCode is a code as a notice shows it: one of a wallet is money.
func shownCode(code string, isWallet bool) string {
	if isWallet {
		return ""
	}
	return code
}

func (t *Till) bounced(source, code string) bool {
	if source == "" {
		return false
	}
	now, _ := t.clock.Read()
	last := t.scans[source]
	t.scans[source] = scanned{code: code, at: now}
	since := now.Sub(last.at)
	return last.code == code && since >= 0 && since < duplicateWithin
}

// noGoods reports whether a scan failed because no goods have the code, or
// while nobody looked for them.
func noGoods(err error) bool {
	return errors.Is(err, ErrUnknownCode) || errors.Is(err, catalog.ErrNotACode) ||
		errors.Is(err, ErrDayClosed) || errors.Is(err, ErrPaymentInProgress) || errors.Is(err, ErrPaymentUnknown)
}

// scan also returns what the code was read as.
func (t *Till) scan(ctx context.Context, text string) (Scanned, catalog.Code, error) {
	shop, settings, err := t.store.Shop(ctx)
	if err != nil {
		return Scanned{}, catalog.Code{}, fmt.Errorf("scan: %w", err)
	}
	code, err := catalog.ParseCode(text, settings.Codes)
	if err != nil {
		return Scanned{}, code, err
	}
	if code.Kind == catalog.CodeReceipt {
		return Scanned{Receipt: code.Receipt}, code, nil
	}
	if err := t.editable(t.cart.ID); err != nil {
		return Scanned{}, code, err
	}
	product, err := t.store.ProductByCode(ctx, code.Lookups())
	if isNotFound(err) {
		return Scanned{}, code, ErrUnknownCode
	}
	if err != nil {
		return Scanned{}, code, fmt.Errorf("scan: %w", err)
	}
	line, err := t.add(ctx, adding{shop: shop, product: product, code: code, text: text, request: AddRequest{}})
	return Scanned{Line: line}, code, err
}

// AddRequest puts a product of the catalogue into the cart.
type AddRequest struct {
	Product string
	// Code is what was scanned, when the product was found by a code; it may
	// carry weight or price.
	Code string
	// Quantity is 0 for one unit.
	Quantity money.Milli
	Answers  Answers
}

// Answers are the answers to a product's questions.
type Answers struct {
	// OldEnough says that the person looked at the customer's age.
	OldEnough bool
	// Expired says that the person sells what has expired all the same.
	Expired bool
	Note    string
	Weight  money.Milli
	Price   money.Won
}

type adding struct {
	shop    catalog.Shop
	product catalog.Product
	code    catalog.Code
	text    string
	request AddRequest
	actor   staff.Person
}

// AddProduct puts a product into the cart; ErrAsk when the product asks
// something that the request does not answer, and then Snapshot.Ask tells what.
func (t *Till) AddProduct(ctx context.Context, actor staff.Person, request AddRequest) (line string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.publish()
	if err := t.editable(t.cart.ID); err != nil {
		return "", err
	}
	shop, settings, err := t.store.Shop(ctx)
	if err != nil {
		return "", fmt.Errorf("add product: %w", err)
	}
	product, err := t.store.Product(ctx, request.Product)
	if isNotFound(err) || err == nil && product.Archived {
		return "", ErrNoProduct
	}
	if err != nil {
		return "", fmt.Errorf("add product: %w", err)
	}
	var code catalog.Code
	if request.Code != "" {
		if code, err = t.codeOf(ctx, product, request.Code, settings); err != nil {
			return "", err
		}
	}
	return t.add(ctx, adding{shop: shop, product: product, code: code, text: request.Code, request: request, actor: actor})
}

// codeOf is a code read again, which must be the product's own: a label with a
// price is none for other goods.
func (t *Till) codeOf(ctx context.Context, product catalog.Product, text string, settings Settings) (catalog.Code, error) {
	code, err := catalog.ParseCode(text, settings.Codes)
	if err != nil {
		return catalog.Code{}, err
	}
	owner, err := t.store.ProductByCode(ctx, code.Lookups())
	if isNotFound(err) || err == nil && owner.ID != product.ID {
		return catalog.Code{}, ErrUnknownCode
	}
	if err != nil {
		return catalog.Code{}, fmt.Errorf("add product: %w", err)
	}
	return code, nil
}

func (t *Till) add(ctx context.Context, adding adding) (string, error) {
	line := adding.product.Line(adding.code)
	if adding.request.Quantity != 0 && !adding.code.Measured() && adding.code.Count == 0 {
		line.Quantity = adding.request.Quantity
	}
	measured := adding.code.Measured() || adding.product.ByWeight && adding.request.Quantity != 0
	goods := adding.product.Goods(adding.code, measured)
	goods.Expired = t.expired(adding.code)
	prompts := t.prompts(adding.shop, goods)
	if !adding.request.Answers.fill(&line, prompts) {
		t.touch()
		t.ask = &Ask{Product: adding.product.ID, Name: adding.product.Name, Code: adding.text, Prompts: prompts}
		return "", ErrAsk
	}
	// Lot, expiry and serial number stay with the goods, for a recall.
	line.Note = strings.TrimSpace(line.Note + " " + adding.code.Trace.String())
	var acts []staff.AuditEvent
	if age := askedAge(prompts); age > 0 {
		acts = append(acts, t.act(adding.actor, staff.ActAgeChecked, adding.product.Name, fmt.Sprint(age)))
	}
	if goods.Expired != "" {
		acts = append(acts, t.act(adding.actor, staff.ActExpiredSold, adding.product.Name, goods.Expired))
	}
	return t.put(ctx, adding.actor, line, acts)
}

// expired is the day the goods of a code expired, empty when they have not.
func (t *Till) expired(code catalog.Code) string {
	today, _ := t.clock.Read()
	if !code.Trace.Expiry.Passed(today) {
		return ""
	}
	return code.Trace.Expiry.Day(today).Format(time.DateOnly)
}

func (t *Till) prompts(shop catalog.Shop, goods vertical.Goods) []vertical.Prompt {
	kind, known := t.kinds[shop.Kind]
	if !known {
		return goods.Prompts
	}
	return kind.Prompts(goods)
}

func askedAge(prompts []vertical.Prompt) int {
	age := 0
	for _, prompt := range prompts {
		if prompt.Kind == vertical.PromptAge {
			age = max(age, prompt.Minimum)
		}
	}
	return age
}

// fill puts the answers into the line; false when one is missing.
func (a Answers) fill(line *sale.Line, prompts []vertical.Prompt) bool {
	for _, prompt := range prompts {
		switch prompt.Kind {
		case vertical.PromptAge:
			if !a.OldEnough {
				return false
			}
		case vertical.PromptExpired:
			if !a.Expired {
				return false
			}
		case vertical.PromptNote:
			if line.Note = strings.TrimSpace(a.Note); line.Note == "" {
				return false
			}
		case vertical.PromptWeight:
			if line.Quantity = a.Weight; a.Weight <= 0 {
				return false
			}
		case vertical.PromptPrice:
			if line.Unit, line.Item.Price = a.Price, a.Price; a.Price <= 0 {
				return false
			}
		}
	}
	return true
}

// FreeAmount is goods that are not in the catalogue.
type FreeAmount struct {
	Name   string
	VAT    money.VAT
	Amount money.Won
}

// AddFree puts a free amount into the cart.
func (t *Till) AddFree(ctx context.Context, actor staff.Person, free FreeAmount) (line string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.publish()
	if err := t.editable(t.cart.ID); err != nil {
		return "", err
	}
	made, err := catalog.FreeAmount(free.Name, free.VAT, free.Amount)
	if err != nil {
		return "", err
	}
	return t.put(ctx, actor, made, nil)
}

func (t *Till) put(ctx context.Context, actor staff.Person, line sale.Line, acts []staff.AuditEvent) (string, error) {
	id, err := newID()
	if err != nil {
		return "", err
	}
	line.ID = id
	err = t.edit(ctx, actor, func(cart *sale.Cart) (err error) {
		id, err = cart.Add(line)
		return err
	}, acts...)
	return id, err
}

// editable reports whether a cart can be changed now.
func (t *Till) editable(cart string) error {
	switch {
	case t.day == nil:
		return ErrDayClosed
	case t.cartAtTerminal():
		return ErrPaymentInProgress
	case t.blocked(cart):
		return ErrPaymentUnknown
	}
	return nil
}

// edit changes the open cart: what is on the disk first, then what is shown.
func (t *Till) edit(ctx context.Context, actor staff.Person, change func(cart *sale.Cart) error, acts ...staff.AuditEvent) error {
	if err := t.editable(t.cart.ID); err != nil {
		return err
	}
	next := t.changed(t.cart, person(actor))
	if err := change(&next.Cart); err != nil {
		return err
	}
	if err := keepsLimits(actor, t.cart.Cart, next.Cart); err != nil {
		return err
	}
	if err := checkSize(next.Cart); err != nil {
		return err
	}
	if err := t.store.SaveCarts(ctx, CartChange{Open: &next, Acts: acts}); err != nil {
		return fmt.Errorf("change cart: %w", err)
	}
	t.cart = next
	t.touch()
	return nil
}

// Update changes quantity, price, discount or note of a line. Another price
// and a discount need their rights and are recorded.
func (t *Till) Update(ctx context.Context, actor staff.Person, line string, change sale.Change) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	before, known := lineOf(t.cart.Cart, line)
	if !known {
		return sale.ErrNoLine
	}
	acts, err := t.mayUpdate(actor, before, change)
	if err != nil {
		return err
	}
	defer t.publish()
	return t.edit(ctx, actor, func(cart *sale.Cart) error { return cart.Update(line, change) }, acts...)
}

func (t *Till) mayUpdate(actor staff.Person, before sale.Line, change sale.Change) ([]staff.AuditEvent, error) {
	var acts []staff.AuditEvent
	if change.Unit != nil && *change.Unit != before.Unit {
		if err := actor.Need(staff.PriceOverride); err != nil {
			return nil, err
		}
		acts = append(acts, t.act(actor, staff.ActPriceOverride, before.Item.Name, before.Unit.String()+" -> "+change.Unit.String()))
	}
	if change.Discount != nil && *change.Discount != before.Discount {
		unit, quantity := before.Unit, before.Quantity
		if change.Unit != nil {
			unit = *change.Unit
		}
		if change.Quantity != nil {
			quantity = *change.Quantity
		}
		act, err := t.mayDiscount(actor, before.Item.Name, *change.Discount, unit.Times(quantity))
		if err != nil {
			return nil, err
		}
		acts = append(acts, act)
	}
	if change.Quantity != nil && *change.Quantity < before.Quantity {
		acts = append(acts, t.act(actor, staff.ActLineVoided, before.Item.Name, before.Quantity.String()+" -> "+change.Quantity.String()))
	}
	return acts, nil
}

func (t *Till) mayDiscount(actor staff.Person, subject string, discount sale.Discount, amount money.Won) (staff.AuditEvent, error) {
	off := discount.On(amount)
	if err := actor.NeedDiscount(permilleOf(off, amount)); err != nil {
		return staff.AuditEvent{}, err
	}
	return t.act(actor, staff.ActDiscount, subject, off.String()), nil
}

// permilleOf is how much of an amount is taken off, in thousandths rounded up.
func permilleOf(off, amount money.Won) int64 {
	if off <= 0 {
		return 0
	}
	if amount <= 0 {
		return 1000
	}
	return (int64(off)*1000 + int64(amount) - 1) / int64(amount)
}

func lineOf(cart sale.Cart, id string) (sale.Line, bool) {
	for _, line := range cart.Lines {
		if line.ID == id {
			return line, true
		}
	}
	return sale.Line{}, false
}

// Remove takes a line out; Undo brings it back.
func (t *Till) Remove(ctx context.Context, actor staff.Person, line string) error {
	if err := actor.Need(staff.VoidLine); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	before, known := lineOf(t.cart.Cart, line)
	if !known {
		return sale.ErrNoLine
	}
	defer t.publish()
	now, _ := t.clock.Read()
	act := t.act(actor, staff.ActLineVoided, before.Item.Name, before.Quantity.String()+" x "+before.Unit.String())
	return t.edit(ctx, actor, func(cart *sale.Cart) error {
		err := cart.Remove(line, now)
		if len(cart.Lines) == 0 {
			// A discount on nothing would be one on whatever comes next.
			cart.Discount = sale.Discount{}
		}
		return err
	}, act)
}

// Undo brings the line back that was removed last.
func (t *Till) Undo(ctx context.Context, actor staff.Person) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.publish()
	now, _ := t.clock.Read()
	return t.edit(ctx, actor, func(cart *sale.Cart) error { return cart.Restore(now) })
}

// Discount gives the whole cart a discount.
func (t *Till) Discount(ctx context.Context, actor staff.Person, discount sale.Discount) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	act, err := t.mayDiscount(actor, "", discount, afterOwn(t.cart.Cart))
	if err != nil {
		return err
	}
	defer t.publish()
	return t.edit(ctx, actor, func(cart *sale.Cart) error { return cart.SetDiscount(discount) }, act)
}

// Note gives the whole cart a note.
func (t *Till) Note(ctx context.Context, actor staff.Person, note string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.publish()
	return t.edit(ctx, actor, func(cart *sale.Cart) error { return cart.SetNote(strings.TrimSpace(note)) })
}

// Touch takes away what is shown until the next touch: the finished sale, the
// ended payment, the question.
func (t *Till) Touch() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.touch()
	t.publish()
}
