package till_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/till"
)

func TestCardSale(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.scan(milkCode)
	answer := s.payCard("k1")
	if answer.Outcome != till.Done || answer.Number != "20261123-0001" || answer.Attempt == "" {
		t.Fatalf("answer %+v", answer)
	}
	tender := s.sale(answer.Number).Tenders[0]
	if tender.Kind != sale.Card || tender.Amount != 2_800 || tender.Slip == nil || tender.Slip.Number == "" {
		t.Errorf("tender %+v", tender)
	}
	if sim.Balance() != 2_800 {
		t.Errorf("terminal moved %d", sim.Balance())
	}
	if payment := s.Snapshot().Payment; payment == nil || payment.State != till.PaymentApproved {
		t.Errorf("payment %+v", payment)
	}
	events, err := s.store.AttemptEvents(t.Context(), answer.Attempt)
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, event := range events {
		steps = append(steps, event.Event)
	}
	if fmt.Sprint(steps) != "[intended sent kept approved]" {
		t.Errorf("history %v", steps)
	}
}

func TestDeclinedThenCash(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.fault(sim, "decline:once")
	s.scan(milkCode)
	declined := s.payCard("k1")
	if declined.Outcome != till.Refused || declined.Reason == "" {
		t.Fatalf("answer %+v", declined)
	}
	if again := s.payCard("k1"); again != declined {
		t.Errorf("same key %+v, want %+v", again, declined)
	}
	if paid := s.payCash("k2"); paid.Outcome != till.Done {
		t.Errorf("cash %+v", paid)
	}
	if sim.Balance() != 0 {
		t.Errorf("terminal moved %d", sim.Balance())
	}
}

func TestSplit(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.add(rice)
	request := s.request("k1")
	request.Tender, request.Amount = sale.Card, 20_000
	if answer := s.pay(request); answer.Outcome != till.PartPaid || answer.Due != 18_000 {
		t.Fatalf("first part %+v", answer)
	}
	// The power goes between the parts.
	s.restart()
	if _, err := s.AddProduct(t.Context(), cashier(), till.AddRequest{Product: milk}); err == nil {
		t.Error("a cart with a tender took goods")
	}
	request = s.request("k2")
	request.Tender, request.Received = sale.Cash, 20_000
	answer := s.pay(request)
	if answer.Outcome != till.Done || answer.Change != 2_000 {
		t.Fatalf("second part %+v", answer)
	}
	if tenders := s.sale(answer.Number).Tenders; len(tenders) != 2 || tenders[0].Amount != 20_000 || tenders[1].Amount != 18_000 {
		t.Errorf("tenders %+v", tenders)
	}
	if sim.Balance() != 20_000 {
		t.Errorf("terminal moved %d", sim.Balance())
	}
}

func TestGiveBack(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.add(rice)
	request := s.request("k1")
	request.Tender, request.Amount = sale.Card, 20_000
	s.pay(request)
	request = s.request("k2")
	request.Tender, request.Amount = sale.Cash, 8_000
	s.pay(request)
	cart := s.Snapshot().Cart
	back := till.GiveBackRequest{Key: "b1", Cart: cart.ID, Version: cart.Version, Tender: 1}
	answer, err := s.GiveBack(t.Context(), cashier(), back)
	if err != nil || answer.Outcome != till.GivenBack || answer.Due != 18_000 {
		t.Fatalf("cash back %+v, %v", answer, err)
	}
	cart = s.Snapshot().Cart
	back = till.GiveBackRequest{Key: "b2", Cart: cart.ID, Version: cart.Version, Tender: 0}
	answer, err = s.GiveBack(t.Context(), cashier(), back)
	if err != nil || answer.Outcome != till.GivenBack || answer.Due != 38_000 {
		t.Fatalf("card back %+v, %v", answer, err)
	}
	if again, err := s.GiveBack(t.Context(), cashier(), back); err != nil || again != answer {
		t.Errorf("same key %+v, %v", again, err)
	}
	if cart = s.Snapshot().Cart; sim.Balance() != 0 || cart.Locked() {
		t.Errorf("terminal moved %d, cart %+v", sim.Balance(), cart)
	}
}

// TestTwoTablets pays the same cart from two screens at once, many times.
func TestTwoTablets(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	for round := range 10 {
		s.add(milk)
		request := s.request("")
		var group sync.WaitGroup
		done := make([]till.Answer, 2)
		for tablet := range done {
			group.Go(func() {
				mine := request
				mine.Key = fmt.Sprintf("%d-%d", round, tablet)
				mine.Tender = [...]sale.TenderKind{sale.Card, sale.Cash}[tablet]
				answer, err := s.Pay(t.Context(), cashier(), mine)
				if err != nil && till.Code(err) != "cart_changed" && till.Code(err) != "payment_in_progress" {
					t.Errorf("tablet %d: %v", tablet, err)
				}
				done[tablet] = answer
			})
		}
		group.Wait()
		if (done[0].Outcome == till.Done) == (done[1].Outcome == till.Done) {
			t.Fatalf("round %d: %+v", round, done)
		}
	}
	if sim.Balance() != s.cardMoney() {
		t.Errorf("terminal moved %d, sales say %d", sim.Balance(), s.cardMoney())
	}
}

