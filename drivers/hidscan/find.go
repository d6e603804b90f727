package hidscan

import "shopbox/drivers"

// suits knows scanners among keyboards by their makers and names; a plain
// keyboard is left alone, since the box would take its keys away. Nothing is
// sent.
func suits(seen drivers.Sighting) drivers.Offer {
	// USB vendor numbers of Honeywell, Zebra (Symbol), Datalogic, Opticon and
	// Newland.
	known := seen.MadeBy("0c2e", "05e0", "05f9", "065a", "1eab") ||
		seen.Says("scan", "barcode", "honeywell", "datalogic", "zebra", "symbol", "newland", "opticon", "cipherlab", "zebex")
	if seen.Bus != drivers.BusInput || !known {
		return drivers.Offer{}
	}
	return drivers.Offer{Score: drivers.ScoreLikely, Settings: seen.At("")}
}
