// Package drivers says what a shop's devices can do, in contracts that every
// vendor's driver fulfils: Terminal, Printer, Drawer, Scanner, Scale and
// Display. The box (edge/till and edge/devices) calls them; vendor folders
// implement them.
//
// A card terminal may also be an Aborter, a DayCloser, a Recaller, a
// CashReceipter, a Reserver, a Tipper, a Diagnoser, a TimeSetter, a
// TotalsTeller, a Reprinter or a Describer; AbilitiesOf sums up what it can do.
//
// Add a driver: make a folder drivers/<name> with a Config, a New and a
// Factory; run the matching suite of drivers/conformance in its test; add one
// line to drivers/all. Nothing else changes.
//
// What always holds: New touches no device, Open does; every method obeys its
// context; a driver translates its vendor's codes into the sentinels of this
// package; a card number leaves a driver masked or not at all.
package drivers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind is what sort of device a driver drives.
type Kind string

// The kinds of device.
const (
	KindTerminal Kind = "terminal"
	KindPrinter  Kind = "printer"
	KindScanner  Kind = "scanner"
	KindScale    Kind = "scale"
	KindDisplay  Kind = "display"
)

// Kinds lists the kinds of device in the order people are shown them.
func Kinds() []Kind {
	return []Kind{KindTerminal, KindPrinter, KindScanner, KindScale, KindDisplay}
}

// Field describes one setting of a driver, so that the device page can draw
// itself.
type Field struct {
	// Name is the key in the settings.
	Name string
	// Default is used when the setting is absent; empty when the person must
	// give one and Required is set.
	Default string
	// Required settings must be given.
	Required bool
	// Choices, when present, are the only values allowed.
	Choices []string
	// Secret values are never shown again or logged.
	Secret bool
}

// Factory makes the devices of one driver.
type Factory struct {
	// Name is the driver's stable name: "zvt", "escpos", "serialscan".
	Name string
	Kind Kind
	// Title is how the driver is called on the device page.
	Title string
	// Verified says whether the driver was ever checked on real hardware. The
	// device page tells the person when it was not.
	Verified bool
	Fields   []Field
	// New checks the settings and returns a Terminal, Printer, Scanner, Scale or
	// Display according to Kind. It does not touch the device.
	New func(settings Settings) (any, error)
	// Suits says how well the driver suits a device that was seen, from what the
	// device says of itself; nothing is sent. Nil suits nothing.
	Suits func(Sighting) Offer
	// Probe asks a device who it is and returns the settings with which it
	// answered, else ErrNotMine. It is only called for lines nobody adopted when
	// a person asked to look, and only sends what cannot start a transaction or
	// print; the driver's documentation says what. Nil asks nothing.
	Probe func(ctx context.Context, sighting Sighting) (Settings, error)
	// OwnPort says that on the network Probe asks at a port that only such
	// devices listen on, or that a person named: it may ask where nothing is
	// known of what is there.
	OwnPort bool
}

// Settings are the values a person gave for a driver's fields.
type Settings map[string]string

// Get is the setting, or the fallback when it is absent or empty.
func (s Settings) Get(name, fallback string) string {
	if value := s[name]; value != "" {
		return value
	}
	return fallback
}

// Registry is a set of drivers by name. It is a value: nothing registers
// itself.
type Registry map[string]Factory

// NewRegistry collects factories; two of one name are an error.
func NewRegistry(factories ...Factory) (Registry, error) {
	registry := make(Registry, len(factories))
	for _, factory := range factories {
		if _, taken := registry[factory.Name]; taken {
			return nil, fmt.Errorf("two drivers are called %q", factory.Name)
		}
		registry[factory.Name] = factory
	}
	return registry, nil
}

// New makes the device of a driver after checking its settings: unknown names,
// missing required ones and values outside the choices are ErrSettings.
func (r Registry) New(driver string, settings Settings) (any, error) {
	factory, known := r[driver]
	if !known {
		return nil, fmt.Errorf("%w: no driver %q", ErrSettings, driver)
	}
	if err := factory.check(settings); err != nil {
		return nil, err
	}
	return factory.New(settings)
}