func TestScanDuringPayment(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.fault(sim, "no_card")
	s.scan(milkCode)
	request := s.request("k1")
	request.Tender = sale.Card
	answered := make(chan till.Answer, 1)
	go func() {
		answer, err := s.Pay(context.Background(), cashier(), request)
		if err != nil {
			t.Error(err)
		}
		answered <- answer
	}()
	s.until("at the terminal", func(state till.Snapshot) bool {
		return state.Payment != nil && state.Payment.State == till.PaymentWaiting && state.Payment.Progress != ""
	})
	_, err := s.Scan(t.Context(), "scanner-1", milkCode)
	wantErr(t, err, till.ErrPaymentInProgress)
	if notice := s.Snapshot().Notice; notice == nil || notice.Code != "payment_in_progress" {
		t.Errorf("notice %+v", notice)
	}
	// The code on the customer's phone is shown to nobody.
	_, err = s.Scan(t.Context(), "scanner-1", "281006020000000000")
	wantErr(t, err, till.ErrWalletCode)
	if notice := s.Snapshot().Notice; notice == nil || notice.Code != "wallet_code" || notice.Subject != "" {
		t.Errorf("notice %+v", notice)
	}
	wantErr(t, s.Park(t.Context(), cashier(), ""), till.ErrPaymentInProgress)
	if err := s.CancelPayment(t.Context()); err != nil {
		t.Fatal(err)
	}
	if answer := <-answered; answer.Outcome != till.Refused && answer.Outcome != till.Nothing {
		t.Errorf("cancelled %+v", answer)
	}
	if sim.Balance() != 0 || len(s.Snapshot().Cart.Lines) != 1 {
		t.Errorf("after cancelling: %d moved, cart %+v", sim.Balance(), s.Snapshot().Cart)
	}
}

// cancelsEarly is a terminal whose payment is cancelled while the till still
// looks what it did last.
type cancelsEarly struct {
	device

	cancel func()
}

func (c cancelsEarly) Mark(ctx context.Context) (string, error) {
	mark, err := c.device.Mark(ctx)
	c.cancel()
	return mark, err
}

func TestCancelBeforeItBegins(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	used, err := s.terminal("")
	if err != nil {
		t.Fatal(err)
	}
	cancel := func() {
		if err := s.CancelPayment(t.Context()); err != nil {
			t.Error(err)
		}
	}
	s.terminal = func(string) (till.Terminal, error) { return cancelsEarly{used.(device), cancel}, nil } //nolint:errcheck // withTerminal makes nothing else
	s.scan(milkCode)
	request := s.request("k1")
	request.Tender = sale.Card
	answer, err := s.Pay(t.Context(), cashier(), request)
	if err != nil || answer.Outcome != till.Refused || sim.Balance() != 0 {
		t.Errorf("answer %+v, %v; %d moved", answer, err, sim.Balance())
	}
	if state := s.Snapshot(); len(state.Cart.Lines) != 1 || state.Payment == nil || state.Payment.State != till.PaymentDeclined {
		t.Errorf("afterwards: payment %+v, cart %+v", state.Payment, state.Cart)
	}
}

func TestTerminalDead(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	_ = sim.Close()
	s.scan(milkCode)
	request := s.request("k1")
	request.Tender = sale.Card
	_, err := s.Pay(t.Context(), cashier(), request)
	if till.Code(err) != "terminal_offline" {
		t.Errorf("error %v", err)
	}
	if paid := s.payCash("k2"); paid.Outcome != till.Done {
		t.Errorf("cash after it %+v", paid)
	}
}

// TestLineDropped cuts the line at every telegram of a payment, in both
// directions, on terminals of both temperaments.
func TestLineDropped(t *testing.T) {
	for name, config := range map[string]zvtsim.Config{"takes back at once": {}, "takes back at the next": {ImplicitReversal: true}} {
		for _, fault := range []string{"drop_before_telegram", "drop_after_telegram"} {
			t.Run(name+" "+fault, func(t *testing.T) {
				s := newShop(t)
				sim := s.withTerminal(config)
				for telegram := 1; ; telegram++ {
					s.fault(sim, fmt.Sprintf("%s=%d", fault, telegram))
					s.add(milk)
					request := s.request(fmt.Sprint(telegram))
					request.Tender = sale.Card
					_, err := s.Pay(t.Context(), cashier(), request)
					if err != nil && till.Code(err) != "terminal_offline" {
						t.Fatalf("telegram %d: %v", telegram, err)
					}
					dropped := !sim.Armed(fault)
					_ = sim.SetFault(fault, false)
					s.until("decided", func(state till.Snapshot) bool { return !state.Cart.Blocked })
					if len(s.Snapshot().Cart.Lines) > 0 {
						s.payCash(fmt.Sprintf("%d cash", telegram))
					}
					if !dropped {
						break
					}
				}
				if sim.Balance() != s.cardMoney() {
					t.Errorf("terminal moved %d, sales say %d", sim.Balance(), s.cardMoney())
				}
			})
		}
	}
}

