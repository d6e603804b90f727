package conformance

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// ReserverSim is a simulated terminal whose book also knows reservations.
type ReserverSim interface {
	TerminalSim
	// Reserved is what is held on customers' cards.
	Reserved() int64
	// Reservations are the receipt numbers of the open reservations.
	Reservations() []int
}

// Reserver runs the suite of drivers.Reserver and drivers.Tipper, on top of
// Terminal.
func Reserver(t *testing.T, open OpenTerminal) {
	t.Helper()
	t.Run("ends", func(t *testing.T) { reservationEnds(t, open) })
	t.Run("refused", func(t *testing.T) { reservationRefused(t, open) })
	t.Run("list", func(t *testing.T) { reservationList(t, open) })
	t.Run("begun by hand", func(t *testing.T) { reservationByNumber(t, open) })
	t.Run("tip", func(t *testing.T) { tipAdded(t, open) })
	t.Run("matrix", func(t *testing.T) { reservationMatrix(t, open) })
}

// reserving is a bench with a terminal that holds amounts.
type reserving struct {
	*bench
	reserver drivers.Reserver
	book     ReserverSim
}

func newReserving(t *testing.T, open OpenTerminal) *reserving {
	t.Helper()
	b := newBench(t, open)
	reserver, can := b.terminal.(drivers.Reserver)
	book, knows := b.sim.(ReserverSim)
	if !can || !knows {
		t.Fatalf("%T on %T holds no amounts", b.terminal, b.sim)
	}
	return &reserving{b, reserver, book}
}

// reserve is a reservation that nothing disturbs.
func (r *reserving) reserve(amount money.Won) drivers.Result {
	r.t.Helper()
	held, err := r.reserver.Reserve(r.ctx, r.charge(amount))
	if err != nil || !held.Approved || held.Amount != amount || held.Reference == "" {
		r.t.Fatalf("reserve %d: %+v, %v", amount, held, err)
	}
	return held
}

// holds wants the book and the terminal's own list to say so.
func (r *reserving) holds(balance, reserved money.Won) {
	r.t.Helper()
	r.balance(balance)
	if got := r.book.Reserved(); got != int64(reserved) {
		r.t.Errorf("the terminal's book holds %d, want %d", got, reserved)
	}
	r.listed()
}

// listed compares what the terminal tells of open reservations with its book.
func (r *reserving) listed() {
	r.t.Helper()
	open, err := r.reserver.Reservations(r.ctx)
	var told []int
	for _, reference := range open.References {
		number, bad := strconv.Atoi(reference)
		if bad != nil {
			r.t.Errorf("reference %q", reference)
		}
		told = append(told, number)
	}
	if want := r.book.Reservations(); err != nil || !slices.Equal(told, want) {
		r.t.Errorf("open reservations told %v, in the book %v, %v", told, want, err)
	}
}

// end is one of the three ways to end a reservation.
type end func(ctx context.Context, reservation drivers.Result, charge drivers.Charge) (drivers.Result, error)

func (r *reserving) approved(end end, held drivers.Result, amount money.Won) {
	r.t.Helper()
	result, err := end(r.ctx, held, r.charge(amount))
	if err != nil || !result.Approved || result.Amount != amount {
		r.t.Errorf("%d of %s: %+v, %v", amount, held.Reference, result, err)
	}
}

func (r *reserving) declined(end end, held drivers.Result, amount money.Won) {
	r.t.Helper()
	result, err := end(r.ctx, held, r.charge(amount))
	if err != nil || result.Approved || result.Reason == "" || result.Amount != 0 {
		r.t.Errorf("%d of %s: %+v, %v", amount, held.Reference, result, err)
	}
}

func reservationEnds(t *testing.T, open OpenTerminal) {
	t.Helper()
	r := newReserving(t, open)
	var kept []drivers.Result
	charge := r.charge(50_000)
	charge.Keep = func(result drivers.Result) error { kept = append(kept, result); return nil }
	held, err := r.reserver.Reserve(r.ctx, charge)
	if err != nil || !held.Approved || len(kept) != 1 || kept[0].Reference != held.Reference {
		t.Fatalf("reserve: %+v, %v; kept %+v", held, err, kept)
	}
	r.holds(0, 50_000)
	r.approved(r.reserver.Book, held, 32_000)
	r.holds(32_000, 0)
	r.declined(r.reserver.Book, held, 1_000) // it is over

	held = r.reserve(20_000)
	r.approved(r.reserver.Lower, held, 5_000)
	r.holds(47_000, 0)

	held = r.reserve(10_000)
	r.approved(r.reserver.CancelReservation, held, 10_000)
	r.holds(47_000, 0)
	r.declined(r.reserver.CancelReservation, held, 10_000)

	held = r.reserve(8_000)
	r.approved(r.reserver.Book, held, 8_000)
	r.holds(55_000, 0)
}

