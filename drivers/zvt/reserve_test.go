package zvt_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/zvt"
)

// noList: the answer to the question for open reservations when there are none;
// oneOpen that of a terminal which names the first only.
const (
	noList  = "06 1E 04 B8 87 FF FF"
	oneOpen = "06 1E 04 B8 87 01 23"
)

func listOf(receipts ...string) string {
	list := ""
	for _, receipt := range receipts {
		list += object("08", receipt)
	}
	return telegram("061E", "B8"+object("06", object("23", list)))
}

func TestReservationList(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer []string
		want   drivers.OpenReservations
		err    error
	}{
		"none":               {[]string{yes, noList}, drivers.OpenReservations{}, nil},
		"the first":          {[]string{yes, oneOpen}, drivers.OpenReservations{References: []string{"0123"}, First: true}, nil},
		"a list":             {[]string{yes, listOf("0123", "0470")}, drivers.OpenReservations{References: []string{"0123", "0470"}}, nil},
		"an empty list":      {[]string{yes, listOf()}, drivers.OpenReservations{}, nil},
		"no number":          {[]string{yes, "06 1E 01 B8"}, drivers.OpenReservations{}, nil},
		"no such command":    {[]string{"84 83 00"}, drivers.OpenReservations{}, drivers.ErrUnsupported},
		"refused later":      {[]string{yes, "06 1E 01 83"}, drivers.OpenReservations{}, drivers.ErrUnsupported},
		"busy":               {[]string{"84 9C 00"}, drivers.OpenReservations{}, drivers.ErrBusy},
		"not a number":       {[]string{yes, "06 1E 04 B8 87 0A BC"}, drivers.OpenReservations{}, drivers.ErrProtocol},
		"number of one byte": {[]string{yes, listOf("01")}, drivers.OpenReservations{}, drivers.ErrProtocol},
		"cut short":          {[]string{yes, "06 1E 03 B8 87 01"}, drivers.OpenReservations{}, drivers.ErrProtocol},
		"completed":          {[]string{yes, done}, drivers.OpenReservations{}, drivers.ErrProtocol},
		"hung up":            {[]string{yes, hangUp}, drivers.OpenReservations{}, drivers.ErrOffline},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, address := play(t, map[string][]string{"0623": test.answer})
			open, err := driver(t, address).Reservations(t.Context())
			s.quiet()
			if !errors.Is(err, test.err) || test.err == nil && err != nil ||
				!slices.Equal(open.References, test.want.References) || open.First != test.want.First {
				t.Errorf("%+v, %v", open, err)
			}
			if s.count("06230387ffff") != 1 {
				t.Errorf("heard %v", s.heard)
			}
		})
	}
}

// TestReservationCommands: the bytes of each command, for a terminal of another
// make.
func TestReservationCommands(t *testing.T) {
	t.Parallel()
	held := drivers.Result{Reference: "0470", Trace: "000471", Approval: "611804"}
	long := drivers.Result{Reference: "0470", Trace: "10015008"}
	bare := drivers.Result{Reference: "0470"}
	type act func(terminal *zvt.Terminal) (drivers.Result, error)
	charge := drivers.Charge{Amount: 2040}
	book := func(held drivers.Result) act {
		return func(terminal *zvt.Terminal) (drivers.Result, error) { return terminal.Book(t.Context(), held, charge) }
	}
	for name, test := range map[string]struct {
		control, want string
		act           act
	}{
		"reserve": {"0622", "06 22 0C 04 00 00 00 00 20 40 49 04 10 19 40", func(terminal *zvt.Terminal) (drivers.Result, error) {
			return terminal.Reserve(t.Context(), charge)
		}},
		"book":       {"0624", "06 24 1A 87 04 70 04 00 00 00 00 20 40 49 04 10 0B 00 04 71 3B 36 31 31 38 30 34 00 00", book(held)},
		"long trace": {"0624", "06 24 16 87 04 70 04 00 00 00 00 20 40 49 04 10 06 07 1F 2B 04 10 01 50 08", book(long)},
		"number":     {"0624", "06 24 0D 87 04 70 04 00 00 00 00 20 40 49 04 10", book(bare)},
		"lower": {"0623", "06 23 11 87 04 70 04 00 00 00 00 20 40 49 04 10 0B 00 04 71", func(terminal *zvt.Terminal) (drivers.Result, error) {
			return terminal.Lower(t.Context(), held, charge)
		}},
		"cancel": {"0625", "06 25 03 87 04 70", func(terminal *zvt.Terminal) (drivers.Result, error) {
			return terminal.CancelReservation(t.Context(), held, charge)
		}},
		"tip": {"060c", "06 0C 0F 04 00 00 00 00 00 40 49 04 10 87 04 70 19 40", func(terminal *zvt.Terminal) (drivers.Result, error) {
			return terminal.Tip(t.Context(), bare, drivers.Charge{Amount: 2040, Tip: 40})
		}},
		"tip within": {"0601", "06 01 17 04 00 00 00 00 20 40 49 04 10 19 40 06 09 1F 36 06 00 00 00 00 00 40", func(terminal *zvt.Terminal) (drivers.Result, error) {
			return terminal.Pay(t.Context(), drivers.Charge{Amount: 2040, Tip: 40})
		}},
		"tip later": {"0601", "06 01 0C 04 00 00 00 00 20 40 49 04 10 19 48", func(terminal *zvt.Terminal) (drivers.Result, error) {
			return terminal.Pay(t.Context(), drivers.Charge{Amount: 2040, TipLater: true})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, address := play(t, map[string][]string{test.control: {yes, approved, done}})
			result, err := test.act(driver(t, address))
			s.quiet()
			if err != nil || !result.Approved || result.Amount != 2040 || !s.contains(test.want) {
				t.Errorf("%+v, %v; heard %v", result, err, s.heard)
			}
		})
	}
	terminal := driver(t, "127.0.0.1:1")
	for _, broken := range []drivers.Result{{}, {Reference: "47"}, {Reference: "0470", Trace: "no"}, {Reference: "0470", Trace: "112233445566778899"}} {
		if _, err := terminal.Book(t.Context(), broken, charge); !errors.Is(err, drivers.ErrUnsupported) {
			t.Errorf("%+v: %v", broken, err)
		}
	}
	for _, tip := range []drivers.Charge{{Amount: 40, Tip: 40}, {Amount: 40, Tip: -1}, {Amount: 40}} {
		if _, err := terminal.Tip(t.Context(), bare, tip); !errors.Is(err, drivers.ErrUnsupported) {
			t.Errorf("%+v: %v", tip, err)
		}
	}
}

