// Package all is the one list of the kinds of shop. edge/app hands it to
// whoever needs a vertical.Registry.
package all

import (
	"shopbox/edge/vertical"
	"shopbox/edge/vertical/grocery"
	"shopbox/edge/vertical/retail"
)

// Registry holds every kind of shop this release knows.
func Registry() (vertical.Registry, error) {
	return vertical.NewRegistry(retail.Kind{}, grocery.Kind{})
}
