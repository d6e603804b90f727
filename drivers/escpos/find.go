package escpos

import (
	"context"
	"errors"
	"net"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// networkPort is where network printers take raw data.
const networkPort = "9100"

// suits knows printers by their USB class and by the names and makers of
// receipt printers. An office printer on the network takes no ESC/POS, so a
// network printer of another name is only possible.
func suits(seen drivers.Sighting) drivers.Offer {
	// USB vendor numbers of Epson, Bixolon, Star and Citizen.
	known := seen.MadeBy("04b8", "1504", "0519", "1d90") ||
		seen.Says("bixolon", "epson", "tm", "sewoo", "slk", "srp", "star", "citizen", "receipt", "pos", "thermal")
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At("")}
	switch seen.Bus {
	case drivers.BusPrinter:
		// A printer of another maker may be one for labels or letters.
		offer.Score = drivers.ScoreGuess
		if known || !seen.USB.Known() {
			offer.Score = drivers.ScoreLikely
		}
	case drivers.BusSerial:
		if known || seen.Says("print") {
			offer.Score = drivers.ScoreLikely
		}
	case drivers.BusNetwork:
		offer.Settings = drivers.Settings{"addr": "tcp://" + hostPort(seen.Host)}
		if known {
			offer.Score = drivers.ScoreLikely
		}
	default:
		return drivers.Offer{}
	}
	return offer
}

func hostPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(host, networkPort)
}

// answerWithin is how long a printer may take to say how it is.
const answerWithin = 300 * time.Millisecond

// probe sends DLE EOT 1 (10 04 01), the question how the printer is, which
// prints nothing and moves nothing, at the speeds receipt printers come with.
// Only a byte that has the fixed bits of its answer counts.
func probe(ctx context.Context, seen drivers.Sighting) (drivers.Settings, error) {
	if seen.Bus != drivers.BusSerial {
		settings := suits(seen).Settings
		return settings, ask(ctx, settings["addr"])
	}
	for _, baud := range []string{"9600", "19200", "115200", "38400"} {
		settings := seen.At("baud=" + baud)
		if ask(ctx, settings["addr"]) == nil {
			return settings, nil
		}
	}
	return nil, drivers.ErrNotMine
}

func ask(ctx context.Context, address string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	line, err := port.Open(ctx, address)
	if err != nil {
		return err
	}
	defer line.Close()
	if _, err := line.Write([]byte{0x10, 0x04, 1}, answerWithin); err != nil {
		return err
	}
	answer := make([]byte, 1)
	switch _, err := line.Read(answer, answerWithin); {
	case errors.Is(err, port.ErrTimeout):
		return drivers.ErrNotMine
	case err != nil:
		return err
	case answer[0]&0x93 != 0x12:
		return drivers.ErrNotMine
	}
	return nil
}
