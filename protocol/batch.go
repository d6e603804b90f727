package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// The limits of a batch. A hub refuses what is over them before it unpacks.
const (
	// MaxBatchBytes is the most a batch may weigh on the wire.
	MaxBatchBytes = 256 << 10
	// MaxBatchPlain is the most it may weigh unpacked.
	MaxBatchPlain = 4 << 20
	// MaxBatchEvents is the most events in one batch.
	MaxBatchEvents = 500
	// MaxEventBytes is the most one event may weigh unpacked; a box checks it
	// when it writes the record.
	MaxEventBytes = 128 << 10
	// packWindow is how far back packing looks for what comes again. The packer
	// keeps that much memory for good, and records of one kind repeat within a
	// few of them: a longer look packs no better.
	packWindow = 256 << 10
)

// Codec packs and unpacks batches. It is safe for use by many goroutines.
type Codec struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

// NewCodec makes a codec.
func NewCodec() (*Codec, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(packWindow), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("zstd writer: %w", err)
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(MaxBatchPlain), zstd.WithDecoderConcurrency(0))
	if err != nil {
		return nil, fmt.Errorf("zstd reader: %w", err)
	}
	return &Codec{encoder: encoder, decoder: decoder}, nil
}

// Pack writes events as one batch: a JSON array (CloudEvents JSON batch
// format) in a zstd frame. A batch over the limits is ErrTooLarge.
func (c *Codec) Pack(events []Event) ([]byte, error) {
	plain, err := json.Marshal(events)
	if err != nil {
		return nil, fmt.Errorf("encode batch: %w", err)
	}
	packed := c.encoder.EncodeAll(plain, nil)
	if len(events) > MaxBatchEvents || len(plain) > MaxBatchPlain || len(packed) > MaxBatchBytes {
		return nil, fmt.Errorf("%w: batch of %d events, %d bytes", ErrTooLarge, len(events), len(packed))
	}
	return packed, nil
}

// Item is one event of an unpacked batch. Err says why the envelope cannot be
// read; Raw is what came.
type Item struct {
	Event Event
	Raw   json.RawMessage
	Err   error
}

// Unpack reads a batch. The error is for the batch as a whole; an event that
// cannot be read is an Item with its own error, so that one poisoned record
// does not take its neighbours with it.
func (c *Codec) Unpack(packed []byte) ([]Item, error) {
	plain, err := c.Plain(packed, nil)
	if err != nil {
		return nil, err
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(plain, &raws); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBatch, err)
	}
	if len(raws) > MaxBatchEvents {
		return nil, fmt.Errorf("%w: %d events", ErrTooLarge, len(raws))
	}
	items := make([]Item, len(raws))
	for i, raw := range raws {
		items[i] = readItem(raw)
	}
	return items, nil
}

// Plain is the JSON text of a batch, written over what is in into.
func (c *Codec) Plain(packed, into []byte) ([]byte, error) {
	if len(packed) > MaxBatchBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(packed))
	}
	plain, err := c.decoder.DecodeAll(packed, into[:0])
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) || errors.Is(err, zstd.ErrWindowSizeExceeded) {
		return nil, fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBatch, err)
	}
	if len(plain) > MaxBatchPlain {
		return nil, fmt.Errorf("%w: %d bytes unpacked", ErrTooLarge, len(plain))
	}
	return plain, nil
}

func readItem(raw json.RawMessage) Item {
	item := Item{Raw: raw}
	if len(raw) > MaxEventBytes {
		item.Err = fmt.Errorf("%w: event of %d bytes", ErrTooLarge, len(raw))
		return item
	}
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&item.Event); err != nil {
		item.Err = fmt.Errorf("%w: %w", ErrEvent, err)
	}
	return item
}
