package broker

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"shopbox/hub/ca"
)

// guard is the listener mochi accepts from: it hands out only connections
// whose TLS handshake is done and whose certificate is a box's. Handshakes
// are bounded in time and number.
type guard struct {
	net.Listener
	tls   *tls.Config
	log   *slog.Logger
	limit time.Duration
	admit func(conn *boxConn) bool
	slots chan struct{}
	ready chan *boxConn
	done  context.Context
	stop  context.CancelFunc

	mutex sync.Mutex
	open  map[net.Conn]struct{}
}

// acceptPause is how long accepting rests when the process has no more file
// descriptors.
const acceptPause = 100 * time.Millisecond

func newGuard(config Config, admit func(conn *boxConn) bool) *guard {
	done, stop := context.WithCancel(context.Background())
	return &guard{
		Listener: config.Listener, tls: config.TLS, log: config.Log, limit: config.HandshakeTime,
		admit: admit,
		slots: make(chan struct{}, config.Pending), ready: make(chan *boxConn), done: done, stop: stop,
		open: map[net.Conn]struct{}{},
	}
}

func (g *guard) start() { go g.acceptAll() }

func (g *guard) acceptAll() {
	for {
		conn, err := g.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			g.log.Error("accepting a connection failed", "err", err)
			if !g.pause() {
				return
			}
			continue
		}
		select {
		case g.slots <- struct{}{}:
			go g.shake(conn)
		case <-g.done.Done():
			conn.Close()
			return
		}
	}
}

func (g *guard) pause() bool {
	timer := time.NewTimer(acceptPause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-g.done.Done():
		return false
	}
}

// shake makes the handshake and asks the directory in a goroutine of its own,
// whose stack grows for it and is then gone: the one mochi keeps for as
// long as the box is connected stays small. It leaves the time for CONNECT as the deadline; mochi
// sets the next one when it has read CONNECT.
func (g *guard) shake(raw net.Conn) {
	box, err := g.handshake(raw)
	<-g.slots
	if err != nil {
		g.forget(raw)
		raw.Close()
		g.log.Debug("handshake refused", "remote", raw.RemoteAddr().String(), "err", err)
		return
	}
	select {
	case g.ready <- box:
	case <-g.done.Done():
		raw.Close()
	}
}

func (g *guard) handshake(raw net.Conn) (*boxConn, error) {
	if !g.remember(raw) {
		return nil, net.ErrClosed
	}
	if err := raw.SetDeadline(time.Now().Add(g.limit)); err != nil {
		return nil, err
	}
	conn := tls.Server(raw, g.tls)
	if err := conn.HandshakeContext(g.done); err != nil {
		return nil, err
	}
	leaf := conn.ConnectionState().PeerCertificates[0]
	box, err := ca.BoxOf(leaf)
	if err != nil {
		return nil, err
	}
	if err := raw.SetDeadline(time.Now().Add(g.limit)); err != nil {
		return nil, err
	}
	known := &boxConn{Conn: conn, guard: g, box: box, serial: ca.Serial(leaf)}
	known.good = g.admit(known)
	return known, nil
}

// Accept implements net.Listener.
func (g *guard) Accept() (net.Conn, error) {
	select {
	case conn := <-g.ready:
		return conn, nil
	case <-g.done.Done():
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (g *guard) Close() error {
	g.stop()
	return g.Listener.Close()
}

// closeAll closes the listener and every connection, also those that have not
// said CONNECT.
func (g *guard) closeAll() {
	g.stop()
	_ = g.Listener.Close() // closed a second time by mochi
	g.mutex.Lock()
	open := g.open
	g.open = nil
	g.mutex.Unlock()
	for conn := range open {
		conn.Close()
	}
}

func (g *guard) remember(conn net.Conn) bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.open == nil {
		return false
	}
	g.open[conn] = struct{}{}
	return true
}

func (g *guard) forget(conn net.Conn) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	delete(g.open, conn)
}
