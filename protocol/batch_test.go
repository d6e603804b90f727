package protocol_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"

	"shopbox/protocol"
)

func codec(tb testing.TB) *protocol.Codec {
	tb.Helper()
	made, err := protocol.NewCodec()
	if err != nil {
		tb.Fatal(err)
	}
	return made
}

// squeeze is a zstd frame of any text.
func squeeze(tb testing.TB, text []byte) []byte {
	tb.Helper()
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return encoder.EncodeAll(text, nil)
}

func events(tb testing.TB, count, size int) []protocol.Event {
	tb.Helper()
	made := make([]protocol.Event, count)
	for i := range made {
		event, err := protocol.NewEvent(box, protocol.Sequence(i+1), at(), protocol.Poison{Type: "x", Data: make([]byte, size)})
		if err != nil {
			tb.Fatal(err)
		}
		made[i] = event
	}
	return made
}

func TestBatchRoundTrip(t *testing.T) {
	t.Parallel()
	for _, count := range []int{0, 1, 50, protocol.MaxBatchEvents} {
		packed, err := codec(t).Pack(events(t, count, 100))
		if err != nil {
			t.Fatal(err)
		}
		items, err := codec(t).Unpack(packed)
		if err != nil || len(items) != count {
			t.Fatalf("%d events came out as %d: %v", count, len(items), err)
		}
		for i, item := range items {
			if item.Err != nil || item.Event.Check(box) != nil || item.Event.Sequence != protocol.Sequence(i+1) {
				t.Errorf("item %d: %+v", i, item)
			}
		}
	}
}

func TestPackRefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	noise := make([]byte, protocol.MaxBatchBytes)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	loud, err := protocol.NewEvent(box, 1, at(), protocol.Poison{Type: "x", Data: noise})
	if err != nil {
		t.Fatal(err)
	}
	for name, batch := range map[string][]protocol.Event{
		"many":       events(t, protocol.MaxBatchEvents+1, 1),
		"long":       events(t, 50, 80<<10),
		"incompress": {loud},
	} {
		if _, err := codec(t).Pack(batch); !errors.Is(err, protocol.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnpackRefuses(t *testing.T) {
	t.Parallel()
	good, err := codec(t).Pack(events(t, 3, 10))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		packed []byte
		want   error
	}{
		"nothing":   {nil, protocol.ErrBatch},
		"garbage":   {[]byte("garbage"), protocol.ErrBatch},
		"cut":       {good[:len(good)-3], protocol.ErrBatch},
		"no list":   {squeeze(t, []byte(`{"specversion":"1.0"}`)), protocol.ErrBatch},
		"cut list":  {squeeze(t, []byte(`[{}`)), protocol.ErrBatch},
		"heavy":     {make([]byte, protocol.MaxBatchBytes+1), protocol.ErrTooLarge},
		"bomb":      {squeeze(t, make([]byte, protocol.MaxBatchPlain+1)), protocol.ErrTooLarge},
		"huge bomb": {squeeze(t, make([]byte, 64<<20)), protocol.ErrTooLarge},
		"many":      {squeeze(t, []byte("["+strings.Repeat("{},", protocol.MaxBatchEvents)+"{}]")), protocol.ErrTooLarge},
	} {
		if items, err := codec(t).Unpack(tt.packed); !errors.Is(err, tt.want) {
			t.Errorf("%s: %d items, %v; want %v", name, len(items), err, tt.want)
		}
	}
}

func TestOnePoisonedEventSparesItsNeighbours(t *testing.T) {
	t.Parallel()
	good := `{"specversion":"1.0","id":"` + box + `/%d","source":"/boxes/` + box +
		`","type":"later.v1","time":"2026-11-23T14:05:06+09:00","sequence":"%012d","data":{}}`
	long := `{"data":"` + strings.Repeat("x", protocol.MaxEventBytes) + `"}`
	for name, tt := range map[string]struct {
		poison string
		want   error
	}{
		"number":       {`7`, protocol.ErrEvent},
		"text":         {`"x"`, protocol.ErrEvent},
		"bad time":     {`{"time":"yesterday"}`, protocol.ErrEvent},
		"bad sequence": {`{"sequence":"zero"}`, protocol.ErrEvent},
		"number there": {`{"sequence":7}`, protocol.ErrEvent},
		"too long":     {long, protocol.ErrTooLarge},
	} {
		plain := "[" + fmt.Sprintf(good, 1, 1) + "," + tt.poison + "," + fmt.Sprintf(good, 3, 3) + "]"
		items, err := codec(t).Unpack(squeeze(t, []byte(plain)))
		if err != nil || len(items) != 3 {
			t.Fatalf("%s: %d items, %v", name, len(items), err)
		}
		if items[0].Event.Check(box) != nil || items[2].Event.Check(box) != nil || items[0].Err != nil || items[2].Err != nil {
			t.Errorf("%s took its neighbours along", name)
		}
		if !errors.Is(items[1].Err, tt.want) || string(items[1].Raw) != tt.poison {
			t.Errorf("%s: %v", name, items[1].Err)
		}
	}
}

func TestNullIsNoEvent(t *testing.T) {
	t.Parallel()
	items, err := codec(t).Unpack(squeeze(t, []byte("[null,{}]")))
	if err != nil || len(items) != 2 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	for _, item := range items {
		if item.Err == nil && item.Event.Check(box) == nil {
			t.Errorf("%s passes for an event", item.Raw)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	packed, err := codec(t).Pack(events(t, 2, 10))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := codec(t).Plain(packed, nil)
	if err != nil || !bytes.HasPrefix(plain, []byte(`[{"specversion":"1.0"`)) {
		t.Errorf("%s, %v", plain, err)
	}
}

func TestCodecServesManyAtOnce(t *testing.T) {
	t.Parallel()
	shared, batch := codec(t), events(t, 20, 500)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				packed, err := shared.Pack(batch)
				if err != nil {
					t.Error(err)
					return
				}
				if items, err := shared.Unpack(packed); err != nil || len(items) != len(batch) {
					t.Errorf("%d items, %v", len(items), err)
				}
			}
		})
	}
	group.Wait()
}

func FuzzUnpack(f *testing.F) {
	shared := codec(f)
	packed, err := shared.Pack(events(f, 2, 10))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add([]byte{})
	for _, plain := range []string{"[]", "[null]", "[7,{}]", `{"a":1}`} {
		f.Add(squeeze(f, []byte(plain)))
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		items, err := shared.Unpack(packed)
		if err != nil {
			return
		}
		if len(items) > protocol.MaxBatchEvents {
			t.Errorf("%d items", len(items))
		}
		for _, item := range items {
			if item.Err == nil {
				_ = item.Event.Check(box)
				_ = item.Event.Decode(&protocol.SaleClosed{})
			}
		}
	})
}
