package devices

import (
	"context"
	"errors"

	"shopbox/drivers"
)

// lookScale asks a scale how it is. One that has no weight to sell by just
// now, since something moves on it, is well all the same.
func (m *Manager) lookScale(ctx context.Context, e *entry) {
	scale, is := e.device.(drivers.Scale)
	if !is {
		m.fault(ctx, e, drivers.ErrUnsupported)
		return
	}
	for ctx.Err() == nil {
		if e.tryTake() {
			_, _ = m.weighOnce(ctx, e, scale)
			e.release()
		}
		e.sleep(ctx, m.config.Waits.Probe)
	}
}

// weighOnce asks a scale with its turn taken, and notes how it is.
func (m *Manager) weighOnce(ctx context.Context, e *entry, scale drivers.Scale) (drivers.Weight, error) {
	limited, cancel := context.WithTimeout(ctx, m.config.Waits.Answer)
	defer cancel()
	err := e.ready(limited)
	var weight drivers.Weight
	if err == nil {
		weight, err = scale.Weigh(limited)
	}
	switch {
	case err == nil, errors.Is(err, drivers.ErrUnstable):
		m.become(ctx, e, OK, "")
	case errors.Is(err, drivers.ErrOverload), errors.Is(err, drivers.ErrBelowZero):
		m.become(ctx, e, Warn, drivers.Code(err))
	default:
		e.lose()
		m.fault(ctx, e, err)
	}
	return weight, err
}

// Weigh is what lies on the shop's scale: a weight that it called stable
// twice in succession. Two that differ are drivers.ErrUnstable.
func (m *Manager) Weigh(ctx context.Context) (drivers.Weight, error) {
	e, err := m.first(drivers.KindScale)
	if err != nil {
		return drivers.Weight{}, err
	}
	scale, is := e.device.(drivers.Scale)
	if !is {
		return drivers.Weight{}, ErrNoDevice
	}
	if err := e.take(ctx); err != nil {
		return drivers.Weight{}, err
	}
	defer e.release()
	before, err := m.weighOnce(ctx, e, scale)
	if err != nil {
		return drivers.Weight{}, err
	}
	weight, err := m.weighOnce(ctx, e, scale)
	if err == nil && weight != before {
		err = drivers.ErrUnstable
	}
	return weight, err
}
