package protocol_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"shopbox/protocol"
	"shopbox/protocol/money"
)

var update = flag.Bool("update", false, "write the goldens anew; never after a release")

func person() protocol.Person {
	return protocol.Person{ID: "0193a5c8-0000-7000-8000-000000000001", Name: "민지"}
}

func saleOf() protocol.Sale {
	cost := money.Won(1800)
	return protocol.Sale{
		Number: "20261123-0001", Day: "2026-11-23", At: at(), ClockDoubt: true, By: person(),
		Lines: []protocol.Line{
			{
				ID: "l1", Product: "p1", Name: "아메리카노", Category: "c1", Barcode: "8801043014809", Quantity: 2000,
				Unit: 4500, Discount: 450, Amount: 8550, VAT: money.Taxable, Cost: &cost, Note: "얼음 적게",
			},
			{ID: "l2", Name: "상추", Quantity: 1234, Unit: 9900, Amount: 12_217, VAT: money.Exempt},
		},
		Total: 20_767, Supply: 7773, VAT: 777, Exempt: 12_217,
		Tenders: []protocol.Tender{
			{Kind: protocol.TenderCard, Amount: 10_000, Attempt: "a1", Card: card()},
			{Kind: protocol.TenderCash, Amount: 10_767, Received: 20_000, Change: 9233},
		},
		Note: "7번 손님",
	}
}

func card() *protocol.Card {
	return &protocol.Card{
		Number: "1234-56**-****-7890", Scheme: "신한카드", Acquirer: "신한카드", Approval: "30012345",
		Reference: "0471", Terminal: "12345678",
	}
}

// records is one of each type of the first release, with every field filled.
func records() []protocol.Record {
	cost, settledBy := money.Won(900), person()
	return []protocol.Record{
		&protocol.ShopChanged{
			Name: "달빛 상회", BusinessNumber: "1248100998", Representative: "김달", Address: "서울특별시 마포구",
			Phone: "02-300-1234", Kind: "grocery",
		},
		&protocol.DayOpened{Day: "2026-11-23", At: at(), By: person(), Float: 100_000},
		&protocol.DayClosed{
			Day: "2026-11-23", At: at(), By: person(), Float: 100_000, Sales: 128, Refunds: 2, Total: 2_324_600,
			Taxable: 2_090_000, Exempt: 234_600, VAT: 190_000, Tenders: map[string]money.Won{"card": 1_712_300, "cash": 612_300},
			Expected: 712_300, Counted: 711_300, Difference: -1000, Note: "거스름돈",
			FirstNumber: "20261123-0001", LastNumber: "20261123-0130",
		},
		&protocol.SaleClosed{Sale: saleOf()},
		&protocol.SaleRefunded{Sale: saleOf(), Original: "20261122-0042", Reason: "파손"},
		&protocol.PaymentSettled{
			Attempt: "a1", Purpose: "charge", Amount: 10_000, Outcome: "approved", At: at(), Asked: true,
			SettledBy: &settledBy, Reason: "단말기 목록을 봤어요", Card: card(),
		},
		&protocol.StockMoved{
			Product: "p1", Name: "아메리카노", Quantity: -1500, Reason: "lost", Note: "깨짐", By: person(), At: at(),
		},
		&protocol.ProductChanged{
			Product: "p1", Name: "아메리카노", Category: "c1", Price: 4500, Cost: &cost, VAT: money.Taxable,
			Barcodes: []string{"8801043014809", "plu-7"}, Archived: true,
		},
		&protocol.DeviceState{
			Device: "d1", Kind: "printer", Driver: "escpos", Name: "영수증 프린터", State: "stop", Code: "paper_out", At: at(),
		},
		&protocol.Poison{Type: "shopbox.sale.closed.v1", Data: []byte("\x00\xff not json")},
	}
}

// added are the records and fields that came later, by the name of their
// golden; those of the first release stay as they were.
func added() map[string]protocol.Record {
	settledBy, paid := person(), saleOf()
	paid.Tenders[0].Card.Instalments = 3
	return map[string]protocol.Record{
		protocol.TypeCashReceipt: &protocol.CashReceiptSettled{
			Attempt: "a2", Sale: "20261123-0001", Act: "cancel", Original: "a1", Purpose: "income_deduction",
			Holder: "010-****-5678", Amount: 10_767, VAT: 403, TaxFree: 6334, Outcome: "approved", Approval: "123456789",
			Terminal: "12345678", At: at(), Asked: true, SettledBy: &settledBy, Reason: "단말기 목록을 봤어요",
		},
		protocol.TypeSaleClosed + ".instalments": &protocol.SaleClosed{Sale: paid},
	}
}

