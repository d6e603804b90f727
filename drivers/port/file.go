package port

import (
	"fmt"
	"os"
	"time"

	"shopbox/drivers"
)

// openFile opens a device file such as /dev/usb/lp0 for both directions: what
// the printer says comes back through read.
func openFile(path string) (Port, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, offline(err)
	}
	if err := file.SetDeadline(time.Time{}); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%w: %s is not a device that can be waited for", drivers.ErrSettings, path)
	}
	// An empty answer is no end: a USB printer may send empty packets.
	return &stream{file: file, gone: func() bool { return missing(path) }}, nil
}

// missing reports whether a device's path is gone, as when it was unplugged.
func missing(path string) bool {
	_, err := os.Stat(path)
	return err != nil
}
