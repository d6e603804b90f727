package zvt

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"shopbox/drivers"
)

// usualPort is where terminals listen (PA00P016 chapter 3).
const usualPort = "20007"

// suits knows a terminal by its port, or by a maker whose terminals speak ZVT;
// in Korea those mostly speak a VAN's protocol, so that it is a guess. Any
// serial line may have one.
func suits(seen drivers.Sighting) drivers.Offer {
	switch seen.Bus {
	case drivers.BusSerial:
		offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At("baud=9600")}
		switch {
		case seen.Says("zvt"):
			offer.Score = drivers.ScoreLikely
		// USB vendor numbers of Ingenico and Verifone.
		case seen.MadeBy("0b00", "11ca"), seen.Says("ingenico", "verifone", "ccv", "hypercom"):
			offer.Score = drivers.ScoreGuess
		}
		return offer
	case drivers.BusNetwork:
		return suitsAt(seen)
	default:
		return drivers.Offer{}
	}
}

// suitsAt offers another port than the usual one only where a person typed it
// and nothing is known of what is there; never one of a printer.
func suitsAt(seen drivers.Sighting) drivers.Offer {
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: drivers.Settings{"addr": "tcp://" + seen.Host}}
	_, port, err := net.SplitHostPort(seen.Host)
	switch {
	case err != nil:
		offer.Settings["addr"] = "tcp://" + net.JoinHostPort(strings.Trim(seen.Host, "[]"), usualPort)
	case port == usualPort:
		offer.Score = drivers.ScoreLikely
	case port == "9100", port == "515", port == "631", seen.Name != seen.Host:
		return drivers.Offer{}
	}
	return offer
}

// probe sends 05 01, the question how a terminal is, without a password and
// without registering. It cannot begin a payment; a terminal may use it to do
// what it had planned for this hour, such as its end of day. On a serial line
// it is sent once at the two speeds of the standard. Whatever answer of ZVT
// comes, a yes or a no, is one.
func probe(ctx context.Context, seen drivers.Sighting) (drivers.Settings, error) {
	offers := []drivers.Settings{suits(seen).Settings}
	if seen.Bus == drivers.BusSerial {
		offers = append(offers, seen.At("baud=115200"))
	}
	for _, settings := range offers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if answers(ctx, settings.Get("addr", "")) {
			return settings, nil
		}
	}
	return nil, drivers.ErrNotMine
}

// Patience of a question to a device that may be another one.
const (
	probeAnswer = 500 * time.Millisecond
	probeEnd    = 2 * time.Second
)

// answers reports whether a terminal answers at an address.
func answers(ctx context.Context, address string) bool {
	terminal, err := New(Config{
		Address: address, Password: "000000", Currency: drivers.AnyCurrency,
		T2: probeAnswer, T3: probeAnswer, T4: probeEnd, Poll: probeEnd, Now: time.Now, sends: 1,
	})
	if err != nil {
		return false
	}
	s, release, err := terminal.connect(ctx)
	if err != nil {
		return false
	}
	defer release()
	x := exchange{session: s}
	_, err = x.run(order{command: cmdStatusEnquiry})
	_, refused := errors.AsType[*refusal](err)
	return err == nil || refused
}
