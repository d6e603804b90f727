package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"shopbox/hub/store/storetest"
)

// measure runs the parts that are wanted. The hub for idle boxes starts first
// and rests while others are measured, because its memory tells the truth
// only after the runtime has tidied up, which takes it two minutes.
func (b *bench) measure(ctx context.Context, parts []string) (err error) {
	wanted := func(part string) bool { return slices.Contains(parts, part) }
	if wanted("engines") {
		if err := b.measureEngines(); err != nil {
			return err
		}
	}
	if !programsWanted(parts) {
		return nil
	}
	sqlite, err := startHub(ctx, b.plan("sqlite", ""))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sqlite.stop()) }()
	rest := &rest{run: sqlite, since: time.Now(), wanted: wanted("idle")}
	if wanted("box") {
		if err := b.measureBox(ctx); err != nil {
			return err
		}
	}
	if err := rest.connect(ctx, b.log); err != nil {
		return err
	}
	var rivals rivals
	if wanted("hub") {
		if rivals, err = b.measureRivals(ctx); err != nil {
			return err
		}
		if err := b.measurePostgres(ctx, rivals); err != nil {
			return err
		}
	}
	if err := rest.finish(ctx, b); err != nil {
		return err
	}
	if wanted("hub") {
		return b.measureIngest(ctx, "SQLite", sqlite, rivals)
	}
	return nil
}

func (b *bench) plan(name, database string) hubPlan {
	return hubPlan{programs: b.programs, folder: filepath.Join(b.folder, name), database: database, boxes: fleetSize, log: b.output}
}

// rest is the hub that is left alone to see what idle boxes cost.
type rest struct {
	run    *hubRun
	since  time.Time
	before int64
	wanted bool
}

// settling is how long a hub is left alone: the Go runtime collects garbage at
// least every two minutes and gives memory back a little later.
const settling = 2*time.Minute + 10*time.Second

func (r *rest) settle(ctx context.Context, log *slog.Logger) (int64, error) {
	if left := settling - time.Since(r.since); left > 0 {
		log.Info("waiting until the hub's memory has settled", slog.Duration("left", left.Round(time.Second)))
		if err := pause(ctx, left); err != nil {
			return 0, err
		}
	}
	return residentBytes(r.run.world.Hub.Pid())
}

func (r *rest) connect(ctx context.Context, log *slog.Logger) (err error) {
	if r.wanted {
		if r.before, err = r.settle(ctx, log); err != nil {
			return err
		}
	}
	log.Info("connecting boxes", slog.Int("boxes", fleetSize))
	err = r.run.connect()
	r.since = time.Now()
	return err
}

func (r *rest) finish(ctx context.Context, b *bench) error {
	if !r.wanted {
		return nil
	}
	after, err := r.settle(ctx, b.log)
	if err != nil {
		return err
	}
	each := float64(after-r.before) / fleetSize / 1000
	b.report.add(row{What: "memory of a connected idle box, mutual TLS", Value: each, Unit: "KB"}.
		aim("<= 20 KB", each <= 20).
		note("hub %.1f MB, then %.1f MB with %d boxes", megabytes(r.before), megabytes(after), fleetSize))
	return nil
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }

// rivals is what Mosquitto does with the same messages from the same clients.
type rivals struct {
	single, batches, plain rival
}

func (b *bench) measureRivals(ctx context.Context) (found rivals, err error) {
	folder := filepath.Join(b.folder, "mosquitto")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return found, fmt.Errorf("mosquitto folder: %w", err)
	}
	fleet, err := enrolFleet(ctx, filepath.Join(folder, "boxes.db"), folder, fleetSize)
	if err != nil {
		return found, err
	}
	b.log.Info("mosquitto")
	broker, err := startMosquitto(ctx, folder, folder)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, broker.stop()) }()
	secure := &connectOrder{Address: broker.tls, Root: fleet.root, Boxes: fleet.members}
	plain := &connectOrder{Address: broker.plain, Boxes: fleet.members}
	single, batches := singleRun(), batchRun()
	single.Messages, batches.Messages = 8, 2 // sent again and again
	if found.single, err = broker.publish(ctx, secure, single); err != nil {
		return found, err
	}
	if found.batches, err = broker.publish(ctx, secure, batches); err != nil {
		return found, err
	}
	found.plain, err = broker.publish(ctx, plain, single)
	b.report.add(row{What: "Mosquitto, QoS 1 without TLS (for comparison)", Value: found.plain.perSecond(), Unit: "msg/s"}.
		note("messages of %d bytes, %d clients", found.plain.Bytes, fleetSize))
	return found, err
}

func (b *bench) measurePostgres(ctx context.Context, rivals rivals) (err error) {
	cluster, err := storetest.StartPostgres() //nolint:contextcheck // it ends by Stop
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	database, err := cluster.CreateDatabase(ctx, "bench")
	if err != nil {
		return err
	}
	hub, err := startHub(ctx, b.plan("postgres", database))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hub.stop()) }()
	if err := hub.connect(); err != nil {
		return err
	}
	return b.measureIngest(ctx, "PostgreSQL", hub, rivals)
}

// measureIngest measures what a hub takes in, durable and each record once,
// from publishing to the hub's ack. The lists and sums may follow behind: how
// long is told, and the processor time has it in.
func (b *bench) measureIngest(ctx context.Context, engine string, hub *hubRun, rivals rivals) error {
	b.log.Info("ingest", slog.String("engine", engine))
	for _, part := range []struct {
		what  string
		order *runOrder
		rival rival
		aim   float64
	}{
		{"one sale a message", singleRun(), rivals.single, 35_000},
		{"batches of 50", batchRun(), rivals.batches, 100_000},
	} {
		var behind time.Duration
		outcome, cost, err := hub.crowd.measure(hub.world.Hub.Pid(), part.order, func() (err error) {
			behind, err = hub.projected(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("ingest on %s, %s: %w", engine, part.what, err)
		}
		sales := outcome.perSecond() * float64(part.order.Batch)
		b.report.add(row{What: "hub on " + engine + ", " + part.what, Value: outcome.perSecond(), Unit: "msg/s"}.
			against("Mosquitto", part.rival.perSecond()).
			aim(">= "+figure(part.aim)+" sales/s", sales >= part.aim).
			note("%s sales/s, all in the figures %s s after the last ack, %d bytes a message, ack p50 %s p99 %s ms, processor %s a message (Mosquitto %s)",
				figure(sales), figure(behind.Seconds()), outcome.Bytes, figure(millis(outcome.P50)), figure(millis(outcome.P99)), cost.Round(time.Microsecond), part.rival.cost.Round(time.Microsecond)))
	}
	return nil
}