func TestAnswerLost(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.fault(sim, "answer_lost_after_approval:once")
	s.scan(milkCode)
	answer := s.payCard("k1")
	s.until("closed", func(state till.Snapshot) bool { return len(state.Cart.Lines) == 0 })
	if sim.Balance() != 2_800 || s.cardMoney() != 2_800 {
		t.Errorf("terminal moved %d, sales say %d, answer %+v", sim.Balance(), s.cardMoney(), answer)
	}
}

// TestWrongAmount: nothing but a person decides when the terminal names
// another amount.
func TestWrongAmount(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.fault(sim, "wrong_amount:once")
	s.scan(milkCode)
	answer := s.payCard("k1")
	if answer.Outcome != till.Unsure || answer.Reason != till.ReasonAmount {
		t.Fatalf("answer %+v", answer)
	}
	s.restart()
	state := s.Snapshot()
	if !state.Cart.Blocked || state.Payment == nil || state.Payment.State != till.PaymentUnknown {
		t.Fatalf("after restart %+v", state.Payment)
	}
	_, err := s.Pay(t.Context(), cashier(), func() till.PayRequest { r := s.request("k2"); r.Tender = sale.Cash; return r }())
	wantErr(t, err, till.ErrPaymentUnknown)
	_, err = s.CloseDay(t.Context(), owner(), till.CloseDayRequest{Anyway: true})
	wantErr(t, err, till.ErrPaymentUnknown)
	settle := till.SettleRequest{Attempt: answer.Attempt, Reason: "단말기 거래 내역 확인"}
	_, err = s.SettlePayment(t.Context(), cashier(), settle)
	wantErr(t, err, staff.ErrRight)
	settled, err := s.SettlePayment(t.Context(), owner(), settle)
	if err != nil || settled.Outcome != till.Nothing {
		t.Fatalf("settled %+v, %v", settled, err)
	}
	_, err = s.SettlePayment(t.Context(), owner(), settle)
	wantErr(t, err, till.ErrNoPayment)
	if paid := s.payCash("k3"); paid.Outcome != till.Done {
		t.Errorf("paid %+v", paid)
	}
	acts, err := s.store.Audit(t.Context(), 100, 0)
	if err != nil || !hasAct(acts, staff.ActPaymentSettled) {
		t.Errorf("acts %+v, %v", acts, err)
	}
}

func hasAct(acts []staff.AuditEvent, act staff.Act) bool {
	for _, event := range acts {
		if event.Act == act {
			return true
		}
	}
	return false
}

// TestUnknownParked: the next customer need not wait for a dead terminal.
func TestUnknownParked(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	alive := s.terminal
	s.fault(sim, "answer_lost_after_approval:once")
	dead := false
	var mu sync.Mutex
	s.plug(func(id string) (till.Terminal, error) {
		mu.Lock()
		defer mu.Unlock()
		if dead && id != "" {
			return nil, till.ErrNoTerminal
		}
		dead = true
		return alive(id)
	})
	s.scan(milkCode)
	blocked := s.Snapshot().Cart.ID
	if answer := s.payCard("k1"); answer.Outcome != till.Unsure {
		t.Fatalf("answer %+v", answer)
	}
	if err := s.Park(t.Context(), cashier(), ""); err != nil {
		t.Fatal(err)
	}
	s.add(rice)
	_, err := s.Pay(t.Context(), cashier(), func() till.PayRequest { r := s.request("k2"); r.Tender = sale.Card; return r }())
	wantErr(t, err, till.ErrPaymentUnknown)
	if paid := s.payCash("k3"); paid.Outcome != till.Done {
		t.Fatalf("cash %+v", paid)
	}
	wantErr(t, s.DropParked(t.Context(), owner(), blocked), till.ErrPaymentUnknown)
	mu.Lock()
	dead = false
	mu.Unlock()
	s.plug(alive)
	s.Wake()
	s.until("found", func(state till.Snapshot) bool {
		return len(state.Parked) == 0 && state.Notice != nil && state.Notice.Code == "payment_found_approved"
	})
	if sim.Balance() != 2_800 || s.cardMoney() != 2_800 {
		t.Errorf("terminal moved %d, sales say %d", sim.Balance(), s.cardMoney())
	}
}

func TestPayGoesOnWithoutTheScreen(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{CardDelay: 30 * time.Millisecond})
	s.scan(milkCode)
	request := s.request("k1")
	request.Tender = sale.Card
	gone, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := s.Pay(gone, cashier(), request)
		left <- err
	}()
	s.until("at the terminal", func(state till.Snapshot) bool { return state.Payment != nil })
	leave()
	wantErr(t, <-left, till.ErrPaymentInProgress)
	if answer := s.pay(request); answer.Outcome != till.Done {
		t.Errorf("answer %+v", answer)
	}
	if sim.Balance() != 2_800 {
		t.Errorf("terminal moved %d", sim.Balance())
	}
}