func TestGoldensOfEveryRecord(t *testing.T) {
	t.Parallel()
	goldens := added()
	for _, record := range records() {
		goldens[record.RecordType()] = record
	}
	for name, record := range goldens {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event, err := protocol.NewEvent(box, sequenceOf(name), at(), record)
			if err != nil {
				t.Fatal(err)
			}
			written, err := json.MarshalIndent(event, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden := golden(t, name+".json", append(written, '\n'))
			if !bytes.Equal(golden, append(written, '\n')) {
				t.Errorf("a record is written otherwise than in the golden:\n%s", written)
			}
			checkReads(t, golden, record)
		})
	}
}

// sequenceOf is the number of a golden's event: the place in the first release,
// 100 for all that came later.
func sequenceOf(name string) protocol.Sequence {
	for i, record := range records() {
		if record.RecordType() == name {
			return protocol.Sequence(i + 1)
		}
	}
	return 100
}

// checkReads checks that a golden is still read as the record it was.
func checkReads(t *testing.T, golden []byte, want protocol.Record) {
	t.Helper()
	var event protocol.Event
	if err := json.Unmarshal(golden, &event); err != nil {
		t.Fatal(err)
	}
	if err := event.Check(box); err != nil {
		t.Error(err)
	}
	got := fresh(t, want)
	if err := event.Decode(got); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	first, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, first) {
		t.Errorf("read as\n%s\nwant\n%s", again, first)
	}
}

// fresh is an empty record of the same type.
func fresh(t *testing.T, record protocol.Record) protocol.Record {
	t.Helper()
	made, ok := reflect.TypeAssert[protocol.Record](reflect.New(reflect.TypeOf(record).Elem()))
	if !ok {
		t.Fatalf("%T is no record", record)
	}
	return made
}

func TestGoldensFillEveryField(t *testing.T) {
	t.Parallel()
	for _, record := range append(records(), added()[protocol.TypeCashReceipt]) {
		value := reflect.ValueOf(record).Elem()
		for i := range value.NumField() {
			if value.Field(i).IsZero() {
				t.Errorf("%s leaves %s empty", record.RecordType(), value.Type().Field(i).Name)
			}
		}
	}
}

func TestGoldenBatch(t *testing.T) {
	t.Parallel()
	batch := make([]protocol.Event, 0, len(records()))
	for i, record := range records() {
		event, err := protocol.NewEvent(box, protocol.Sequence(i+1), at(), record)
		if err != nil {
			t.Fatal(err)
		}
		batch = append(batch, event)
	}
	packed, err := codec(t).Pack(batch)
	if err != nil {
		t.Fatal(err)
	}
	// The frame may be packed better one day; it must only be read as it was.
	items, err := codec(t).Unpack(golden(t, "batch.zst", packed))
	if err != nil || len(items) != len(batch) {
		t.Fatalf("%d items, %v", len(items), err)
	}
	for i, item := range items {
		want, err := json.Marshal(batch[i])
		if err != nil {
			t.Fatal(err)
		}
		if item.Err != nil || item.Event.Check(box) != nil || !bytes.Equal(item.Raw, want) {
			t.Errorf("item %d is %s, %v", i, item.Raw, item.Err)
		}
	}
}

// TestLaterReleases reads what a box two releases ahead may send: fields and
// types nobody knows yet. It is written by hand.
func TestLaterReleases(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "later.json"))
	if err != nil {
		t.Fatal(err)
	}
	items, err := codec(t).Unpack(squeeze(t, text))
	if err != nil || len(items) != 2 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	for _, item := range items {
		if item.Err != nil || item.Event.Check(box) != nil {
			t.Errorf("%s: %v", item.Raw, item.Err)
		}
	}
	var sale protocol.SaleClosed
	if err := items[0].Event.Decode(&sale); err != nil || sale.Total != 4500 || sale.Tenders[0].Kind != "points" {
		t.Errorf("%+v, %v", sale, err)
	}
	if unknown := items[1].Event; unknown.Type != "shopbox.table.opened.v1" || !strings.Contains(string(unknown.Data), "창가") {
		t.Errorf("%+v", unknown)
	}
}

func golden(t *testing.T, name string, written []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, written, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	read, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return read
}
