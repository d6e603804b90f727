package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"shopbox/deploy/rig"
	"shopbox/hub/store"
)

// hubRun is a running hub with its boxes in a process of their own.
type hubRun struct {
	world    *rig.World
	fleet    *fleet
	crowd    *crowd
	database string
}

// hubPlan says which hub to start.
type hubPlan struct {
	programs rig.Programs
	folder   string
	// database is empty for SQLite, or postgres://...
	database string
	boxes    int
	log      io.Writer
}

// startHub enrols the boxes and starts the hub; none is connected yet.
func startHub(ctx context.Context, plan hubPlan) (run *hubRun, err error) {
	world, err := rig.NewWorld(plan.programs, plan.folder, plan.log)
	if err != nil {
		return nil, err
	}
	world.HubDB = plan.database
	authority := filepath.Join(plan.folder, "hub")
	if err := os.MkdirAll(authority, 0o700); err != nil {
		return nil, fmt.Errorf("hub folder: %w", err)
	}
	database := plan.database
	if database == "" {
		database = filepath.Join(authority, "hub.db")
	}
	run = &hubRun{world: world, database: database}
	if run.fleet, err = enrolFleet(ctx, database, authority, plan.boxes); err != nil {
		return nil, err
	}
	if err := world.StartHub(); err != nil {
		return nil, err
	}
	if run.crowd, err = startCrowd(ctx); err != nil {
		return nil, errors.Join(err, world.Stop())
	}
	return run, nil
}

// connect connects all boxes.
func (h *hubRun) connect() error {
	_, err := h.crowd.do(order{Connect: &connectOrder{
		Address: h.world.MQTTAddress, Root: h.fleet.root, Boxes: h.fleet.members, Acks: true,
	}})
	return err
}

// projected waits until the figures hold all that was acknowledged, and tells
// how long that took. It asks the database, not the hub, so that nobody's
// reading makes the hub hurry.
func (h *hubRun) projected(ctx context.Context) (took time.Duration, err error) {
	db, err := store.Open(ctx, h.database)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	began := time.Now()
	for {
		behind, err := db.Overdue(ctx, time.Now().Add(time.Hour))
		if err != nil || len(behind) == 0 {
			return time.Since(began), err
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return 0, err
		}
	}
}

func (h *hubRun) stop() error { return errors.Join(h.crowd.stop(), h.world.Stop()) }

// The runs: enough messages for more than the aims, and a time that counts.
const (
	fleetSize   = 2000
	batchOfMany = 50
	warmUp      = time.Second
	measured    = 5 * time.Second
)

func singleRun() *runOrder {
	return &runOrder{Batch: 1, Messages: 100, Warm: warmUp, Measure: measured}
}

func batchRun() *runOrder {
	return &runOrder{Batch: batchOfMany, Messages: 5, Warm: warmUp / 4, Measure: measured}
}
