package money_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"shopbox/protocol/money"
)

func TestSplitIncluded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ total, supply, vat money.Won }{
		{0, 0, 0},
		{1, 1, 0},
		{5, 5, 0},
		{6, 5, 1},
		{11, 10, 1},
		{1000, 909, 91},
		{4500, 4091, 409},
		{12000, 10909, 1091},
		{15900, 14455, 1445},
		{-12000, -10909, -1091},
		{9_000_000_000_000_000_000, 8_181_818_181_818_181_818, 818_181_818_181_818_182},
	} {
		supply, vat := money.SplitIncluded(tt.total)
		if supply != tt.supply || vat != tt.vat {
			t.Errorf("SplitIncluded(%d) = %d, %d; want %d, %d", tt.total, supply, vat, tt.supply, tt.vat)
		}
	}
}

func TestSplitIncludedIsNearestEleventh(t *testing.T) {
	t.Parallel()
	for total := money.Won(-3000); total < 200_000; total++ {
		supply, vat := money.SplitIncluded(total)
		if supply+vat != total {
			t.Fatalf("%d splits into %d and %d", total, supply, vat)
		}
		if off := 11*vat - total; off > 5 || off < -5 {
			t.Fatalf("VAT of %d is %d, not the nearest eleventh", total, vat)
		}
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		total   money.Won
		weights []money.Won
		want    []money.Won
	}{
		"even":              {300, []money.Won{1, 1, 1}, []money.Won{100, 100, 100}},
		"one over":          {100, []money.Won{1, 1, 1}, []money.Won{34, 33, 33}},
		"largest remainder": {10, []money.Won{100, 299, 601}, []money.Won{1, 3, 6}},
		"zero weight":       {99, []money.Won{0, 10, 0}, []money.Won{0, 99, 0}},
		"all zero":          {7, []money.Won{0, 0}, []money.Won{7, 0}},
		"negative":          {-100, []money.Won{1, 1, 1}, []money.Won{-34, -33, -33}},
		"none":              {5, nil, []money.Won{}},
		"huge":              {9_000_000_000_000_000_000, []money.Won{4_000_000_000_000_000_000, 4_000_000_000_000_000_000}, []money.Won{4_500_000_000_000_000_000, 4_500_000_000_000_000_000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := money.Spread(tt.total, tt.weights); !slices.Equal(got, tt.want) {
				t.Errorf("Spread = %v; want %v", got, tt.want)
			}
		})
	}
}

func TestSpreadAddsUpAndIsFair(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		weights := make([]money.Won, 1+random.IntN(12))
		var weight money.Won
		for i := range weights {
			weights[i] = money.Won(random.Int64N(1_000_000))
			weight += weights[i]
		}
		if weight == 0 {
			continue
		}
		total := money.Won(random.Int64N(int64(weight) + 1))
		var sum money.Won
		for i, part := range money.Spread(total, weights) {
			sum += part
			if part > weights[i] {
				t.Fatalf("part %d of %v is larger than its weight", part, weights)
			}
		}
		if sum != total {
			t.Fatalf("parts of %d add up to %d", total, sum)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		price    money.Won
		quantity money.Milli
		want     money.Won
	}{
		{4500, 2000, 9000}, {1990, 1234, 2456}, {1, 499, 0}, {1, 500, 1}, {1990, -1234, -2456}, {-10, 1500, -15},
	} {
		if got := tt.price.Times(tt.quantity); got != tt.want {
			t.Errorf("%d times %v = %d; want %d", tt.price, tt.quantity, got, tt.want)
		}
	}
}

func TestPermille(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		price    money.Won
		permille int64
		want     money.Won
	}{
		{10_000, 100, 1000}, {999, 50, 50}, {333, 15, 5}, {-999, 50, -50}, {0, 100, 0},
	} {
		if got := tt.price.Permille(tt.permille); got != tt.want {
			t.Errorf("%d per mille of %d = %d; want %d", tt.permille, tt.price, got, tt.want)
		}
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	for want, amount := range map[string]money.Won{"0": 0, "999": 999, "1,000": 1000, "-12,345,678": -12_345_678} {
		if got := amount.String(); got != want {
			t.Errorf("String of %d = %q; want %q", int64(amount), got, want)
		}
	}
	for want, quantity := range map[string]money.Milli{"2": 2000, "1.234": 1234, "0.5": 500, "-0.05": -50} {
		if got := quantity.String(); got != want {
			t.Errorf("String of %d = %q; want %q", int64(quantity), got, want)
		}
	}
}
