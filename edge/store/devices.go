package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"shopbox/edge/devices"
	"shopbox/edge/staff"
	"shopbox/protocol"
)

// Devices lists the adopted devices.
func (s *Store) Devices(ctx context.Context) ([]devices.Adopted, error) {
	return list(s.read.in(ctx), func(row scanner) (devices.Adopted, error) {
		var adopted devices.Adopted
		var settings, usb []byte
		duty := &adopted.Duty
		if err := row.Scan(&adopted.ID, &adopted.Driver, &adopted.Name, &settings, &usb, &duty.Role, &duty.Backup, &duty.Drawer); err != nil {
			return devices.Adopted{}, err
		}
		if err := errors.Join(json.Unmarshal(settings, &adopted.Settings), json.Unmarshal(usb, &adopted.USB)); err != nil {
			return devices.Adopted{}, fmt.Errorf("read device: %w", err)
		}
		return adopted, nil
	}, `SELECT id, driver, name, settings, usb, role, backup, drawer FROM device ORDER BY id`)
}

// SaveDevice writes an adopted device.
func (s *Store) SaveDevice(ctx context.Context, adopted devices.Adopted, acts ...staff.AuditEvent) error {
	settings, err := json.Marshal(adopted.Settings)
	if err != nil {
		return fmt.Errorf("encode device: %w", err)
	}
	usb, err := json.Marshal(adopted.USB)
	if err != nil {
		return fmt.Errorf("encode device: %w", err)
	}
	return s.inTx(ctx, func(tx *tx) error {
		duty := adopted.Duty
		err := tx.exec(`INSERT INTO device (id, driver, name, settings, usb, role, backup, drawer) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET driver = excluded.driver, name = excluded.name, settings = excluded.settings,
			usb = excluded.usb, role = excluded.role, backup = excluded.backup, drawer = excluded.drawer`,
			adopted.ID, adopted.Driver, adopted.Name, string(settings), string(usb), string(duty.Role), duty.Backup, string(duty.Drawer))
		if err != nil {
			return fmt.Errorf("device: %w", err)
		}
		return tx.audit(acts...)
	})
}

// RemoveDevice lets a device go; its history stays. Slips that wait for it come
// out on the receipt printer, since nobody would ever print them else.
func (s *Store) RemoveDevice(ctx context.Context, id string, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		err := errors.Join(
			tx.exec(`DELETE FROM device WHERE id = ?`, id),
			tx.exec(`UPDATE device SET backup = '' WHERE backup = ?`, id),
			tx.exec(`UPDATE category SET printer = '' WHERE printer = ?`, id),
			tx.exec(`UPDATE print_job SET printer = '' WHERE printer = ? AND `+inQueue+` AND state <> 'printing'`, id),
			tx.newCatalogVersion(),
		)
		if err != nil {
			return fmt.Errorf("device: %w", err)
		}
		return tx.audit(acts...)
	})
}

// DeviceChanged writes a device's new state into its history and tells the
// hub. The box itself is the device "box".
func (s *Store) DeviceChanged(ctx context.Context, state protocol.DeviceState) error {
	return s.inTx(ctx, func(tx *tx) error {
		err := tx.exec(`INSERT INTO device_event (device, at, state, code) VALUES (?, ?, ?, ?)`,
			state.Device, millis(state.At), state.State, state.Code)
		if err != nil {
			return fmt.Errorf("device state: %w", err)
		}
		_, err = tx.record(state, state.At)
		return err
	})
}

// DeviceEvents is the changes of a device's state, the latest first.
func (s *Store) DeviceEvents(ctx context.Context, device string, limit int) ([]devices.State, error) {
	return list(s.read.in(ctx), func(row scanner) (devices.State, error) {
		var state devices.State
		var at int64
		err := row.Scan(&at, &state.Level, &state.Code)
		state.Since = fromMillis(at)
		return state, err
	}, `SELECT at, state, code FROM device_event WHERE device = ? ORDER BY id DESC LIMIT ?`, device, limit)
}
