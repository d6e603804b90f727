package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"

	"shopbox/drivers"
	"shopbox/drivers/all"
	"shopbox/drivers/escpos"
	"shopbox/drivers/paper"
	"shopbox/edge/devices"
	"shopbox/edge/devices/hotplug"
	"shopbox/edge/printing"
	"shopbox/edge/staff"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/protocol"
)

// adopt takes the shop's devices on again after a start. One whose settings no
// driver understands any more does not keep the others.
func (b *box) adopt(ctx context.Context) error {
	adopted, err := b.store.Devices(ctx)
	if err != nil {
		return err
	}
	for _, device := range adopted {
		if err := b.devices.Adopt(device); err != nil { //nolint:contextcheck // a device outlives the call
			b.Log.ErrorContext(ctx, "device not adopted", "device", device.Name, "error", err)
		}
	}
	return nil
}

// plugs tells when something was plugged in; a system that sends no notices of
// that leaves it to the devices to look by themselves.
func (b *box) plugs(ctx context.Context) <-chan struct{} {
	source, err := hotplug.Open()
	if err != nil {
		b.Log.InfoContext(ctx, "no notices of plugging", "error", err)
		return nil
	}
	return hotplug.Follow(ctx, source)
}

// deviceLearned keeps the USB identity of a device that had none.
func (b *box) deviceLearned(ctx context.Context, adopted devices.Adopted) {
	if err := b.store.SaveDevice(context.WithoutCancel(ctx), adopted); err != nil {
		b.Log.ErrorContext(ctx, "device not written down", "device", adopted.Name, "error", err)
	}
}

// scanned hands a scan to the till, which shows what it has to say of it.
func (b *box) scanned(ctx context.Context, device string, scan drivers.Scan) {
	text := scan.Code
	if scan.Symbology != "" {
		// What kind of symbol it was decides how its digits are read.
		text = "]" + scan.Symbology + text
	}
	if _, err := b.till.Scan(ctx, device, text); err != nil {
		b.Log.InfoContext(ctx, "scan refused", "device", device, "error", err)
	}
}

func (b *box) badScan(device string, err error) {
	b.Log.Warn("garbage from a scanner", "device", device, "error", err)
	b.till.Garbled(device)
}

// deviceChanged writes a new state of a device down and tells everyone.
func (b *box) deviceChanged(ctx context.Context, view devices.View) {
	// The device may be on its way out; what happened is written all the same.
	ctx = context.WithoutCancel(ctx)
	b.recordState(ctx, protocol.DeviceState{
		Device: view.ID, Kind: string(view.Kind), Driver: view.Driver, Name: view.Name,
		State: string(view.State.Level), Code: view.State.Code, At: view.State.Since,
	})
	b.changed()
	if view.Kind == drivers.KindTerminal && view.State.Level != devices.Stop {
		// It may know the outcome of a payment nobody knows.
		b.till.Wake()
	}
}

// drawerUnasked writes down that the cash drawer was opened without the box,
// and says so at the counter. The hub learns it as the device's state.
func (b *box) drawerUnasked(ctx context.Context, view devices.View) {
	ctx = context.WithoutCancel(ctx)
	act := staff.AuditEvent{At: b.clock.Now(), Act: staff.ActDrawerUnasked, Subject: view.Name}
	if err := b.store.Audited(ctx, act); err != nil {
		b.Log.ErrorContext(ctx, "open drawer not written down", "error", err)
	}
	b.till.DrawerUnasked(view.Name)
}

// recordState writes a state unless it is the one written last: a start of the
// box alone is no news.
func (b *box) recordState(ctx context.Context, state protocol.DeviceState) {
	before, err := b.store.DeviceEvents(ctx, state.Device, 1)
	if err == nil && len(before) == 1 && string(before[0].Level) == state.State && before[0].Code == state.Code {
		return
	}
	if err == nil {
		err = b.store.DeviceChanged(ctx, state)
	}
	if err != nil {
		b.Log.ErrorContext(ctx, "device state not written down", "device", state.Device, "error", err)
	}
}

// terminal is the card terminal of that id, or the one to pay at now.
func (b *box) terminal(id string) (till.Terminal, error) {
	var terminal *devices.Terminal
	var err error
	if id == "" {
		terminal, err = b.devices.Terminal()
	} else {
		terminal, err = b.devices.TerminalByID(id)
	}
	if errors.Is(err, devices.ErrNoDevice) || errors.Is(err, devices.ErrUnknownDevice) {
		return nil, fmt.Errorf("%w: %w", till.ErrNoTerminal, err)
	}
	return terminal, err
}

// prints is the store's print queue as the devices see it.
type prints struct {
	store   *store.Store
	changed func()
}

// Next implements devices.PrintQueue.
func (p prints) Next(ctx context.Context, printers []string) (devices.Job, bool, error) {
	job, ok, err := p.store.NextPrintJob(ctx, printers...)
	if ok {
		p.changed()
	}
	return devices.Job{ID: job.ID, Document: job.Document}, ok, err
}

// Finish implements devices.PrintQueue.
func (p prints) Finish(ctx context.Context, id int64, verdict devices.Verdict, code string) error {
	err := p.store.FinishPrintJob(ctx, id, printing.State(verdict), code)
	p.changed()
	return err
}

// Drivers is every driver there is, for the commands that work with a device
// without a running box.
func Drivers() (drivers.Registry, error) { return all.Registry() }

// Encode is the bytes of the usual printer with paper of so many columns.
func Encode(document drivers.Document, columns int) []byte {
	return escpos.Encode(document, escpos.Profile{Columns: columns, Korean: true, Cutter: true, QR: true, DrawerPin: 2})
}

// usualColumns is the width of usual receipt paper, for a shop without a
// printer.
const usualColumns = 48

// preview draws a document from the very bytes that the shop's receipt printer
// gets, in the width of its paper.
func (b *box) preview(document drivers.Document) ([]byte, error) {
	document.OpenDrawer = false
	encoded, columns, has := b.devices.Encoded(document)
	if !has {
		encoded, columns = Encode(document, usualColumns), usualColumns
	}
	slips := paper.Read(encoded, columns)
	if len(slips) == 0 {
		return nil, errors.New("the document prints nothing")
	}
	picture, err := slips[0].Picture()
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		return nil, fmt.Errorf("encode picture: %w", err)
	}
	return file.Bytes(), nil
}
