package uplink_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"log/slog"
	"math/big"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"shopbox/protocol"
)

// hub is a small hub behind a real broker: it keeps events in order, answers
// with acks, and can be told to fail.
type hub struct {
	mqtt.HookBase
	t      *testing.T
	server *mqtt.Server
	codec  *protocol.Codec
	ca     *authority
	// address is host:port.
	address string

	mu       sync.Mutex
	events   []protocol.Event
	batches  int
	reports  []protocol.BoxStatus
	rejected []protocol.Reject
	// most is how many events of a batch the hub takes, 0 for any number; a
	// larger batch is refused as a whole.
	most int
	// dislikes is a type whose batches are refused as a whole.
	dislikes string
	// numbers are the last receipt numbers told at a contact.
	numbers map[string]int64
	// drops is how many batches are taken without an ack, and the line cut.
	drops int
	// silent takes batches and says nothing.
	silent bool
	waits  chan struct{}
}

func newHub(t *testing.T) *hub {
	t.Helper()
	codec, err := protocol.NewCodec()
	must(t, err)
	h := &hub{t: t, codec: codec, ca: newAuthority(t), waits: make(chan struct{}, 1)}
	h.listen("127.0.0.1:0")
	t.Cleanup(func() { h.close() })
	return h
}

func (h *hub) listen(address string) {
	h.t.Helper()
	listener, err := tls.Listen("tcp", address, h.ca.server())
	must(h.t, err)
	h.address = listener.Addr().String()
	h.server = mqtt.New(&mqtt.Options{InlineClient: true, Logger: slog.New(slog.DiscardHandler)})
	must(h.t, h.server.AddHook(h, nil))
	must(h.t, h.server.AddListener(listeners.NewNet("boxes", listener)))
	must(h.t, h.server.Serve())
}

func (h *hub) close() {
	if err := h.server.Close(); err != nil {
		h.t.Error(err)
	}
}

// ID, Provides and what follows make the hub a hook of the broker.
func (h *hub) ID() string { return "hub" }

func (h *hub) Provides(b byte) bool {
	return slices.Contains([]byte{mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnSubscribed, mqtt.OnPublished}, b)
}

func (h *hub) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }
func (h *hub) OnACLCheck(*mqtt.Client, string, bool) bool              { return true }

func (h *hub) OnSubscribed(client *mqtt.Client, _ packets.Packet, _ []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ack(client.ID, protocol.Ack{Through: int64(len(h.events)), Numbers: h.numbers})
}

func (h *hub) OnPublished(client *mqtt.Client, packet packets.Packet) {
	_, channel, ok := protocol.ParseTopic(packet.TopicName)
	if channel == protocol.Acks {
		// The hub's own words, said with the lock held.
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case ok && channel == protocol.Events:
		h.take(client, packet.Payload)
	case ok && channel == protocol.Reported:
		status, err := protocol.ParseBoxStatus(packet.Payload)
		if err != nil {
			h.t.Error(err)
		}
		h.reports = append(h.reports, status)
	}
	select {
	case h.waits <- struct{}{}:
	default:
	}
}

func (h *hub) take(client *mqtt.Client, payload []byte) {
	items, err := h.codec.Unpack(payload)
	if err != nil {
		h.t.Error(err)
	}
	h.batches++
	if h.silent {
		return
	}
	if h.most > 0 && len(items) > h.most || slices.ContainsFunc(items, func(item protocol.Item) bool { return item.Event.Type == h.dislikes }) {
		h.ack(client.ID, protocol.Ack{Through: int64(len(h.events)), Batch: protocol.ErrTooLarge.Error()})
		return
	}
	var rejects []protocol.Reject
	for _, item := range items {
		if item.Err != nil || item.Event.Check(client.ID) != nil {
			h.t.Errorf("event %+v: %v", item.Event, item.Err)
		}
		sequence := int64(item.Event.Sequence)
		if sequence == int64(len(h.events))+1 {
			h.events = append(h.events, item.Event)
			if item.Event.Type == protocol.TypePoison {
				rejects = append(rejects, protocol.Reject{Sequence: sequence, Code: protocol.ErrData.Error()})
			}
		}
	}
	h.rejected = append(h.rejected, rejects...)
	if h.drops > 0 {
		h.drops--
		client.Stop(net.ErrClosed)
		return
	}
	h.ack(client.ID, protocol.Ack{Through: int64(len(h.events)), Rejects: rejects})
}

func (h *hub) ack(box string, ack protocol.Ack) {
	text, err := json.Marshal(ack)
	if err == nil {
		err = h.server.Publish(protocol.Topic(box, protocol.Acks), text, false, 1)
	}
	if err != nil {
		h.t.Error(err)
	}
}

// until waits until the hub is as wanted; wanted runs with the hub locked.
func (h *hub) until(what string, wanted func() bool) {
	h.t.Helper()
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	for {
		h.mu.Lock()
		done := wanted()
		h.mu.Unlock()
		if done {
			return
		}
		select {
		case <-h.waits:
		case <-late.C:
			h.t.Fatalf("never: %s", what)
		}
	}
}

// authority signs for the hub and its boxes.
type authority struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	root *x509.Certificate
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	root, err := x509.ParseCertificate(der)
	must(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return &authority{t, key, root, pool}
}

func (a *authority) certificate(name string) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(a.t, err)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: a.root.NotBefore, NotAfter: a.root.NotAfter,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}, a.root, &key.PublicKey, a.key)
	must(a.t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (a *authority) server() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{a.certificate("hub")},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.pool,
	}
}

func (a *authority) client(box string) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{a.certificate(box)}, RootCAs: a.pool}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
