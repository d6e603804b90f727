package drivers_test

import (
	"errors"
	"testing"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

func TestParseKilograms(t *testing.T) {
	for text, want := range map[string]money.Milli{
		"   1.234": 1234, "01.234": 1234, "0.5": 500, "0": 0, "0.000": 0, "12": 12_000, "-  0.120": -120, "  -0.120": -120,
		"1.2340": 1234, "100000.000": 100_000_000,
	} {
		if got, err := drivers.ParseKilograms(text); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", " ", ".", "1.", ".5", "1.2345", "1,234", "1.2.3", "--1", "1 2", "+1", "1e3", "99999999999999999999", "100001", "१"} {
		if got, err := drivers.ParseKilograms(text); !errors.Is(err, drivers.ErrProtocol) {
			t.Errorf("%q is %d, %v", text, got, err)
		}
	}
}

func FuzzParseKilograms(f *testing.F) {
	f.Add("   1.234")
	f.Add("-0.0")
	f.Fuzz(func(t *testing.T, text string) {
		weight, err := drivers.ParseKilograms(text)
		if err == nil && (weight > 100_001_000 || weight < -100_001_000) {
			t.Errorf("%q is %d", text, weight)
		}
	})
}
