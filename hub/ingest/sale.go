package ingest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"shopbox/protocol"
	"shopbox/protocol/money"
)

// The kinds of roll-up; hub/report reads them by the same numbers.
const (
	rollupHour    = 1
	rollupTender  = 2
	rollupProduct = 3
)

// unlisted begins the roll-up key of goods without a product id.
const unlisted = "~"

// sale is what the read models need of a sale or refund. The stored batch has
// the rest.
type sale struct {
	Number   string    `json:"number"`
	Day      string    `json:"day"`
	At       time.Time `json:"at"`
	Lines    []line    `json:"lines"`
	Total    money.Won `json:"total"`
	Tenders  []tender  `json:"tenders"`
	Original string    `json:"original"`

	day    int
	hour   string
	refund bool
}

type line struct {
	Product  string      `json:"product"`
	Name     string      `json:"name"`
	Quantity money.Milli `json:"quantity"`
	Amount   money.Won   `json:"amount"`
	VAT      money.VAT   `json:"vat"`
	Cost     *money.Won  `json:"cost"`
}

type tender struct {
	Kind   string    `json:"kind"`
	Amount money.Won `json:"amount"`
}

func (r *record) readSale(event *protocol.Event) error {
	s := &sale{refund: event.Type == protocol.TypeSaleRefunded}
	if err := json.Unmarshal(event.Data, s); err != nil {
		return fmt.Errorf("%w: %w", protocol.ErrData, err)
	}
	if err := s.check(); err != nil {
		return err
	}
	r.slim = appendSlim(nil, s, int64(event.Sequence))
	return nil
}

func (s *sale) check() error {
	day, err := parseDay(s.Day)
	if err != nil {
		return err
	}
	s.day, s.hour = day, hourKey(day, s.At)
	if !validNumber(s.Number, day) || len(s.Original) > maxKey {
		return fmt.Errorf("%w: receipt number %q", protocol.ErrData, s.Number)
	}
	s.Original = cleanText(s.Original, maxKey)
	if outside(s.Total, maxAmount) {
		return fmt.Errorf("%w: total", protocol.ErrData)
	}
	for i := range s.Lines {
		if err := s.Lines[i].check(); err != nil {
			return err
		}
	}
	for _, t := range s.Tenders {
		if !validKey(t.Kind) || outside(t.Amount, maxAmount) {
			return fmt.Errorf("%w: tender", protocol.ErrData)
		}
	}
	return nil
}

func (l *line) check() error {
	if l.Product != "" && !validKey(l.Product) {
		return fmt.Errorf("%w: product id", protocol.ErrData)
	}
	if outside(l.Amount, maxAmount) || outside(l.Quantity, maxCount) || l.Cost != nil && outside(*l.Cost, maxAmount) {
		return fmt.Errorf("%w: line", protocol.ErrData)
	}
	l.Name = cleanText(l.Name, maxName)
	return nil
}

func outside[N ~int64](n, limit N) bool { return n > limit || n < -limit }

// seoul has had no summer time since 1988.
var seoul = time.FixedZone("KST", 9*60*60)

// hourKey is the hour of the business day: two digits, counting on past 23
// for sales after midnight. A time that is nowhere near the day (a wrong
// clock) counts by its clock hour.
func hourKey(day int, at time.Time) string {
	midnight := time.Date(day/10000, time.Month(day/100%100), day%100, 0, 0, 0, 0, seoul)
	hour := int(at.Sub(midnight) / time.Hour)
	if at.Before(midnight) || hour > 47 {
		hour = at.In(seoul).Hour()
	}
	if hour < 10 {
		return "0" + strconv.Itoa(hour)
	}
	return strconv.Itoa(hour)
}
