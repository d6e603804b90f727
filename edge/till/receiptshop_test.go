package till_test

import (
	"context"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/koces"
	"shopbox/drivers/sim/kocessim"
	"shopbox/drivers/sim/terminalsim"
	"shopbox/edge/till"
)

// withKoces gives the shop a simulated terminal that issues cash receipts, on
// a real line.
func (s *shop) withKoces(config kocessim.Config) *kocessim.Simulator {
	s.t.Helper()
	config.Listen, config.Now = "127.0.0.1:0", s.clock.now
	config.Restart, config.CardDelay = 20*time.Millisecond, 2*time.Millisecond
	if config.AnswerTimeout == 0 {
		config.AnswerTimeout = 500 * time.Millisecond
	}
	sim, err := kocessim.Start(context.Background(), config)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = sim.Close() })
	used := s.kocesAt(sim, 2*config.AnswerTimeout)
	s.plug(func(id string) (till.Terminal, error) {
		if id != "" && id != used.ID() {
			return nil, till.ErrNoTerminal
		}
		return used, nil
	})
	return sim
}

func (s *shop) kocesAt(sim *kocessim.Simulator, patience time.Duration) device {
	s.t.Helper()
	driver, err := koces.New(koces.Config{
		Address: sim.Addr(), TID: "1234567890", Ack: patience, Payment: 3 * patience,
		Poll: 2 * time.Millisecond, Now: s.clock.now,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return device{driver}
}

// spoil switches a fault of the terminal on.
func spoil(t *testing.T, sim *kocessim.Simulator, name string) {
	t.Helper()
	if err := sim.SetFault(name, true); err != nil {
		t.Fatal(err)
	}
}

const phone = "010-1234-5678"

// issue asks for the cash receipt of a sale.
func (s *shop) issue(key, number string) (till.Answer, error) {
	return s.IssueCashReceipt(context.Background(), cashier(), till.CashReceiptRequest{
		Key: key, Number: number, Purpose: drivers.IncomeDeduction, Holder: phone,
	})
}

func (s *shop) mustIssue(key, number string) till.Answer {
	s.t.Helper()
	answer, err := s.issue(key, number)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer
}

// cashSale sells so many milks for cash.
func (s *shop) cashSale(key string, pieces int) till.Record {
	s.t.Helper()
	for range pieces {
		s.add(milk)
	}
	return s.sale(s.payCash(key).Number)
}

// standing is how many cash receipts stand in the terminal's book, and over
// how much.
func standing(sim *kocessim.Simulator) (count int, sum int64) {
	for _, t := range sim.Transactions() {
		switch {
		case t.State != terminalsim.Booked:
		case t.Kind == terminalsim.Receipt:
			count, sum = count+1, sum+t.Amount
		case t.Kind == terminalsim.ReceiptCancel:
			count, sum = count-1, sum-t.Amount
		}
	}
	return count, sum
}
