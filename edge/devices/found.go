package devices

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"sync"

	"shopbox/drivers"
)

// Suggestion is a device that is there and not adopted, with the drivers that
// may drive it, the best first.
type Suggestion struct {
	drivers.Sighting
	Offers []drivers.Offer
}

// Found lists what is plugged in and that no adopted device uses. Nothing is
// sent to any of it.
func (m *Manager) Found() []Suggestion {
	suggestions := []Suggestion{}
	for _, seen := range m.unused(m.plugged()) {
		if offers := m.config.Registry.Offers(seen); m.worthShowing(seen, offers) {
			suggestions = append(suggestions, Suggestion{Sighting: seen, Offers: offers})
		}
	}
	return suggestions
}

// Search is Found, and besides asks what is plugged in who it is and looks for
// printers on the network, or only at the address a person typed. It is for a
// person who asked to look: it sends the drivers' harmless questions.
func (m *Manager) Search(ctx context.Context, address string) ([]Suggestion, error) {
	// Two searches would talk into each other's lines.
	m.searching.Lock()
	defer m.searching.Unlock()
	var seen []drivers.Sighting
	if address == "" {
		seen = m.plugged()
	}
	if m.config.Network != nil {
		hosts, err := m.config.Network(ctx, address)
		if err != nil {
			return nil, fmt.Errorf("look on the network: %w", err)
		}
		seen = append(seen, hosts...)
	}
	seen = m.unused(seen)
	asked := make([][]drivers.Offer, len(seen))
	var asking sync.WaitGroup
	for i := range seen {
		asking.Go(func() { asked[i] = m.config.Registry.Ask(ctx, seen[i]) })
	}
	asking.Wait()
	suggestions := []Suggestion{}
	for i, offers := range asked {
		if m.worthShowing(seen[i], offers) {
			suggestions = append(suggestions, Suggestion{Sighting: seen[i], Offers: offers})
		}
	}
	return suggestions, nil
}

// worthShowing leaves out plain keyboards, and network devices that turn out to
// be adopted already.
func (m *Manager) worthShowing(seen drivers.Sighting, offers []drivers.Offer) bool {
	switch {
	case len(offers) == 0:
		return false
	case seen.Bus == drivers.BusInput:
		return offers[0].Score >= drivers.ScoreLikely
	case seen.Bus == drivers.BusNetwork:
		used := m.used()
		return !slices.ContainsFunc(slices.Collect(maps.Values(offers[0].Settings)), func(value string) bool { return used[hostOf(value)] })
	}
	return true
}

// unused leaves out what adopted devices use.
func (m *Manager) unused(seen []drivers.Sighting) []drivers.Sighting {
	used := m.used()
	var free []drivers.Sighting
	for _, each := range seen {
		at := each.Host
		if each.Path != "" {
			at = resolve(each.Path)
		}
		if !used[at] {
			used[at] = true
			free = append(free, each)
		}
	}
	return free
}

// used are the files and network addresses of the adopted devices.
func (m *Manager) used() map[string]bool {
	used := make(map[string]bool)
	for _, e := range m.all() {
		if path := e.place.path; path != "" && !e.gone.Load() {
			used[resolve(path)] = true
		}
		for _, value := range e.Settings {
			if host := hostOf(value); host != "" {
				used[host] = true
			}
		}
	}
	return used
}

// hostOf is the host and port in a setting, empty without one.
func hostOf(setting string) string {
	if location, err := url.Parse(setting); err == nil && location.Host != "" {
		return location.Host
	}
	if _, _, err := net.SplitHostPort(setting); err == nil {
		return setting
	}
	return ""
}

// Try opens a device with a driver once, before it is adopted, and reports how
// it is: nil when it answers well. A display shows a greeting.
func (m *Manager) Try(ctx context.Context, driver string, settings drivers.Settings) error {
	made, err := m.config.Registry.New(driver, settings)
	if err != nil {
		return err
	}
	device, whole := made.(drivers.Device)
	if !whole {
		return fmt.Errorf("%w: the driver made no device", drivers.ErrSettings)
	}
	defer device.Close()
	ctx, cancel := context.WithTimeout(ctx, m.config.Waits.Answer)
	defer cancel()
	if err := device.Open(ctx); err != nil {
		return err
	}
	return greet(ctx, device)
}

// greet asks a device how it is in its own way.
func greet(ctx context.Context, device drivers.Device) error {
	switch device := device.(type) {
	case drivers.Printer:
		status, err := device.Status(ctx)
		if err == nil {
			err = status.Fault
		}
		return err
	case drivers.Terminal:
		_, err := device.Status(ctx)
		return err
	case drivers.Scale:
		_, err := device.Weigh(ctx)
		return err
	case drivers.Display:
		return device.Show(ctx, []drivers.DisplayLine{{Left: "안녕하세요", Latin: "Hello"}})
	}
	return nil
}
