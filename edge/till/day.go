package till

import (
	"time"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// Day is a business day and what it comes to so far. A day that was closed and
// opened again on the same date has several parts with one run of receipt
// numbers.
type Day struct {
	ID int64
	// Day is the date, 2026-11-23.
	Day      string
	Part     int
	OpenedAt time.Time
	OpenedBy sale.Person
	Float    money.Won
	// ClosedAt is zero as long as the day is open.
	ClosedAt time.Time
	ClosedBy sale.Person
	Sales    int
	Refunds  int
	// Sold and GivenBack are the sums of sales and of refunds; Total is the
	// difference, and Supply + VAT + Exempt = Total.
	Sold, GivenBack, Total money.Won
	sale.Split
	// Tenders are sales less refunds for each way of paying, cash first.
	Tenders []TenderTotal
	// Counted and Note are of the closing.
	Counted     money.Won
	Note        string
	FirstNumber string
	LastNumber  string
}

// TenderTotal is what came in one way of paying.
type TenderTotal struct {
	Kind  sale.TenderKind
	Count int
	Sum   money.Won
}

// Open reports whether the day is not closed yet.
func (d Day) Open() bool { return d.ClosedAt.IsZero() }

// Expected is the cash that should be in the drawer.
func (d Day) Expected() money.Won {
	expected := d.Float
	for _, tender := range d.Tenders {
		if tender.Kind == sale.Cash {
			expected += tender.Sum
		}
	}
	return expected
}

// Difference is what was counted less what should be there, once closed.
func (d Day) Difference() money.Won {
	if d.Open() {
		return 0
	}
	return d.Counted - d.Expected()
}

// DayReport is the day added up, and what stands in the way of closing it.
type DayReport struct {
	Day
	Parked  int
	Unknown int
}
