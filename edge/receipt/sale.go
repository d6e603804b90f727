package receipt

import (
	"fmt"
	"image"
	"strconv"
	"strings"
	"time"

	"shopbox/drivers"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// slip is a document in the making.
type slip struct {
	words  words
	blocks []drivers.Block
}

func (r *Renderer) slip(language Language) *slip { return &slip{words: r.in(language)} }

func (s *slip) add(blocks ...drivers.Block) { s.blocks = append(s.blocks, blocks...) }

// named adds "label   value" unless there is no value.
func (s *slip) named(key, value string) {
	if value != "" {
		s.add(drivers.Columns{Left: s.words[key], Right: value})
	}
}

func (s *slip) amount(key string, amount money.Won) {
	s.add(drivers.Columns{Left: s.words[key], Right: amount.String()})
}

// Sale is the receipt of a sale or a refund.
func (r *Renderer) Sale(done sale.Sale, options Options) drivers.Document {
	s := r.slip(options.Language)
	s.logo(options.Logo)
	s.head(options.Shop)
	s.title(done, options.Copy)
	s.add(drivers.Rule{})
	for _, line := range done.Lines {
		s.line(line)
	}
	s.add(drivers.Rule{})
	s.totals(done)
	for _, tender := range done.Tenders {
		s.tender(tender, done.Kind)
	}
	if issued := options.CashReceipt; issued != nil {
		s.add(drivers.Rule{}, drivers.Text{Text: s.words.cashReceipt(*issued)})
		s.issued(*issued)
	}
	s.foot(done, options.Foot)
	return drivers.Document{Blocks: s.blocks, OpenDrawer: options.OpenDrawer}
}

// Head is what every receipt begins with, alone: the logo and the seller.
func (r *Renderer) Head(options Options) drivers.Document {
	s := r.slip(options.Language)
	s.logo(options.Logo)
	s.head(options.Shop)
	return drivers.Document{Blocks: s.blocks}
}

func (s *slip) logo(logo image.Image) {
	if logo != nil {
		s.add(drivers.Image{Picture: logo, Shades: true})
	}
}

// head names the seller, as every receipt must (부가가치세법 시행령 73 ⑦).
func (s *slip) head(shop Shop) {
	s.add(drivers.Text{Text: shop.Name, Align: drivers.Centre, Bold: true, Wide: true, Tall: true})
	for _, line := range []string{
		s.words["business_number"] + " " + businessNumber(shop.BusinessNumber),
		join(s.words["representative"], shop.Representative),
		shop.Address,
		join(s.words["phone"], shop.Phone),
	} {
		if line != "" {
			s.add(drivers.Text{Text: line, Align: drivers.Centre})
		}
	}
	s.add(drivers.Feed{Lines: 1})
}

func (s *slip) heading(title string) {
	s.add(drivers.Text{Text: title, Align: drivers.Centre, Bold: true})
}

func (s *slip) title(done sale.Sale, printedAgain bool) {
	title := s.words["receipt"]
	if done.Kind == sale.Refunded {
		title = s.words["refund"]
	}
	if printedAgain {
		title += " [" + s.words["copy"] + "]"
	}
	s.heading(title)
	s.named("number", done.Number)
	s.named("original", done.Original)
	s.named("date", s.words.moment(done.At))
	s.named("staff", done.By.Name)
	s.named("reason", done.Reason)
	if done.ClockDoubt {
		s.add(drivers.Text{Text: s.words["clock_doubt"]})
	}
}

// line prints a line in two rows, so that a long name never meets an amount.
func (s *slip) line(line sale.SoldLine) {
	name := line.Item.Name
	if line.Item.VAT == money.Exempt {
		name += " *"
	}
	s.add(
		drivers.Text{Text: name},
		drivers.Columns{
			Left:  fmt.Sprintf("  %s x %s", line.Unit, line.Quantity),
			Right: (line.Amount + line.Discount).String(),
		},
	)
	switch {
	case line.Discount > 0:
		s.add(drivers.Columns{Left: "  " + s.words["discount"], Right: (-line.Discount).String()})
	case line.Discount < 0:
		// A part of weighed goods given back may end a won beside its price.
		s.add(drivers.Columns{Left: "  " + s.words["rounding"], Right: (-line.Discount).String()})
	}
	if line.Note != "" {
		s.add(drivers.Text{Text: "  " + line.Note})
	}
}

// totals prints supply value and tax apart, as a receipt of a till must
// (부가가치세법 시행령 73 ⑧).
func (s *slip) totals(done sale.Sale) {
	if done.Supply != 0 || done.VAT != 0 {
		s.amount("supply", done.Supply)
		s.amount("vat", done.VAT)
	}
	if done.Exempt != 0 {
		s.amount("exempt", done.Exempt)
	}
	key := "total"
	if done.Kind == sale.Refunded {
		key = "refund_total"
	}
	s.add(
		drivers.Columns{Left: s.words[key], Right: done.Total.String(), Bold: true, Tall: true},
		drivers.Rule{},
	)
}

func (s *slip) tender(tender sale.Tender, kind sale.Kind) {
	label := s.words.tender(tender.Kind)
	if kind == sale.Refunded {
		label = s.words.tender(tender.Kind + "_back")
	}
	s.add(drivers.Columns{Left: label, Right: tender.Amount.String()})
	if tender.Change > 0 {
		s.amount("received", tender.Received)
		s.amount("change", tender.Change)
	}
	if tender.Slip != nil {
		s.card(*tender.Slip)
	}
}

func (s *slip) card(card sale.CardSlip) {
	s.named("card_number", card.Number)
	if card.Scheme != "" {
		s.add(drivers.Text{Text: card.Scheme})
	}
	s.named("approval", card.Approval)
	s.named("instalment", s.words.instalment(card.Instalments))
	s.named("acquirer", card.Acquirer)
	s.named("merchant", card.Merchant)
	s.named("terminal", card.Terminal)
	for _, line := range card.Lines {
		s.add(drivers.Text{Text: line})
	}
}

func (s *slip) foot(done sale.Sale, foot string) {
	s.add(drivers.Rule{})
	if done.Exempt != 0 {
		s.add(drivers.Text{Text: s.words["exempt_mark"]})
	}
	if done.Note != "" {
		s.add(drivers.Text{Text: s.words["note"] + ": " + done.Note})
	}
	for text := range strings.Lines(foot) {
		s.add(drivers.Text{Text: strings.TrimRight(text, "\r\n"), Align: drivers.Centre})
	}
	if code := NumberBarcode(done.Number); code != "" {
		s.add(drivers.Feed{Lines: 1}, drivers.Barcode{Data: code})
	}
}

// NumberBarcode is the barcode of a receipt number: 20261123-0001 becomes
// R2611230001. It is empty for anything else.
func NumberBarcode(number string) string {
	date, count, found := strings.Cut(number, "-")
	if !found || len(date) != len("20061123") || count == "" {
		return ""
	}
	return "R" + date[2:] + count
}

// seoul is the time of every shop; Korea keeps no summer time.
var seoul = time.FixedZone("KST", 9*60*60)

// moment writes a time as 2026. 11. 23. (월) 14:05, by the shop's clock on the
// wall.
func (w words) moment(at time.Time) string {
	at = at.In(seoul)
	return w.day(at) + " " + at.Format("15:04")
}

func (w words) day(at time.Time) string {
	return at.Format("2006. 1. 2.") + " (" + w[strings.ToLower(at.Weekday().String())] + ")"
}

// tender names a way of paying; one that has no word yet by its code.
func (w words) tender(kind sale.TenderKind) string {
	if word, known := w[string(kind)]; known {
		return word
	}
	return string(kind)
}

func (w words) instalment(months int) string {
	if months == 0 {
		return w["at_once"]
	}
	return strconv.Itoa(months) + w["months"]
}

func businessNumber(digits string) string {
	if len(digits) != 10 {
		return digits
	}
	return digits[:3] + "-" + digits[3:5] + "-" + digits[5:]
}

func join(label, value string) string {
	if value == "" {
		return ""
	}
	return label + " " + value
}
