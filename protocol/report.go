package protocol

import "time"

// BoxReport is what a box says of itself on its reported channel, at each
// connection and about once a minute. It is the present, not a record.
type BoxReport struct {
	Version string `json:"version"`
	// Unsent is the number of records the hub has not acknowledged, and
	// OldestUnsent the time of the first of them.
	Unsent       int64      `json:"unsent"`
	OldestUnsent *time.Time `json:"oldest_unsent,omitempty"`
	StartedAt    time.Time  `json:"started_at"`
}
