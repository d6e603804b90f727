package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"shopbox/deploy/rig"
)

// How often each thing is done.
const (
	starts        = 5
	salesTimed    = 400
	salesOfMemory = 200
	scansTimed    = 400
	// scansOfCart is how many goods are in a cart before it is thrown away.
	scansOfCart = 20
	catalogSize = 50_000
)

// shop is a set-up shop: a real box with simulated devices, and the hub its
// sales go to.
type shop struct {
	world *rig.World
	door  *rig.Client
}

// measureBox measures one box: the start, a cash sale against a bare commit,
// memory, and scanning in a large shop.
func (b *bench) measureBox(ctx context.Context) (err error) {
	b.log.Info("setting up a shop")
	world, err := rig.NewWorld(b.programs, filepath.Join(b.folder, "shop"), b.output)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.Stop()) }()
	if err := world.Start(); err != nil {
		return err
	}
	setUp, err := world.SetUp(ctx)
	if err != nil {
		return err
	}
	s := &shop{world: world, door: setUp.Box}
	for _, part := range []func(context.Context, *shop) error{b.measureStart, b.measureSales, b.measureScans} {
		if err := part(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// measureStart starts the box several times, and weighs it.
func (b *bench) measureStart(_ context.Context, s *shop) error {
	b.log.Info("starting the box", slog.Int("times", starts))
	var took []time.Duration
	for range starts {
		if err := s.world.Box.Stop(); err != nil {
			return err
		}
		began := time.Now()
		if err := s.world.StartBox(); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	resident, err := residentBytes(s.world.Box.Pid())
	if err != nil {
		return err
	}
	slices.Sort(took)
	middle := millis(took[len(took)/2])
	b.report.add(
		row{What: "box, start to ready", Value: middle, Unit: "ms"}.aim("< 1,000 ms", middle < 1000).
			note("middle of %d starts, the longest %s ms", starts, figure(millis(took[len(took)-1]))),
		row{What: "box, memory after the start", Value: megabytes(resident), Unit: "MB"}.aim("< 60 MB", megabytes(resident) < 60),
	)
	for _, program := range []struct{ name, path string }{{"box", b.programs.Box}, {"hub", b.programs.Hub}} {
		info, err := os.Stat(program.path)
		if err != nil {
			return fmt.Errorf("size of the %s: %w", program.name, err)
		}
		b.report.add(row{What: program.name + ", size of the program", Value: megabytes(info.Size()), Unit: "MB"}.note("without symbols"))
	}
	return nil
}

// state is what the bench reads of the counter's snapshot.
type state struct {
	Cart struct {
		ID      string     `json:"id"`
		Version int64      `json:"version"`
		Due     int64      `json:"due"`
		Lines   []struct{} `json:"lines"`
	} `json:"cart"`
	Finished *struct {
		Number string `json:"number"`
	} `json:"finished"`
}

// scan takes one good into the cart.
func (s *shop) scan(ctx context.Context, code string) (now state, err error) {
	err = s.door.Post(ctx, "/api/cart/scan", map[string]any{"code": code}, &now)
	return now, err
}

// pay pays a cart in cash; when it returns the sale is on the disk.
func (s *shop) pay(ctx context.Context, key string, now state) (took time.Duration, err error) {
	body := map[string]any{
		"key": key, "cart": now.Cart.ID, "version": now.Cart.Version, "tender": "cash", "received": now.Cart.Due,
	}
	var after state
	began := time.Now()
	err = s.door.Post(ctx, "/api/cart/pay", body, &after)
	took = time.Since(began)
	if err == nil && after.Finished == nil {
		err = errors.New("the sale did not finish")
	}
	return took, err
}

// measureSales pays carts of one line, each followed by a bare commit of the
// rows such a sale wrote.
func (b *bench) measureSales(ctx context.Context, s *shop) (err error) {
	b.log.Info("selling", slog.Int("sales", salesTimed))
	code := rig.Goods()[0].Barcode()
	sell := func(number int) (time.Duration, error) {
		cart, err := s.scan(ctx, code)
		if err != nil {
			return 0, err
		}
		return s.pay(ctx, fmt.Sprintf("bench-sale-%06d", number), cart)
	}
	// The first sales fill caches on both sides.
	for i := range 20 {
		if _, err := sell(i); err != nil {
			return err
		}
	}
	bare, err := copyBooks(ctx, filepath.Join(s.world.BoxFolder(), boxDatabase), filepath.Join(b.folder, "bare.db"),
		func() error { _, err := sell(20); return err })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	var sales, commits []time.Duration
	for i := range salesTimed {
		sold, err := sell(100 + i)
		if err != nil {
			return err
		}
		committed, err := bare.commit(ctx)
		if err != nil {
			return err
		}
		sales, commits = append(sales, sold), append(commits, committed)
		if i == salesOfMemory {
			if err := b.weigh(s, "box, memory after 200 sales"); err != nil {
				return err
			}
		}
	}
	b.reportSales(spreadOf(sales), spreadOf(commits), bare.count())
	return nil
}

func (b *bench) reportSales(sales, commits spread, rows int) {
	line := row{What: "cash sale, request to durable, p50", Value: millis(sales.p50), Unit: "ms"}.
		against("bare SQLite commit", millis(commits.p50))
	b.report.add(
		line.aim("<= 2x", line.Ratio <= 2).note("%d sales of one line over HTTP; bare: the same %d rows, WAL, synchronous=FULL", sales.count, rows),
		row{What: "cash sale, request to durable, p99", Value: millis(sales.p99), Unit: "ms"}.
			against("bare SQLite commit", millis(commits.p99)),
	)
}

func (b *bench) weigh(s *shop, what string) error {
	resident, err := residentBytes(s.world.Box.Pid())
	if err != nil {
		return err
	}
	b.report.add(row{What: what, Value: megabytes(resident), Unit: "MB"}.aim("< 60 MB", megabytes(resident) < 60))
	return nil
}

// measureScans fills the shop with goods and scans.
func (b *bench) measureScans(ctx context.Context, s *shop) error {
	b.log.Info("importing", slog.Int("goods", catalogSize))
	codes, list := manyGoods(catalogSize)
	if err := s.load(ctx, list); err != nil {
		return err
	}
	b.log.Info("scanning", slog.Int("scans", scansTimed))
	var took []time.Duration
	for i := range scansTimed {
		if i%scansOfCart == 0 {
			if err := s.door.Call(ctx, http.MethodDelete, "/api/cart", nil, nil); err != nil {
				return err
			}
		}
		// A stride that shares no factor with the size visits all over the list.
		code := codes[i*7919%len(codes)]
		began := time.Now()
		now, err := s.scan(ctx, code)
		took = append(took, time.Since(began))
		if err == nil && len(now.Cart.Lines) != i%scansOfCart+1 {
			err = fmt.Errorf("%s is not in the cart", code)
		}
		if err != nil {
			return fmt.Errorf("scan %d: %w", i, err)
		}
	}
	scans := spreadOf(took)
	b.report.add(
		row{What: "scan to cart, 50,000 goods, p50", Value: millis(scans.p50), Unit: "ms"}.note("%d scans over HTTP, the cart durable", scans.count),
		row{What: "scan to cart, 50,000 goods, p99", Value: millis(scans.p99), Unit: "ms"},
	)
	return b.weigh(s, "box, memory with 50,000 goods")
}

func (s *shop) load(ctx context.Context, list []byte) error {
	var preview struct {
		Token string `json:"token"`
		Bad   int    `json:"bad"`
	}
	if err := s.door.Upload(ctx, "/api/products/import/preview", "goods.csv", list, &preview); err != nil {
		return err
	}
	if preview.Bad > 0 {
		return fmt.Errorf("%d goods were refused", preview.Bad)
	}
	return s.door.Post(ctx, "/api/products/import/"+preview.Token, nil, nil)
}

// manyGoods is a list of goods to import, and their barcodes.
func manyGoods(count int) (codes []string, list []byte) {
	var text strings.Builder
	text.WriteString("상품명,바코드,판매가,매입가,분류,과세구분\n")
	for i := range count {
		code := rig.Good{Digits: fmt.Sprintf("8802%08d", i)}.Barcode()
		codes = append(codes, code)
		fmt.Fprintf(&text, "시험 상품 %d호,%s,%d,%d,분류 %d,과세\n", i, code, 1000+i%900*10, 600+i%900*6, i%40)
	}
	return codes, []byte(text.String())
}
