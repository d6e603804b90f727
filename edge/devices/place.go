package devices

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"shopbox/drivers"
)

// place is where an adopted device is now.
type place struct {
	// path is its device file, empty for one that has none, on the network.
	path string
	// gone devices are known by their USB identity and plugged in nowhere; what
	// sits at their old path is another's.
	gone bool
}

// follow looks for devices that were plugged in elsewhere, until the manager is
// closed: at every notice of the system, and often enough without any.
func (m *Manager) follow() {
	ticker := time.NewTicker(m.config.Waits.Rescan)
	defer ticker.Stop()
	before := ""
	for {
		select {
		case <-m.ctx.Done():
			return
		case <-m.config.Plugs:
		case <-m.missed:
		case <-ticker.C:
		}
		present, err := m.config.Plugged()
		if err != nil {
			continue
		}
		m.recognise(present)
		if now := fmt.Sprint(present); now != before {
			before = now
			m.wakeAll()
		}
	}
}

// recognise moves the devices that are found at another place.
func (m *Manager) recognise(present []drivers.Sighting) {
	m.adopting.Lock()
	defer m.adopting.Unlock()
	for _, e := range m.all() {
		adopted := m.adoptedAs(e)
		if !adopted.USB.Known() {
			m.learn(e, present)
			continue
		}
		now := whereIs(adopted, m.twins(adopted), present)
		if now.gone || now.path == e.place.path {
			e.gone.Store(now.gone)
			continue
		}
		if err := m.settle(adopted, now); err != nil {
			m.config.Log.Error("device not moved", "device", e.Name, "error", err)
		}
	}
}

// learn takes over the USB identity of a device that was adopted by its path
// alone, the first time it is seen there.
func (m *Manager) learn(e *entry, present []drivers.Sighting) {
	usb := identify(e.Settings, present)
	if !usb.Known() {
		return
	}
	m.mu.Lock()
	e.USB = usb
	m.mu.Unlock()
	if m.config.Learned != nil {
		m.config.Learned(m.ctx, m.adoptedAs(e))
	}
}

// adoptedAs is how a device was adopted, with what was learned since.
func (m *Manager) adoptedAs(e *entry) Adopted {
	m.mu.Lock()
	defer m.mu.Unlock()
	return e.Adopted
}

// Identify is the USB identity of a device to be adopted: of what is plugged in
// at its settings, the zero value when there is none. An adopted device whose
// file stays the same keeps its own, wherever it is now.
func (m *Manager) Identify(wanted Adopted) drivers.USB {
	if e, err := m.find(wanted.ID); err == nil && pathOf(e.Settings) == pathOf(wanted.Settings) {
		if usb := m.adoptedAs(e).USB; usb.Known() {
			return usb
		}
	}
	return identify(wanted.Settings, m.plugged())
}

func identify(settings drivers.Settings, present []drivers.Sighting) drivers.USB {
	path := pathOf(settings)
	if path == "" {
		return drivers.USB{}
	}
	at := slices.IndexFunc(present, func(seen drivers.Sighting) bool { return resolve(seen.Path) == resolve(path) })
	if at < 0 {
		return drivers.USB{}
	}
	return present[at].USB
}

// plugged is what is plugged in, nothing when the system does not show it.
func (m *Manager) plugged() []drivers.Sighting {
	if m.config.Plugged == nil {
		return nil
	}
	present, err := m.config.Plugged()
	if err != nil {
		m.config.Log.Debug("devices not seen", "error", err)
		return nil
	}
	return present
}

// placeOf is where a device that is adopted is now. Without a view of what is
// plugged in, it is where its settings say.
func (m *Manager) placeOf(adopted Adopted) place {
	if adopted.USB.Known() && m.config.Plugged != nil {
		if present, err := m.config.Plugged(); err == nil {
			return whereIs(adopted, m.twins(adopted), present)
		}
	}
	return place{path: pathOf(adopted.Settings)}
}

// twins is how many adopted devices say the same of themselves as this one,
// itself included.
func (m *Manager) twins(adopted Adopted) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := 1
	for _, e := range m.entries {
		if e.ID != adopted.ID && e.USB.Same(adopted.USB) {
			count++
		}
	}
	return count
}

// whereIs finds a device again by what it says of itself. One of a sort is
// found in whatever socket; of several that cannot be told apart, each is the
// one in its old socket.
func whereIs(wanted Adopted, twins int, present []drivers.Sighting) place {
	var like []drivers.Sighting
	for _, seen := range present {
		if seen.USB.Same(wanted.USB) {
			like = append(like, seen)
		}
	}
	if len(like) == 1 && twins == 1 {
		return place{path: like[0].Path}
	}
	for _, seen := range like {
		if seen.USB.Port == wanted.USB.Port {
			return place{path: seen.Path}
		}
	}
	return place{gone: true}
}

// pathOf is the device file in a driver's settings, empty without one.
func pathOf(settings drivers.Settings) string {
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if path := filePath(settings[name]); path != "" {
			return path
		}
	}
	return ""
}

// filePath is the path in a setting such as serial:///dev/ttyUSB0?baud=9600.
func filePath(setting string) string {
	location, err := url.Parse(setting)
	if err != nil || location.Host != "" || !filepath.IsAbs(location.Path) {
		return ""
	}
	return location.Path
}

// moved are the settings with the device file at another path.
func moved(settings drivers.Settings, path string) drivers.Settings {
	changed := maps.Clone(settings)
	for name, value := range settings {
		if old := filePath(value); old != "" {
			changed[name] = strings.Replace(value, old, path, 1)
		}
	}
	return changed
}

func resolve(path string) string {
	if file, err := filepath.EvalSymlinks(path); err == nil {
		return file
	}
	return path
}

// inPlace reports whether a device is where it is looked after; if not, it is
// looked for at once. Its path may be another's since a moment ago.
func (m *Manager) inPlace(e *entry) bool {
	if now := m.placeOf(m.adoptedAs(e)); !now.gone && now.path == e.place.path {
		return true
	}
	select {
	case m.missed <- struct{}{}:
	default:
	}
	return false
}

// open opens a device, unless what sits at its path is another.
func (e *entry) open(ctx context.Context) error {
	if !e.inPlace() {
		return fmt.Errorf("%w: not plugged in", drivers.ErrOffline)
	}
	return e.device.Open(ctx)
}
