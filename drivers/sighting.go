package drivers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
)

// Bus is how a device hangs on the box.
type Bus string

// The buses.
const (
	// BusSerial is a serial line, RS-232 or on USB.
	BusSerial Bus = "serial"
	// BusPrinter is a USB printer's device file.
	BusPrinter Bus = "printer"
	// BusInput is what types like a keyboard.
	BusInput Bus = "input"
	// BusNetwork is a host on the shop's network.
	BusNetwork Bus = "network"
)

// USB is what a USB device says of itself, and where it is plugged in. The
// zero value is a device that is not on USB.
type USB struct {
	// Vendor and Product are four hex digits each, in lower case.
	Vendor  string `json:"vendor,omitempty"`
	Product string `json:"product,omitempty"`
	// Serial is empty for the many cheap devices that have none.
	Serial string `json:"serial,omitempty"`
	// Interface is the number within the device, two hex digits: an adapter
	// with two lines has two.
	Interface string `json:"interface,omitempty"`
	// Class is the interface's class, two hex digits: 02 and 0a talk like a
	// modem, 07 is a printer, ff the maker's own.
	Class string `json:"class,omitempty"`
	// Port is the socket it sits in, as the system counts them: "1-1.2".
	Port string `json:"port,omitempty"`
}

// Known reports whether there is a USB device at all.
func (u USB) Known() bool { return u.Vendor != "" }

// Same reports whether both say the same of themselves, in whatever socket.
func (u USB) Same(other USB) bool {
	here := other
	here.Port = u.Port
	return u == here
}

// Sighting is what the box sees of a device without asking it anything.
type Sighting struct {
	Bus Bus
	// Path is the device file, empty on the network.
	Path string
	// Host is a name or address with or without a port, on the network only.
	Host string
	USB  USB
	// Name is what the device calls itself, "BIXOLON SRP-350III", or the name of
	// its file when it says nothing.
	Name string
}

// Says reports whether a word of the device's name begins with one of these,
// given in lower case.
func (s Sighting) Says(beginnings ...string) bool {
	words := strings.FieldsFunc(strings.ToLower(s.Name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.ContainsFunc(beginnings, func(begin string) bool { return strings.HasPrefix(word, begin) })
	})
}

// MadeBy reports whether one of these USB vendors made the device.
func (s Sighting) MadeBy(vendors ...string) bool { return slices.Contains(vendors, s.USB.Vendor) }

// At is the usual setting "addr" of a driver that opens the device's file, with
// the line's settings ("baud=9600"), which may be empty.
func (s Sighting) At(line string) Settings {
	address := "serial://" + s.Path
	if s.Bus == BusPrinter || s.Bus == BusInput {
		address = "file://" + s.Path
	}
	if line != "" {
		address += "?" + line
	}
	return Settings{"addr": address}
}

// Score is how well a driver suits a device.
type Score int

// The scores.
const (
	// ScoreNone: it cannot be.
	ScoreNone Score = iota
	// ScorePossible: nothing speaks against it, nothing for it.
	ScorePossible
	// ScoreGuess: such a port is mostly used by such devices.
	ScoreGuess
	// ScoreLikely: the device's name or maker says so.
	ScoreLikely
	// ScoreSure: the device answered as only such a device does.
	ScoreSure
)

// Offer is a driver for a device that was seen, with the settings to adopt it.
type Offer struct {
	// Driver is filled in by the registry.
	Driver   string
	Score    Score
	Settings Settings
}

// ErrNotMine says that a device did not answer a driver's question.
var ErrNotMine = errors.New("not_mine")

// Offers are the drivers that suit a device, the best first.
func (r Registry) Offers(sighting Sighting) []Offer {
	var offers []Offer
	for name, factory := range r {
		if factory.Suits == nil {
			continue
		}
		if offer := factory.Suits(sighting); offer.Score > ScoreNone {
			offer.Driver = name
			offers = append(offers, offer)
		}
	}
	slices.SortFunc(offers, func(a, b Offer) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Driver, b.Driver))
	})
	return offers
}

// Ask lets the drivers that may suit a device ask it who it is, one after the
// other, and puts the one it answered first. When the device's name already
// says what it is, only that driver asks, if it has something to find out. A
// device that answers nobody keeps its offers.
func (r Registry) Ask(ctx context.Context, sighting Sighting) []Offer {
	offers := r.Offers(sighting)
	asking := r.askers(offers)
	// An office printer on the network would print a question as text.
	if sighting.Bus == BusNetwork && len(offers) > 0 && offers[0].Score < ScoreLikely {
		asking = slices.DeleteFunc(asking, func(offer Offer) bool { return !r[offer.Driver].OwnPort })
	}
	for _, offer := range asking {
		if ctx.Err() != nil {
			break
		}
		settings, err := r[offer.Driver].Probe(ctx, sighting)
		if err != nil {
			continue
		}
		others := slices.DeleteFunc(offers, func(other Offer) bool { return other.Driver == offer.Driver })
		return append([]Offer{{Driver: offer.Driver, Score: ScoreSure, Settings: settings}}, others...)
	}
	return offers
}

// askers are the drivers that ask: printers first, since the other questions
// might end up on a printer's paper.
func (r Registry) askers(offers []Offer) []Offer {
	var asking []Offer
	for _, offer := range offers {
		named := offers[0].Score >= ScoreLikely
		if r[offer.Driver].Probe != nil && (!named || offer.Driver == offers[0].Driver) {
			asking = append(asking, offer)
		}
	}
	kinds := []Kind{KindPrinter, KindTerminal, KindScale, KindDisplay, KindScanner}
	slices.SortStableFunc(asking, func(a, b Offer) int {
		return cmp.Or(
			cmp.Compare(slices.Index(kinds, r[a.Driver].Kind), slices.Index(kinds, r[b.Driver].Kind)),
			strings.Compare(a.Driver, b.Driver),
		)
	})
	return asking
}
