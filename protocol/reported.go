package protocol

import (
	"encoding/json"
	"fmt"
	"time"
)

// BoxStatus is how a box is, as it says itself on its reported channel. The
// hub keeps only the latest.
type BoxStatus struct {
	// Version is the box program's version.
	Version string `json:"version"`
	// Unsent is how many records the box has that the hub has not
	// acknowledged; OldestUnsent is when the first of them was made.
	Unsent       int64      `json:"unsent"`
	OldestUnsent *time.Time `json:"oldest_unsent,omitempty"`
	// StartedAt is when the box program started.
	StartedAt time.Time `json:"started_at"`
}

// MaxReportedBytes is the most a reported document may weigh.
const MaxReportedBytes = 4 << 10

// ParseBoxStatus reads a reported document.
func ParseBoxStatus(payload []byte) (BoxStatus, error) {
	if len(payload) > MaxReportedBytes {
		return BoxStatus{}, fmt.Errorf("%w: reported document of %d bytes", ErrTooLarge, len(payload))
	}
	var status BoxStatus
	if err := json.Unmarshal(payload, &status); err != nil {
		return BoxStatus{}, fmt.Errorf("read reported document: %w", err)
	}
	if status.Unsent < 0 || len(status.Version) > 64 {
		return BoxStatus{}, fmt.Errorf("%w: reported document", ErrData)
	}
	return status, nil
}
