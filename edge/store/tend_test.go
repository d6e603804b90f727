package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/edge/printing"
	"shopbox/edge/staff"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/protocol"
)

// TestSessionStaysEnded: a request that was under way when its person signed
// out does not sign them in again.
func TestSessionStaysEnded(t *testing.T) {
	b := newBox(t)
	b.setUp(t)
	ctx := t.Context()
	session := staff.Session{ID: "s", Person: boss().ID, Since: b.now, Seen: b.now}
	if err := b.SaveSession(ctx, session); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveSession(ctx, session.Touch(b.now.Add(time.Minute))); err != nil {
		t.Fatal(err)
	}
	if found, _, err := b.Session(ctx, "s"); err != nil || !found.Seen.Equal(b.now.Add(time.Minute)) {
		t.Errorf("touched: %+v, %v", found, err)
	}
	if err := b.EndSession(ctx, "s"); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveSession(ctx, session.Touch(b.now.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	b.wantNoSession(t, "s", "ended")
}

func (b *box) wantNoSession(t *testing.T, id, what string) {
	t.Helper()
	if found, _, err := b.Session(t.Context(), id); till.Code(err) != "not_found" {
		t.Errorf("%s, and still there: %+v, %v", what, found, err)
	}
}

// TestNewPINEndsSessions: whoever signed in with the PIN from before is out.
func TestNewPINEndsSessions(t *testing.T) {
	b := newBox(t)
	b.setUp(t)
	ctx := t.Context()
	person, err := b.Person(ctx, boss().ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.SaveSession(ctx, staff.Session{ID: "s", Person: person.ID, Since: b.now, Seen: b.now}); err != nil {
		t.Fatal(err)
	}
	person.Name = "김대표"
	if err := b.SavePerson(ctx, person); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Session(ctx, "s"); err != nil {
		t.Errorf("another name: %v", err)
	}
	person.PINHash = "another"
	if err := b.SavePerson(ctx, person); err != nil {
		t.Fatal(err)
	}
	b.wantNoSession(t, "s", "another PIN")
}

// TestTend: what is of no use any more goes, what may be asked for stays.
func TestTend(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	ctx := t.Context()
	if err := b.SaveSession(ctx, staff.Session{ID: "forgotten", Person: boss().ID, Since: b.now, Seen: b.now}); err != nil {
		t.Fatal(err)
	}
	if err := b.DeviceChanged(ctx, protocol.DeviceState{Device: "d", State: "ok", At: b.now}); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveCarts(ctx, till.CartChange{Answer: &till.Answered{Key: "k", What: "w", Answer: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	job, err := b.Enqueue(ctx, printing.Job{Kind: printing.Receipt, Number: "1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		days                      int
		session, key, job, device bool
		state                     printing.State
	}{
		{0, true, true, true, true, printing.Queued},
		{2, false, true, true, true, printing.Queued},
		{2, false, true, true, true, printing.Failed},
		{4, false, false, false, true, ""},
		{90, false, false, false, false, ""},
	} {
		b.now = b.now.AddDate(0, 0, step.days)
		if err := b.Tend(ctx); err != nil {
			t.Fatal(err)
		}
		_, _, noSession := b.Session(ctx, "forgotten")
		answer, _ := b.Answer(ctx, "k")
		slip, noJob := b.PrintJob(ctx, job)
		events, err := b.DeviceEvents(ctx, "d", 1)
		got := fmt.Sprint(noSession == nil, answer != nil, noJob == nil, len(events) == 1, slip.State)
		if want := fmt.Sprint(step.session, step.key, step.job, step.device, step.state); got != want || err != nil {
			t.Errorf("on %s: %s, want %s, %v", b.now.Format(time.DateOnly), got, want, err)
		}
	}
}

// TestLateDrawer: a drawer opens for the customer who stands there, or not at
// all; the receipt comes late all the same.
func TestLateDrawer(t *testing.T) {
	b := newBox(t)
	b.setUp(t)
	ctx := t.Context()
	open := drivers.Document{OpenDrawer: true}
	slip := drivers.Document{OpenDrawer: true, Blocks: []drivers.Block{drivers.Text{Text: "영수증"}}}
	for _, late := range []time.Duration{0, 2 * time.Minute} {
		for _, job := range []printing.Job{{Kind: printing.Drawer, Document: open}, {Kind: printing.Receipt, Document: slip}} {
			if _, err := b.Enqueue(ctx, job); err != nil {
				t.Fatal(err)
			}
		}
		b.now = b.now.Add(late)
		got := ""
		for {
			job, ok, err := b.NextPrintJob(ctx, "p", "")
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			got += fmt.Sprintf("%s %t, ", job.Kind, job.Document.OpenDrawer)
		}
		want := "drawer true, receipt true, "
		if late > 0 {
			want = "receipt false, "
		}
		if got != want {
			t.Errorf("%s late: %s", late, got)
		}
	}
}

// TestTimeSetBack: a box whose clock once ran to 2099 remembers the right time
// again, and forgets what it keeps for a while no later than others.
func TestTimeSetBack(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.now = time.Date(2099, 1, 1, 0, 0, 0, 0, kst)
	b.openDay(t)
	ctx := t.Context()
	if err := b.SaveSession(ctx, staff.Session{ID: "future", Person: boss().ID, Since: b.now, Seen: b.now}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.sell(ctx, "a", milk()); err != nil {
		t.Fatal(err)
	}
	if err := b.Acked(ctx, 3); err != nil {
		t.Fatal(err)
	}
	if err := b.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	b.now = noon
	if seen, err := b.LastSeen(ctx); err != nil || seen.Year() != 2099 {
		t.Fatalf("before: %s, %v", seen, err)
	}
	if err := b.TimeSetBack(ctx); err != nil {
		t.Fatal(err)
	}
	if seen, err := b.LastSeen(ctx); err != nil || !seen.Equal(noon) {
		t.Errorf("after: %s, %v", seen, err)
	}
	b.wantNoSession(t, "future", "time set back")
	b.now = noon.Add(time.Hour)
	if _, err := b.sell(ctx, "b", milk()); err != nil {
		t.Fatal(err)
	}
	if seen, err := b.LastSeen(ctx); err != nil || !seen.Equal(b.now) {
		t.Errorf("after a sale: %s, %v", seen, err)
	}
	b.now = noon.AddDate(0, 2, 0)
	if err := b.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	rows, err := b.After(ctx, 0, 10)
	if err != nil || len(rows) == 0 || rows[0].Sequence != 4 {
		t.Errorf("outbox begins with %+v, %v", rows, err)
	}
	if err := b.Check(ctx); err != nil {
		t.Error(err)
	}
}

// TestScanPastSearches: however many screens search through years of sales, a
// scan does not wait for them.
func TestScanPastSearches(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	release, err := b.HoldSearches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := b.ProductByCode(ctx, milk().Barcodes); err != nil {
		t.Error(err)
	}
}

// TestOlderFilePutBack: the hub holds what a later copy of this file sent. What
// is sold from then on, before the hub is heard and after, is news to it, and
// nothing else is.
func TestOlderFilePutBack(t *testing.T) {
	for _, test := range []struct {
		name string
		// hub is through which record the hub holds; the file put back has 6,
		// of which 4 were acked, and then sells 3 times in 2 runs.
		hub int64
		// want are the numbers the hub is sent, sold the last of those sales.
		want []int64
		sold int64
	}{
		{"nothing was lost", 6, []int64{7, 8, 9}, 9},
		{"an ack was lost", 5, []int64{6, 7, 8, 9}, 9},
		{"the hub was set back", 3, []int64{4, 5, 6, 7, 8, 9}, 9},
		{"less was lost than was sold", 8, []int64{9, 10, 11, 12}, 12},
		{"as much", 9, []int64{10, 11, 12, 13}, 13},
		{"more", 50, []int64{51, 52, 53, 54}, 54},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBox(t)
			b.setUp(t, milk())
			b.openDay(t)
			ctx := t.Context()
			for run, carts := range [][]string{{"a", "b", "c"}, {"d", "e"}, {"f"}} {
				for _, cart := range carts {
					if _, err := b.sell(ctx, cart, milk()); err != nil {
						t.Fatal(err)
					}
				}
				if run == 0 {
					must(t, b.Acked(ctx, 0))
					must(t, b.Acked(ctx, 4))
				}
				must(t, b.Close())
				b.open(t, -1)
			}
			must(t, b.Acked(ctx, test.hub))
			rows, err := b.After(ctx, test.hub, 100)
			var sequences []int64
			sales := 0
			for _, row := range rows {
				sequences = append(sequences, row.Sequence)
				if row.Type == protocol.TypeSaleClosed {
					sales++
				}
			}
			if err != nil || !slices.Equal(sequences, test.want) {
				t.Errorf("sends %d, want %d, %v", sequences, test.want, err)
			}
			if count, _, err := b.Unsent(ctx); err != nil || count != int64(len(test.want)) || sales < 3 {
				t.Errorf("%d unsent, of them %d sales, %v", count, sales, err)
			}
			record, err := b.Sale(ctx, "20261123-0006")
			if err != nil || record.Sent {
				t.Errorf("the last sale counts as sent: %v, %v", record.Sent, err)
			}
			must(t, b.Acked(ctx, test.sold))
			if record, err = b.Sale(ctx, "20261123-0006"); err != nil || !record.Sent {
				t.Errorf("the last sale counts as unsent: %v, %v", record.Sent, err)
			}
			if _, err := b.sell(ctx, "g", milk()); err != nil {
				t.Fatal(err)
			}
			if rows, err = b.After(ctx, test.sold, 10); err != nil || len(rows) != 1 || rows[0].Sequence != test.sold+1 {
				t.Errorf("goes on with %+v, %v", rows, err)
			}
			if err := b.Check(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAbsurdAck(t *testing.T) {
	b := newBox(t)
	b.setUp(t)
	if err := b.Acked(t.Context(), 1<<60); !errors.Is(err, store.ErrAck) {
		t.Errorf("an absurd ack: %v", err)
	}
}
