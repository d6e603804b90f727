package drivers

import (
	"context"

	"shopbox/protocol/money"
)

// Scale is a weighing scale.
type Scale interface {
	Device
	// Weigh is what lies on the scale now. A scale that still moves is
	// ErrUnstable, one with too much on it ErrOverload, one below its zero
	// ErrBelowZero: none of them is a weight to sell by.
	Weigh(ctx context.Context) (Weight, error)
}

// Weight is a stable weight as the scale itself says it; nobody rounds it.
type Weight struct {
	// Net is thousandths of a kilogram, without the tare the scale knows.
	Net money.Milli
	// Tared says that the scale took a tare off.
	Tared bool
}

// Zeroer is a scale that can be set to zero from the box.
type Zeroer interface {
	Zero(ctx context.Context) error
}