func reservationRefused(t *testing.T, open OpenTerminal) {
	t.Helper()
	r := newReserving(t, open)
	r.fault("decline:once")
	result, err := r.reserver.Reserve(r.ctx, r.charge(50_000))
	if err != nil || result.Approved || result.Reason == "" {
		t.Errorf("declined: %+v, %v", result, err)
	}
	r.holds(0, 0)
	held, paid := r.reserve(50_000), r.pay(9_000)
	r.declined(r.reserver.Book, held, 50_001)
	r.declined(r.reserver.Lower, held, 50_001)
	r.declined(r.reserver.Book, paid, 9_000)
	r.declined(r.reserver.CancelReservation, paid, 9_000)
	r.fault("decline:once")
	r.declined(r.reserver.Book, held, 50_000)
	r.holds(9_000, 50_000)
	for _, end := range []end{r.reserver.Book, r.reserver.Lower, r.reserver.CancelReservation} {
		if result, err := end(r.ctx, drivers.Result{}, r.charge(1_000)); err == nil {
			t.Errorf("ended nothing: %+v", result)
		}
	}
	r.holds(9_000, 50_000)
}

func reservationList(t *testing.T, open OpenTerminal) {
	t.Helper()
	r := newReserving(t, open)
	r.holds(0, 0)
	first, second, third := r.reserve(1_000), r.reserve(2_000), r.reserve(4_000)
	r.holds(0, 7_000)
	r.approved(r.reserver.Book, second, 1_500)
	r.holds(1_500, 5_000)
	if closer, can := r.terminal.(drivers.DayCloser); can {
		if totals, err := closer.EndOfDay(r.ctx); err != nil || totals.Total != 1_500 {
			t.Errorf("end of day: %+v, %v", totals, err)
		}
		r.holds(1_500, 5_000) // a reservation outlives the day
	}
	r.approved(r.reserver.Book, first, 1_000)
	r.approved(r.reserver.CancelReservation, third, 4_000)
	r.holds(2_500, 0)
}

// reservationByNumber: a reservation of which only the reference is known, from
// the terminal's list.
func reservationByNumber(t *testing.T, open OpenTerminal) {
	t.Helper()
	r := newReserving(t, open)
	r.reserve(3_000)
	list, err := r.reserver.Reservations(r.ctx)
	if err != nil || len(list.References) != 1 {
		t.Fatalf("list %+v, %v", list, err)
	}
	r.approved(r.reserver.Book, drivers.Result{Reference: list.References[0]}, 2_000)
	r.holds(2_000, 0)
}

func tipAdded(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	tipper, can := b.terminal.(drivers.Tipper)
	if !can {
		return
	}
	charge := b.charge(11_000)
	charge.Tip = 1_000
	if result, err := b.terminal.Pay(b.ctx, charge); err != nil || !result.Approved || result.Amount != 11_000 || result.Tip != 1_000 {
		t.Errorf("a tip within: %+v, %v", result, err)
	}
	paid := b.payTippable(20_000)
	tip := b.charge(23_000)
	tip.Tip = 3_000
	if result, err := tipper.Tip(b.ctx, paid, tip); err != nil || !result.Approved || result.Amount != 23_000 || result.Tip != 3_000 {
		t.Errorf("a tip afterwards: %+v, %v", result, err)
	}
	b.balance(34_000)
	if result, err := tipper.Tip(b.ctx, paid, tip); err != nil || result.Approved {
		t.Errorf("tipped twice: %+v, %v", result, err)
	}
	if result, err := tipper.Tip(b.ctx, b.pay(500), tip); err != nil || result.Approved {
		t.Errorf("a tip on a payment that takes none: %+v, %v", result, err)
	}
	tip.Tip = 0
	if result, err := tipper.Tip(b.ctx, paid, tip); err == nil {
		t.Errorf("no tip: %+v", result)
	}
	b.balance(34_500)
}

