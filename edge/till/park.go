package till

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shopbox/edge/sale"
	"shopbox/edge/staff"
)

// Park puts the open cart aside. Without a name it is called after the time. A
// cart whose payment has no known outcome can be parked, so that the next
// customer need not wait; it stays blocked.
func (t *Till) Park(ctx context.Context, actor staff.Person, name string) error {
	if err := actor.Need(staff.Park); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cartAtTerminal() {
		return ErrPaymentInProgress
	}
	if len(t.cart.Lines) == 0 {
		return sale.ErrEmpty
	}
	next, err := t.emptyCart(person(actor))
	if err != nil {
		return err
	}
	return t.swap(ctx, t.aside(actor, name), next)
}

// aside is the open cart made ready to be parked.
func (t *Till) aside(actor staff.Person, name string) Cart {
	aside := t.changed(t.cart, person(actor))
	if name = strings.TrimSpace(name); name != "" {
		aside.Name = name
	}
	if aside.Name == "" {
		aside.Name = aside.At.Format("15:04")
	}
	return aside
}

// Resume opens a parked cart. Goods in the open cart are parked first.
func (t *Till) Resume(ctx context.Context, actor staff.Person, cart string) error {
	if err := actor.Need(staff.Park); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cartAtTerminal() {
		return ErrPaymentInProgress
	}
	at := t.parkedAt(cart)
	if at < 0 {
		return ErrNoCart
	}
	return t.swap(ctx, t.aside(actor, ""), t.changed(t.parked[at], person(actor)))
}

// swap opens another cart and parks the one that was open, if anything lies in
// it.
func (t *Till) swap(ctx context.Context, aside, open Cart) error {
	change := CartChange{Open: &open}
	parked := slices.DeleteFunc(slices.Clone(t.parked), func(cart Cart) bool { return cart.ID == open.ID })
	if len(aside.Lines) > 0 {
		change.Saved = []Cart{aside}
		parked = append(parked, aside)
	} else {
		change.Dropped = []string{aside.ID}
	}
	if err := t.store.SaveCarts(ctx, change); err != nil {
		return fmt.Errorf("park: %w", err)
	}
	t.cart, t.parked = open, parked
	t.touch()
	t.publish()
	return nil
}

// DropParked throws a parked cart away.
func (t *Till) DropParked(ctx context.Context, actor staff.Person, cart string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.parkedAt(cart)
	if at < 0 {
		return ErrNoCart
	}
	if err := t.mayDrop(actor, t.parked[at]); err != nil {
		return err
	}
	change := CartChange{Dropped: []string{cart}, Acts: []staff.AuditEvent{t.dropped(actor, t.parked[at])}}
	if err := t.store.SaveCarts(ctx, change); err != nil {
		return fmt.Errorf("drop cart: %w", err)
	}
	t.parked = slices.Delete(t.parked, at, at+1)
	t.publish()
	return nil
}

// Clear throws the open cart away and begins a new one.
func (t *Till) Clear(ctx context.Context, actor staff.Person) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cartAtTerminal() {
		return ErrPaymentInProgress
	}
	if err := t.mayDrop(actor, t.cart); err != nil {
		return err
	}
	next, err := t.emptyCart(person(actor))
	if err != nil {
		return err
	}
	change := CartChange{Open: &next, Dropped: []string{t.cart.ID}}
	if len(t.cart.Lines) > 0 {
		change.Acts = []staff.AuditEvent{t.dropped(actor, t.cart)}
	}
	if err := t.store.SaveCarts(ctx, change); err != nil {
		return fmt.Errorf("clear cart: %w", err)
	}
	t.cart = next
	t.touch()
	t.publish()
	return nil
}

func (t *Till) mayDrop(actor staff.Person, cart Cart) error {
	switch {
	case t.blocked(cart.ID):
		return ErrPaymentUnknown
	case cart.Locked():
		return ErrCartPaid
	case len(cart.Lines) == 0:
		return nil
	}
	return actor.Need(staff.VoidLine)
}

func (t *Till) dropped(actor staff.Person, cart Cart) staff.AuditEvent {
	return t.act(actor, staff.ActCartDropped, cart.Name, fmt.Sprintf("%d x, %s", len(cart.Lines), cart.Totals().Total))
}
