package api

import "time"

// WeightView is what lies on the scale, or why there is no weight to sell by:
// "scale_unstable", "scale_overload" or "scale_below_zero".
type WeightView struct {
	Grams int64  `json:"grams"`
	Tared bool   `json:"tared"`
	Code  string `json:"code,omitempty"`
}

// FaultView is one change of a device's state.
type FaultView struct {
	State string    `json:"state" enum:"ok,warn,stop"`
	Code  string    `json:"code,omitempty"`
	At    time.Time `json:"at"`
}
