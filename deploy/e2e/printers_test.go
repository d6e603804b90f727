package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"shopbox/deploy/rig"
)

// paperOf is what came out of a simulated printer.
type paperOf struct {
	Pulses int `json:"pulses"`
	Slips  []struct {
		Cut  bool   `json:"cut"`
		Text string `json:"text"`
	} `json:"slips"`
}

func paper(ctx context.Context, printer *rig.Process) (paperOf, error) {
	var out paperOf
	control, err := rig.Control(printer)
	if err != nil {
		return out, err
	}
	return out, control.Get(ctx, "/state", &out)
}

// count is how many whole slips have all of the words.
func (p paperOf) count(words ...string) int {
	count := 0
	for _, slip := range p.Slips {
		has := slip.Cut
		for _, word := range words {
			has = has && strings.Contains(slip.Text, word)
		}
		if has {
			count++
		}
	}
	return count
}

// comesOut waits for a slip with all of the words.
func comesOut(t *testing.T, printer *rig.Process, words ...string) {
	t.Helper()
	eventually(t, 30*time.Second, fmt.Sprintf("a slip with %q", words), func(ctx context.Context) (bool, error) {
		out, err := paper(ctx, printer)
		return err == nil && out.count(words...) > 0, err
	})
}

type device struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	State      string `json:"state"`
	Code       string `json:"code"`
	Waiting    int    `json:"waiting"`
	LostOrders int    `json:"lost_orders"`
}

type counterScreen struct {
	Cart struct {
		ID      string `json:"id"`
		Version int64  `json:"version"`
	} `json:"cart"`
	Devices []device `json:"devices"`
	Notice  struct {
		Code    string `json:"code"`
		Subject string `json:"subject"`
	} `json:"notice"`
}

func (c counterScreen) device(name string) device {
	for _, each := range c.Devices {
		if strings.HasPrefix(each.Name, name) {
			return each
		}
	}
	return device{}
}

func shown(t *testing.T, box *rig.Client) counterScreen {
	t.Helper()
	var state counterScreen
	if err := box.Get(t.Context(), "/api/state", &state); err != nil {
		t.Fatal(err)
	}
	return state
}

// deviceIs waits until a device has a code, "" for a device that is well.
func deviceIs(t *testing.T, box *rig.Client, name, code string) {
	t.Helper()
	eventually(t, 15*time.Second, name+" is "+code, func(ctx context.Context) (bool, error) {
		var state counterScreen
		err := box.Get(ctx, "/api/state", &state)
		found := state.device(name)
		return err == nil && found.Code == code && (code != "" || found.State == "ok"), err
	})
}

// buy sells one good for cash and returns the number of the sale.
func buy(t *testing.T, box *rig.Client, good rig.Good) string {
	t.Helper()
	var state counterScreen
	if err := box.Post(t.Context(), "/api/cart/scan", map[string]any{"code": good.Barcode()}, &state); err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Finished struct {
			Number string `json:"number"`
		} `json:"finished"`
	}
	pay := map[string]any{
		"key": "k-" + state.Cart.ID, "cart": state.Cart.ID, "version": state.Cart.Version, "tender": "cash",
	}
	if err := box.Post(t.Context(), "/api/cart/pay", pay, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Finished.Number == "" {
		t.Fatal("the sale has no number")
	}
	return answer.Finished.Number
}

func put(t *testing.T, box *rig.Client, path string, body, into any) {
	t.Helper()
	if err := box.Call(t.Context(), http.MethodPut, path, body, into); err != nil {
		t.Fatal(err)
	}
}

func fault(t *testing.T, sim *rig.Process, name string, on bool) {
	t.Helper()
	if err := rig.Fault(t.Context(), sim, name, on); err != nil {
		t.Fatal(err)
	}
}

const (
	receiptPrinter = "영수증 프린터"
	kitchenName    = "주방 프린터"
)

