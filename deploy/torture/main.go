// Command torture kills the real box and the real hub with SIGKILL at random
// moments while a cashier sells, and afterwards compares every book there is:
// the cashier's memory, the box's database, the journal, the stock, the paper
// that came out of the printer, the card terminal's own list, and the hub.
//
//	go run ./deploy/torture -kills 1000
//
// It ends with "N passed, N failed", one for each kind of comparison, and
// keeps the data folder when something does not agree.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"shopbox/deploy/rig"
)

func main() {
	kills := flag.Int("kills", 200, "how often to kill")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of the random choices")
	keep := flag.Bool("keep", false, "keep the data folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(ctx, log, plan{kills: *kills, seed: *seed, keep: *keep}); err != nil {
		log.Error("torture", slog.Any("error", err))
		os.Exit(1)
	}
}

// plan is what to do.
type plan struct {
	kills int
	seed  uint64
	keep  bool
}

func run(ctx context.Context, log *slog.Logger, plan plan) error {
	folder, err := os.MkdirTemp("", "shopbox-torture-")
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	log.Info("start", slog.Int("kills", plan.kills), slog.Uint64("seed", plan.seed), slog.String("folder", folder))
	world, shop, err := begin(ctx, folder)
	if err != nil {
		return err
	}
	defer func() { _ = world.Stop() }()
	torment, err := newTorment(ctx, log, plan, world, shop)
	if err != nil {
		return err
	}
	if err := torment.kill(ctx); err != nil {
		return err
	}
	verdict, err := torment.judge(ctx)
	if err != nil {
		return err
	}
	verdict.print(os.Stdout)
	if verdict.failed() > 0 {
		return fmt.Errorf("%d comparisons failed; the data is in %s", verdict.failed(), folder)
	}
	if plan.keep {
		return nil
	}
	return os.RemoveAll(folder)
}

func begin(ctx context.Context, folder string) (*rig.World, *rig.Shop, error) {
	root, err := rig.Root()
	if err != nil {
		return nil, nil, err
	}
	programs, err := rig.Build(ctx, root, filepath.Join(root, ".build", "torture"))
	if err != nil {
		return nil, nil, err
	}
	logs, err := os.Create(filepath.Join(folder, "programs.log"))
	if err != nil {
		return nil, nil, fmt.Errorf("programs' log: %w", err)
	}
	world, err := rig.NewWorld(programs, folder, logs)
	if err != nil {
		return nil, nil, err
	}
	if err := world.Start(); err != nil {
		_ = world.Stop()
		return nil, nil, err
	}
	shop, err := world.SetUp(ctx)
	if err != nil {
		_ = world.Stop()
		return nil, nil, err
	}
	return world, shop, nil
}

// torment is the run: the world, the cashier, and the dice.
type torment struct {
	log     *slog.Logger
	plan    plan
	world   *rig.World
	shop    *rig.Shop
	cashier *cashier
	opening map[string]int64
	random  *rand.Rand
	boxes   int
	hubs    int
}

func newTorment(ctx context.Context, log *slog.Logger, plan plan, world *rig.World, shop *rig.Shop) (*torment, error) {
	byName, err := rig.Products(ctx, shop.Box)
	if err != nil {
		return nil, err
	}
	t := &torment{
		log: log, plan: plan, world: world, shop: shop, opening: make(map[string]int64),
		random: rand.New(rand.NewPCG(plan.seed, 1)),
	}
	t.cashier = &cashier{box: shop.Box, random: rand.New(rand.NewPCG(plan.seed, 2))}
	for _, good := range rig.Goods() {
		product := byName[good.Name]
		t.opening[product.ID] = product.Stock
		t.cashier.products = append(t.cashier.products, product)
	}
	return t, nil
}

// kill sells and kills, turn by turn.
func (t *torment) kill(ctx context.Context) error {
	for done := range t.plan.kills {
		if err := t.turn(ctx); err != nil {
			return fmt.Errorf("kill %d (seed %d): %w", done+1, t.plan.seed, err)
		}
		if (done+1)%100 == 0 {
			t.log.Info("killed", slog.Int("times", done+1), slog.Int("calls", t.cashier.calls), slog.Int("acts", len(t.cashier.acts)))
		}
	}
	return nil
}

// turn lets the cashier work for a moment and kills the box, the hub or both
// in the middle of it; then starts again what is dead.
func (t *torment) turn(ctx context.Context) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- t.cashier.work(working) }()
	if err := pause(ctx, time.Duration(t.random.IntN(400))*time.Millisecond); err != nil {
		return err
	}
	dice := t.random.IntN(10)
	killBox, killHub := dice < 8, dice >= 6
	if killHub {
		t.hubs++
		if err := t.world.Hub.Kill(); err != nil {
			return err
		}
	}
	if killBox {
		t.boxes++
		if err := t.world.Box.Kill(); err != nil {
			return err
		}
	}
	stop()
	if err := <-ended; err != nil {
		return err
	}
	if killHub {
		if err := t.world.StartHub(); err != nil {
			return err
		}
	}
	if killBox {
		return t.world.StartBox()
	}
	return nil
}
