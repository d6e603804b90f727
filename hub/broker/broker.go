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
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"

	"shopbox/protocol"
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
	// Seen says that a box came or went; Connected knows which.
	Seen(box string)
}

// Config is what a Broker needs. Zero numbers take the defaults.
type Config struct {
	// Listener is the plain TCP listener; TLS is laid over it.
	Listener  net.Listener
	TLS       *tls.Config
	Directory Directory
	Sink      Sink
	Log       *slog.Logger
	// HandshakeTime bounds the TLS handshake, and then CONNECT (10 s each).
	HandshakeTime time.Duration
	// Pending bounds the connections that have not proven who they are (512).
	Pending int
}

const (
	defaultHandshakeTime = 10 * time.Second
	defaultPending       = 512
	listenerID           = "boxes"
	// topicBytes is what a packet may hold beside the payload.
	topicBytes = 1 << 10
	// longestKeepalive is the longest silence of a box that is accepted, in
	// seconds.
	longestKeepalive = 1800
)

// errEnded is why the hub ends a connection itself.
var errEnded = errors.New("session ended by the hub")

// Broker is the hub's MQTT broker. It is safe for use by many goroutines.
type Broker struct {
	config Config
	server *mqtt.Server
	guard  *guard

	mutex    sync.RWMutex
	sessions map[string]*mqtt.Client
}

// New makes a broker over a listener; Start makes it serve.
func New(config Config) (*Broker, error) {
	if config.HandshakeTime <= 0 {
		config.HandshakeTime = defaultHandshakeTime
	}
	if config.Pending <= 0 {
		config.Pending = defaultPending
	}
	b := &Broker{config: config, server: mqtt.New(options(config.Log)), sessions: map[string]*mqtt.Client{}}
	b.guard = newGuard(config, b.admitted)
	if err := b.server.AddHook(&hook{broker: b}, nil); err != nil {
		return nil, fmt.Errorf("broker: %w", err)
	}
	if err := b.server.AddListener(listeners.NewNet(listenerID, b.guard)); err != nil {
		return nil, fmt.Errorf("broker: %w", err)
	}
	return b, nil
}

func options(log *slog.Logger) *mqtt.Options {
	limits := mqtt.NewDefaultServerCapabilities()
	limits.MaximumClientWritesPending = 16
	limits.MaximumSessionExpiryInterval = 0
	limits.MaximumPacketSize = protocol.MaxBatchBytes + topicBytes
	limits.ReceiveMaximum = 64
	limits.MaximumInflight = 64
	limits.TopicAliasMaximum = 0
	limits.SharedSubAvailable = 0
	limits.MinimumProtocolVersion = protocolVersion
	limits.MaximumQos = 1
	limits.RetainAvailable = 0
	limits.WildcardSubAvailable = 0
	limits.SubIDAvailable = 0
	return &mqtt.Options{
		Capabilities:             limits,
		ClientNetReadBufferSize:  1 << 8,
		ClientNetWriteBufferSize: 1 << 8,
		Logger:                   quiet(log),
		SysTopicResendInterval:   60,
		InlineClient:             true,
	}
}

// Start serves until Close; it does not wait.
func (b *Broker) Start() error {
	b.guard.start()
	if err := b.server.Serve(); err != nil {
		return fmt.Errorf("start broker: %w", err)
	}
	return nil
}

// Close ends all sessions and the listener.
func (b *Broker) Close() error {
	b.guard.closeAll()
	return b.server.Close()
}

// Addr is the address boxes connect to.
func (b *Broker) Addr() net.Addr { return b.guard.Addr() }

// Publish sends to a box that is connected and subscribed; to others it does
// nothing. It never waits.
func (b *Broker) Publish(box string, channel protocol.Channel, payload []byte) error {
	if channel == protocol.Acks {
		b.acknowledge(box, payload)
		return nil
	}
	if err := b.server.Publish(protocol.Topic(box, channel), payload, false, 0); err != nil {
		return fmt.Errorf("publish to %s: %w", box, err)
	}
	return nil
}

// acknowledge sends an ack past mochi; a box that does not read loses its
// session and gets the current ack when it is back.
func (b *Broker) acknowledge(box string, payload []byte) {
	b.mutex.RLock()
	client := b.sessions[box]
	b.mutex.RUnlock()
	if client == nil {
		return
	}
	if conn, ok := client.Net.Conn.(*boxConn); ok && !conn.post(protocol.Topic(box, protocol.Acks), payload) {
		client.Stop(errEnded)
	}
}

// Kick ends a box's session.
func (b *Broker) Kick(box string) {
	b.mutex.RLock()
	client := b.sessions[box]
	b.mutex.RUnlock()
	if client != nil {
		client.Stop(errEnded)
	}
}

// Connected reports whether a box has a session.
func (b *Broker) Connected(box string) bool {
	b.mutex.RLock()
	defer b.mutex.RUnlock()
	return b.sessions[box] != nil
}

// Online is how many boxes have a session.
func (b *Broker) Online() int {
	b.mutex.RLock()
	defer b.mutex.RUnlock()
	return len(b.sessions)
}

// entered notes a session; a later one of the same box takes its place.
func (b *Broker) entered(box string, client *mqtt.Client) {
	b.mutex.Lock()
	b.sessions[box] = client
	b.mutex.Unlock()
	b.config.Sink.Seen(box)
}

// left forgets a session, unless a later one took its place.
func (b *Broker) left(box string, client *mqtt.Client) {
	b.mutex.Lock()
	current := b.sessions[box] == client
	if current {
		delete(b.sessions, box)
	}
	b.mutex.Unlock()
	if current {
		b.config.Sink.Seen(box)
	}
}

// admitted asks the directory whether a certificate is good.
func (b *Broker) admitted(conn *boxConn) bool {
	ctx, cancel := context.WithTimeout(context.Background(), b.config.HandshakeTime)
	defer cancel()
	good, err := b.config.Directory.Admit(ctx, conn.box, conn.serial)
	if err != nil {
		b.config.Log.Error("checking a certificate failed", "box", conn.box, "err", err)
	}
	return good && err == nil
}
