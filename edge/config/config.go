// Package config reads the box's settings from the environment into one typed
// value. edge/main calls it, and nothing else reads the environment.
//
// What always holds: every setting has a default a shop can live with, and a
// mistake is reported with all others at once, before anything starts.
package config

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
)

// Config is how the box runs.
type Config struct {
	// Data is the folder of the database, the identity and the backups.
	Data string
	// Listen is where the shop's screens are served, host:port.
	Listen string
	// Metrics is where /metrics is served; it must be on this machine.
	Metrics string
	// ReserveMB is the size of the file that is let go when the disk is full.
	ReserveMB int
	// Version is the program's version.
	Version string
}

// Database is the path of the database file.
func (c Config) Database() string { return filepath.Join(c.Data, "shopbox.db") }

// Identity is the folder of the box's key and certificate.
func (c Config) Identity() string { return filepath.Join(c.Data, "identity") }

// Read takes the settings from an environment, such as os.Getenv.
func Read(getenv func(string) string, version string) (Config, error) {
	config := Config{
		Data:    or(getenv("BOX_DATA"), "/var/lib/shopbox"),
		Listen:  or(getenv("BOX_LISTEN"), ":8080"),
		Metrics: or(getenv("BOX_METRICS"), "127.0.0.1:9090"),
		Version: version,
	}
	reserve, err := strconv.Atoi(or(getenv("BOX_RESERVE_MB"), "64"))
	config.ReserveMB = reserve
	return config, errors.Join(
		explain("BOX_RESERVE_MB", err, "a number of megabytes"),
		explain("BOX_LISTEN", checkAddress(config.Listen), "host:port"),
		explain("BOX_METRICS", checkLoopback(config.Metrics), "host:port on this machine"),
	)
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func explain(name string, err error, want string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s must be %s: %w", name, want, err)
}

func checkAddress(address string) error {
	_, _, err := net.SplitHostPort(address)
	return err
}

func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%s is not this machine", host)
	}
	return nil
}
