// Package ingest takes what boxes send and makes it durable: it unpacks
// batches, leaves out what the hub already holds, appends the batches of many
// boxes in one transaction, and only then tells each box through which record
// the hub holds it. The list of sales and the sums are projected from the
// batches behind that, and before anybody reads them (Settle). hub/broker
// hands it messages; hub/app runs it; hub/report has it settle.
//
// What always holds:
//
//   - What an Ack says is held is in the database, synced to disk.
//   - The records of a box are stored in order, without a gap, each once, and
//     projected in order, each once, whatever dies in between.
//   - After Settle the read models hold all that was acknowledged before.
//   - A record that cannot be read is kept aside and named in the ack; it
//     stops neither the records behind it nor other boxes.
//   - Memory is bounded: when the queues are full, or too much is still to be
//     projected, the sender waits, then is refused and sends again later.
package ingest

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"shopbox/protocol"
	"shopbox/protocol/money"
)

// ErrBusy says that a message was not taken because the hub is behind; the
// box keeps its records and sends them again.
var ErrBusy = errors.New("hub_busy")

// ErrMoved says that the hub's place of a box in the database is not the one
// that was read: another hub wrote it. The group or projection was not stored.
var ErrMoved = errors.New("position_moved")

// ErrNoBox says that a box is not claimed.
var ErrNoBox = errors.New("box_unknown")

// Publisher sends to boxes; hub/broker implements it. It never waits: a
// message that cannot be queued ends the box's connection.
type Publisher interface {
	Publish(box string, channel protocol.Channel, payload []byte) error
	// Connected reports whether the box is connected now.
	Connected(box string) bool
}

// Nudger is told that something of a tenant changed; report.Feed implements
// it.
type Nudger interface {
	Nudge(tenant string)
}

// Store keeps what is ingested; hub/store implements it.
type Store interface {
	// Position is how far the hub holds a box; ErrNoBox when it is not
	// claimed.
	Position(ctx context.Context, box string) (Position, error)
	// Commit stores a group in one transaction that is on disk when it
	// returns, and gives its batches their ids. Every mark must stand where it
	// was read, or it is ErrMoved and nothing is stored.
	Commit(ctx context.Context, group *Group) error
	// ResetPresence marks every box that was connected to this hub as not
	// connected, at start-up.
	ResetPresence(ctx context.Context, hub string) error
	// LastNumbers is the last receipt number of each of a shop's latest days
	// with projected sales up to a date, by date (2026-11-25).
	LastNumbers(ctx context.Context, tenant, shop string, until time.Time, days int) (map[string]int64, error)
	// Behind is the boxes of a shop, or with shop empty of a tenant, whose
	// records are not all projected.
	Behind(ctx context.Context, tenant, shop string) ([]Behind, error)
	// Overdue is the boxes of all tenants that are behind although nothing
	// came from them since a time.
	Overdue(ctx context.Context, since time.Time) ([]Behind, error)
	// Pending is the oldest batches of a box that are not projected, in order.
	Pending(ctx context.Context, behind Behind, most int) ([]Batch, error)
	// Project adds to the read models in one transaction. Every box must stand
	// where it was read, or it is ErrMoved and nothing is added.
	Project(ctx context.Context, projection *Projection) error
}

// Position is where a box belongs and through which record the hub holds it.
type Position struct {
	Tenant  string
	Shop    string
	Through int64
	// Batch is the id of the box's last batch, 0 when it has none.
	Batch int64
	// Projected is through which record the read models hold it.
	Projected int64
	// Rejects are the records put aside last, at most MaxRejects.
	Rejects []protocol.Reject
}

// MaxRejects is how many rejected records an ack names at most.
const MaxRejects = 100

// Group is what one transaction stores.
type Group struct {
	// Hub is the node that stores it.
	Hub      string
	Batches  []Batch
	Marks    []Mark
	Poison   []Poison
	Shops    []Shop
	Days     []Day
	Devices  []Device
	Statuses []Status
	Presence []Presence
}

// Batch is a batch as it came, with the range of records in it that count.
type Batch struct {
	// ID is given by the store, larger than that of the box's batch before.
	ID                int64
	Tenant, Shop, Box string
	First, Last       int64
	ReceivedAt        time.Time
	Payload           []byte
	// The box's batch before is the one at index Before of the group, or when
	// that is negative the one with the id Previous, 0 for none.
	Before   int
	Previous int64
}

// Mark moves a box's position from Was to Through.
type Mark struct {
	Tenant, Box  string
	Was, Through int64
	At           time.Time
	// Last is the index of the box's last batch in the group.
	Last int
}

// Poison is a record put aside.
type Poison struct {
	Tenant, Shop, Box string
	Sequence          int64
	Code              string
	Raw               []byte
	At                time.Time
}

// Shop is a shop's particulars as the box has them.
type Shop struct {
	Tenant, Shop string
	protocol.ShopChanged
}

// Day is a business day opened or closed.
type Day struct {
	Tenant, Shop string
	Day          int
	OpenedAt     *time.Time
	ClosedAt     *time.Time
	Difference   money.Won
}

// Device is how a device is from now on.
type Device struct {
	Tenant, Shop, Box string
	protocol.DeviceState
}

// Status is what a box reported of itself.
type Status struct {
	Tenant, Box string
	protocol.BoxStatus
	At time.Time
}

// Presence is a box coming or going.
type Presence struct {
	Tenant, Box string
	Connected   bool
	At          time.Time
}

// Config is what an Ingest needs. Zero numbers take the defaults.
type Config struct {
	// Hub names this node among those that share the database.
	Hub   string
	Store Store
	Codec *protocol.Codec
	Nudge Nudger
	Log   *slog.Logger
	Now   func() time.Time
	// Workers is how many goroutines unpack (the number of processors).
	Workers int
	// QueueBytes bounds the payloads waiting (64 MiB).
	QueueBytes int64
	// GroupBatches bounds the batches of one transaction (2,000).
	GroupBatches int
	// Wait is how long a sender may be held back before ErrBusy (5 s).
	Wait time.Duration
	// ProjectEvery is how long records may wait to be projected when nobody
	// asks for them (5 s). Longer is cheaper: more records of a shop are then
	// written together.
	ProjectEvery time.Duration
	// BacklogBytes bounds what waits to be projected (64 MiB).
	BacklogBytes int64
}
