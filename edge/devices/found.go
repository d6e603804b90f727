package devices

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"shopbox/drivers"
)

// Suggestion is a device that is plugged in and not adopted. What it is was
// guessed from its name: nothing is sent to a device nobody adopted.
type Suggestion struct {
	Kind     drivers.Kind
	Driver   string
	Name     string
	Settings drivers.Settings
}

// found is a device file and how the system calls what hangs on it.
type found struct{ path, name, scheme string }

// Found lists serial lines and USB printers that are plugged in and that no
// adopted device uses.
func (m *Manager) Found() []Suggestion {
	folder := m.config.Folder
	if folder == "" {
		folder = "/dev"
	}
	used := m.used()
	suggestions := []Suggestion{}
	for _, found := range plugged(folder) {
		file := resolve(found.path)
		if used[file] {
			continue
		}
		// A line may show under several names.
		used[file] = true
		suggestion := Suggestion{
			Kind: drivers.KindScanner, Driver: "serialscan", Name: found.name,
			Settings: drivers.Settings{"addr": found.scheme + "://" + found.path},
		}
		if found.scheme == "file" || looksLike(found.name, "print", "pos", "bixolon", "epson", "sewoo", "star") {
			suggestion.Kind, suggestion.Driver = drivers.KindPrinter, "escpos"
		}
		if _, known := m.config.Registry[suggestion.Driver]; known {
			suggestions = append(suggestions, suggestion)
		}
	}
	return suggestions
}

// plugged lists device files; those named after the device come first, since
// their names stay when it is plugged in elsewhere.
func plugged(folder string) []found {
	var all []found
	for _, search := range []struct{ pattern, scheme string }{
		{"serial/by-id/*", "serial"}, {"ttyACM*", "serial"}, {"ttyUSB*", "serial"}, {"usb/lp*", "file"},
	} {
		// The patterns are right, so Glob has no error.
		paths, _ := filepath.Glob(filepath.Join(folder, search.pattern))
		for _, path := range paths {
			all = append(all, found{path: path, name: filepath.Base(path), scheme: search.scheme})
		}
	}
	return all
}

// used are the device files of the adopted devices.
func (m *Manager) used() map[string]bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	used := make(map[string]bool)
	for _, e := range m.entries {
		for _, value := range e.Settings {
			if location, err := url.Parse(value); err == nil && location.Path != "" {
				used[resolve(location.Path)] = true
			}
		}
	}
	return used
}

func resolve(path string) string {
	if file, err := filepath.EvalSymlinks(path); err == nil {
		return file
	}
	return path
}

func looksLike(name string, words ...string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
}
