// Package broker is the hub's MQTT side: mochi embedded behind a listener of
// our own. hub/app runs it; hub/ingest publishes through it and is handed
// what boxes send.
//
// What always holds:
//
//   - No one speaks MQTT without a certificate of the hub's authority that is
//     not revoked, and only under the box id in it.
//   - A box publishes on its own up channels and subscribes to its own down
//     channels, nothing else. There is exactly one hook that says so, because
//     mochi lets a client pass when any hook does.
//   - The broker keeps nothing: no sessions, no retained messages. The boxes'
//     outboxes are the durable queue.
package broker

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"time"
)

// Directory knows which certificates are good; hub/store implements it.
type Directory interface {
	// Admit reports whether a box may connect with the certificate of the
	// serial number.
	Admit(ctx context.Context, box, serial string) (bool, error)
}

// Sink takes what boxes send; hub/ingest implements it.
type Sink interface {
	// Events takes a batch; an error means that it was not taken.
	Events(box string, payload []byte) error
	Reported(box string, payload []byte)
	// Subscribed says that a box waits for its acks.
	Subscribed(box string)
	// Seen says that a box came or went.
	Seen(box string, connected bool)
}

// Config is what a Broker needs. Zero numbers take the defaults.
type Config struct {
	// Listener is the plain TCP listener; TLS is laid over it.
	Listener  net.Listener
	TLS       *tls.Config
	Directory Directory
	Sink      Sink
	Log       *slog.Logger
	Now       func() time.Time
	// HandshakeTime bounds the TLS handshake, and then CONNECT (10 s each).
	HandshakeTime time.Duration
	// Pending bounds the connections that have not proven who they are (512).
	Pending int
}
