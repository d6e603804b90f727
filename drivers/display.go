package drivers

import "context"

// Display is a customer display of a few lines of text.
type Display interface {
	Device
	// Show replaces what stands on the display. Lines beyond its height are
	// left out; a left part that is too long is cut, a right part never.
	Show(ctx context.Context, lines []DisplayLine) error
}

// DisplayLine is a line with words at the left and an amount at the right.
type DisplayLine struct {
	Left, Right string
	// Latin stands for Left on a display without Hangul; empty lets the driver
	// write Left in Latin letters.
	Latin string
}
