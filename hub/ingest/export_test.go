package ingest

import (
	"context"
	"fmt"
	"reflect"

	"shopbox/protocol"
)

// Round has the projector make a round now.
func (in *Ingest) Round(ctx context.Context) { in.projector.round(ctx) }

// CompareReaders reads a batch the quick and the slow way, and tells where a
// batch that the quick way takes is read differently.
func CompareReaders(codec *protocol.Codec, box string, plain, packed []byte) (quick bool, err error) {
	var scan scanner
	fast, ok := scan.batch(box, string(plain))
	if !ok {
		return false, nil
	}
	slow, err := readBatch(codec, message{box: box, payload: packed})
	if err != nil {
		return true, fmt.Errorf("the slow way refuses: %w", err)
	}
	if len(fast) != len(slow) {
		return true, fmt.Errorf("%d records; the slow way %d", len(fast), len(slow))
	}
	for i := range fast {
		if !reflect.DeepEqual(fast[i], slow[i]) {
			return true, fmt.Errorf("record %d: %+v; the slow way %+v", i, fast[i], slow[i])
		}
	}
	return true, nil
}
