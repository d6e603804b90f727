package devices

import "shopbox/drivers"

// Suggestion is a device that is plugged in and not adopted.
type Suggestion struct {
	Kind     drivers.Kind
	Driver   string
	Name     string
	Settings drivers.Settings
}