// kitchen adds a printer in the kitchen, which the receipt printer stands in
// for, and sends it the orders of a good's category.
func kitchen(t *testing.T, world *rig.World, box *rig.Client, good rig.Good) *rig.Process {
	t.Helper()
	printer, err := rig.Start(rig.Command{
		Path: world.Programs.Sim, Args: []string{"printer", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"}, Log: world.Log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := printer.Stop(); err != nil {
			t.Error(err)
		}
	})
	var adopted device
	request := map[string]any{
		"driver": "escpos", "name": kitchenName, "settings": map[string]string{"addr": printer.Ready["addr"], "model": "epson-tm-m30"},
	}
	if err := box.Post(t.Context(), "/api/devices", request, &adopted); err != nil {
		t.Fatal(err)
	}
	backup := shown(t, box).device(receiptPrinter).ID
	put(t, box, "/api/devices/"+adopted.ID+"/duty", map[string]any{"role": "kitchen", "backup": backup, "drawer": ""}, nil)
	var categories []map[string]any
	if err := box.Get(t.Context(), "/api/categories", &categories); err != nil {
		t.Fatal(err)
	}
	for _, category := range categories {
		if category["name"] == good.Category {
			category["printer"] = adopted.ID
			put(t, box, fmt.Sprintf("/api/categories/%s", category["id"]), category, nil)
		}
	}
	deviceIs(t, box, kitchenName, "")
	return printer
}

// TestKitchenBackup: orders come out in the kitchen; while its printer is
// stopped the receipt printer prints them; what was torn is known as lost and
// comes again as a copy.
func TestKitchenBackup(t *testing.T) {
	world, shop := start(t)
	box, good := shop.Box, rig.Goods()[0]
	printer := kitchen(t, world, box, good)
	first := buy(t, box, good)
	comesOut(t, printer, "주문서", good.Name, first)
	comesOut(t, world.Printer, "영수증", first)

	fault(t, printer, "cover_open", true)
	deviceIs(t, box, kitchenName, "cover_open")
	second := buy(t, box, good)
	comesOut(t, world.Printer, "주문서", good.Name, second)
	fault(t, printer, "cover_open", false)
	deviceIs(t, box, kitchenName, "")

	fault(t, printer, "power_loss", true)
	third := buy(t, box, good)
	eventually(t, 15*time.Second, "the order is known as lost", func(ctx context.Context) (bool, error) {
		var state counterScreen
		err := box.Get(ctx, "/api/state", &state)
		return err == nil && state.device(kitchenName).LostOrders == 1, err
	})
	fault(t, printer, "power_loss", false)
	fourth := buy(t, box, good)
	comesOut(t, printer, "주문서", fourth)
	again(t, box, "kitchen", third)
	comesOut(t, printer, "재출력", third)
	if lost := shown(t, box).device(kitchenName).LostOrders; lost != 0 {
		t.Errorf("%d orders are still lost", lost)
	}

	inKitchen, atCounter := paperNow(t, printer), paperNow(t, world.Printer)
	for number, want := range map[string]int{first: 1, second: 0, third: 1, fourth: 1} {
		if got := inKitchen.count("주문서", number); got != want {
			t.Errorf("order %s came out %d times in the kitchen, want %d", number, got, want)
		}
		if got := atCounter.count("영수증", number); got != 1 {
			t.Errorf("receipt %s came out %d times", number, got)
		}
	}
	if got := atCounter.count("주문서"); got != 1 {
		t.Errorf("%d orders came out at the counter", got)
	}
}

