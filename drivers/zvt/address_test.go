package zvt_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/zvt"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"10.0.0.9:20007": true, "tcp://10.0.0.9:20007": true, "tcp://terminal.local:20007": true, "[::1]:20007": true,
		"serial:///dev/ttyUSB0": true, "serial:///dev/ttyUSB0?baud=115200&stop=1": true,
		"": false, "10.0.0.9": false, "tcp://10.0.0.9": false, "tcp://:1": false, "file:///dev/ttyUSB0": false,
		"serial://ttyUSB0": false, "serial:///dev/ttyUSB0?baud=1": false, "serial:///dev/ttyUSB0?stop=3": false,
	} {
		_, err := zvt.New(zvt.Config{
			Address: address, Password: "000000", Currency: "978", T3: 1, T4: 1, Poll: 1, Now: time.Now,
		})
		if good != (err == nil) || !good && !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// plain is a terminal of another make: it knows no TLV, no 06 20 and no
// progress, and works in euro.
func plain(t *testing.T, extra map[string][]string) string {
	t.Helper()
	answers := map[string][]string{
		"0600": {"80 00 00", "06 0F 0A 19 00 29 29 00 10 06 49 09 78"},
		"0620": {"84 83 00"},
		"0601": {"80 00 00", "04 0F 0F 27 00 04 00 00 00 00 20 40 49 09 78 87 04 70", done},
	}
	maps.Copy(answers, extra)
	_, address := play(t, answers)
	return "tcp://" + address
}

func driverIn(t *testing.T, address, currency string) *zvt.Terminal {
	t.Helper()
	terminal, err := zvt.New(zvt.Config{
		Address: address, Password: "000000", Currency: currency,
		T3: time.Second, T4: time.Second, Poll: 5 * time.Millisecond, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return terminal
}

func TestPlainTerminals(t *testing.T) {
	t.Parallel()
	bare := []string{"80 00 00", "06 0F 00"}
	for name, test := range map[string]struct {
		currency string
		extra    map[string][]string
	}{
		"euro":                         {"0978", nil},
		"any currency":                 {drivers.AnyCurrency, nil},
		"any, named nowhere before":    {drivers.AnyCurrency, map[string][]string{"0600": bare}},
		"completion without a word":    {"0978", map[string][]string{"0600": bare}},
		"06 20 refused late":           {"0978", map[string][]string{"0620": {"80 00 00", "06 1E 01 83"}}},
		"06 20 completed with nothing": {"0978", map[string][]string{"0620": {"80 00 00", "06 0F 00"}}},
		"answers 84 00":                {"0978", map[string][]string{"0600": {"84 00 00", "06 0F 00"}}},
		"tells a progress":             {"0978", map[string][]string{"0601": {"80 00 00", "04 FF 01 0E", "04 0F 0F 27 00 04 00 00 00 00 20 40 49 09 78 87 04 70", done}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminal := driverIn(t, plain(t, test.extra), test.currency)
			if _, err := terminal.Mark(t.Context()); err != nil {
				t.Errorf("mark: %v", err)
			}
			result, err := terminal.Pay(t.Context(), drivers.Charge{Amount: 2040})
			if err != nil || !result.Approved || result.Amount != 2040 {
				t.Errorf("%+v, %v", result, err)
			}
		})
	}
}

// TestOtherCurrency: before any money is asked for.
func TestOtherCurrency(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][]string{
		"named":                  {"80 00 00", "06 0F 0A 19 00 29 29 00 10 06 49 09 78"},
		"refused":                {"84 6F 00"},
		"refused with the right": {"84 1E 03 6F 09 78"},
	} {
		script, address := play(t, map[string][]string{"0600": answers})
		_, err := driverIn(t, address, "0410").Pay(t.Context(), drivers.Charge{Amount: 2040})
		script.quiet()
		if !errors.Is(err, drivers.ErrSettings) || script.count("0601") != 0 {
			t.Errorf("%s: %v, heard %v", name, err, script.heard)
		}
	}
}

// TestRefusedTLV: a terminal too old for the container is registered without.
func TestRefusedTLV(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"83", "9A"} {
		script, address := play(t, map[string][]string{"0600": {"84 " + id + " 00"}})
		err := driverIn(t, address, "0978").Open(t.Context())
		script.quiet()
		if err == nil || script.count("0600060000001e0978") != 1 {
			t.Errorf("%s: %v, heard %v", id, err, script.heard)
		}
	}
}
