package store_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

var update = flag.Bool("update", false, "write the goldens anew; after a release only when the old ones are still read")

// filled sets every field of a value to something, so that a field that is
// renamed or lost shows.
func filled[T any]() T {
	var value T
	fill(reflect.ValueOf(&value).Elem())
	return value
}

func fill(value reflect.Value) {
	if at, is := reflect.TypeAssert[*time.Time](value.Addr()); is {
		*at = noon
		return
	}
	if kind, is := reflect.TypeAssert[*money.VAT](value.Addr()); is {
		*kind = money.Exempt
		return
	}
	switch value.Kind() {
	case reflect.String:
		value.SetString("가")
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int64:
		value.SetInt(7)
	case reflect.Uint8:
		value.SetUint(1)
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem())
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		fill(value.Index(0))
	case reflect.Struct:
		for _, field := range value.Fields() {
			fill(field)
		}
	default:
		panic("no value for " + value.Type().String())
	}
}

// TestStoredForm: what is kept as JSON is read by the releases to come. A
// changed golden means that carts, payments or slips written by the release
// before are read wrongly after an update, unless a migration rewrites them.
func TestStoredForm(t *testing.T) {
	b := newBox(t)
	b.setUp(t)
	ctx := t.Context()
	cart, attempt, settings := filled[till.Cart](), filled[till.Attempt](), filled[till.Settings]()
	cart.Blocked, attempt.State, attempt.Ended = false, till.Unknown, time.Time{}
	if err := b.SaveCarts(ctx, till.CartChange{Open: &cart, Attempt: &till.AttemptChange{Attempt: attempt, Event: "asked"}}); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveShop(ctx, filled[catalog.Shop](), settings); err != nil {
		t.Fatal(err)
	}
	product := filled[catalog.Product]()
	if err := b.ChangeCatalog(ctx, catalog.Change{Products: []catalog.Product{product}}, sale.Person{}); err != nil {
		t.Fatal(err)
	}
	slip := drivers.Document{OpenDrawer: true, Blocks: []drivers.Block{
		filled[drivers.Text](), filled[drivers.Columns](), filled[drivers.Rule](), filled[drivers.Feed](), filled[drivers.Barcode](), filled[drivers.QR](),
		filled[drivers.Label](),
	}}
	if _, err := b.Enqueue(ctx, printing.Job{Kind: printing.Receipt, Document: slip}); err != nil {
		t.Fatal(err)
	}

	open, _, err := b.Carts(ctx)
	if err != nil || !sameJSON(t, open, cart) {
		t.Errorf("cart %+v, %v", open, err)
	}
	if read, err := b.Attempt(ctx, attempt.ID); err != nil || !sameJSON(t, read, attempt) {
		t.Errorf("attempt %+v, %v", read, err)
	}
	if _, read, err := b.Shop(ctx); err != nil || !sameJSON(t, read, settings) {
		t.Errorf("settings %+v, %v", read, err)
	}
	b.compareColumns(t, filepath.Join("testdata", "stored.json"), map[string]string{
		"cart":     `SELECT content FROM cart`,
		"person":   `SELECT person FROM cart`,
		"payment":  `SELECT content FROM payment_attempt`,
		"settings": `SELECT settings FROM shop`,
		"prompts":  `SELECT prompts FROM product`,
		"slip":     `SELECT document FROM print_job`,
	})
}

func sameJSON(t *testing.T, a, b any) bool {
	t.Helper()
	one, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	other, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(one, other)
}

// compareColumns compares what lies in the file with a golden.
func (b *box) compareColumns(t *testing.T, golden string, columns map[string]string) {
	t.Helper()
	db, err := sql.Open("sqlite", b.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	stored := make(map[string]json.RawMessage)
	for name, query := range columns {
		var text string
		if err := db.QueryRowContext(t.Context(), query).Scan(&text); err != nil {
			t.Fatal(name, err)
		}
		stored[name] = json.RawMessage(text)
	}
	got, err := json.MarshalIndent(stored, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("stored form changed:\n%s", got)
	}
}
