package tl3x00

import "shopbox/drivers"

// suits knows a reader by its name; any serial line may have one. It is asked
// nothing before it is adopted: no public document says that a question cannot
// disturb a payment begun at the reader itself.
func suits(seen drivers.Sighting) drivers.Offer {
	if seen.Bus != drivers.BusSerial {
		return drivers.Offer{}
	}
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At("")}
	if seen.Says("smartro", "tl35", "tl36", "tl38") {
		offer.Score = drivers.ScoreLikely
	}
	return offer
}
