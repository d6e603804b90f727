package clock

import "golang.org/x/sys/unix"

// timeError is the kernel's word for a clock that nothing keeps right (TIME_ERROR
// in adjtimex(2)).
const timeError = 5

// FromNetwork reports whether the system keeps its clock right by the network
// (NTP), as the kernel knows it.
func FromNetwork() bool {
	var state unix.Timex
	status, err := unix.Adjtimex(&state)
	return err == nil && status != timeError && state.Status&unix.STA_UNSYNC == 0
}
