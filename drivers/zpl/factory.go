package zpl

import (
	"context"
	"net"
	"strconv"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

var (
	_ drivers.Printer  = (*Printer)(nil)
	_ drivers.Labeller = (*Printer)(nil)
)

// usualResolution is that of most desktop printers.
const usualResolution = "203"

// Factory is the driver for the registry. It was written from Zebra's ZPL II
// Programming Guide and tested against a simulator, not on real hardware.
func Factory() drivers.Factory {
	return drivers.Factory{
		Name:  "zpl",
		Kind:  drivers.KindPrinter,
		Title: "ZPL label printer",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "dpi", Default: usualResolution, Choices: []string{usualResolution, "300", "600", "152"}},
		},
		New: func(settings drivers.Settings) (any, error) {
			resolution, err := strconv.Atoi(settings.Get("dpi", usualResolution))
			if err != nil {
				return nil, drivers.ErrSettings
			}
			printer, err := New(Config{Address: settings.Get("addr", ""), Resolution: resolution})
			if err != nil {
				return nil, err
			}
			return printer, nil
		},
		Suits: suits,
		Probe: probe,
	}
}

// networkPort is where network printers take raw data.
const networkPort = "9100"

// suits knows label printers by their makers and names. Makers of receipt
// printers make label printers too; those go by the names of their series.
func suits(seen drivers.Sighting) drivers.Offer {
	// USB vendor numbers of Zebra and TSC.
	known := seen.MadeBy("0a5f", "1203") || seen.Says("zebra", "zd", "zt", "zdesigner", "tsc", "godex", "label", "xd5", "slp", "xt5", "cl")
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At("")}
	if known {
		offer.Score = drivers.ScoreLikely
	}
	switch seen.Bus {
	case drivers.BusPrinter, drivers.BusSerial:
		return offer
	case drivers.BusNetwork:
		host := seen.Host
		if _, _, err := net.SplitHostPort(host); err != nil {
			host = net.JoinHostPort(host, networkPort)
		}
		offer.Settings = drivers.Settings{"addr": "tcp://" + host}
		return offer
	default:
		return drivers.Offer{}
	}
}

// answerWithin is how long a printer may take to say who it is.
const answerWithin = 300 * time.Millisecond

// probe sends ~HI, the question who the printer is, which prints nothing on a
// printer that speaks ZPL, at the speeds label printers come with. It is only
// sent where the name says that a label printer is there: on another device's
// line it would be text.
func probe(ctx context.Context, seen drivers.Sighting) (drivers.Settings, error) {
	offer := suits(seen)
	if offer.Score < drivers.ScoreLikely {
		return nil, drivers.ErrNotMine
	}
	if seen.Bus != drivers.BusSerial {
		return identify(ctx, offer.Settings)
	}
	for _, baud := range []string{"9600", "115200", "19200"} {
		if settings, err := identify(ctx, seen.At("baud="+baud)); err == nil {
			return settings, nil
		}
	}
	return nil, drivers.ErrNotMine
}

// identify adds the resolution that the printer tells to the settings.
func identify(ctx context.Context, settings drivers.Settings) (drivers.Settings, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opened, err := port.Open(ctx, settings["addr"])
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	err = talk{port: opened, patience: answerWithin}.ask(ctx, askIdentity, func(heard []byte) bool {
		found := lines(heard)
		if len(found) == 0 {
			return false
		}
		resolution, err := readIdentity(found[0])
		settings["dpi"] = resolution
		return err == nil
	})
	if err != nil {
		return nil, drivers.ErrNotMine
	}
	return settings, nil
}
