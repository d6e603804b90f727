package cas

import (
	"context"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// suits knows a scale by its maker's name; any serial line may have one.
func suits(seen drivers.Sighting) drivers.Offer {
	if seen.Bus != drivers.BusSerial {
		return drivers.Offer{}
	}
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At("")}
	if seen.Says("cas", "scale") {
		offer.Score = drivers.ScoreLikely
	}
	return offer
}

// probeWithin is how long a scale may take to answer; a stream comes several
// times a second.
const probeWithin = 400 * time.Millisecond

// probe sends ENQ (05), to which a desk scale says ACK and does nothing else;
// to an indicator that talks all the time it only listens. Both at 9600 baud,
// as they leave the factory.
func probe(ctx context.Context, seen drivers.Sighting) (drivers.Settings, error) {
	settings := seen.At("baud=9600")
	line, err := port.Open(ctx, settings["addr"])
	if err != nil {
		return nil, err
	}
	defer line.Close()
	talk := conversation{line: line, ctx: ctx, until: time.Now().Add(probeWithin)}
	if _, err := talk.overhear(); talk.noise+len(talk.heard) > 0 || err == nil {
		if drivers.Code(err) == drivers.ErrProtocol.Error() {
			return nil, drivers.ErrNotMine
		}
		settings["dialect"] = string(Stream)
		return settings, nil
	}
	talk = conversation{line: line, ctx: ctx, until: time.Now().Add(probeWithin)}
	if understood, err := talk.greet(); err != nil || !understood {
		return nil, drivers.ErrNotMine
	}
	settings["dialect"] = string(Asked)
	return settings, nil
}
