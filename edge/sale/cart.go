// Package sale is the arithmetic of a sale: a cart of lines, discounts and
// tenders, the totals with VAT, the closed sale and the refund of it. edge/till
// calls it; it does no I/O and reads no clock.
//
// What always holds: the total is the sum of the lines to the won; supply, VAT
// and exempt amount add up to the total; a refunded sale never gives back more
// than was paid, and all its refunds together give back exactly that.
package sale

import (
	"errors"
	"slices"
	"time"

	"shopbox/protocol/money"
)

// The reasons why a cart refuses.
var (
	// ErrNoLine says that the line is not (or no longer) in the cart.
	ErrNoLine = errors.New("line_not_found")
	// ErrQuantity says that a quantity is zero, negative or absurd, or a
	// fraction of something sold by the piece.
	ErrQuantity = errors.New("quantity_invalid")
	// ErrPrice says that a price is negative or absurd.
	ErrPrice = errors.New("price_invalid")
	// ErrDiscount says that a discount is negative or more than the goods.
	ErrDiscount = errors.New("discount_invalid")
	// ErrLocked says that a tender was taken, so the goods cannot change.
	ErrLocked = errors.New("cart_locked")
	// ErrEmpty says that there is nothing to sell.
	ErrEmpty = errors.New("cart_empty")
	// ErrTender says that a tender is not positive or more than is due.
	ErrTender = errors.New("tender_invalid")
	// ErrDue says that the cart is not paid in full.
	ErrDue = errors.New("cart_not_paid")
	// ErrNothingToUndo says that nothing was removed lately.
	ErrNothingToUndo = errors.New("nothing_to_undo")
	// ErrTooMany says that a cart is over its limit of lines.
	ErrTooMany = errors.New("cart_full")
)

// The limits of a cart. Beyond them something is wrong, not large.
const (
	MaxLines    = 500
	MaxQuantity = 99_999 * money.One
	MaxPrice    = money.Won(999_999_999)
	// UndoFor is how long a removed line can be brought back.
	UndoFor = 10 * time.Second
)

// Item is what a line sells, as the catalogue knew it at that moment.
type Item struct {
	// Product is the catalogue's id; empty for a free amount.
	Product  string
	Name     string
	Category string
	Barcode  string
	VAT      money.VAT
	// Price is the catalogue's price of one unit.
	Price money.Won
	// Cost is what one unit cost the shop, nil when not known.
	Cost *money.Won
	// ByWeight allows fractions of a unit.
	ByWeight bool
	// Single keeps every one of these on a line of its own: an in-store price
	// label, or a product that asked something.
	Single bool
}

// Line is one line of a cart.
type Line struct {
	ID       string
	Item     Item
	Quantity money.Milli
	// Unit is the price of one unit in this cart: Item.Price unless a person
	// changed it.
	Unit     money.Won
	Discount Discount
	Note     string
}

// Discount takes something off: a number of thousandths or an amount.
type Discount struct {
	Permille int64
	Amount   money.Won
}

// On is the discount in won on an amount, never more than it.
func (d Discount) On(amount money.Won) money.Won {
	return min(amount, amount.Permille(d.Permille)+d.Amount)
}

func (d Discount) valid(amount money.Won) bool {
	return d.Permille >= 0 && d.Permille <= 1000 && d.Amount >= 0 && d.Amount <= amount &&
		(d.Permille == 0 || d.Amount == 0)
}

// Removed is a line that was taken out and can be brought back.
type Removed struct {
	Line  Line
	Index int
	At    time.Time
}

// Cart is a sale in the making.
type Cart struct {
	ID string
	// Name is what a parked cart is called.
	Name     string
	Lines    []Line
	Discount Discount
	Note     string
	Tenders  []Tender
	// Undo is the last removed line, if any.
	Undo *Removed
}

// Add puts a line into the cart. When the same goods stand there at the same
// price, without discount or note, they become more; the id of the line that
// holds the goods is returned.
func (c *Cart) Add(line Line) (string, error) {
	if err := c.open(); err != nil {
		return "", err
	}
	if err := line.check(); err != nil {
		return "", err
	}
	if i := slices.IndexFunc(c.Lines, line.sameAs); i >= 0 {
		more := c.Lines[i]
		more.Quantity += line.Quantity
		if err := more.check(); err != nil {
			return "", err
		}
		c.Lines[i] = more
		return more.ID, nil
	}
	if len(c.Lines) >= MaxLines {
		return "", ErrTooMany
	}
	c.Lines = append(c.Lines, line)
	return line.ID, nil
}