// Names lists the drivers of a kind in alphabetical order.
func (r Registry) Names(kind Kind) []string {
	var names []string
	for name, factory := range r {
		if factory.Kind == kind {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (f Factory) check(settings Settings) error {
	for name := range settings {
		if !slices.ContainsFunc(f.Fields, func(field Field) bool { return field.Name == name }) {
			return fmt.Errorf("%w: %s has no setting %q", ErrSettings, f.Name, name)
		}
	}
	for _, field := range f.Fields {
		value := settings.Get(field.Name, field.Default)
		if field.Required && value == "" {
			return fmt.Errorf("%w: %s needs %q", ErrSettings, f.Name, field.Name)
		}
		if value != "" && len(field.Choices) > 0 && !slices.Contains(field.Choices, value) {
			return fmt.Errorf("%w: %s of %s is one of %s", ErrSettings, field.Name, f.Name, strings.Join(field.Choices, ", "))
		}
	}
	return nil
}

// Device is what every device has besides its own abilities.
type Device interface {
	// Open connects to the device and makes it ready; it may be called again
	// after a fault. It returns an error that is ErrOffline when nothing
	// answers at the address.
	Open(ctx context.Context) error
	// Close lets the device go. It never blocks for long and may be called
	// twice.
	Close() error
}

// The faults a driver reports. A driver wraps one of them with what happened;
// callers ask with errors.Is and turn the code into words for people.
var (
	// ErrSettings says that the settings make no sense.
	ErrSettings = errors.New("settings")
	// ErrOffline says that the device does not answer.
	ErrOffline = errors.New("offline")
	// ErrBusy says that the device is doing something else.
	ErrBusy = errors.New("busy")
	// ErrProtocol says that the device answered something unintelligible.
	ErrProtocol = errors.New("protocol")
	// ErrUnsupported says that this device cannot do this.
	ErrUnsupported = errors.New("unsupported")
	// ErrPaperOut, ErrCoverOpen, ErrCutter and ErrPrinterFault stop a printer.
	ErrPaperOut     = errors.New("paper_out")
	ErrCoverOpen    = errors.New("cover_open")
	ErrCutter       = errors.New("cutter")
	ErrPrinterFault = errors.New("printer_fault")
	// ErrRibbonOut and ErrPaused stop a printer of labels: its ink ribbon has
	// ended, or somebody pressed its pause key.
	ErrRibbonOut = errors.New("ribbon_out")
	ErrPaused    = errors.New("printer_paused")
	// ErrLabel says that a label has not the room for what it is to show, such as
	// a long barcode on a narrow one.
	ErrLabel = errors.New("label_too_small")
	// ErrPrintUnknown says that bytes went out but whether paper came is not
	// known; printing again must be marked as a copy.
	ErrPrintUnknown = errors.New("print_unknown")
	// ErrUnstable, ErrOverload and ErrBelowZero are a scale that has no weight
	// to sell by: it still moves, too much lies on it, or it was not zeroed.
	ErrUnstable  = errors.New("scale_unstable")
	ErrOverload  = errors.New("scale_overload")
	ErrBelowZero = errors.New("scale_below_zero")
	// ErrOutcomeUnknown says that a payment may or may not have happened. Only
	// Terminal.Find can tell; nothing may be charged again before.
	ErrOutcomeUnknown = errors.New("outcome_unknown")
)

// Code is the stable code of a driver's error ("paper_out"), "fault" when it
// is none of this package's, and "" for nil.
func Code(err error) string {
	if err == nil {
		return ""
	}
	for _, sentinel := range []error{
		ErrOutcomeUnknown, ErrPrintUnknown, ErrPaperOut, ErrCoverOpen, ErrCutter, ErrRibbonOut, ErrPaused, ErrPrinterFault, ErrLabel,
		ErrUnstable, ErrOverload, ErrBelowZero,
		ErrOffline, ErrBusy, ErrUnsupported, ErrSettings, ErrProtocol, ErrHolder, ErrInstalments,
	} {
		if errors.Is(err, sentinel) {
			return sentinel.Error()
		}
	}
	return "fault"
}
