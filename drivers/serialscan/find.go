package serialscan

import "shopbox/drivers"

// suits knows scanners by their makers and names. A USB line that talks like a
// modem is mostly a scanner, too. A scanner is asked nothing: it speaks when it
// reads a code.
func suits(seen drivers.Sighting) drivers.Offer {
	if seen.Bus != drivers.BusSerial {
		return drivers.Offer{}
	}
	offer := drivers.Offer{Score: drivers.ScorePossible, Settings: seen.At("")}
	switch {
	// USB vendor numbers of Honeywell, Zebra (Symbol), Datalogic, Opticon and
	// Newland.
	case seen.MadeBy("0c2e", "05e0", "05f9", "065a", "1eab"),
		seen.Says("scan", "barcode", "honeywell", "datalogic", "zebra", "symbol", "newland", "opticon", "cipherlab", "zebex"):
		offer.Score = drivers.ScoreLikely
	case seen.USB.Class == "02", seen.USB.Class == "0a":
		offer.Score = drivers.ScoreGuess
	}
	return offer
}
