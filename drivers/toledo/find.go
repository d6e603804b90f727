package toledo

import (
	"context"

	"shopbox/drivers"
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

// probe sends W (57), the question for the weight, at the two usual speeds.
// Whatever answer of the 8217 comes, a weight or a status, is one.
func probe(ctx context.Context, seen drivers.Sighting) (drivers.Settings, error) {
	for _, line := range []string{usual, "baud=2400&size=7&parity=E"} {
		settings := seen.At(line)
		scale, err := New(settings["addr"])
		if err != nil {
			return nil, err
		}
		if drivers.IsScale(ctx, scale) {
			return settings, nil
		}
	}
	return nil, drivers.ErrNotMine
}
