package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"shopbox/edge/api"
	"shopbox/edge/devices"
	"shopbox/edge/till"
	"shopbox/protocol"
)

const (
	// tendEvery is how often the store tidies up and remembers the time.
	tendEvery = 5 * time.Minute
	// lookEvery is how often the box looks at its disk and its clock.
	lookEvery = 10 * time.Second
	// probeWithin bounds one look at whether the box works.
	probeWithin = 5 * time.Second
	// boxDevice is the box itself among the devices.
	boxDevice = "box"
)

// DiskFull implements api.Health: the shop sells from the reserve.
func (b *box) DiskFull() bool {
	health, err := b.store.Health()
	return err == nil && health.ReserveUsed && b.Config.ReserveMB > 0
}

// ClockDoubt implements api.Health.
func (b *box) ClockDoubt() bool { return b.clock.Doubt() }

// Alive implements api.Health: the till answers and the database takes a
// write.
func (b *box) Alive(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		b.till.Snapshot()
		done <- b.store.Alive(ctx)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the box does not answer itself: %w", ctx.Err())
	}
}

// follow tells the screens what the till does, and the printer that there is
// something to print.
func (b *box) follow(ctx context.Context) {
	last := ""
	b.api.Follow(ctx, func(snapshot till.Snapshot) {
		b.devices.Show(customerLines(snapshot))
		if snapshot.Finished != nil && snapshot.Finished.Number != last {
			last = snapshot.Finished.Number
			b.meters.sold(*snapshot.Finished)
			b.devices.Wake()
		}
	})
}

// tend tidies the store up now and then.
func (b *box) tend(ctx context.Context) {
	every(ctx, tendEvery, func() {
		if err := b.store.Tend(ctx); err != nil && ctx.Err() == nil {
			b.Log.ErrorContext(ctx, "store not tended", "error", err)
		}
	})
}

// watch looks at the box itself and tells what changed.
func (b *box) watch(ctx context.Context) {
	every(ctx, lookEvery, func() { b.look(ctx) })
}

func (b *box) look(ctx context.Context) {
	b.setClockBack(ctx)
	if b.store.RestoreReserve(ctx) {
		b.changed()
	}
	state := devices.State{Level: devices.OK}
	switch {
	case b.DiskFull():
		state = devices.State{Level: devices.Stop, Code: "disk_full"}
	case b.ClockDoubt():
		state = devices.State{Level: devices.Warn, Code: "clock_wrong"}
	}
	b.mu.Lock()
	changed := b.health != state
	b.health = state
	b.mu.Unlock()
	if !changed {
		return
	}
	b.recordState(ctx, protocol.DeviceState{
		Device: boxDevice, Kind: boxDevice, State: string(state.Level), Code: state.Code, At: b.clock.Now(),
	})
	b.changed()
}

// setClockBack ends the doubt of a box that once woke up in the future and
// remembered it: the system's clock counts again as soon as the network sets it.
func (b *box) setClockBack(ctx context.Context) {
	if !b.FromNetwork() {
		return
	}
	b.clock.Follow()
	if !b.clock.SetBack() {
		return
	}
	b.Log.WarnContext(ctx, "the clock had run ahead and was set back")
	if err := b.store.TimeSetBack(ctx); err != nil {
		// The next start finds the same doubt and ends it again.
		b.Log.ErrorContext(ctx, "time not set back", "error", err)
	}
}

// SetTime implements api.Clock: a person's word, for a box without a network.
func (b *box) SetTime(ctx context.Context, at time.Time) error {
	if b.FromNetwork() {
		return api.ErrTimeKept
	}
	before := b.clock.Now()
	if !b.clock.Set(at) {
		return api.ErrTime
	}
	b.Log.WarnContext(ctx, "the time was set by hand", "before", before)
	if !at.Before(before) {
		return nil
	}
	return b.store.TimeSetBack(ctx)
}

// every does work at once and then again and again until the context ends.
func every(ctx context.Context, wait time.Duration, work func()) {
	ticker := time.NewTicker(wait)
	defer ticker.Stop()
	for {
		work()
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// notify tells systemd, when it started the box, that it is ready and then
// again and again that it works. A box that does not is started anew.
func (b *box) notify(ctx context.Context) error {
	if _, err := daemon.SdNotify(false, daemon.SdNotifyReady); err != nil {
		b.Log.WarnContext(ctx, "systemd not told", "error", err)
	}
	within, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		return fmt.Errorf("watchdog: %w", err)
	}
	if within > 0 {
		every(ctx, within/2, func() { b.feedWatchdog(ctx) })
	}
	<-ctx.Done()
	_, err = daemon.SdNotify(false, daemon.SdNotifyStopping)
	return err
}

func (b *box) feedWatchdog(ctx context.Context) {
	err := b.Alive(ctx)
	if err == nil {
		_, err = daemon.SdNotify(false, daemon.SdNotifyWatchdog)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		b.Log.ErrorContext(ctx, "watchdog not fed", "error", err)
	}
}
