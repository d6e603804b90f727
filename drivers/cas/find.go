package cas

import (
	"context"

	"shopbox/drivers"
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

// probe first listens, since an indicator talks all the time; then it sends ENQ
// (05) and DC1 (11), the question for the weight of a desk scale, which does
// nothing else. Both at 9600 baud, as the scales leave the factory.
func probe(ctx context.Context, seen drivers.Sighting) (drivers.Settings, error) {
	for _, dialect := range []Dialect{Stream, Asked} {
		settings := seen.At("baud=9600")
		settings["dialect"] = string(dialect)
		scale, err := New(Config{Address: settings["addr"], Dialect: dialect})
		if err != nil {
			return nil, err
		}
		if drivers.IsScale(ctx, scale) {
			return settings, nil
		}
	}
	return nil, drivers.ErrNotMine
}