func (b *bench) payTippable(amount money.Won) drivers.Result {
	b.t.Helper()
	charge := b.charge(amount)
	charge.TipLater = true
	paid, err := b.terminal.Pay(b.ctx, charge)
	if err != nil || !paid.Approved || !paid.Tippable {
		b.t.Fatalf("pay %d, a tip may follow: %+v, %v", amount, paid, err)
	}
	return paid
}

// step is one act of the matrix, ready to happen.
type step struct {
	operate operation
	amount  money.Won
	// ends is the reference of the reservation it ends.
	ends string
	// moved and held are what the book has more when it happened.
	moved, held int64
}

// reservationActs are the acts, each on a terminal where it can happen. The
// amounts differ from what was paid before, so that no other transaction can be
// taken for this one by its amount.
func reservationActs() map[string]func(r *reserving) step {
	ending := func(amount money.Won, moved int64, way func(r *reserving) end) func(r *reserving) step {
		return func(r *reserving) step {
			held := r.reserve(9_000)
			operate := func(charge drivers.Charge) (drivers.Result, error) { return way(r)(r.ctx, held, charge) }
			return step{operate, amount, held.Reference, moved, -9_000}
		}
	}
	acts := map[string]func(r *reserving) step{
		"reserve": func(r *reserving) step {
			r.pay(6_000)
			return step{func(charge drivers.Charge) (drivers.Result, error) {
				return r.reserver.Reserve(r.ctx, charge)
			}, 6_000, "", 0, 6_000}
		},
		"book":      ending(6_000, 6_000, func(r *reserving) end { return r.reserver.Book }),
		"lower":     ending(4_000, 5_000, func(r *reserving) end { return r.reserver.Lower }),
		"cancel":    ending(9_000, 0, func(r *reserving) end { return r.reserver.CancelReservation }),
		"tip added": tipStep,
	}
	return acts
}

func tipStep(r *reserving) step {
	tipper, can := r.terminal.(drivers.Tipper)
	if !can {
		return step{}
	}
	paid := r.payTippable(5_000)
	return step{func(charge drivers.Charge) (drivers.Result, error) {
		charge.Tip = 1_000
		return tipper.Tip(r.ctx, paid, charge)
	}, 6_000, "", 1_000, 0}
}

// reservationMatrix disturbs every act by every fault, and the line and the
// power at every telegram.
func reservationMatrix(t *testing.T, open OpenTerminal) {
	t.Helper()
	for name, prepare := range reservationActs() {
		if prepare(newReserving(t, open)).operate == nil {
			continue
		}
		try := func(t *testing.T, fault string) bool {
			t.Helper()
			return newReserving(t, open).disturbedAt(prepare, fault)
		}
		together(t, name, answerFaults(), func(t *testing.T, fault string) bool {
			t.Helper()
			happened := try(t, fault+":once")
			if !happened {
				t.Error("the fault did not happen")
			}
			return happened
		})
		for _, fault := range telegramFaults() {
			t.Run(name+" "+fault, func(t *testing.T) { everyTelegram(t, fault, try) })
		}
	}
}

// disturbedAt runs one act with one fault: at the end the till, the book and the
// terminal's list agree, also after the next customer. It reports whether the
// fault happened.
func (r *reserving) disturbedAt(prepare func(r *reserving) step, fault string) bool {
	r.t.Helper()
	step := prepare(r)
	balance, held := r.book.Balance(), r.book.Reserved()
	r.ask = func(ctx context.Context, query drivers.Query) (drivers.Found, error) {
		query.Reservation = step.ends
		return r.terminal.Find(ctx, query)
	}
	got := r.settle(step.amount, func(charge drivers.Charge) (drivers.Result, error) {
		r.fault(fault)
		return step.operate(charge)
	})
	if r.sim.Armed(fault) {
		return false
	}
	r.reached()
	r.agreesWith(step, got, r.book.Balance()-balance, r.book.Reserved()-held)
	r.pay(310)
	r.agreesWith(step, got, r.book.Balance()-balance-310, r.book.Reserved()-held)
	return true
}

// agreesWith compares the till's belief with the book and with the terminal's
// list. An approval of another amount goes to a person.
func (r *reserving) agreesWith(step step, got settled, moved, held int64) {
	r.t.Helper()
	happened := moved == step.moved && held == step.held
	person := got.approved && got.result.Amount != step.amount
	if !happened && (moved != 0 || held != 0) || !person && got.approved != happened {
		r.t.Errorf("the till believes approved=%t of %d (%v), the book moved %d and holds %d more",
			got.approved, got.result.Amount, got.err, moved, held)
	}
	r.listed()
}
