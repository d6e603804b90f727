package toledo

import (
	"context"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// usual is how the scales leave the factory.
const usual = "baud=9600&size=7&parity=E"

// suits knows a scale by its maker; any serial line may have one.
func suits(seen drivers.Sighting) drivers.Offer {
	if seen.Bus != drivers.BusSerial {
		return drivers.Offer{}
	}
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At(usual)}
	// Mettler Toledo's USB vendor number.
	if seen.MadeBy("0eb8") || seen.Says("toledo", "mettler") {
		offer.Score = drivers.ScoreLikely
	}
	return offer
}

// probeWithin is how long a scale may take to answer.
const probeWithin = 400 * time.Millisecond

// probe sends W (57), the question for the weight, at the two usual speeds.
// Whatever answer of the 8217 comes, a weight or a status, is one.
func probe(ctx context.Context, seen drivers.Sighting) (drivers.Settings, error) {
	for _, line := range []string{usual, "baud=2400&size=7&parity=E"} {
		settings := seen.At(line)
		if answers(ctx, settings["addr"]) {
			return settings, nil
		}
	}
	return nil, drivers.ErrNotMine
}

func answers(ctx context.Context, address string) bool {
	line, err := port.Open(ctx, address)
	if err != nil {
		return false
	}
	defer line.Close()
	scale := &Scale{line: line}
	if _, err := line.Write([]byte{'W'}, probeWithin); err != nil {
		return false
	}
	answer, err := scale.hear(ctx, probeWithin)
	if err != nil {
		return false
	}
	_, err = Parse(answer)
	return drivers.Code(err) != drivers.ErrProtocol.Error()
}
