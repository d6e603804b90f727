package protocol

import (
	"encoding/json"
	"fmt"
)

// Ack is what the hub has safely in its database.
type Ack struct {
	// Through is the last sequence number of the unbroken run the hub holds, 0
	// when it holds none;
	// the box sends on from Through+1, also when that means going back.
	Through int64 `json:"through"`
	// Rejects are records the hub put aside because it could not read them.
	// They count as held.
	Rejects []Reject `json:"rejects,omitempty"`
	// Batch, when present, is why the last batch as a whole was not taken:
	// "batch_malformed" or "too_large". The box then sends smaller batches.
	Batch string `json:"batch,omitempty"`
}

// Reject names a record that was put aside, and the code of the reason.
type Reject struct {
	Sequence int64  `json:"sequence"`
	Code     string `json:"code"`
}

// ParseAck reads an acknowledgement.
func ParseAck(payload []byte) (Ack, error) {
	var ack Ack
	if err := json.Unmarshal(payload, &ack); err != nil {
		return Ack{}, fmt.Errorf("read ack: %w", err)
	}
	if ack.Through < 0 {
		return Ack{}, fmt.Errorf("read ack: through %d", ack.Through)
	}
	return ack, nil
}
