package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // reads the box's database after the box is gone

	"shopbox/deploy/rig"
)

// verdict is the list of comparisons and what came of each.
type verdict struct{ findings []finding }

type finding struct {
	what  string
	wrong []string
}

// check adds a comparison; every line is something that does not agree.
func (v *verdict) check(what string, wrong []string) {
	v.findings = append(v.findings, finding{what: what, wrong: wrong})
}

func (v *verdict) failed() int {
	failed := 0
	for _, finding := range v.findings {
		if len(finding.wrong) > 0 {
			failed++
		}
	}
	return failed
}

const shown = 20

func (v *verdict) print(out io.Writer) {
	for _, finding := range v.findings {
		mark := "ok  "
		if len(finding.wrong) > 0 {
			mark = "FAIL"
		}
		fmt.Fprintf(out, "%s %s\n", mark, finding.what)
		for i, line := range finding.wrong {
			if i == shown {
				fmt.Fprintf(out, "       ... and %d more\n", len(finding.wrong)-shown)
				break
			}
			fmt.Fprintf(out, "       %s\n", line)
		}
	}
	fmt.Fprintf(out, "%d passed, %d failed\n", len(v.findings)-v.failed(), v.failed())
}

// judge lets everything come to rest, stops the box, and compares.
func (t *torment) judge(ctx context.Context) (*verdict, error) {
	if err := t.rest(ctx); err != nil {
		return nil, err
	}
	hub, err := t.hubSales(ctx)
	if err != nil {
		return nil, err
	}
	slips, err := t.paper(ctx)
	if err != nil {
		return nil, err
	}
	balance, err := t.terminalBalance(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.world.Box.Stop(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.world.BoxFolder(), "shopbox.db")+"?mode=ro")
	if err != nil {
		return nil, fmt.Errorf("open the box's database: %w", err)
	}
	defer db.Close()
	books := &books{db: db}
	v := &verdict{}
	v.check("the database is whole", books.integrity(ctx))
	v.check("receipt numbers have no gap and none comes twice", books.numbers(ctx))
	v.check("every sale is the sum of its lines and of its tenders", books.sums(ctx))
	v.check("every journal entry sums to zero", books.entries(ctx))
	v.check("cash and card in the journal are what the sales say", books.accounts(ctx))
	v.check("stock is what was there less what was sold", books.stock(ctx, t.opening))
	v.check("records for the hub are counted without gaps", books.outbox(ctx))
	v.check("the card terminal moved what the sales and open carts say", books.terminal(ctx, balance))
	v.check("no payment is left unknown", books.payments(ctx))
	v.check("every receipt came out once, or is known as unknown", books.paper(ctx, slips))
	v.check("the hub has exactly the box's sales", books.hub(ctx, hub))
	v.check("what the cashier was told is still true", books.told(ctx, t.cashier.acts))
	t.log.Info("compared", slog.Int("box_kills", t.boxes), slog.Int("hub_kills", t.hubs),
		slog.Int("acts", len(t.cashier.acts)), slog.Int("sales_on_hub", len(hub)), slog.Int("slips", len(slips)))
	return v, errors.Join(books.err...)
}

const restWithin = 3 * time.Minute

// rest waits until no payment is on its way, the paper is out and the hub has
// everything.
func (t *torment) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, restWithin)
	defer cancel()
	for {
		var now state
		if err := t.shop.Box.Get(ctx, "/api/state", &now); err != nil {
			return fmt.Errorf("wait for rest: %w", err)
		}
		var jobs []struct {
			State string `json:"state"`
		}
		if err := t.shop.Box.Get(ctx, "/api/print-jobs", &jobs); err != nil {
			return fmt.Errorf("wait for rest: %w", err)
		}
		waiting := 0
		for _, job := range jobs {
			if job.State == "queued" || job.State == "printing" {
				waiting++
			}
		}
		if !now.paying() && now.Hub.Unsent == 0 && waiting == 0 {
			return nil
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return fmt.Errorf("no rest: paying %t, unsent %d, slips waiting %d: %w", now.paying(), now.Hub.Unsent, waiting, err)
		}
	}
}

// hubSale is a sale as the owner's page lists it.
type hubSale struct {
	Number string `json:"number"`
	Total  int64  `json:"total"`
	Refund bool   `json:"refund"`
}

func (t *torment) hubSales(ctx context.Context) ([]hubSale, error) {
	var all []hubSale
	cursor := ""
	for {
		var page struct {
			Sales []hubSale `json:"sales"`
			Next  string    `json:"next"`
		}
		if err := t.shop.Hub.Get(ctx, "/api/sales?cursor="+cursor, &page); err != nil {
			return nil, fmt.Errorf("sales on the hub: %w", err)
		}
		all = append(all, page.Sales...)
		if page.Next == "" {
			return all, nil
		}
		cursor = page.Next
	}
}

func (t *torment) paper(ctx context.Context) ([]string, error) {
	control, err := rig.Control(t.world.Printer)
	if err != nil {
		return nil, err
	}
	var state struct {
		Slips []struct {
			Text string `json:"text"`
		} `json:"slips"`
	}
	if err := control.Get(ctx, "/state", &state); err != nil {
		return nil, fmt.Errorf("the printer's paper: %w", err)
	}
	slips := make([]string, len(state.Slips))
	for i, slip := range state.Slips {
		slips[i] = slip.Text
	}
	return slips, nil
}

func (t *torment) terminalBalance(ctx context.Context) (int64, error) {
	control, err := rig.Control(t.world.Terminal)
	if err != nil {
		return 0, err
	}
	var state struct {
		Status struct {
			Balance int64 `json:"balance"`
		} `json:"status"`
	}
	if err := control.Get(ctx, "/state", &state); err != nil {
		return 0, fmt.Errorf("the terminal's list: %w", err)
	}
	return state.Status.Balance, nil
}
