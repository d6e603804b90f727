package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"shopbox/protocol"
)

// The load runs in a process of its own, so that its memory and its garbage
// are not the hub's. It takes orders, one JSON object on a line of its
// standard input, and answers each with one line.

// order is one thing to do.
type order struct {
	// Connect, when set, connects the boxes and answers when all are.
	Connect *connectOrder `json:"connect,omitempty"`
	// Run, when set, publishes and answers with a result.
	Run *runOrder `json:"run,omitempty"`
}

type connectOrder struct {
	Address string `json:"address"`
	// Root is PEM; empty is a line without TLS.
	Root  []byte   `json:"root,omitempty"`
	Boxes []Member `json:"boxes"`
	// Acks says that the hub is at the other end: boxes subscribe to their
	// acks and wait for those; else for the PUBACK.
	Acks bool `json:"acks"`
}

// Member is a box with what it proves itself by, in PEM.
type Member struct {
	ID          string `json:"id"`
	Certificate []byte `json:"certificate"`
	Key         []byte `json:"key"`
}

type runOrder struct {
	// Batch is how many sales are in a message, Messages how many are
	// prepared for each box.
	Batch    int `json:"batch"`
	Messages int `json:"messages"`
	// Warm runs before counting begins, Measure is how long is counted.
	Warm    time.Duration `json:"warm"`
	Measure time.Duration `json:"measure"`
}

// result is what a run came to.
type result struct {
	Error string `json:"error,omitempty"`
	// Messages were answered in Elapsed, Total with those before and after
	// the time that counts; Bytes is what one weighs.
	Messages int64         `json:"messages"`
	Elapsed  time.Duration `json:"elapsed"`
	Total    int64         `json:"total"`
	Bytes    int           `json:"bytes"`
	// P50 and P99 are from publishing to the answer.
	P50 time.Duration `json:"p50"`
	P99 time.Duration `json:"p99"`
}

func (r result) perSecond() float64 { return float64(r.Messages) / r.Elapsed.Seconds() }

// serveLoad does orders until the input ends.
func serveLoad(ctx context.Context, input io.Reader, output io.Writer) error {
	codec, err := protocol.NewCodec()
	if err != nil {
		return err
	}
	load := &load{codec: codec}
	orders, answers := json.NewDecoder(input), json.NewEncoder(output)
	for {
		var next order
		if err := orders.Decode(&next); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("load: %w", err)
		}
		answer, err := load.do(ctx, next)
		if err != nil {
			answer.Error = err.Error()
		}
		if err := answers.Encode(answer); err != nil {
			return fmt.Errorf("load: %w", err)
		}
	}
}

// load is the simulated boxes.
type load struct {
	codec *protocol.Codec
	acks  bool
	boxes []*box
}

// box is one simulated box.
type box struct {
	id      string
	topic   string
	wire    *wire
	through int64
	batches [][]byte
	took    []time.Duration
}

func (l *load) do(ctx context.Context, next order) (result, error) {
	switch {
	case next.Connect != nil:
		return result{}, l.connect(ctx, next.Connect)
	case next.Run != nil:
		return l.run(next.Run)
	}
	return result{}, errors.New("load: empty order")
}

// connecting is how many boxes connect at a time.
const connecting = 32

func (l *load) connect(ctx context.Context, order *connectOrder) error {
	l.acks = order.Acks
	l.boxes = make([]*box, len(order.Boxes))
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(order.Root)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(connecting)
	for i, member := range order.Boxes {
		group.Go(func() error {
			conn, err := dial(ctx, order, roots, member)
			if err != nil {
				return fmt.Errorf("box %s: %w", member.ID, err)
			}
			l.boxes[i] = &box{id: member.ID, topic: protocol.Topic(member.ID, protocol.Events), wire: newWire(conn)}
			return l.boxes[i].enter(order.Acks)
		})
	}
	return group.Wait()
}

func dial(ctx context.Context, order *connectOrder, roots *x509.CertPool, member Member) (net.Conn, error) {
	if len(order.Root) == 0 {
		return (&net.Dialer{}).DialContext(ctx, "tcp", order.Address)
	}
	certificate, err := tls.X509KeyPair(member.Certificate, member.Key)
	if err != nil {
		return nil, err
	}
	dialer := tls.Dialer{Config: &tls.Config{
		MinVersion: tls.VersionTLS13, RootCAs: roots, ServerName: "localhost", Certificates: []tls.Certificate{certificate},
	}}
	return dialer.DialContext(ctx, "tcp", order.Address)
}

