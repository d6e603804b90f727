package drivers

import "context"

// Scanner is a barcode scanner.
type Scanner interface {
	Device
	// Scans reads until the context ends or the device is gone, and calls each
	// for every clean code, in order. Garbage never reaches each: it is counted
	// in the returned error or reported to bad, when bad is set.
	Scans(ctx context.Context, each func(Scan), bad func(error)) error
}

// Scan is one code read by a scanner: the text without prefix, suffix and
// AIM identifier; GS1 separators (0x1D) are kept.
type Scan struct {
	Code string
	// Symbology is the AIM identifier without the bracket ("E0"), if sent.
	Symbology string
}
