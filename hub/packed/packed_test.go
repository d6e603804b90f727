package packed_test

import (
	"math"
	"testing"

	"shopbox/hub/packed"
)

func TestReadsWhatWasAppended(t *testing.T) {
	t.Parallel()
	numbers := []int64{0, 1, -1, 63, 64, 1e11, -1e11, math.MaxInt64, math.MinInt64}
	texts := []string{"", "a", "상품 1호", string(make([]byte, 300))}
	var out []byte
	for _, number := range numbers {
		out = packed.AppendNumber(out, number)
	}
	for _, text := range texts {
		out = packed.AppendText(out, text)
	}
	r := packed.NewReader(out)
	for _, want := range numbers {
		if got := r.Number(); got != want {
			t.Errorf("number %d; want %d", got, want)
		}
	}
	for _, want := range texts {
		if got := r.Text(); got != want {
			t.Errorf("text %q; want %q", got, want)
		}
	}
	if r.More() || r.Bad() {
		t.Errorf("more %v, bad %v", r.More(), r.Bad())
	}
	if r.Number() != 0 || !r.Bad() {
		t.Error("a number was read past the end")
	}
}

// Whatever the bytes, reading ends, and never past them.
func FuzzReader(f *testing.F) {
	f.Add(packed.AppendText(packed.AppendNumber(nil, 5), "text"))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{200, 1, 'a'})
	f.Fuzz(func(t *testing.T, bytes []byte) {
		r := packed.NewReader(bytes)
		read := 0
		for r.More() {
			r.Number()
			read += len(r.Text())
		}
		if read > len(bytes) {
			t.Errorf("%d bytes of text in %d", read, len(bytes))
		}
	})
}
