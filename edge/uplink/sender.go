package uplink

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"shopbox/protocol"
)

// retryAfter is the wait before a batch is sent again that the hub answered
// without taking it.
const retryAfter = 500 * time.Millisecond

// maxPoison is how much of an unreadable record travels in its wrapper.
const maxPoison = 64 << 10

// sender moves one session's batches.
type sender struct {
	uplink  *Uplink
	line    *line
	through int64
	// limit is how many rows go into a batch. It falls when the hub cannot
	// take one and grows again after each that it took.
	limit int
}

// step sends the next batch and waits for its ack. It reports false when there
// is nothing to send.
func (s *sender) step(ctx context.Context) (bool, error) {
	rows, err := s.uplink.config.Outbox.After(ctx, s.through, max(s.limit, 1))
	if err != nil || len(rows) == 0 {
		return false, err
	}
	packed, count, err := s.pack(rows)
	if err != nil {
		return false, err
	}
	if err := s.line.publish(protocol.Events, packed); err != nil {
		return false, err
	}
	return true, s.await(ctx, rows[count-1].Sequence)
}

// await takes acks until one speaks of the batch.
func (s *sender) await(ctx context.Context, last int64) error {
	before := s.through
	ack, err := s.uplink.answer(ctx, s.line)
	if err != nil {
		return err
	}
	if err := s.follow(ctx, ack); err != nil {
		return err
	}
	switch {
	case ack.Batch != "":
		s.uplink.config.Log.WarnContext(ctx, "the hub did not take a batch", slog.String("code", ack.Batch), slog.Int("rows", s.limit))
		s.limit /= 2
	case ack.Through >= last:
		s.limit = min(max(2*s.limit, 1), protocol.MaxBatchEvents)
	case ack.Through == before:
		// An ack from before the batch, or a gap the hub names: send again,
		// but not in a hot loop.
		return hold(ctx, retryAfter)
	}
	return nil
}

func hold(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// follow takes over what the hub says it holds.
func (s *sender) follow(ctx context.Context, ack protocol.Ack) error {
	for _, reject := range ack.Rejects {
		s.uplink.config.Log.ErrorContext(ctx, "the hub put a record aside",
			slog.Int64("sequence", reject.Sequence), slog.String("code", reject.Code))
	}
	s.through = ack.Through
	return s.uplink.config.Outbox.Acked(ctx, ack.Through)
}

// pack makes a batch of as many of the rows as fit. When not even one could
// be taken (limit fell below one), that row goes wrapped.
func (s *sender) pack(rows []Row) ([]byte, int, error) {
	events := make([]protocol.Event, len(rows))
	for i, row := range rows {
		events[i] = s.wrap(row)
	}
	for count := len(events); ; count = (count + 1) / 2 {
		packed, err := s.uplink.codec.Pack(events[:count])
		if err == nil {
			return packed, count, nil
		}
		if !errors.Is(err, protocol.ErrTooLarge) {
			return nil, 0, err
		}
		if count == 1 {
			events[0], err = s.poison(rows[0])
			if err != nil {
				return nil, 0, err
			}
		}
	}
}

func (s *sender) wrap(row Row) protocol.Event {
	event := protocol.Wrap(s.uplink.config.Identity.Box(), protocol.Sequence(row.Sequence), row.At, row.Type, row.Data)
	if s.limit > 0 && len(row.Data) <= protocol.MaxEventBytes-1024 {
		return event
	}
	wrapped, err := s.poison(row)
	if err != nil {
		return event
	}
	return wrapped
}

func (s *sender) poison(row Row) (protocol.Event, error) {
	return protocol.NewEvent(s.uplink.config.Identity.Box(), protocol.Sequence(row.Sequence), row.At,
		protocol.Poison{Type: row.Type, Data: row.Data[:min(len(row.Data), maxPoison)]})
}
