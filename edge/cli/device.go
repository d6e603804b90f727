package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// deviceUsage says how a device is tried by hand.
const deviceUsage = `usage: edge device NAME --addr ADDRESS [--set NAME=VALUE]... [--timeout 3m] ACT
  every device       status
  a card terminal    pay AMOUNT [TIP|tip-later] | last | reverse [REFERENCE AMOUNT] | refund AMOUNT | tip REFERENCE PAID TIP
                     totals | endofday | diagnose | settime [2026-11-25T12:00:00+09:00] | reprint [REFERENCE]
      reservations:  reserve AMOUNT | reservations | release REFERENCE AMOUNT
                     book REFERENCE AMOUNT-USED [TRACE [APPROVAL]] | lower REFERENCE AMOUNT-NOT-USED [TRACE]
  a printer          print FILE | open            (FILE holds text; - is standard input)
  a scanner          read [COUNT]
  a scale            read [COUNT]
  a display          show LEFT [RIGHT]
  without NAME: the drivers and their settings
Amounts are in the smallest unit of the terminal's currency: pay 2040 is 2,040 won, or 20.40 euro on a terminal in
euro. The answer says which, in "unit" and "money". A terminal is taken with the currency it has unless
--set currency=0410 (won) or another says which it must have. What money did is told on the last line; nothing is
ever charged twice.
금액은 단말기 통화의 가장 작은 단위예요: pay 2040은 원화 단말기에서 2,040원, 유로 단말기에서 20.40유로예요. 답의
"unit"과 "money"에 나와요. 오류는 마지막 줄에 우리말과 영어로 나오고, 같은 돈을 두 번 받지 않아요`

// ErrDeviceUsage says how the command is called.
var ErrDeviceUsage = errors.New(deviceUsage)

// Device works with one device by hand, for the people who help a shop: what
// a driver says comes out as JSON, one object on a line, the words of a fault
// on the last. The box must not use the same device meanwhile.
//
// A payment made here is in no shop's books. When its outcome is unknown the
// terminal is asked, as the till does, and what was found is written; nothing
// is charged twice.
func Device(ctx context.Context, registry drivers.Registry, args []string, in io.Reader, out io.Writer) error {
	writer := json.NewEncoder(out)
	writer.SetEscapeHTML(false)
	if len(args) == 0 {
		return listDrivers(registry, writer)
	}
	call, err := parseDevice(args)
	if err != nil {
		return err
	}
	call.takeAnyCurrency(registry[call.driver])
	ctx, cancel := context.WithTimeout(ctx, call.timeout)
	defer cancel()
	hand := hand{call: call, in: in, out: writer}
	made, err := registry.New(call.driver, call.settings)
	if err == nil {
		err = hand.work(ctx, made)
	}
	if err != nil && !errors.Is(err, ErrDeviceUsage) {
		_ = writer.Encode(faultOf(codeOf(err), err))
	}
	return err
}

// faultLine is the last line of a call that failed: a stable code, words for a
// person, and the details for the one who helps.
type faultLine struct {
	Code    string `json:"error"`
	Words   words  `json:"words"`
	Message string `json:"message"`
}

func faultOf(code string, err error) faultLine {
	return faultLine{Code: code, Words: explain(code), Message: err.Error()}
}

// deviceCall is what the command line asks for.
type deviceCall struct {
	driver   string
	settings drivers.Settings
	timeout  time.Duration
	act      string
	operands []string
}

