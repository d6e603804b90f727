package config_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"shopbox/hub/config"
)

func read(settings map[string]string) config.Config {
	return config.Read(func(name string) string { return settings[name] })
}

func TestDefaultsAreValid(t *testing.T) {
	got := read(nil)
	if err := got.Validate(); err != nil {
		t.Fatal(err)
	}
	if got.Listen != ":8090" || got.MQTT != ":8883" || got.Metrics != "127.0.0.1:9091" || got.DB != "" {
		t.Errorf("defaults: %+v", got)
	}
	if got.SignupOpen || got.TLS() {
		t.Errorf("sign-up and TLS are off unless asked for: %+v", got)
	}
}

func TestReadTakesEverySetting(t *testing.T) {
	got := read(map[string]string{
		"HUB_DATA": "/var/lib/hub", "HUB_LISTEN": "127.0.0.1:0", "HUB_MQTT": "0.0.0.0:1", "HUB_METRICS": "off",
		"HUB_DB": "postgres://hub@db/hub", "HUB_NAMES": " a.example , 10.0.0.1 ", "HUB_PUBLIC_MQTT": "mqtt.example:8883",
		"HUB_SIGNUP": "open", "HUB_TLS_CERT": "c.pem", "HUB_TLS_KEY": "k.pem", "HUB_PROXIES": "10.0.0.0/8,::1", "HUB_LOG": "debug",
	})
	if err := got.Validate(); err != nil {
		t.Fatal(err)
	}
	if got.DataFile("hub.db") != "/var/lib/hub/hub.db" || !got.SignupOpen || !got.TLS() || got.LogLevel != slog.LevelDebug {
		t.Errorf("settings: %+v", got)
	}
	if strings.Join(got.Names, "|") != "a.example|10.0.0.1" || len(got.Proxies) != 2 {
		t.Errorf("lists: %q %q", got.Names, got.Proxies)
	}
}

func TestValidateNamesEachBadSetting(t *testing.T) {
	tests := map[string]map[string]string{
		"HUB_LISTEN":      {"HUB_LISTEN": "8090"},
		"HUB_MQTT":        {"HUB_MQTT": "nowhere"},
		"HUB_METRICS":     {"HUB_METRICS": "0.0.0.0:9091"},
		"HUB_DB":          {"HUB_DB": "mysql://u:secret@h/d"},
		"HUB_NAMES":       {"HUB_NAMES": ","},
		"HUB_PUBLIC_MQTT": {"HUB_PUBLIC_MQTT": "hub.example"},
		"HUB_TLS_CERT":    {"HUB_TLS_CERT": "cert.pem"},
		"HUB_PROXIES":     {"HUB_PROXIES": "proxy.example"},
		"HUB_SIGNUP":      {"HUB_SIGNUP": "yes"},
		"HUB_LOG":         {"HUB_LOG": "loud"},
	}
	for name, settings := range tests {
		t.Run(name, func(t *testing.T) {
			got := read(settings)
			err := got.Validate()
			if !errors.Is(err, config.ErrConfig) || !strings.Contains(err.Error(), name) {
				t.Errorf("error %v does not name %s", err, name)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("error repeats a password: %v", err)
			}
		})
	}
}
