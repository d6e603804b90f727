package receipt

import (
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// DayClose is the slip of a closed business day, or of one so far.
func (r *Renderer) DayClose(day Day, options Options) drivers.Document {
	s := r.slip(options.Language)
	s.head(options.Shop)
	s.dayTitle(day, options.Copy)
	s.add(drivers.Rule{})
	s.counted(s.words["sales"], day.Sales, day.Sold)
	s.counted(s.words["refunds"], day.Refunds, -day.GivenBack)
	s.add(drivers.Columns{Left: s.words["net"], Right: day.Total.String(), Bold: true, Tall: true})
	s.amount("supply", day.Supply)
	s.amount("vat", day.VAT)
	s.amount("exempt", day.Exempt)
	s.add(drivers.Rule{}, drivers.Text{Text: s.words["tenders"], Bold: true})
	for _, tender := range day.Tenders {
		s.counted(s.words.tender(tender.Kind), tender.Count, tender.Sum)
	}
	s.add(drivers.Rule{})
	s.drawer(day)
	return drivers.Document{Blocks: s.blocks, OpenDrawer: options.OpenDrawer}
}

func (s *slip) dayTitle(day Day, printedAgain bool) {
	title := s.words["day_close"]
	if day.ClosedAt.IsZero() {
		title = s.words["day_interim"]
	}
	if printedAgain {
		title += " [" + s.words["copy"] + "]"
	}
	s.add(drivers.Text{Text: title, Align: drivers.Centre, Bold: true})
	s.named("day", s.words.date(day.Day))
	s.named("opened", s.words.moment(day.OpenedAt))
	if !day.ClosedAt.IsZero() {
		s.named("closed", s.words.moment(day.ClosedAt))
	}
	s.named("staff", day.By.Name)
	if day.FirstNumber != "" {
		s.named("numbers", day.FirstNumber+" ~ "+day.LastNumber)
	}
}

func (s *slip) counted(label string, count int, sum money.Won) {
	s.add(drivers.Columns{Left: fmt.Sprintf("%s %d%s", label, count, s.words["count"]), Right: sum.String()})
}

// date writes 2026-11-23 as 2026. 11. 23. (월); anything else stays as it is.
func (w words) date(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return w.day(at)
}

// drawer prints the cash; what was counted is known only when the day is
// closed.
func (s *slip) drawer(day Day) {
	s.amount("float", day.Float)
	s.amount("expected", day.Expected)
	if day.ClosedAt.IsZero() {
		return
	}
	s.amount("counted", day.Counted)
	verdict := "exact"
	switch {
	case day.Difference > 0:
		verdict = "over"
	case day.Difference < 0:
		verdict = "short"
	}
	s.add(drivers.Columns{
		Left:  s.words["difference"] + " (" + s.words[verdict] + ")",
		Right: day.Difference.String(), Bold: true,
	})
	if day.Note != "" {
		s.add(drivers.Text{Text: s.words["note"] + ": " + day.Note})
	}
}

// Test is the slip that shows that a printer prints: both scripts, amounts, a
// rule, a barcode and a QR code.
func (r *Renderer) Test(at time.Time, options Options) drivers.Document {
	s := r.slip(options.Language)
	s.logo(options.Logo)
	s.head(options.Shop)
	s.add(drivers.Text{Text: s.words["test"], Align: drivers.Centre, Bold: true})
	s.named("time", s.words.moment(at))
	s.add(
		drivers.Rule{Double: true},
		drivers.Columns{Left: s.words["test_name"] + " x 2", Right: "9,000"},
		drivers.Columns{Left: s.words["total"], Right: "9,000", Bold: true, Tall: true},
		drivers.Rule{},
		drivers.Text{Text: s.words["test_text"]},
		drivers.Barcode{Data: "TEST-0123456789"},
		drivers.QR{Data: "SHOPBOX TEST"},
	)
	return drivers.Document{Blocks: s.blocks, OpenDrawer: options.OpenDrawer}
}
