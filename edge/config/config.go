// Package config reads the box's settings from the environment into one typed
// value. edge/main calls it, and nothing else reads the environment.
//
// What always holds: every setting has a default a shop can live with, and a
// mistake is reported with all others at once, before anything starts.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Config is how the box runs.
type Config struct {
	// Data is the folder of the database, the identity and the backups.
	Data string
	// Listen is where the shop's screens are served, host:port.
	Listen string
	// Hosts are further names the box is reached by, such as a name that the
	// shop's router gives it under a public domain.
	Hosts []string
	// Metrics is where /metrics is served; it must be on this machine. It is
	// empty when switched off.
	Metrics string
	// ReserveMB is the size of the file that is let go when the disk is full.
	ReserveMB int
	// HubRetry bounds the wait before the hub is tried again. A carrier with
	// many boxes wants it long, so that they do not come back together.
	HubRetry time.Duration
	LogLevel slog.Level
	// Devices is the folder that holds the system's dev and sys, in which
	// plugged-in devices are looked for.
	Devices string
	// Version is the program's version.
	Version string
}

// MetricsOff switches the metrics off.
const MetricsOff = "off"

// Database is the path of the database file.
func (c Config) Database() string { return filepath.Join(c.Data, "shopbox.db") }

// Identity is the folder of the box's key and certificate.
func (c Config) Identity() string { return filepath.Join(c.Data, "identity") }

// FromEnv takes the settings from the process's environment.
func FromEnv(version string) (Config, error) { return Read(os.Getenv, version) }

// Read takes the settings from an environment, such as os.Getenv.
func Read(getenv func(string) string, version string) (Config, error) {
	config := Config{
		Data:    or(getenv("BOX_DATA"), "/var/lib/shopbox"),
		Listen:  or(getenv("BOX_LISTEN"), ":8080"),
		Metrics: or(getenv("BOX_METRICS"), "127.0.0.1:9090"),
		Devices: or(getenv("BOX_DEVICES"), "/"),
		Hosts:   strings.Fields(strings.ToLower(getenv("BOX_HOSTS"))),
		Version: version,
	}
	if config.Metrics == MetricsOff {
		config.Metrics = ""
	}
	reserve, err := strconv.Atoi(or(getenv("BOX_RESERVE_MB"), "64"))
	config.ReserveMB = reserve
	retry, retryErr := time.ParseDuration(or(getenv("BOX_HUB_RETRY"), "5m"))
	if retryErr == nil && retry < time.Second {
		retryErr = errors.New("it is less than a second")
	}
	config.HubRetry = retry
	levelErr := config.LogLevel.UnmarshalText([]byte(or(getenv("BOX_LOG"), "info")))
	if err == nil && reserve < 0 {
		err = errors.New("it is less than nothing")
	}
	return config, errors.Join(
		explain("BOX_RESERVE_MB", err, "a number of megabytes"),
		explain("BOX_HUB_RETRY", retryErr, "a time such as 90s or 5m"),
		explain("BOX_LOG", levelErr, "debug, info, warn or error"),
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
	if address == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%s is not this machine", host)
	}
	return nil
}
