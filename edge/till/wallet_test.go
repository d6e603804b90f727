package till_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shopbox/drivers/sim/kocessim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/sale"
	"shopbox/edge/till"
)

// walletCode is what a customer's phone shows.
const walletCode = "281006020000000017"

func (s *shop) finished(what string) till.Snapshot {
	s.t.Helper()
	return s.until(what, func(state till.Snapshot) bool { return state.Finished != nil })
}

// TestWallet: a phone scanned beside a cart pays it. The code is nowhere
// afterwards.
func TestWallet(t *testing.T) {
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	s.scan(milkCode)
	if _, err := s.Scan(t.Context(), "scanner-1", "]Q1"+walletCode); err != nil {
		t.Fatal(err)
	}
	if shown := s.Snapshot().Payment; shown == nil || !shown.Wallet || shown.Amount != 2_800 {
		t.Errorf("shown %+v", shown)
	}
	done := s.finished("paid")
	sold := s.sale(done.Finished.Number)
	if len(sold.Tenders) != 1 || sold.Tenders[0].Kind != sale.Card || sold.Tenders[0].Slip.Scheme != "시험페이" || sold.By.Name != owner().Name {
		t.Errorf("sold %+v by %+v", sold.Tenders, sold.By)
	}
	book := sim.Transactions()
	if len(book) != 1 || !book[0].Wallet || sim.Balance() != 2_800 || s.cardMoney() != 2_800 {
		t.Errorf("book %+v", book)
	}
	s.noCode()
}

// noCode looks for the wallet's code in everything that was written.
func (s *shop) noCode() {
	s.t.Helper()
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(s.path), "*"))
	if err != nil || len(paths) == 0 {
		s.t.Fatalf("%v, %v", paths, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil || bytes.Contains(text, []byte(walletCode)) {
			s.t.Errorf("the code stands in %s (%v)", filepath.Base(path), err)
		}
	}
}

// TestWalletSaysWhy: what cannot be paid so is said, and the code is shown to
// nobody.
func TestWalletSaysWhy(t *testing.T) {
	s := newShop(t)
	s.withKoces(kocessim.Config{})
	refused := func(code string, want error) {
		t.Helper()
		_, err := s.Scan(t.Context(), "scanner-1", code)
		wantErr(t, err, want)
		notice := s.Snapshot().Notice
		if notice == nil || notice.Code != want.Error() || notice.Level != till.LevelStop || strings.Contains(notice.Subject, "2810") {
			t.Errorf("notice %+v", notice)
		}
		s.clock.pass(1_000_000_000)
	}
	refused(walletCode, till.ErrWalletEmpty)
	s.scan(milkCode)
	refused("]Q1https://shop.example/goods", till.ErrUnknownCode)
	s.withTerminal(zvtsim.Config{})
	refused(walletCode, till.ErrWalletUnsupported)
	s.plug(func(string) (till.Terminal, error) { return nil, till.ErrNoTerminal })
	refused(walletCode, till.ErrNoTerminal)
	if s.Snapshot().Payment != nil || len(s.Snapshot().Cart.Lines) != 1 {
		t.Errorf("after it %+v", s.Snapshot())
	}
	s.noCode()
}

// TestWalletInPlaceOfCard: the terminal waits for a card, the customer shows a
// phone: the waiting payment is given up and the phone pays, once.
func TestWalletInPlaceOfCard(t *testing.T) {
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	spoil(t, sim, "no_card:once")
	s.scan(milkCode)
	s.scan(milkCode)
	request := s.request("k1")
	request.Tender, request.Amount = sale.Card, 2_800
	answered := make(chan till.Answer, 1)
	go func() {
		answer, err := s.Pay(t.Context(), cashier(), request)
		if err != nil {
			t.Error(err)
		}
		answered <- answer
	}()
	s.until("at the terminal", func(state till.Snapshot) bool { return state.Payment != nil && state.Payment.Progress != "" })
	if _, err := s.ScanBy(t.Context(), cashier(), walletCode); err != nil {
		t.Fatal(err)
	}
	if answer := <-answered; answer.Outcome != till.Refused {
		t.Errorf("the card payment ended %+v", answer)
	}
	s.until("paid by phone", func(state till.Snapshot) bool { return len(state.Cart.Tenders) == 1 })
	cart := s.Snapshot().Cart
	if due := cart.Totals().Due; sim.Balance() != 2_800 || due != 2_800 {
		t.Errorf("%d moved, %d due", sim.Balance(), due)
	}
	// The rest of a cart that is paid in part goes the same way.
	if _, err := s.ScanBy(t.Context(), cashier(), walletCode); err != nil {
		t.Fatal(err)
	}
	if done := s.finished("all paid"); sim.Balance() != 5_600 || len(s.sale(done.Finished.Number).Tenders) != 2 {
		t.Errorf("%d moved, finished %+v", sim.Balance(), done.Finished)
	}
	s.noCode()
}

// TestWalletLost: the answer of the terminal is lost; it is asked and the phone
// is charged once, also over a restart.
func TestWalletLost(t *testing.T) {
	for fault, charged := range map[string]bool{
		"answer_lost_after_approval:once": true, "power_loss:once": true, "decline:once": false, "stale_answer:once": false,
	} {
		t.Run(fault, func(t *testing.T) {
			s := newShop(t)
			sim := s.withKoces(kocessim.Config{})
			s.scan(milkCode)
			s.payCard("before")
			s.scan(milkCode)
			spoil(t, sim, fault)
			if _, err := s.Scan(t.Context(), "scanner-1", walletCode); err != nil {
				t.Fatal(err)
			}
			ended := s.until("ended", func(state till.Snapshot) bool {
				return state.Payment != nil && state.Payment.State.Over() && state.Payment.Wallet ||
					state.Finished != nil && len(state.Cart.Lines) == 0 && state.Finished.Number != "20261123-0001"
			})
			want := int64(2_800)
			if charged {
				want = 5_600
			} else if len(ended.Cart.Lines) != 1 {
				t.Errorf("the cart is gone: %+v", ended.Cart)
			}
			if sim.Balance() != want || s.cardMoney() != want {
				t.Errorf("the terminal moved %d, the sales say %d", sim.Balance(), s.cardMoney())
			}
			s.restart()
			s.noCode()
		})
	}
}
