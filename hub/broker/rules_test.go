package broker_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"shopbox/hub/broker"
	"shopbox/hub/ca"
	"shopbox/hub/store/storetest"
	"shopbox/hub/tenant"
	"shopbox/protocol"
)

var channels = []protocol.Channel{
	protocol.Events, protocol.Acks, protocol.Desired, protocol.Reported, protocol.Commands, protocol.Replies,
}

// Every topic, for the box itself and for another's: what is not its own is
// refused.
func TestTopicMatrix(t *testing.T) {
	t.Parallel()
	h := newHub(t, storetest.SQLite(), nil)
	own := h.enrol(t, h.shop)
	other := h.enrol(t, must(h.tenants.CreateShop(context.Background(), h.tenant.ID, "둘째", "retail"))(t))
	watch := h.connect(t, other)
	watch.ack(t)
	for _, channel := range channels {
		for _, b := range []*box{own, other} {
			topic := protocol.Topic(b.id, channel)
			if may, want := maySubscribe(t, h, own, topic), b == own && channel.Down(); may != want {
				t.Errorf("subscribe to %s of own %v: %v; want %v", channel, b == own, may, want)
			}
			if may, want := mayPublish(t, h, own, topic), b == own && channel.Up(); may != want {
				t.Errorf("publish on %s of own %v: %v; want %v", channel, b == own, may, want)
			}
		}
	}
	for _, filter := range []string{
		"#", "+/+/+/+", "shopbox/#", "shopbox/v1/+/acks", "shopbox/v1/" + own.id + "/#", "shopbox/v1/" + own.id + "/+", "$SYS/#",
		"$share/g/" + protocol.Topic(own.id, protocol.Acks), "shopbox/v1/" + own.id + "/acks/x", "other",
	} {
		if maySubscribe(t, h, own, filter) {
			t.Errorf("subscribe to %s is allowed", filter)
		}
	}
	for _, topic := range []string{"other", "shopbox/v1/" + own.id, "shopbox/v2/" + own.id + "/events"} {
		if mayPublish(t, h, own, topic) {
			t.Errorf("publish on %s is allowed", topic)
		}
	}
	select {
	case ack := <-watch.acks:
		t.Errorf("something reached the other box: %+v", ack)
	case err := <-watch.lost:
		t.Errorf("the other box was disturbed: %v", err)
	default:
	}
}

func maySubscribe(t *testing.T, h *hub, b *box, filter string) bool {
	t.Helper()
	client := paho.NewClient(h.options(b))
	wait(t, client.Connect())
	defer client.Disconnect(0)
	token, ok := client.Subscribe(filter, 1, func(paho.Client, paho.Message) {}).(*paho.SubscribeToken)
	if !ok || !token.WaitTimeout(patience) {
		t.Fatal("subscribe took too long")
	}
	code, answered := token.Result()[filter]
	return answered && code <= 1
}

// mayPublish reports whether a publication leaves the line standing: mochi
// ends the connection of a 3.1.1 client that may not.
func mayPublish(t *testing.T, h *hub, b *box, topic string) bool {
	t.Helper()
	lost := make(chan struct{})
	client := paho.NewClient(h.options(b).SetConnectionLostHandler(func(paho.Client, error) { close(lost) }))
	wait(t, client.Connect())
	defer client.Disconnect(0)
	token := client.Publish(topic, 1, false, []byte("x"))
	select {
	case <-token.Done():
		return token.Error() == nil
	case <-lost:
		return false
	case <-time.After(patience):
		t.Fatalf("publish on %s: neither taken nor refused", topic)
		return false
	}
}

// refused reports whether a CONNECT with changed options is refused.
func refused(t *testing.T, h *hub, b *box, change func(*paho.ClientOptions)) {
	t.Helper()
	options := h.options(b)
	change(options)
	token := paho.NewClient(options).Connect()
	if !token.WaitTimeout(patience) || token.Error() == nil {
		t.Errorf("connected: %v", token.Error())
	}
}

func TestConnectRules(t *testing.T) {
	t.Parallel()
	h := newHub(t, storetest.SQLite(), nil)
	b := h.enrol(t, h.shop)
	other := h.enrol(t, must(h.tenants.CreateShop(context.Background(), h.tenant.ID, "둘째", "retail"))(t))
	for name, change := range map[string]func(*paho.ClientOptions){
		"another's id":      func(o *paho.ClientOptions) { o.SetClientID(other.id) },
		"no id":             func(o *paho.ClientOptions) { o.SetClientID("") },
		"a will":            func(o *paho.ClientOptions) { o.SetWill(protocol.Topic(other.id, protocol.Acks), "x", 1, false) },
		"a kept session":    func(o *paho.ClientOptions) { o.SetCleanSession(false) },
		"no keepalive":      func(o *paho.ClientOptions) { o.SetKeepAlive(0) },
		"an older protocol": func(o *paho.ClientOptions) { o.SetProtocolVersion(3) },
		"no certificate": func(o *paho.ClientOptions) {
			o.SetTLSConfig(&tls.Config{RootCAs: b.roots, MinVersion: tls.VersionTLS13})
		},
		"TLS 1.2": func(o *paho.ClientOptions) {
			c := b.tls()
			c.MinVersion, c.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
			o.SetTLSConfig(c)
		},
		"another authority":  func(o *paho.ClientOptions) { o.SetTLSConfig(foreign(t, b)) },
		"a server's own use": func(o *paho.ClientOptions) { o.SetTLSConfig(listeners(t, h, b)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, h, b, change)
		})
	}
	h.connect(t, b).ack(t)
}

