package conformance

import (
	"context"
	"errors"
	"testing"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// Pan is the simulated scale behind a driver; faults are named as in package
// scalesim.
type Pan interface {
	Put(weight money.Milli, tared bool)
	SetFault(name string, on bool) error
}

// ScaleCase is a driver that is not open yet and the scale it is for. The test
// that makes it closes both in its clean-up.
type ScaleCase struct {
	Scale drivers.Scale
	Pan   Pan
	// NoTare says that the dialect does not tell a net weight; NoOverload that
	// it says "moving" for too much.
	NoTare, NoOverload bool
}

// Scale runs what every scale driver must fulfil. Start makes a fresh case for
// each test.
func Scale(t *testing.T, start func(t *testing.T) ScaleCase) {
	t.Helper()
	for name, test := range map[string]func(t *testing.T, s *weighing){
		"weights arrive to the gram": scaleWeights,
		"net is net":                 scaleNet,
		"no weight to sell by":       scaleFaults,
		"a changed weight is none":   scaleChanged,
		"silence ends":               scaleSilent,
		"noise is no weight":         scaleNoise,
		"unplugged and back":         scaleUnplugged,
		"stopped by the context":     scaleStopped,
		"closed twice":               scaleClosed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			t.Cleanup(cancel)
			s := &weighing{ScaleCase: start(t), ctx: ctx}
			if err := s.Scale.Open(ctx); err != nil {
				t.Fatalf("open: %v", err)
			}
			test(t, s)
		})
	}
}

// weighing is a running test of a scale.
type weighing struct {
	ScaleCase
	ctx context.Context //nolint:containedctx // lives as long as one test
}

func (s *weighing) want(t *testing.T, net money.Milli) {
	t.Helper()
	weight, err := s.Scale.Weigh(s.ctx)
	if err != nil || weight.Net != net {
		t.Fatalf("weight %d, %v; want %d", weight.Net, err, net)
	}
}

func (s *weighing) refuse(t *testing.T, want ...error) {
	t.Helper()
	weight, err := s.Scale.Weigh(s.ctx)
	for _, allowed := range want {
		if errors.Is(err, allowed) {
			return
		}
	}
	t.Fatalf("weight %d, %v; want one of %v", weight.Net, err, want)
}

func (s *weighing) fault(t *testing.T, name string, on bool) {
	t.Helper()
	if err := s.Pan.SetFault(name, on); err != nil {
		t.Fatal(err)
	}
}

func scaleWeights(t *testing.T, s *weighing) {
	t.Helper()
	for _, grams := range []money.Milli{0, 1, 999, 1000, 1234, 29_995} {
		s.Pan.Put(grams, false)
		s.want(t, grams)
	}
}

func scaleNet(t *testing.T, s *weighing) {
	t.Helper()
	s.Pan.Put(310, true)
	weight, err := s.Scale.Weigh(s.ctx)
	if err != nil || weight.Net != 310 || weight.Tared == s.NoTare {
		t.Errorf("weight %+v, %v", weight, err)
	}
}

func scaleFaults(t *testing.T, s *weighing) {
	t.Helper()
	overload := drivers.ErrOverload
	if s.NoOverload {
		overload = drivers.ErrUnstable
	}
	s.Pan.Put(500, false)
	for name, want := range map[string]error{"moving": drivers.ErrUnstable, "overload": overload, "below_zero": drivers.ErrBelowZero} {
		s.fault(t, name, true)
		s.refuse(t, want)
		s.fault(t, name, false)
		s.want(t, 500)
	}
}

func scaleChanged(t *testing.T, s *weighing) {
	t.Helper()
	s.Pan.Put(1234, false)
	s.fault(t, "bad_sum", true)
	s.refuse(t, drivers.ErrProtocol)
	s.fault(t, "bad_sum", false)
	s.want(t, 1234)
}

func scaleSilent(t *testing.T, s *weighing) {
	t.Helper()
	s.fault(t, "silent", true)
	s.refuse(t, drivers.ErrOffline)
}

func scaleNoise(t *testing.T, s *weighing) {
	t.Helper()
	s.fault(t, "garbage", true)
	s.refuse(t, drivers.ErrProtocol, drivers.ErrOffline)
	s.fault(t, "garbage", false)
	s.want(t, 0)
}

func scaleUnplugged(t *testing.T, s *weighing) {
	t.Helper()
	s.fault(t, "unplugged", true)
	s.refuse(t, drivers.ErrOffline)
	if err := s.Scale.Open(s.ctx); !errors.Is(err, drivers.ErrOffline) {
		t.Fatalf("open without a scale: %v", err)
	}
	s.fault(t, "unplugged", false)
	if err := s.Scale.Open(s.ctx); err != nil {
		t.Fatalf("open again: %v", err)
	}
	s.Pan.Put(42, false)
	s.want(t, 42)
}

func scaleStopped(t *testing.T, s *weighing) {
	t.Helper()
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	if _, err := s.Scale.Weigh(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

func scaleClosed(t *testing.T, s *weighing) {
	t.Helper()
	if err := errors.Join(s.Scale.Close(), s.Scale.Close()); err != nil {
		t.Error(err)
	}
	s.refuse(t, drivers.ErrOffline)
}
