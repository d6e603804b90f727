package staff

import "time"

// Screen is a browser that faces the customer: a session without a person. It
// lasts until somebody removes it, and shows only what a customer may see.
type Screen struct {
	ID string
	// Secret is the browser's cookie as it is kept, see Session.ID.
	Secret string
	Name   string
	// At and By are of the pairing; By is the person's name.
	At time.Time
	By string
}
