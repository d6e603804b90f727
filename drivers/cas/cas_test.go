package cas_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/cas"
	"shopbox/drivers/conformance"
	"shopbox/drivers/sim/scalesim"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for dialect, spoken := range map[cas.Dialect]scalesim.Dialect{cas.Stream: scalesim.CASStream, cas.Asked: scalesim.CASAsked} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			conformance.Scale(t, func(t *testing.T) conformance.ScaleCase {
				t.Helper()
				simulator, err := scalesim.Start(t.Context(), scalesim.Config{Dialect: spoken, Every: 20 * time.Millisecond})
				if err != nil {
					t.Fatal(err)
				}
				scale, err := cas.New(cas.Config{Address: simulator.Addr(), Dialect: dialect})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _, _ = scale.Close(), simulator.Close() })
				asked := dialect == cas.Asked
				return conformance.ScaleCase{Scale: scale, Pan: simulator, NoTare: asked, NoOverload: asked}
			})
		})
	}
}

func TestParseStream(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]drivers.Weight{
		"ST,GS,0A,   1.234 kg\r\n": {Net: 1234},
		"ST,NT,1B,  12.340 kg\r\n": {Net: 12_340, Tared: true},
		"ST,GS,0A,   0.000 kg\r\n": {},
	} {
		if got, err := cas.ParseStream([]byte(line)); err != nil || got != want {
			t.Errorf("%q is %+v, %v", line, got, err)
		}
	}
	for line, want := range map[string]error{
		"US,GS,0A,   1.234 kg\r\n":  drivers.ErrUnstable,
		"OL,GS,0A,        kg\r\n":   drivers.ErrProtocol,
		"OL,GS,0A,         kg\r\n":  drivers.ErrOverload,
		"ST,GS,0Q,   1.234 kg\r\n":  drivers.ErrUnstable, // on hold
		"ST,GS,0A,-  0.020 kg\r\n":  drivers.ErrBelowZero,
		"ST,GS,0A,   1.234 lb\r\n":  drivers.ErrProtocol,
		"ST,XX,0A,   1.234 kg\r\n":  drivers.ErrProtocol,
		"ST,GS,0A,   1,234 kg\r\n":  drivers.ErrProtocol,
		"ST,GS,0A,   1.234 kg\n":    drivers.ErrProtocol,
		"xST,GS,0A,   1.234 kg\r\n": drivers.ErrProtocol,
		"":                          drivers.ErrProtocol,
	} {
		if got, err := cas.ParseStream([]byte(line)); !errors.Is(err, want) {
			t.Errorf("%q is %+v, %v; want %v", line, got, err, want)
		}
	}
}

// answer is the hex of an answer, made by hand from the layout.
func answer(t *testing.T, text string) []byte {
	t.Helper()
	frame, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	// S, blank, " 1.234", kg: XOR 53^20^20^31^2E^32^33^34^6B^67 = 75.
	const good = "01 02 53 20 20 31 2E 32 33 34 6B 67 75 03 04"
	if got, err := cas.ParseAnswer(answer(t, good)); err != nil || got.Net != 1234 {
		t.Errorf("weight %+v, %v", got, err)
	}
	if got, err := cas.ParseAnswer(append([]byte{0xFF, 0x80}, answer(t, good)...)); err != nil || got.Net != 1234 {
		t.Errorf("after noise %+v, %v", got, err)
	}
	for text, want := range map[string]error{
		"01 02 55 20 20 31 2E 32 33 34 6B 67 73 03 04": drivers.ErrUnstable,
		"01 02 53 2D 20 31 2E 32 33 34 6B 67 78 03 04": drivers.ErrBelowZero,
		"01 02 53 20 20 31 2E 32 33 34 6B 67 76 03 04": drivers.ErrProtocol,
		"01 02 58 20 20 31 2E 32 33 34 6B 67 7E 03 04": drivers.ErrProtocol,
		"01 02 03 04": drivers.ErrProtocol,
		"04":          drivers.ErrProtocol,
	} {
		if got, err := cas.ParseAnswer(answer(t, text)); !errors.Is(err, want) {
			t.Errorf("%s is %+v, %v; want %v", text, got, err, want)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry, err := drivers.NewRegistry(cas.Factory())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := registry.New("cas", drivers.Settings{"addr": "serial:///dev/ttyUSB0", "dialect": "stream"}); err != nil {
		t.Error(err)
	}
	for _, settings := range []drivers.Settings{{}, {"addr": "ttyUSB0"}, {"addr": "serial:///dev/ttyUSB0", "dialect": "shouted"}} {
		if _, err := registry.New("cas", settings); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%v: %v", settings, err)
		}
	}
}

// Nothing that arrives makes a parser panic, and a weight is never negative.
func FuzzParse(f *testing.F) {
	f.Add([]byte("ST,GS,0A,   1.234 kg\r\n"))
	f.Add([]byte("\x01\x02S  1.234kgM\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, parse := range []func([]byte) (drivers.Weight, error){cas.ParseStream, cas.ParseAnswer} {
			if weight, err := parse(data); err == nil && weight.Net < 0 {
				t.Errorf("%q is %d", data, weight.Net)
			}
		}
	})
}
