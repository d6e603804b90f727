package broker_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/google/uuid"

	"shopbox/hub/broker"
	"shopbox/hub/ca"
	"shopbox/hub/ingest"
	"shopbox/hub/report"
	"shopbox/hub/store"
	"shopbox/hub/store/storetest"
	"shopbox/hub/tenant"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// hub is the hub's rooms wired as hub/app does it.
type hub struct {
	db      *store.DB
	ca      *ca.Authority
	tenants *tenant.Service
	reports *report.Service
	feed    *report.Feed
	ingest  *ingest.Ingest
	broker  *broker.Broker
	codec   *protocol.Codec
	tenant  tenant.Tenant
	shop    tenant.Shop
	log     *bytes.Buffer
}

func newHub(t *testing.T, engine storetest.Engine, change func(*broker.Config)) *hub {
	t.Helper()
	h := &hub{db: engine.Open(t), feed: report.NewFeed(), codec: must(protocol.NewCodec())(t), log: &bytes.Buffer{}}
	log := slog.New(slog.DiscardHandler)
	h.ca = must(ca.Open(ca.Options{Dir: t.TempDir(), Now: time.Now}))(t)
	h.ingest = ingest.New(ingest.Config{Store: h.db, Codec: h.codec, Nudge: h.feed, Log: log, Now: time.Now})
	config := broker.Config{Listener: listen(t), TLS: h.ca.ServerTLS(), Directory: h.db, Sink: h.ingest, Log: log}
	if change != nil {
		change(&config)
	}
	h.broker = must(broker.New(config))(t)
	h.tenants = tenant.New(tenant.Config{Store: h.db, Issuer: h.ca, Kicker: h.broker, Log: log, Now: time.Now})
	h.reports = report.New(report.Config{Store: h.db, Settler: h.ingest, Presence: h.broker, Codec: h.codec, Now: time.Now})
	h.run(t)
	var err error
	h.tenant, h.shop, err = h.tenants.Found(context.Background(), tenant.NewTenant{
		Name: "김밥나라", BusinessNumber: "1208147521", ShopName: "강남점", Login: "owner@shop.kr", Password: "correct horse", OwnerName: "김",
	})
	check(t, err)
	return h
}

func (h *hub) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.ingest.Run(ctx, h.broker) }()
	check(t, h.broker.Start())
	t.Cleanup(func() {
		if err := h.broker.Close(); err != nil {
			t.Error(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	return must((&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0"))(t)
}

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		check(t, err)
		return value
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// box is a box with its key and certificate.
type box struct {
	id          string
	key         *ecdsa.PrivateKey
	certificate tls.Certificate
	pem         []byte
	roots       *x509.CertPool
}

func request(t *testing.T, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: "whatever"}}
	der := must(x509.CreateCertificateRequest(rand.Reader, template, key))(t)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

// enrol claims a new box into a shop.
func (h *hub) enrol(t *testing.T, shop tenant.Shop) *box {
	t.Helper()
	b := &box{id: must(uuid.NewV7())(t).String(), key: must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)}
	code := must(h.tenants.NewClaimCode(context.Background(), shop.Tenant, shop.ID))(t)
	claimed := must(h.tenants.Claim(context.Background(), tenant.ClaimRequest{
		Code: code.Code, Box: b.id, Version: "1.0.0", CSR: request(t, b.key), Remote: "test",
	}))(t)
	b.use(t, claimed.Certificate.PEM, claimed.Root)
	return b
}

func (b *box) use(t *testing.T, certificate, root []byte) {
	t.Helper()
	block, _ := pem.Decode(certificate)
	b.pem = certificate
	b.certificate = tls.Certificate{Certificate: [][]byte{block.Bytes}, PrivateKey: b.key}
	b.roots = x509.NewCertPool()
	b.roots.AppendCertsFromPEM(root)
}

func (b *box) tls() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: b.roots, Certificates: []tls.Certificate{b.certificate}, ServerName: "localhost"}
}

// line is a box's connection.
type line struct {
	client paho.Client
	acks   chan protocol.Ack
	lost   chan error
}

func (h *hub) options(b *box) *paho.ClientOptions {
	return paho.NewClientOptions().AddBroker("ssl://" + h.broker.Addr().String()).SetClientID(b.id).SetTLSConfig(b.tls()).
		SetProtocolVersion(4).SetCleanSession(true).SetAutoReconnect(false).SetConnectTimeout(patience).SetKeepAlive(60 * time.Second)
}

func (h *hub) connect(t *testing.T, b *box) *line {
	t.Helper()
	l := &line{acks: make(chan protocol.Ack, 1000), lost: make(chan error, 10)}
	options := h.options(b).SetConnectionLostHandler(func(_ paho.Client, err error) { l.lost <- err })
	l.client = paho.NewClient(options)
	wait(t, l.client.Connect())
	t.Cleanup(func() { l.client.Disconnect(0) })
	l.listen(t, b)
	return l
}

// listen subscribes to the box's acks.
func (l *line) listen(t *testing.T, b *box) {
	t.Helper()
	wait(t, l.client.Subscribe(protocol.Topic(b.id, protocol.Acks), 1, func(_ paho.Client, message paho.Message) {
		ack, err := protocol.ParseAck(message.Payload())
		if err != nil {
			t.Error(err)
		}
		l.acks <- ack
	}))
}

func wait(t *testing.T, token paho.Token) {
	t.Helper()
	if !token.WaitTimeout(patience) {
		t.Fatal("MQTT operation took too long")
	}
	check(t, token.Error())
}

func (l *line) ack(t *testing.T) protocol.Ack {
	t.Helper()
	select {
	case ack := <-l.acks:
		return ack
	case <-time.After(patience):
		t.Fatal("no ack came")
		return protocol.Ack{}
	}
}

func (l *line) through(t *testing.T, want int64) protocol.Ack {
	t.Helper()
	ack := l.ack(t)
	for ack.Through < want {
		ack = l.ack(t)
	}
	if ack.Through != want {
		t.Fatalf("ack through %d; want %d", ack.Through, want)
	}
	return ack
}

func (l *line) send(t *testing.T, h *hub, b *box, events ...protocol.Event) {
	t.Helper()
	payload := must(h.codec.Pack(events))(t)
	wait(t, l.client.Publish(protocol.Topic(b.id, protocol.Events), 1, false, payload))
}

// saleAt is a sale of one coffee with a known cost.
func saleAt(number int, at time.Time) protocol.SaleClosed {
	day := at.In(time.FixedZone("KST", 9*60*60))
	cost := money.Won(1500)
	supply, vat := money.SplitIncluded(4500)
	return protocol.SaleClosed{Sale: protocol.Sale{
		Number: fmt.Sprintf("%s-%04d", day.Format("20060102"), number), Day: day.Format(time.DateOnly), At: at,
		By:    protocol.Person{ID: "p1", Name: "김"},
		Lines: []protocol.Line{{ID: "1", Product: "coffee", Name: "아메리카노", Quantity: money.One, Unit: 4500, Amount: 4500, VAT: money.Taxable, Cost: &cost}},
		Total: 4500, Supply: supply, VAT: vat,
		Tenders: []protocol.Tender{{Kind: protocol.TenderCash, Amount: 4500, Received: 5000, Change: 500}},
	}}
}

func event(t *testing.T, b *box, sequence int64, at time.Time, record protocol.Record) protocol.Event {
	t.Helper()
	return must(protocol.NewEvent(b.id, protocol.Sequence(sequence), at, record))(t)
}

func jsonOf(t *testing.T, value any) []byte {
	t.Helper()
	return must(json.Marshal(value))(t)
}
