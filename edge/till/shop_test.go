package till_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"shopbox/edge/catalog"
	"shopbox/edge/receipt"
	"shopbox/edge/staff"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/edge/vertical"
	"shopbox/edge/vertical/all"
	"shopbox/protocol/money"
)

var kst = time.FixedZone("KST", 9*60*60)

// hands is a clock that a test moves by hand.
type hands struct {
	mu    sync.Mutex
	at    time.Time
	doubt bool
}

func (h *hands) Read() (time.Time, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at, h.doubt
}

func (h *hands) now() time.Time {
	at, _ := h.Read()
	return at
}

func (h *hands) pass(by time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(by)
}

// shop is a real till on a real store.
type shop struct {
	// noPrinter: the shop has no printer.
	noPrinter bool
	*till.Till

	t       *testing.T
	path    string
	store   *store.Store
	clock   *hands
	reserve int64
	stop    func()

	// swap guards terminal: the till asks while a test puts another one there.
	swap     sync.Mutex
	terminal func(id string) (till.Terminal, error)
}

// plug makes another terminal the shop's.
func (s *shop) plug(terminal func(id string) (till.Terminal, error)) {
	s.swap.Lock()
	defer s.swap.Unlock()
	s.terminal = terminal
}

func (s *shop) plugged(id string) (till.Terminal, error) {
	s.swap.Lock()
	defer s.swap.Unlock()
	return s.terminal(id)
}

func owner() staff.Person {
	return staff.Person{ID: "p-owner", Name: "김사장", Role: staff.Owner, Active: true}
}

func cashier() staff.Person {
	return staff.Person{ID: "p-cashier", Name: "이직원", Role: staff.Cashier, Active: true}
}

const (
	milk    = "0190a000-0000-7000-8000-000000000001"
	apples  = "0190a000-0000-7000-8000-000000000002"
	tobacco = "0190a000-0000-7000-8000-000000000003"
	rice    = "0190a000-0000-7000-8000-000000000004"
	gift    = "0190a000-0000-7000-8000-000000000005"

	milkCode    = "8801234567893"
	tobaccoCode = "8801111111119"
	appleCode   = "2012345"
)

func goods() []catalog.Product {
	cost := money.Won(1_200)
	return []catalog.Product{
		{ID: milk, Name: "우유 1L", Price: 2_800, Cost: &cost, VAT: money.Taxable, Barcodes: []string{milkCode}, TrackStock: true},
		{ID: apples, Name: "사과", Price: 9_900, VAT: money.Exempt, Barcodes: []string{appleCode}, ByWeight: true, Unit: "kg"},
		{ID: tobacco, Name: "담배", Price: 4_500, VAT: money.Taxable, Barcodes: []string{tobaccoCode}, Prompts: catalog.Prompts(19, "")},
		{ID: rice, Name: "쌀 10kg", Price: 38_000, VAT: money.Exempt, TrackStock: true},
		{ID: gift, Name: "증정품", Price: 0, VAT: money.Taxable},
	}
}

// newShop opens a shop that was set up, with its day open.
func newShop(t *testing.T) *shop {
	t.Helper()
	s := closedShop(t)
	if err := s.OpenDay(t.Context(), owner(), 100_000); err != nil {
		t.Fatal(err)
	}
	return s
}

func closedShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{
		t: t, path: filepath.Join(t.TempDir(), "box.db"), reserve: -1,
		clock:    &hands{at: time.Date(2026, 11, 23, 9, 0, 0, 0, kst)},
		terminal: func(string) (till.Terminal, error) { return nil, till.ErrNoTerminal },
	}
	s.openStore()
	err := s.store.SetUp(t.Context(), till.SetUp{
		Shop: catalog.Shop{Name: "가나다마트", BusinessNumber: "1208147521", Representative: "김사장", Kind: "grocery"},
		Settings: till.Settings{Language: "ko", Codes: []vertical.CodeRule{
			{Prefix: "20", ItemDigits: 5, ValueDigits: 5, Value: vertical.LabelWeight, Decimals: 3},
		}},
		Owner:   owner(),
		Catalog: catalog.Change{Products: goods()},
		Acts:    []staff.AuditEvent{{At: s.clock.now(), Person: owner().ID, Name: owner().Name, Act: staff.ActSetUp}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.openTill()
	t.Cleanup(func() { s.close() })
	return s
}

func (s *shop) openStore() {
	s.t.Helper()
	var err error
	s.store, err = store.Open(s.t.Context(), store.Options{
		Path: s.path, ReserveBytes: s.reserve, Now: s.clock.now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) openTill() {
	s.t.Helper()
	s.openTillOn(s.store)
}

// openTillOn opens a till on a store.
func (s *shop) openTillOn(on till.Store) {
	s.t.Helper()
	kinds, err := all.Registry()
	if err != nil {
		s.t.Fatal(err)
	}
	paper, err := receipt.New()
	if err != nil {
		s.t.Fatal(err)
	}
	s.Till, err = till.New(s.t.Context(), till.Options{
		Store: on, Clock: s.clock, Kinds: kinds, Paper: paper, Log: slog.New(slog.DiscardHandler),
		Terminal:   s.plugged,
		HasPrinter: func() bool { return !s.noPrinter },
		Waits:      till.Waits{AskFirst: time.Millisecond, AskLongest: 20 * time.Millisecond, Ask: 5 * time.Second},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var loop sync.WaitGroup
	loop.Go(func() { s.Run(ctx) })
	s.stop = func() {
		cancel()
		s.Till.Close()
		loop.Wait()
	}
}

func (s *shop) close() {
	s.stop()
	if err := s.store.Close(); err != nil {
		s.t.Error(err)
	}
}

// restart ends the program in good order and starts it again.
func (s *shop) restart() {
	s.t.Helper()
	s.close()
	s.openStore()
	s.openTill()
}

func (s *shop) scan(code string) till.Scanned {
	s.t.Helper()
	scanned, err := s.Scan(s.t.Context(), "", code)
	if err != nil {
		s.t.Fatalf("scan %s: %v", code, err)
	}
	return scanned
}

func (s *shop) add(product string) string {
	s.t.Helper()
	line, err := s.AddProduct(s.t.Context(), cashier(), till.AddRequest{Product: product})
	if err != nil {
		s.t.Fatalf("add %s: %v", product, err)
	}
	return line
}

// request pays what is due on the open cart.
func (s *shop) request(key string) till.PayRequest {
	cart := s.Snapshot().Cart
	return till.PayRequest{Key: key, Cart: cart.ID, Version: cart.Version}
}

func (s *shop) pay(request till.PayRequest) till.Answer {
	s.t.Helper()
	answer, err := s.Pay(s.t.Context(), cashier(), request)
	if err != nil {
		s.t.Fatalf("pay: %v", err)
	}
	return answer
}

func (s *shop) payCash(key string) till.Answer {
	s.t.Helper()
	request := s.request(key)
	request.Tender = "cash"
	return s.pay(request)
}

func (s *shop) payCard(key string) till.Answer {
	s.t.Helper()
	request := s.request(key)
	request.Tender = "card"
	return s.pay(request)
}

func (s *shop) sale(number string) till.Record {
	s.t.Helper()
	record, err := s.store.Sale(s.t.Context(), number)
	if err != nil {
		s.t.Fatalf("sale %s: %v", number, err)
	}
	return record
}

// label is the shop's own label of so many grams of apples.
func label(grams int) string {
	digits := fmt.Sprintf("%s%05d", appleCode, grams)
	sum := 0
	for i, digit := range digits {
		sum += int(digit-'0') * (1 + i%2*2)
	}
	return fmt.Sprintf("%s%d", digits, (10-sum%10)%10)
}

func wantErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}
