package toledo_test

import (
	"errors"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/sim/scalesim"
	"shopbox/drivers/toledo"
)

func start(t *testing.T) (*toledo.Scale, *scalesim.Simulator) {
	t.Helper()
	simulator, err := scalesim.Start(t.Context(), scalesim.Config{Dialect: scalesim.Toledo, Every: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	scale, err := toledo.New(simulator.Addr() + "&size=7&parity=E")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = scale.Close(), simulator.Close() })
	return scale, simulator
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Scale(t, func(t *testing.T) conformance.ScaleCase {
		t.Helper()
		scale, simulator := start(t)
		return conformance.ScaleCase{Scale: scale, Pan: simulator}
	})
}

func TestZero(t *testing.T) {
	t.Parallel()
	scale, simulator := start(t)
	simulator.Put(20, false)
	if err := scale.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := scale.Zero(t.Context()); err != nil || simulator.Weight() != 0 {
		t.Errorf("zero: %v, %d g", err, simulator.Weight())
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]drivers.Weight{
		"\x0201.234\r":     {Net: 1234},
		"\x0200.310N\r":    {Net: 310, Tared: true},
		"xx\x02\x0212.5\r": {Net: 12_500},
	} {
		if got, err := toledo.Parse([]byte(answer)); err != nil || got != want {
			t.Errorf("%q is %+v, %v", answer, got, err)
		}
	}
	for answer, want := range map[string]error{
		"\x02?A\r":      drivers.ErrUnstable,
		"\x02?B\r":      drivers.ErrOverload,
		"\x02?D\r":      drivers.ErrBelowZero,
		"\x02?@\r":      drivers.ErrUnstable, // unexplained
		"\x02?\r":       drivers.ErrProtocol,
		"\x02\r":        drivers.ErrProtocol,
		"01.234\r":      drivers.ErrProtocol,
		"\x0201.234":    drivers.ErrProtocol,
		"\x02-01.234\r": drivers.ErrBelowZero,
		"":              drivers.ErrProtocol,
	} {
		if got, err := toledo.Parse([]byte(answer)); !errors.Is(err, want) {
			t.Errorf("%q is %+v, %v; want %v", answer, got, err, want)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry, err := drivers.NewRegistry(toledo.Factory())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := registry.New("toledo", drivers.Settings{"addr": "serial:///dev/ttyS0?size=7&parity=E"}); err != nil {
		t.Error(err)
	}
	if _, err := registry.New("toledo", drivers.Settings{"addr": "ttyS0"}); !errors.Is(err, drivers.ErrSettings) {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\x0201.234N\r"))
	f.Add([]byte("\x02?A\r"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if weight, err := toledo.Parse(data); err == nil && weight.Net < 0 {
			t.Errorf("%q is %d", data, weight.Net)
		}
	})
}