// parseDevice takes flags before and behind the act.
func parseDevice(args []string) (deviceCall, error) {
	call := deviceCall{driver: args[0], settings: drivers.Settings{}}
	flags := flag.NewFlagSet("device", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	addr := flags.String("addr", "", "address of the device")
	flags.DurationVar(&call.timeout, "timeout", 3*time.Minute, "give up after")
	flags.Func("set", "a setting of the driver, NAME=VALUE", func(text string) error {
		name, value, found := strings.Cut(text, "=")
		if !found {
			return ErrDeviceUsage
		}
		call.settings[name] = value
		return nil
	})
	var words []string
	for rest := args[1:]; ; {
		if flags.Parse(rest) != nil {
			return call, ErrDeviceUsage
		}
		if flags.NArg() == 0 {
			break
		}
		words = append(words, flags.Arg(0))
		rest = flags.Args()[1:]
	}
	if len(words) == 0 {
		return call, ErrDeviceUsage
	}
	if *addr != "" {
		call.settings["addr"] = *addr
	}
	call.act, call.operands = words[0], words[1:]
	return call, nil
}

// takeAnyCurrency lets a terminal be tried whose currency nobody set: no shop's
// books hang on it here.
func (c deviceCall) takeAnyCurrency(factory drivers.Factory) {
	known := slices.ContainsFunc(factory.Fields, func(field drivers.Field) bool { return field.Name == "currency" })
	if known && c.settings["currency"] == "" {
		c.settings["currency"] = drivers.AnyCurrency
	}
}

// driverLine describes a driver.
type driverLine struct {
	Name     string       `json:"name"`
	Kind     drivers.Kind `json:"kind"`
	Title    string       `json:"title"`
	Verified bool         `json:"checked_on_hardware"`
	Settings []string     `json:"settings"`
}

func listDrivers(registry drivers.Registry, out *json.Encoder) error {
	for _, kind := range drivers.Kinds() {
		for _, name := range registry.Names(kind) {
			factory := registry[name]
			line := driverLine{Name: name, Kind: kind, Title: factory.Title, Verified: factory.Verified, Settings: []string{}}
			for _, field := range factory.Fields {
				line.Settings = append(line.Settings, field.Name+"="+field.Default)
			}
			if err := out.Encode(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// hand works with an open device.
type hand struct {
	call deviceCall
	in   io.Reader
	out  *json.Encoder
}

func (h *hand) work(ctx context.Context, made any) error {
	device, is := made.(drivers.Device)
	if !is {
		return drivers.ErrUnsupported
	}
	if err := device.Open(ctx); err != nil {
		return err
	}
	defer func() { _ = device.Close() }()
	switch device := made.(type) {
	case drivers.Terminal:
		return h.terminal(ctx, device)
	case drivers.Printer:
		return h.printer(ctx, device)
	case drivers.Scanner:
		return h.scanner(ctx, device)
	case drivers.Scale:
		return h.scale(ctx, device)
	case drivers.Display:
		return h.display(ctx, device)
	}
	return drivers.ErrUnsupported
}

// amount reads the operand at an index as an amount, in the smallest unit.
func (h *hand) amount(index int) (money.Won, error) {
	if len(h.call.operands) <= index {
		return 0, ErrDeviceUsage
	}
	amount, err := strconv.ParseInt(strings.ReplaceAll(h.call.operands[index], ",", ""), 10, 64)
	if err != nil || amount <= 0 {
		return 0, fmt.Errorf("%w: %q is no amount: a whole number in the smallest unit, won or cents", drivers.ErrSettings, h.call.operands[index])
	}
	return money.Won(amount), nil
}

// count is how often to read: once unless told.
func (h *hand) count() (int, error) {
	if len(h.call.operands) == 0 {
		return 1, nil
	}
	count, err := strconv.Atoi(h.call.operands[0])
	if err != nil || count < 1 || len(h.call.operands) > 1 {
		return 0, ErrDeviceUsage
	}
	return count, nil
}

// stateLine is how a printer or another plain device is.
type stateLine struct {
	Device     string `json:"device"`
	Ready      bool   `json:"ready"`
	Fault      string `json:"fault,omitempty"`
	PaperLow   bool   `json:"paper_low,omitempty"`
	DrawerOpen bool   `json:"drawer_open,omitempty"`
}

func (h *hand) printer(ctx context.Context, printer drivers.Printer) error {
	switch {
	case h.call.act == "status":
		status, err := printer.Status(ctx)
		if err != nil {
			return err
		}
		return h.out.Encode(stateLine{
			Device: h.call.driver, Ready: status.Fault == nil, Fault: drivers.Code(status.Fault),
			PaperLow: status.PaperLow, DrawerOpen: status.DrawerOpen,
		})
	case h.call.act == "print" && len(h.call.operands) == 1:
		text, err := readInput(h.call.operands[0], h.in)
		if err != nil {
			return err
		}
		if err := printer.Print(ctx, written(printer, strings.TrimRight(string(text), "\n"))); err != nil {
			return err
		}
		return h.out.Encode(map[string]bool{"printed": true})
	case h.call.act == "open":
		drawer, can := printer.(drivers.Drawer)
		if !can {
			return drivers.ErrUnsupported
		}
		if err := drawer.OpenDrawer(ctx); err != nil {
			return err
		}
		return h.out.Encode(map[string]bool{"pulse_sent": true})
	}
	return ErrDeviceUsage
}

// written is a text on paper; on a printer of labels a label with its first line
// as the title, the others below.
func written(printer drivers.Printer, text string) drivers.Document {
	if labeller, does := printer.(drivers.Labeller); does && labeller.LabelStock().Only {
		lines := strings.Split(text, "\n")
		return drivers.Document{Blocks: []drivers.Block{drivers.Label{Width: 50, Height: 30, Title: lines[0], Notes: lines[1:]}}}
	}
	return drivers.Document{Blocks: []drivers.Block{drivers.Text{Text: text}}}
}

// scanLine is one code read.
type scanLine struct {
	Code      string `json:"code"`
	Symbology string `json:"symbology,omitempty"`
}

func (h *hand) scanner(ctx context.Context, scanner drivers.Scanner) error {
	if h.call.act == "status" {
		return h.out.Encode(stateLine{Device: h.call.driver, Ready: true})
	}
	count, err := h.count()
	if h.call.act != "read" || err != nil {
		return ErrDeviceUsage
	}
	if err := h.out.Encode(stateLine{Device: h.call.driver, Ready: true}); err != nil {
		return err
	}
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	var failed error
	err = scanner.Scans(ctx, func(scan drivers.Scan) {
		if count <= 0 {
			return
		}
		failed = errors.Join(failed, h.out.Encode(scanLine{Code: scan.Code, Symbology: scan.Symbology}))
		if count--; count == 0 {
			enough()
		}
	}, func(bad error) {
		failed = errors.Join(failed, h.out.Encode(faultOf("scan_garbled", bad)))
	})
	if count == 0 {
		err = nil
	}
	return errors.Join(failed, err)
}

// weightLine is a weight in thousandths of a kilogram.
type weightLine struct {
	Grams int64 `json:"grams"`
	Tared bool  `json:"tared,omitempty"`
}

func (h *hand) scale(ctx context.Context, scale drivers.Scale) error {
	count, err := h.count()
	if !slices.Contains([]string{"read", "status"}, h.call.act) || err != nil {
		return ErrDeviceUsage
	}
	for range count {
		weight, err := scale.Weigh(ctx)
		if err != nil {
			return err
		}
		if err := h.out.Encode(weightLine{Grams: int64(weight.Net), Tared: weight.Tared}); err != nil {
			return err
		}
	}
	return nil
}

func (h *hand) display(ctx context.Context, display drivers.Display) error {
	switch {
	case h.call.act == "status":
		return h.out.Encode(stateLine{Device: h.call.driver, Ready: true})
	case h.call.act == "show" && len(h.call.operands) > 0 && len(h.call.operands) <= 2:
		line := drivers.DisplayLine{Left: h.call.operands[0]}
		if len(h.call.operands) == 2 {
			line.Right = h.call.operands[1]
		}
		if err := display.Show(ctx, []drivers.DisplayLine{line}); err != nil {
			return err
		}
		return h.out.Encode(map[string]bool{"shown": true})
	}
	return ErrDeviceUsage
}