// enter opens the session; with acks it waits for the first, which says
// through which record the hub holds the box.
func (b *box) enter(acks bool) error {
	if err := errors.Join(b.wire.patient(), b.wire.connect(b.id)); err != nil {
		return err
	}
	if !acks {
		return nil
	}
	if err := b.wire.subscribe(protocol.Topic(b.id, protocol.Acks)); err != nil {
		return err
	}
	through, err := b.ack()
	b.through = through
	return errors.Join(err, b.wire.conn.SetDeadline(time.Time{}))
}

// ack waits for the hub's next ack.
func (b *box) ack() (int64, error) {
	for {
		packet, err := b.wire.hear()
		if err != nil {
			return 0, err
		}
		if packet.kind != packetPublish {
			continue
		}
		ack, err := protocol.ParseAck(packet.payload)
		if err == nil && (len(ack.Rejects) > 0 || ack.Batch != "") {
			err = fmt.Errorf("the hub refused records: %s", packet.payload)
		}
		return ack.Through, err
	}
}

// prepare packs the messages before the clock runs: that is a box's work, not
// the hub's.
func (l *load) prepare(order *runOrder) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for number, b := range l.boxes {
		group.Go(func() error {
			shopper := newShopper(number, b.through)
			b.batches = make([][]byte, order.Messages)
			b.took = make([]time.Duration, 0, order.Messages)
			for i := range b.batches {
				var err error
				first := b.through + 1 + int64(i)*int64(order.Batch)
				if b.batches[i], err = pack(l.codec, b.id, shopper, first, order.Batch); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	runtime.GC()
	return err
}

// window is the stretch of time that counts.
type window struct {
	batch    int64
	acks     bool
	answered atomic.Int64
	end      atomic.Bool
	// dry is closed when a box has no message left: from then on the load is
	// less than it should be.
	dry  chan struct{}
	once sync.Once
}

func (l *load) run(order *runOrder) (result, error) {
	if err := l.prepare(order); err != nil {
		return result{}, err
	}
	w := &window{batch: int64(order.Batch), acks: l.acks, dry: make(chan struct{})}
	var group errgroup.Group
	for _, b := range l.boxes {
		group.Go(func() error { return b.work(w) })
	}
	outcome := result{Bytes: l.weight()}
	w.wait(order.Warm)
	began, before := time.Now(), w.answered.Load()
	w.wait(order.Measure)
	outcome.Messages, outcome.Elapsed = w.answered.Load()-before, time.Since(began)
	w.end.Store(true)
	err := group.Wait()
	outcome.Total = w.answered.Load()
	var took []time.Duration
	for _, b := range l.boxes {
		took = append(took, b.took...)
		b.batches, b.took = nil, nil
	}
	spread := spreadOf(took)
	outcome.P50, outcome.P99 = spread.p50, spread.p99
	return outcome, err
}

// weight is the size of a usual message.
func (l *load) weight() int {
	total, count := 0, 0
	for _, b := range l.boxes {
		for _, batch := range b.batches {
			total, count = total+len(batch), count+1
		}
	}
	return total / max(1, count)
}

func (w *window) wait(span time.Duration) {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.dry:
	}
}

// work publishes one message after the other, each when the one before was
// answered. A broker that does not look into messages gets them again.
func (b *box) work(w *window) error {
	if err := b.wire.patient(); err != nil {
		return err
	}
	for i := 0; !w.end.Load(); i++ {
		if i == len(b.batches) && w.acks {
			w.once.Do(func() { close(w.dry) })
			return nil
		}
		batch := b.batches[i%len(b.batches)]
		began := time.Now()
		if err := b.wire.publish(b.topic, batch); err != nil {
			return fmt.Errorf("box %s: %w", b.id, err)
		}
		if err := b.answer(w); err != nil {
			return fmt.Errorf("box %s: %w", b.id, err)
		}
		b.took = append(b.took, time.Since(began))
		w.answered.Add(1)
	}
	return nil
}

// answer waits until the message counts as taken: durable at the hub, or
// acknowledged by a broker that stores nothing.
func (b *box) answer(w *window) error {
	if !w.acks {
		_, err := b.wire.expect(packetPuback)
		return err
	}
	want := b.through + w.batch
	for b.through < want {
		through, err := b.ack()
		if err != nil {
			return err
		}
		b.through = through
	}
	return nil
}
