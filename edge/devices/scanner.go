package devices

import (
	"context"

	"shopbox/drivers"
)

// lookScanner reads a scanner as long as it is there and opens it again when
// it is gone.
func (m *Manager) lookScanner(ctx context.Context, e *entry) {
	scanner, is := e.device.(drivers.Scanner)
	if !is {
		m.fault(ctx, e, drivers.ErrUnsupported)
		return
	}
	for ctx.Err() == nil {
		err := e.open(ctx)
		if err == nil {
			m.become(ctx, e, OK, "")
			err = scanner.Scans(ctx, func(scan drivers.Scan) { m.config.Scanned(ctx, e.ID, scan) }, func(bad error) { m.config.BadScan(e.ID, bad) })
			_ = scanner.Close()
		}
		if err == nil {
			err = drivers.ErrOffline
		}
		m.fault(ctx, e, err)
		e.sleep(ctx, m.config.Waits.Reopen)
	}
}
