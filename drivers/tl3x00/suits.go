package tl3x00

import (
	"context"
	"time"

	"shopbox/drivers"
)

// speed is the one the readers leave the factory with.
const speed = "baud=115200"

// suits knows a reader by its name; any serial line may have one.
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

// How long a reader may take for the question of a probe. The line is asked by
// several drivers, one after the other.
const (
	probeAck    = 500 * time.Millisecond
	probeAnswer = 2 * time.Second
)

// probe asks for the state of the reader's parts (job A), which begins no
// transaction, at the speed the readers leave the factory with. What a reader
// does with the question while a customer pays at the reader itself is in no
// public document. One that answers is adopted by the name it gives itself.
func probe(ctx context.Context, seen drivers.Sighting) (drivers.Settings, error) {
	settings := seen.At(speed)
	terminal, err := New(Config{
		Address: settings["addr"], Ack: probeAck, Answer: probeAnswer, Payment: probeAnswer, Poll: probeAck, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	// A busy one, which refuses the question, may be any device.
	if status, err := terminal.Status(ctx); err != nil || status.Busy {
		return nil, drivers.ErrNotMine
	}
	if name := terminal.name(); name != "" {
		settings["terminal_id"] = name
	}
	return settings, nil
}