func paperNow(t *testing.T, printer *rig.Process) paperOf {
	t.Helper()
	out, err := paper(t.Context(), printer)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

type printJob struct {
	ID      int64  `json:"id"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Copy    bool   `json:"copy"`
	State   string `json:"state"`
}

func printJobs(ctx context.Context, box *rig.Client) ([]printJob, error) {
	var jobs []printJob
	return jobs, box.Get(ctx, "/api/print-jobs?limit=200", &jobs)
}

// again asks for a slip that may not be on paper.
func again(t *testing.T, box *rig.Client, kind, number string) {
	t.Helper()
	jobs, err := printJobs(t.Context(), box)
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if job.Kind == kind && job.Subject == number && job.State == "unknown" {
			if err := box.Post(t.Context(), fmt.Sprintf("/api/print-jobs/%d/again", job.ID), nil, nil); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("no unknown %s of %s among %+v", kind, number, jobs)
}

// TestPrintQueueOverPowerCut: the box dies while one slip is printing and
// others wait. Afterwards each came out once without the word copy, and the one
// that was printing is known as unknown.
func TestPrintQueueOverPowerCut(t *testing.T) {
	world, shop := start(t)
	box, goods := shop.Box, rig.Goods()
	fault(t, world.Printer, "slow", true)
	numbers := make([]string, 5)
	for i := range numbers {
		numbers[i] = buy(t, box, goods[i])
	}
	eventually(t, 20*time.Second, "one slip is printing and others wait", func(ctx context.Context) (bool, error) {
		jobs, err := printJobs(ctx, box)
		return err == nil && states(jobs)["printing"] == 1 && states(jobs)["queued"] >= 2, err
	})
	if err := world.KillPart("box"); err != nil {
		t.Fatal(err)
	}
	fault(t, world.Printer, "slow", false)
	if err := world.StartPart("box"); err != nil {
		t.Fatal(err)
	}
	eventually(t, 30*time.Second, "the queue is empty", func(ctx context.Context) (bool, error) {
		jobs, err := printJobs(ctx, box)
		found := states(jobs)
		return err == nil && found["unknown"] == 1 && found["printed"] == len(numbers)-1, err
	})
	out := paperNow(t, world.Printer)
	for _, number := range numbers {
		if got := out.count(number); got != 1 {
			t.Errorf("receipt %s came out %d times", number, got)
		}
	}
	if out.count("재출력") != 0 {
		t.Error("a copy came out that nobody asked for")
	}
	jobs, err := printJobs(t.Context(), box)
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if job.State == "unknown" {
			again(t, box, "receipt", job.Subject)
			comesOut(t, world.Printer, "재출력", job.Subject)
		}
	}
}

func states(jobs []printJob) map[string]int {
	found := make(map[string]int)
	for _, job := range jobs {
		found[job.State]++
	}
	return found
}

// TestDrawerAlarm: a drawer opened with its key is told at the counter, written
// down and sent to the hub; one that a sale opens is not.
func TestDrawerAlarm(t *testing.T) {
	world, shop := start(t)
	box := shop.Box
	printer := shown(t, box).device(receiptPrinter)
	var pin struct {
		High bool `json:"high"`
	}
	path := "/api/devices/" + printer.ID
	if err := box.Get(t.Context(), path+"/drawer", &pin); err != nil || pin.High {
		t.Fatalf("the closed drawer: %+v, %v", pin, err)
	}
	put(t, box, path+"/duty", map[string]any{"role": "receipt", "backup": "", "drawer": "high"}, nil)
	deviceIs(t, box, receiptPrinter, "")

	fault(t, world.Printer, "drawer_open", true)
	deviceIs(t, box, receiptPrinter, "drawer_unasked")
	state := shown(t, box)
	if state.Notice.Code != "drawer_unasked" || !strings.HasPrefix(state.Notice.Subject, receiptPrinter) {
		t.Errorf("the counter says %+v", state.Notice)
	}
	if alarms := drawerAlarms(t, box); alarms != 1 {
		t.Errorf("written down %d times", alarms)
	}
	eventually(t, 20*time.Second, "the hub knows", func(ctx context.Context) (bool, error) {
		code, err := codeOnHub(ctx, shop)
		return err == nil && code == "drawer_unasked", err
	})
	fault(t, world.Printer, "drawer_open", false)
	deviceIs(t, box, receiptPrinter, "")

	number := buy(t, box, rig.Goods()[0])
	comesOut(t, world.Printer, number)
	fault(t, world.Printer, "drawer_open", true)
	// Three looks of the box at its printer.
	looks := time.NewTicker(time.Second)
	defer looks.Stop()
	for range 3 {
		<-looks.C
		if found := shown(t, box).device(receiptPrinter); found.Code != "" {
			t.Fatalf("the sale opened the drawer, and the printer is %+v", found)
		}
	}
	if alarms := drawerAlarms(t, box); alarms != 1 {
		t.Errorf("%d alarms after a sale opened the drawer", alarms)
	}
}

func drawerAlarms(t *testing.T, box *rig.Client) int {
	t.Helper()
	var acts []struct {
		Act string `json:"act"`
	}
	if err := box.Get(t.Context(), "/api/audit?limit=50", &acts); err != nil {
		t.Fatal(err)
	}
	alarms := 0
	for _, act := range acts {
		if act.Act == "drawer_unasked" {
			alarms++
		}
	}
	return alarms
}

// codeOnHub is the code of the printer's fault as the owner sees it.
func codeOnHub(ctx context.Context, shop *rig.Shop) (string, error) {
	var answer struct {
		Boxes []struct {
			Faults []struct {
				Kind string `json:"kind"`
				Code string `json:"code"`
			} `json:"faults"`
		} `json:"boxes"`
	}
	if err := shop.Hub.Get(ctx, "/api/boxes", &answer); err != nil {
		return "", err
	}
	for _, box := range answer.Boxes {
		for _, fault := range box.Faults {
			if fault.Kind == "printer" {
				return fault.Code, nil
			}
		}
	}
	return "", nil
}