// foreign is a certificate of the same box by another authority.
func foreign(t *testing.T, b *box) *tls.Config {
	t.Helper()
	authority := must(ca.Open(ca.Options{Dir: t.TempDir(), Now: time.Now}))(t)
	certificate := must(authority.Issue(b.id, request(t, b.key)))(t)
	stranger := &box{id: b.id, key: b.key}
	stranger.use(t, certificate.PEM, authority.RootPEM())
	config := stranger.tls()
	config.RootCAs = b.roots
	return config
}

// listeners is the listener's own certificate, which is not a box's.
func listeners(t *testing.T, h *hub, b *box) *tls.Config {
	t.Helper()
	certificate := must(h.ca.ServerTLS().GetCertificate(nil))(t)
	config := b.tls()
	config.Certificates = []tls.Certificate{*certificate}
	return config
}

// A box that is revoked, or replaced in its shop, loses its session at once
// and does not come back.
func TestRevokedBoxIsOut(t *testing.T) {
	t.Parallel()
	h := newHub(t, storetest.SQLite(), nil)
	b := h.enrol(t, h.shop)
	l := h.connect(t, b)
	l.ack(t)
	check(t, h.tenants.RevokeBox(context.Background(), h.tenant.ID, b.id))
	l.isLost(t)
	refused(t, h, b, func(*paho.ClientOptions) {})

	old := h.enrol(t, h.shop)
	l = h.connect(t, old)
	l.ack(t)
	fresh := h.enrol(t, h.shop)
	l.isLost(t)
	refused(t, h, old, func(*paho.ClientOptions) {})
	h.connect(t, fresh).ack(t)
	boxes := must(h.reports.Boxes(context.Background(), h.tenant.ID))(t)
	if len(boxes) != 3 || boxes[0].ID != fresh.id || boxes[0].State != "active" || boxes[1].State != "replaced" {
		t.Errorf("boxes: %+v", boxes)
	}
}

func (l *line) isLost(t *testing.T) {
	t.Helper()
	select {
	case err := <-l.lost:
		t.Logf("lost: %v", err)
	case <-time.After(patience):
		t.Fatal("the session goes on")
	}
}

// A renewed certificate works beside the old one.
func TestRenewal(t *testing.T) {
	t.Parallel()
	h := newHub(t, storetest.SQLite(), nil)
	b := h.enrol(t, h.shop)
	ask := tenant.RenewRequest{Box: b.id, CSR: request(t, b.key)}
	renewed := must(h.tenants.Renew(context.Background(), ask))(t)
	next := &box{id: b.id, key: b.key}
	next.use(t, renewed.Certificate.PEM, renewed.Root)
	old := h.connect(t, b)
	old.ack(t)
	h.connect(t, next).ack(t)
	old.isLost(t)
	check(t, h.tenants.RevokeBox(context.Background(), h.tenant.ID, b.id))
	if _, err := h.tenants.Renew(context.Background(), ask); !errors.Is(err, tenant.ErrRenewal) {
		t.Errorf("renewed after it was revoked: %v", err)
	}
}

// A later session of a box takes the place of the earlier one, whose end does
// not make the box look gone.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	h := newHub(t, storetest.SQLite(), nil)
	b := h.enrol(t, h.shop)
	first := h.connect(t, b)
	first.ack(t)
	second := h.connect(t, b)
	second.ack(t)
	first.isLost(t)
	now := time.Now()
	second.send(t, h, b, event(t, b, 1, now, saleAt(1, now)))
	second.through(t, 1)
	if !h.broker.Connected(b.id) || h.broker.Online() != 1 {
		t.Error("the box looks gone")
	}
	boxes := must(h.reports.Boxes(context.Background(), h.tenant.ID))(t)
	if counts := must(h.reports.FleetCounts(context.Background()))(t); counts.Online != 1 || !boxes[0].Connected {
		t.Errorf("counts %+v, boxes %+v", counts, boxes)
	}
}

// Who says nothing, before or after the handshake, is cut off.
func TestSilenceIsCutOff(t *testing.T) {
	t.Parallel()
	h := newHub(t, storetest.SQLite(), func(c *broker.Config) { c.HandshakeTime, c.Pending = 50*time.Millisecond, 1 })
	b := h.enrol(t, h.shop)
	silent := must((&net.Dialer{}).DialContext(context.Background(), "tcp", h.broker.Addr().String()))(t)
	defer silent.Close()
	isClosed(t, silent)
	polite := must((&tls.Dialer{Config: b.tls()}).DialContext(context.Background(), "tcp", h.broker.Addr().String()))(t)
	defer polite.Close()
	isClosed(t, polite)
}

// A packet over the limit ends the connection before it is read.
func TestOversizePacketIsRefused(t *testing.T) {
	t.Parallel()
	h := newHub(t, storetest.SQLite(), nil)
	b := h.enrol(t, h.shop)
	conn := must((&tls.Dialer{Config: b.tls()}).DialContext(context.Background(), "tcp", h.broker.Addr().String()))(t)
	defer conn.Close()
	// CONNECT with a remaining length of 256 MB less one.
	must(conn.Write([]byte{0x10, 0xff, 0xff, 0xff, 0x7f}))(t)
	isClosed(t, conn)

	l := h.connect(t, b)
	l.ack(t)
	l.client.Publish(protocol.Topic(b.id, protocol.Events), 1, false, make([]byte, protocol.MaxBatchBytes+2048))
	l.isLost(t)
}

func isClosed(t *testing.T, conn net.Conn) {
	t.Helper()
	check(t, conn.SetReadDeadline(time.Now().Add(patience)))
	if _, err := io.Copy(io.Discard, conn); errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
		t.Error("the connection stands")
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
