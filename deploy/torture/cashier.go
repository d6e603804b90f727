package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"shopbox/deploy/rig"
)

// act is one paying act of the cashier: what was asked for under which key,
// and what the box answered, if it lived to answer.
type act struct {
	key      string
	what     string
	answered bool
	// number is the receipt the box named in its answer.
	number string
	total  int64
}

// cashier sells without end on one screen, through kills. It remembers every
// answer it was given: what the box once said must stay true.
type cashier struct {
	box      *rig.Client
	products []rig.Product
	random   *rand.Rand
	acts     []act
	sold     []string
	calls    int
}

// state is the part of the box's snapshot that a cashier looks at.
type state struct {
	Cart struct {
		ID      string     `json:"id"`
		Version int64      `json:"version"`
		Due     int64      `json:"due"`
		Total   int64      `json:"total"`
		Lines   []struct{} `json:"lines"`
	} `json:"cart"`
	Day struct {
		Open bool `json:"open"`
	} `json:"day"`
	Payment *struct {
		State string `json:"state"`
	} `json:"payment"`
	Finished *struct {
		Number string `json:"number"`
		Total  int64  `json:"total"`
	} `json:"finished"`
	Hub struct {
		Unsent int64 `json:"unsent"`
	} `json:"hub"`
}

func (s state) paying() bool {
	return s.Payment != nil && (s.Payment.State == "waiting" || s.Payment.State == "asking" || s.Payment.State == "unknown")
}

// work sells until the box is gone (nil) or refuses what it must not refuse.
func (c *cashier) work(ctx context.Context) error {
	for ctx.Err() == nil {
		err := c.customer(ctx)
		var refused *rig.CallError
		switch {
		case errors.As(err, &refused) && refused.Status < http.StatusInternalServerError:
			// A refusal is an answer: the cart moved on while a payment was
			// being cleared up. Look again.
			if err := c.settleDown(ctx); err != nil {
				return nil //nolint:nilerr // the box is gone; that is what is tested
			}
		case refused != nil:
			return fmt.Errorf("the box failed: %w", refused)
		case err != nil:
			return nil //nolint:nilerr // the box is gone; that is what is tested
		}
	}
	return nil
}

// customer serves one: goods, then one of the ways to pay.
func (c *cashier) customer(ctx context.Context) error {
	now, err := c.settled(ctx)
	if err != nil {
		return err
	}
	if len(now.Cart.Lines) == 0 {
		if now, err = c.fill(ctx); err != nil {
			return err
		}
	}
	switch c.random.IntN(10) {
	case 0, 1, 2, 3:
		return c.pay(ctx, now, "cash", 0)
	case 4, 5, 6:
		return c.pay(ctx, now, "card", 0)
	case 7:
		return c.split(ctx, now)
	case 8:
		return c.refund(ctx)
	default:
		return c.park(ctx)
	}
}

func (c *cashier) fill(ctx context.Context) (now state, err error) {
	for range 1 + c.random.IntN(4) {
		product := c.products[c.random.IntN(len(c.products))]
		if err = c.call(ctx, http.MethodPost, "/api/cart/scan", map[string]any{"code": product.Barcodes[0]}, &now); err != nil {
			return now, err
		}
	}
	return now, nil
}

// pay pays what is due, or a part of it.
func (c *cashier) pay(ctx context.Context, now state, tender string, part int64) error {
	key := fmt.Sprintf("torture-%d", len(c.acts))
	c.acts = append(c.acts, act{key: key, what: tender, total: now.Cart.Total})
	body := map[string]any{"key": key, "cart": now.Cart.ID, "version": now.Cart.Version, "tender": tender}
	if part > 0 {
		body["amount"] = part
	}
	if tender == "cash" {
		body["received"] = max(part, now.Cart.Due)
		if part > 0 {
			body["received"] = part
		}
	}
	return c.asked(ctx, len(c.acts)-1, "/api/cart/pay", body)
}

func (c *cashier) split(ctx context.Context, now state) error {
	if now.Cart.Due < 2 {
		return c.pay(ctx, now, "cash", 0)
	}
	if err := c.pay(ctx, now, "cash", 1+c.random.Int64N(now.Cart.Due-1)); err != nil {
		return err
	}
	rest, err := c.settled(ctx)
	if err != nil || len(rest.Cart.Lines) == 0 {
		return err
	}
	return c.pay(ctx, rest, "card", 0)
}

func (c *cashier) refund(ctx context.Context) error {
	if len(c.sold) == 0 {
		return nil
	}
	number := c.sold[c.random.IntN(len(c.sold))]
	var sold struct {
		Refund bool `json:"refund"`
		Lines  []struct {
			ID   string `json:"id"`
			Left int64  `json:"left"`
		} `json:"lines"`
	}
	if err := c.call(ctx, http.MethodGet, "/api/sales/"+number, nil, &sold); err != nil || sold.Refund {
		return err
	}
	for _, line := range sold.Lines {
		if line.Left < 1000 {
			continue
		}
		key := fmt.Sprintf("torture-%d", len(c.acts))
		c.acts = append(c.acts, act{key: key, what: "refund"})
		return c.asked(ctx, len(c.acts)-1, "/api/sales/"+number+"/refund", map[string]any{
			"key": key, "lines": []any{map[string]any{"line": line.ID, "quantity": 1000}}, "tender": "cash", "reason": "변심",
		})
	}
	return nil
}

func (c *cashier) park(ctx context.Context) error {
	if err := c.call(ctx, http.MethodPost, "/api/cart/park", map[string]any{}, nil); err != nil {
		return err
	}
	var now struct {
		Parked []struct {
			ID string `json:"id"`
		} `json:"parked"`
	}
	if err := c.call(ctx, http.MethodGet, "/api/state", nil, &now); err != nil || len(now.Parked) < 3 {
		return err
	}
	return c.call(ctx, http.MethodPost, "/api/parked/"+now.Parked[0].ID+"/resume", nil, nil)
}

// asked sends a paying act and remembers the answer. Every third is sent
// twice, as a nervous finger does.
func (c *cashier) asked(ctx context.Context, i int, path string, body map[string]any) error {
	var now state
	if err := c.call(ctx, http.MethodPost, path, body, &now); err != nil {
		return err
	}
	c.note(i, now)
	if i%3 != 0 {
		return nil
	}
	var again state
	if err := c.call(ctx, http.MethodPost, path, body, &again); err != nil {
		return err
	}
	c.note(i, again)
	return nil
}

func (c *cashier) note(i int, now state) {
	c.acts[i].answered = true
	if now.Finished == nil || c.acts[i].what == "card" {
		return
	}
	c.acts[i].number = now.Finished.Number
	if c.acts[i].what != "refund" {
		c.sold = append(c.sold, now.Finished.Number)
	}
}

// settled waits until no payment is on its way.
func (c *cashier) settled(ctx context.Context) (state, error) {
	for {
		var now state
		if err := c.call(ctx, http.MethodGet, "/api/state", nil, &now); err != nil {
			return now, err
		}
		if !now.paying() {
			return now, nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return now, err
		}
	}
}

func (c *cashier) settleDown(ctx context.Context) error {
	_, err := c.settled(ctx)
	return err
}

func (c *cashier) call(ctx context.Context, method, path string, body, into any) error {
	c.calls++
	return c.box.Call(ctx, method, path, body, into)
}

func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
