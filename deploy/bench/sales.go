package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"shopbox/protocol"
	"shopbox/protocol/money"
)

// goodsOfShop is how many goods a simulated shop sells.
const goodsOfShop = 100

// shopper makes the sales of one simulated box, the same in every run.
type shopper struct {
	random *rand.Rand
	at     time.Time
}

func newShopper(box int, first int64) *shopper {
	return &shopper{
		random: rand.New(rand.NewPCG(uint64(box), uint64(first))),
		at:     time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("KST", 9*60*60)).Add(time.Duration(first) * 20 * time.Second),
	}
}

// id is an identifier as a box makes them: random, so that it does not pack
// into nothing.
func (s *shopper) id() string {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(s.random.UintN(256))
	}
	return id.String()
}

// sale is a sale of one to five goods, paid in cash or by card.
func (s *shopper) sale(number int64) protocol.SaleClosed {
	s.at = s.at.Add(time.Duration(1+s.random.IntN(30)) * time.Second)
	sale := protocol.Sale{
		Number: fmt.Sprintf("20261123-%04d", number), Day: "2026-11-23", At: s.at,
		By: protocol.Person{ID: "019b7d00-0000-7000-8000-0000000000a1", Name: "김점원"},
	}
	for range 1 + s.random.IntN(5) {
		sale.Lines = append(sale.Lines, s.line())
		sale.Total += sale.Lines[len(sale.Lines)-1].Amount
	}
	sale.Supply, sale.VAT = money.SplitIncluded(sale.Total)
	tender := protocol.Tender{Kind: protocol.TenderCash, Amount: sale.Total, Received: sale.Total}
	if s.random.IntN(5) > 0 {
		tender = protocol.Tender{Kind: protocol.TenderCard, Amount: sale.Total, Attempt: s.id(), Card: &protocol.Card{
			Number: fmt.Sprintf("%06d******%04d", s.random.IntN(1e6), s.random.IntN(1e4)), Scheme: "신한카드",
			Approval: fmt.Sprintf("%08d", s.random.IntN(1e8)), Terminal: "12345678",
		}}
	}
	sale.Tenders = []protocol.Tender{tender}
	return protocol.SaleClosed{Sale: sale}
}

func (s *shopper) line() protocol.Line {
	good := s.random.IntN(goodsOfShop)
	unit := money.Won(500 + 100*good)
	cost := unit * 7 / 10
	return protocol.Line{
		ID: s.id(), Product: fmt.Sprintf("019b7d00-%04x-7000-8000-%012x", good*7919%65536, good*104729), Name: fmt.Sprintf("상품 %d호", good),
		Category: fmt.Sprintf("분류 %d", good%8), Barcode: fmt.Sprintf("88012345%05d", good*97),
		Quantity: money.One, Unit: unit, Amount: unit, VAT: money.Taxable, Cost: &cost,
	}
}

// pack makes a box's batch of sales with the numbers that come next.
func pack(codec *protocol.Codec, box string, shopper *shopper, first int64, size int) ([]byte, error) {
	events := make([]protocol.Event, size)
	for i := range events {
		number := first + int64(i)
		event, err := protocol.NewEvent(box, protocol.Sequence(number), shopper.at, shopper.sale(number))
		if err != nil {
			return nil, err
		}
		events[i] = event
	}
	return codec.Pack(events)
}
