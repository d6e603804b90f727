package config_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"shopbox/edge/config"
)

func TestRead(t *testing.T) {
	t.Parallel()
	read := func(values map[string]string) (config.Config, error) {
		return config.Read(func(name string) string { return values[name] }, "1.2.3")
	}
	got, err := read(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Listen != ":8080" || got.Metrics != "127.0.0.1:9090" || got.ReserveMB != 64 || got.HubRetry != 5*time.Minute || got.Version != "1.2.3" || got.Database() != "/var/lib/shopbox/shopbox.db" {
		t.Errorf("defaults %+v", got)
	}
	got, err = read(map[string]string{
		"BOX_DATA": "/data", "BOX_LISTEN": "127.0.0.1:0", "BOX_METRICS": "off", "BOX_RESERVE_MB": "0", "BOX_HOSTS": "Till.Example.com b.example.com",
		"BOX_LOG": "debug", "BOX_HUB_RETRY": "90s",
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.Identity() != "/data/identity" || got.Metrics != "" || got.ReserveMB != 0 || got.HubRetry != 90*time.Second || len(got.Hosts) != 2 || got.Hosts[0] != "till.example.com" || got.LogLevel != slog.LevelDebug {
		t.Errorf("read %+v", got)
	}
	_, err = read(map[string]string{"BOX_LISTEN": "8080", "BOX_METRICS": "0.0.0.0:9090", "BOX_RESERVE_MB": "-1", "BOX_LOG": "loud", "BOX_HUB_RETRY": "5"})
	for _, name := range []string{"BOX_LISTEN", "BOX_METRICS", "BOX_RESERVE_MB", "BOX_LOG", "BOX_HUB_RETRY"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}
