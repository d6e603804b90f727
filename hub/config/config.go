// Package config reads the hub's settings from the environment into one typed
// value. hub's main.go calls it once at start-up; no other room reads the
// environment. A value that Validate accepts needs no further checks.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Config is how one hub is set up.
type Config struct {
	// Data is the directory of the database file and the hub's keys
	// (HUB_DATA).
	Data string
	// Listen is the address of the web pages and the API (HUB_LISTEN).
	Listen string
	// MQTT is the address where boxes connect (HUB_MQTT).
	MQTT string
	// Metrics is the loopback address of the Prometheus metrics
	// (HUB_METRICS); "off" serves none.
	Metrics string
	// DB is empty for a SQLite file in Data, or a postgres:// address
	// (HUB_DB).
	DB string
	// Names are the host names and addresses in the broker's certificate
	// (HUB_NAMES, separated by commas).
	Names []string
	// PublicMQTT is the host:port told to boxes (HUB_PUBLIC_MQTT); empty is
	// the first name with the port that MQTT really listens on.
	PublicMQTT string
	// SignupOpen lets anyone found a tenant (HUB_SIGNUP=open).
	SignupOpen bool
	// TLSCert and TLSKey are PEM files for the web listener (HUB_TLS_CERT,
	// HUB_TLS_KEY); both empty serves plain HTTP, for a proxy in front.
	TLSCert, TLSKey string
	// Proxies are the addresses whose X-Forwarded headers are believed
	// (HUB_PROXIES, separated by commas).
	Proxies []string
	// LogLevel is the least level that is logged (HUB_LOG: debug, info,
	// warn, error).
	LogLevel slog.Level

	signup, level string
}

// MetricsOff as HUB_METRICS serves no metrics.
const MetricsOff = "off"

// ErrConfig says that a setting cannot be used.
var ErrConfig = errors.New("config_invalid")

// FromEnv reads the settings of this process.
func FromEnv() Config { return Read(os.Getenv) }

// Read reads the settings through getenv, defaults in place of empty ones.
func Read(getenv func(string) string) Config {
	get := func(name, fallback string) string {
		if value := strings.TrimSpace(getenv(name)); value != "" {
			return value
		}
		return fallback
	}
	config := Config{
		Data:       get("HUB_DATA", "data/hub"),
		Listen:     get("HUB_LISTEN", ":8090"),
		MQTT:       get("HUB_MQTT", ":8883"),
		Metrics:    get("HUB_METRICS", "127.0.0.1:9091"),
		DB:         get("HUB_DB", ""),
		Names:      list(get("HUB_NAMES", "localhost,127.0.0.1")),
		PublicMQTT: get("HUB_PUBLIC_MQTT", ""),
		TLSCert:    get("HUB_TLS_CERT", ""),
		TLSKey:     get("HUB_TLS_KEY", ""),
		Proxies:    list(get("HUB_PROXIES", "")),
		signup:     get("HUB_SIGNUP", "closed"),
		level:      get("HUB_LOG", "info"),
	}
	config.SignupOpen = config.signup == "open"
	return config
}

// Validate checks every setting and names each bad one; it also reads the
// log level. The error is ErrConfig.
func (c *Config) Validate() error {
	return errors.Join(
		address("HUB_LISTEN", c.Listen),
		address("HUB_MQTT", c.MQTT),
		c.checkMetrics(),
		c.checkDB(),
		c.checkNames(),
		c.checkTLS(),
		c.checkProxies(),
		c.checkWords(),
	)
}

// DataFile is the path of a file in the data directory.
func (c *Config) DataFile(name string) string { return filepath.Join(c.Data, name) }

// TLS reports whether the web listener speaks TLS itself.
func (c *Config) TLS() bool { return c.TLSCert != "" }

func (c *Config) checkMetrics() error {
	if c.Metrics == MetricsOff {
		return nil
	}
	if err := address("HUB_METRICS", c.Metrics); err != nil {
		return err
	}
	host, _, _ := net.SplitHostPort(c.Metrics)
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return fmt.Errorf("%w: HUB_METRICS %q is not a loopback address", ErrConfig, c.Metrics)
	}
	return nil
}

func (c *Config) checkDB() error {
	if c.DB == "" {
		return nil
	}
	parsed, err := url.Parse(c.DB)
	// The address may hold a password, so neither it nor the parse error is
	// repeated.
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" || parsed.Host == "" {
		return fmt.Errorf("%w: HUB_DB is not a postgres:// address", ErrConfig)
	}
	return nil
}

func (c *Config) checkNames() error {
	if len(c.Names) == 0 {
		return fmt.Errorf("%w: HUB_NAMES is empty", ErrConfig)
	}
	if c.PublicMQTT == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(c.PublicMQTT)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("%w: HUB_PUBLIC_MQTT %q is not host:port", ErrConfig, c.PublicMQTT)
	}
	return nil
}

func (c *Config) checkTLS() error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return fmt.Errorf("%w: HUB_TLS_CERT and HUB_TLS_KEY go together", ErrConfig)
	}
	return nil
}

func (c *Config) checkProxies() error {
	var found []error
	for _, proxy := range c.Proxies {
		_, prefixErr := netip.ParsePrefix(proxy)
		_, addressErr := netip.ParseAddr(proxy)
		if prefixErr != nil && addressErr != nil {
			found = append(found, fmt.Errorf("%w: HUB_PROXIES %q is not an address", ErrConfig, proxy))
		}
	}
	return errors.Join(found...)
}

func (c *Config) checkWords() error {
	var found []error
	if c.signup != "open" && c.signup != "closed" {
		found = append(found, fmt.Errorf("%w: HUB_SIGNUP %q is not open or closed", ErrConfig, c.signup))
	}
	if err := c.LogLevel.UnmarshalText([]byte(c.level)); err != nil {
		found = append(found, fmt.Errorf("%w: HUB_LOG %q", ErrConfig, c.level))
	}
	return errors.Join(found...)
}

func address(name, value string) error {
	if _, port, err := net.SplitHostPort(value); err != nil || port == "" {
		return fmt.Errorf("%w: %s %q is not host:port", ErrConfig, name, value)
	}
	return nil
}

func list(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