func (l Line) sameAs(other Line) bool {
	return l.plain() && other.plain() && l.Item.Product != "" && l.Item.Product == other.Item.Product &&
		l.Unit == other.Unit && l.Item.VAT == other.Item.VAT && l.Item.ByWeight == other.Item.ByWeight
}

// plain reports whether a line is nothing but goods, so that it can become
// more of them.
func (l Line) plain() bool {
	return !l.Item.Single && l.Discount == (Discount{}) && l.Note == ""
}

func (l Line) check() error {
	switch {
	case l.Quantity <= 0 || l.Quantity > MaxQuantity:
		return ErrQuantity
	case !l.Item.ByWeight && l.Quantity%money.One != 0:
		return ErrQuantity
	case l.Unit < 0 || l.Unit > MaxPrice || l.Unit.Times(l.Quantity) > MaxPrice:
		return ErrPrice
	case !l.Discount.valid(l.Unit.Times(l.Quantity)):
		return ErrDiscount
	}
	return nil
}

// Change gives a line another quantity, price, discount or note.
type Change struct {
	Quantity *money.Milli
	Unit     *money.Won
	Discount *Discount
	Note     *string
}

// Update changes a line.
func (c *Cart) Update(id string, change Change) error {
	if err := c.open(); err != nil {
		return err
	}
	i, err := c.find(id)
	if err != nil {
		return err
	}
	line := c.Lines[i]
	set(&line.Quantity, change.Quantity)
	set(&line.Unit, change.Unit)
	set(&line.Discount, change.Discount)
	set(&line.Note, change.Note)
	if err := line.check(); err != nil {
		return err
	}
	c.Lines[i] = line
	return nil
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// Remove takes a line out; it can be brought back for UndoFor.
func (c *Cart) Remove(id string, now time.Time) error {
	if err := c.open(); err != nil {
		return err
	}
	i, err := c.find(id)
	if err != nil {
		return err
	}
	c.Undo = &Removed{Line: c.Lines[i], Index: i, At: now}
	c.Lines = slices.Delete(c.Lines, i, i+1)
	return nil
}

// Restore brings the last removed line back to its place, with its quantity,
// price, discount and note.
func (c *Cart) Restore(now time.Time) error {
	if err := c.open(); err != nil {
		return err
	}
	if !c.CanUndo(now) {
		return ErrNothingToUndo
	}
	if len(c.Lines) >= MaxLines {
		return ErrTooMany
	}
	c.Lines = slices.Insert(c.Lines, min(c.Undo.Index, len(c.Lines)), c.Undo.Line)
	c.Undo = nil
	return nil
}

// CanUndo reports whether a removed line can still be brought back.
func (c *Cart) CanUndo(now time.Time) bool {
	if c.Undo == nil {
		return false
	}
	age := now.Sub(c.Undo.At)
	return age >= 0 && age <= UndoFor
}

// SetDiscount gives the whole cart a discount.
func (c *Cart) SetDiscount(discount Discount) error {
	if err := c.open(); err != nil {
		return err
	}
	if !discount.valid(c.afterLineDiscounts()) {
		return ErrDiscount
	}
	c.Discount = discount
	return nil
}

// SetNote gives the whole cart a note.
func (c *Cart) SetNote(note string) error {
	if err := c.open(); err != nil {
		return err
	}
	c.Note = note
	return nil
}

// Locked reports whether a tender was taken.
func (c *Cart) Locked() bool { return len(c.Tenders) > 0 }

func (c *Cart) open() error {
	if c.Locked() {
		return ErrLocked
	}
	return nil
}

func (c *Cart) find(id string) (int, error) {
	i := slices.IndexFunc(c.Lines, func(line Line) bool { return line.ID == id })
	if i < 0 {
		return 0, ErrNoLine
	}
	return i, nil
}

// Clone is a copy that shares nothing with the cart.
func (c *Cart) Clone() Cart {
	copied := *c
	copied.Lines = slices.Clone(c.Lines)
	copied.Tenders = slices.Clone(c.Tenders)
	if c.Undo != nil {
		undo := *c.Undo
		copied.Undo = &undo
	}
	return copied
}
