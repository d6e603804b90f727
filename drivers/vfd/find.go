package vfd

import "shopbox/drivers"

// suits knows a display by its name; any serial line may have one. A display
// answers nothing, so there is nothing to ask it.
func suits(seen drivers.Sighting) drivers.Offer {
	if seen.Bus != drivers.BusSerial {
		return drivers.Offer{}
	}
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At("")}
	if seen.Says("display", "vfd", "pole", "cd5220") {
		offer.Score = drivers.ScoreLikely
	}
	return offer
}