// TestFindEndOfReservation: what the list of open reservations adds to the last
// transaction, for a booking of 2,040 on reservation 0123 begun now, after
// receipt 7.
func TestFindEndOfReservation(t *testing.T) {
	t.Parallel()
	now := time.Now()
	before := last(7, 0, 500, now.Add(-time.Hour), "")
	booked := last(8, 0, 2040, now, "")
	for name, test := range map[string]struct {
		memory, list []string
		want         drivers.Outcome
		err          error
	}{
		"booked and gone":             {booked, []string{yes, noList}, drivers.OutcomeApproved, nil},
		"booked, others are open":     {booked, []string{yes, listOf("0124")}, drivers.OutcomeApproved, nil},
		"booked, another is first":    {booked, []string{yes, "06 1E 04 B8 87 01 24"}, drivers.OutcomeApproved, nil},
		"booked but open":             {booked, []string{yes, oneOpen}, drivers.OutcomeUndecided, nil},
		"nothing new and open":        {before, []string{yes, listOf("0001", "0123")}, drivers.OutcomeNotCharged, nil},
		"nothing new but gone":        {before, []string{yes, noList}, drivers.OutcomeUndecided, nil},
		"nothing new, first only":     {before, []string{yes, "06 1E 04 B8 87 00 01"}, drivers.OutcomeNotCharged, nil},
		"another's last, still open":  {last(9, 0, 77, now, ""), []string{yes, oneOpen}, drivers.OutcomeNotCharged, nil},
		"another's last, gone":        {last(9, 0, 77, now, ""), []string{yes, noList}, drivers.OutcomeUndecided, nil},
		"booked, tells no list":       {booked, []string{"84 83 00"}, drivers.OutcomeApproved, nil},
		"nothing new, tells no list":  {before, []string{"84 83 00"}, drivers.OutcomeNotCharged, nil},
		"declined next, and open":     {last(8, 5, 2040, now, ""), []string{yes, oneOpen}, drivers.OutcomeNotCharged, nil},
		"refuses to say, still open":  {[]string{yes, "06 1E 01 83"}, []string{yes, oneOpen}, drivers.OutcomeNotCharged, nil},
		"the list cannot be reached":  {booked, []string{hangUp}, "", drivers.ErrOffline},
		"the list cannot be read":     {booked, []string{yes, "06 1E 03 B8 87 01"}, "", drivers.ErrProtocol},
		"the terminal is busy by now": {booked, []string{"84 9C 00"}, "", drivers.ErrBusy},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query := drivers.Query{Mark: markOf(t, before), Charge: drivers.Charge{Amount: 2040}, Began: now, Reservation: "0123"}
			s, address := play(t, map[string][]string{"0620": test.memory, "0623": test.list, "0610": {"84 83 00"}})
			found, err := quick(t, address).Find(t.Context(), query)
			s.quiet()
			if found.Outcome != test.want || !errors.Is(err, test.err) || test.err == nil && err != nil {
				t.Errorf("found %+v, %v", found, err)
			}
			if s.count("0622")+s.count("0624")+s.count("0601") != 0 {
				t.Error("finding started a transaction")
			}
		})
	}
}

// quick is a driver that does not ask a faulty terminal for long.
func quick(t *testing.T, address string) *zvt.Terminal {
	t.Helper()
	terminal, err := zvt.New(zvt.Config{
		Address: address, Password: "000000", Currency: "0410",
		T3: 300 * time.Millisecond, T4: 300 * time.Millisecond, Poll: 5 * time.Millisecond, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return terminal
}

func FuzzParseReservations(f *testing.F) {
	f.Add([]byte{0x87, 0xFF, 0xFF})
	f.Add([]byte{0x87, 0x01, 0x23})
	f.Add([]byte{0x06, 0x0A, 0x23, 0x08, 0x08, 0x02, 0x01, 0x23, 0x08, 0x02, 0x04, 0x70})
	f.Fuzz(func(t *testing.T, raw []byte) {
		open, err := zvt.ParseReservations(raw)
		if err != nil {
			if !errors.Is(err, drivers.ErrProtocol) || len(open.References) > 0 {
				t.Errorf("%+v, %v", open, err)
			}
			return
		}
		if open.First && len(open.References) != 1 {
			t.Errorf("the first of %v", open.References)
		}
		for _, reference := range open.References {
			var number int
			if n, err := fmt.Sscanf(reference, "%d", &number); n != 1 || err != nil || len(reference) != 4 {
				t.Errorf("reference %q", reference)
			}
		}
	})
}
