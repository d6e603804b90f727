package koces

import "shopbox/drivers"

// suits knows a terminal by its name; any serial line may have one. Its
// terminal id stands on the terminal and its slips, and a person types it. The
// terminal is asked nothing: the only question known that needs no terminal id
// is a single ACK, which a line that echoes answers as well. No public code
// names a speed, so the line has the one of a serial port that nobody set.
func suits(seen drivers.Sighting) drivers.Offer {
	if seen.Bus != drivers.BusSerial {
		return drivers.Offer{}
	}
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At("")}
	if seen.Says("koces") {
		offer.Score = drivers.ScoreLikely
	}
	return offer
}
