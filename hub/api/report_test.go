package api_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"shopbox/hub/api"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

func kim() protocol.Person { return protocol.Person{ID: "s1", Name: "김하늘"} }

func opened(at time.Time) protocol.DayOpened {
	return protocol.DayOpened{Day: at.Format(time.DateOnly), At: at, By: kim(), Float: 100_000}
}

// sold is a sale of 11,000 taxable won in cash, cost 4,000, and 3,000 exempt
// by card, cost unknown.
func sold(at time.Time, n int) protocol.SaleClosed {
	cost := money.Won(4_000)
	return protocol.SaleClosed{Sale: protocol.Sale{
		Number: fmt.Sprintf("%s-%04d", at.Format("20060102"), n), Day: at.Format(time.DateOnly), At: at, By: kim(),
		Lines: []protocol.Line{
			{ID: "1", Product: "p1", Name: "원두", Quantity: 2 * money.One, Unit: 6_000, Discount: 1_000, Amount: 11_000, VAT: money.Taxable, Cost: &cost},
			{ID: "2", Product: "p2", Name: "우유", Quantity: money.One, Unit: 3_000, Amount: 3_000, VAT: money.Exempt},
		},
		Total: 14_000, Supply: 10_000, VAT: 1_000, Exempt: 3_000,
		Tenders: []protocol.Tender{
			{Kind: protocol.TenderCash, Amount: 11_000, Received: 20_000, Change: 9_000},
			{Kind: protocol.TenderCard, Amount: 3_000, Attempt: "a1", Card: &protocol.Card{Number: "5412-75**-****-1234", Scheme: "BC", Approval: "30012345"}},
		},
	}}
}

// refunded gives the milk of sale n back.
func refunded(at time.Time, number, n int) protocol.SaleRefunded {
	sale := sold(at, n).Sale
	original := sale.Number
	sale.Number = fmt.Sprintf("%s-%04d", at.Format("20060102"), number)
	sale.Lines, sale.Tenders = sale.Lines[1:], sale.Tenders[1:]
	sale.Total, sale.Supply, sale.VAT = 3_000, 0, 0
	return protocol.SaleRefunded{Sale: sale, Original: original, Reason: "단순 변심"}
}

func TestDashboardAddsUpToTheWon(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	box := h.box(t, owner, owner.firstShop().ID, 1)
	now, week := h.now(), h.now().AddDate(0, 0, -7)
	h.send(t, owner, box, 1,
		opened(week), sold(week.Add(-time.Hour), 1), sold(week.Add(time.Hour), 2),
		opened(now), sold(now.Add(-time.Hour), 1), sold(now.Add(-time.Minute), 2), refunded(now, 3, 1))
	day := read[api.Dashboard](owner, "GET", "/api/dashboard", nil)
	if day.Day != "2026-11-23" || !day.Today || day.Total != 25_000 || day.Sales != 2 || day.Refunds != 1 || day.Refund != 3_000 {
		t.Errorf("day: %+v", day)
	}
	if day.Before != (api.Before{Day: "2026-11-16", Total: 14_000, Known: true}) {
		t.Errorf("until this time last week: %+v", day.Before)
	}
	tenders := map[string]int64{}
	for _, tender := range day.Tenders {
		tenders[tender.Kind] = tender.Total
	}
	if tenders["cash"] != 22_000 || tenders["card"] != 3_000 {
		t.Errorf("tenders: %v", tenders)
	}
	var hours int64
	for _, hour := range day.Hours {
		hours += hour.Total
	}
	if hours != day.Total {
		t.Errorf("hours add up to %d of %d", hours, day.Total)
	}
	if day.Margin == nil || *day.Margin != (api.Margin{Amount: 12_000, Of: 20_000}) {
		t.Errorf("margin: %+v", day.Margin)
	}
	if len(day.Goods) != 2 || day.Goods[0].Name != "원두" || day.Goods[0].Total != 22_000 || day.Goods[0].Quantity != 4_000 || day.Goods[1].Margin != nil {
		t.Errorf("products: %+v", day.Goods)
	}
}

func TestDayThatIsNoDayIsRefused(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	for _, path := range []string{"/api/dashboard?day=2026-02-30", "/api/sales?day=today", "/api/sales?cursor=junk"} {
		wantStatus(t, owner.do("GET", path, nil), 422, "invalid_request")
	}
}

func TestSalesListOpensIntoTheReceipt(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	shop := owner.firstShop().ID
	box := h.box(t, owner, shop, 1)
	now := h.now()
	h.send(t, owner, box, 1,
		protocol.ShopChanged{Name: "하늘빛 커피", BusinessNumber: "1248100998", Representative: "이서연", Address: "서울", Phone: "02-332-0420", Kind: "retail"},
		opened(now), sold(now, 1), refunded(now.Add(time.Minute), 2, 1))
	list := read[api.Sales](owner, "GET", "/api/sales?day=2026-11-23", nil)
	if len(list.Sales) != 2 || !list.Sales[0].Refund || list.Sales[0].Total != -3_000 || list.Sales[1].Total != 14_000 {
		t.Fatalf("sales: %+v", list.Sales)
	}
	if row := list.Sales[1]; row.Title != "원두" || row.Lines != 2 || strings.Join(row.Tenders, " ") != "cash card" {
		t.Errorf("row: %+v", row)
	}
	if found := read[api.Sales](owner, "GET", "/api/sales?q=0002", nil).Sales; len(found) != 1 || !found[0].Refund {
		t.Errorf("found: %+v", found)
	}
	got := read[api.Receipt](owner, "GET", "/api/sales/"+shop+"/20261123-0001", nil)
	if got.Seller.Name != "하늘빛 커피" || got.Seller.BusinessNumber != "1248100998" || got.By != "김하늘" || got.Barcode != "R2611230001" {
		t.Errorf("head: %+v", got)
	}
	if got.Total != 14_000 || got.Supply != 10_000 || got.VAT != 1_000 || got.Exempt != 3_000 || got.Lines[0].Discount != 1_000 {
		t.Errorf("sums: %+v", got)
	}
	if got.Tenders[0].Change != 9_000 || got.Tenders[1].Approval != "30012345" || got.Tenders[1].Card != "5412-75**-****-1234" {
		t.Errorf("tenders: %+v", got.Tenders)
	}
	if strings.Join(got.RefundedBy, " ") != "20261123-0002" {
		t.Errorf("refunded by %v", got.RefundedBy)
	}
	back := read[api.Receipt](owner, "GET", "/api/sales/"+shop+"/20261123-0002", nil)
	if !back.Refund || back.Original != "20261123-0001" || back.Reason != "단순 변심" || back.Total != 3_000 {
		t.Errorf("refund: %+v", back)
	}
	wantStatus(t, owner.do("GET", "/api/sales/"+shop+"/20261123-0009", nil), 404, "not_found")
}

func TestSalesListTurnsPages(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	box := h.box(t, owner, owner.firstShop().ID, 1)
	records := []protocol.Record{opened(h.now())}
	for n := range 120 {
		records = append(records, sold(h.now().Add(time.Duration(n)*time.Second), n+1))
	}
	h.send(t, owner, box, 1, records...)
	seen := map[string]bool{}
	cursor := ""
	for page := 0; page == 0 || cursor != ""; page++ {
		list := read[api.Sales](owner, "GET", "/api/sales?cursor="+cursor, nil)
		for _, row := range list.Sales {
			if seen[row.Number] {
				t.Errorf("%s comes twice", row.Number)
			}
			seen[row.Number] = true
		}
		cursor = list.Next
	}
	if len(seen) != 120 {
		t.Errorf("%d of 120 sales", len(seen))
	}
}

func TestNoticesSayWhatIsWrongAndWhatToDo(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	shop := owner.firstShop().ID
	h.wait(time.Second)
	read[api.Shop](owner, "POST", "/api/shops", object{"name": "2호점"})
	box := h.box(t, owner, shop, 1)
	yesterday := h.now().AddDate(0, 0, -1)
	h.send(t, owner, box, 1, opened(yesterday),
		protocol.DeviceState{Device: "pos", Kind: "terminal", State: "warn", Code: "offline", At: h.now()},
		protocol.DeviceState{Device: "printer", Kind: "printer", State: "stop", Code: "paper_out", At: h.now()},
		protocol.DeviceState{Device: "scanner", Kind: "scanner", State: "ok", At: h.now()})
	day := read[api.Dashboard](owner, "GET", "/api/dashboard", nil)
	if got := codes(day.Wrong); got != "paper_out offline" {
		t.Errorf("wrong: %s", got)
	}
	if got := codes(day.Todo); got != "day_open no_box" {
		t.Errorf("to do: %s", got)
	}
	closed := protocol.DayClosed{Day: yesterday.Format(time.DateOnly), At: h.now(), By: kim(), Expected: 100_000, Counted: 97_000, Difference: -3_000}
	h.send(t, owner, box, 5, closed)
	day = read[api.Dashboard](owner, "GET", "/api/dashboard?shop="+shop, nil)
	if got := codes(day.Todo); got != "cash_difference" || day.Todo[0].Amount != -3_000 {
		t.Errorf("to do after closing: %+v", day.Todo)
	}
}

// A day that is closed, opened again and closed keeps what each closing said;
// a day that a wrong clock put into the far future is not how the shop stands
// for ever.
func TestDayInSeveralParts(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	box := h.box(t, owner, owner.firstShop().ID, 1)
	closing := func(date time.Time, difference money.Won) protocol.DayClosed {
		return protocol.DayClosed{Day: date.Format(time.DateOnly), At: h.now(), By: kim(), Difference: difference}
	}
	today, future := h.now(), h.now().AddDate(70, 0, 0)
	for i, step := range []struct {
		record protocol.Record
		open   bool
		todo   string
	}{
		{opened(future), true, ""},
		{closing(future, 0), false, ""},
		{opened(today), true, ""},
		{closing(today, -3_000), false, "-3000"},
		{opened(today), true, "-3000"},
		{closing(today, 3_000), false, "-3000 3000"},
		{opened(today), true, "-3000 3000"},
		{closing(today, 0), false, "-3000 3000"},
		{closing(today.AddDate(0, 0, 1), 500), false, "-3000 3000 500"},
	} {
		h.wait(time.Second)
		h.send(t, owner, box, int64(i+1), step.record)
		got := read[api.Dashboard](owner, "GET", "/api/dashboard", nil)
		var todo []string
		for _, notice := range got.Todo {
			todo = append(todo, strconv.FormatInt(notice.Amount, 10))
		}
		if got.Shops[0].Open != step.open || strings.Join(todo, " ") != step.todo {
			t.Errorf("step %d: open %v, to do %v; want %v, %s", i, got.Shops[0].Open, todo, step.open, step.todo)
		}
	}
	for range 3 { // within the life of an unused session
		h.wait(8 * time.Hour)
		read[api.Dashboard](owner, "GET", "/api/dashboard", nil)
	}
	h.wait(time.Minute)
	if got := read[api.Dashboard](owner, "GET", "/api/dashboard", nil); len(got.Todo) != 0 {
		t.Errorf("a day later: %+v", got.Todo)
	}
}

func codes(notices []api.Notice) string {
	words := make([]string, len(notices))
	for i, notice := range notices {
		words[i] = notice.Code
	}
	return strings.Join(words, " ")
}

func TestFleetCountsWhatEachFilterHolds(t *testing.T) {
	h := newHub(t, options{})
	minji, jisoo, operator := h.owner(t, "minji"), h.owner(t, "jisoo"), h.operator(t)
	first := h.box(t, minji, minji.firstShop().ID, 1)
	h.box(t, jisoo, jisoo.firstShop().ID, 2)
	h.send(t, minji, first, 1, protocol.DeviceState{Device: "printer", Kind: "printer", State: "stop", Code: "paper_out", At: h.now()})
	fleet := read[api.Fleet](operator, "GET", "/api/carrier/boxes", nil)
	if fleet.Counts.All != 2 || fleet.Counts.New != 2 || fleet.Counts.Fault != 1 || len(fleet.Boxes) != 2 {
		t.Errorf("fleet: %+v", fleet)
	}
	found := read[api.Fleet](operator, "GET", "/api/carrier/boxes?filter=fault&q=minji", nil).Boxes
	if len(found) != 1 || found[0].ID != first || found[0].Tenant == nil || found[0].Faults[0].Code != "paper_out" {
		t.Errorf("found: %+v", found)
	}
	wantStatus(t, operator.do("GET", "/api/carrier/boxes?filter=gold", nil), 422, "invalid_request")
}

func TestLiveNudgesAndEnds(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	box := h.box(t, owner, owner.firstShop().ID, 1)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+"/api/live", nil)
	check(t, err)
	response, err := owner.jar.Do(request)
	check(t, err)
	defer response.Body.Close()
	if got := response.Header.Get("Content-Type") + " " + response.Header.Get("Cache-Control"); got != "text/event-stream no-store" {
		t.Errorf("headers: %s", got)
	}
	lines := bufio.NewScanner(response.Body)
	if first := nudge(lines); !strings.HasPrefix(first, `data: {"version":`) {
		t.Fatalf("first nudge: %q", first)
	}
	h.wait(time.Second)
	h.send(t, owner, box, 1, opened(h.now()))
	if second := nudge(lines); second != fmt.Sprintf(`data: {"version":%d}`, h.now().UnixMilli()) {
		t.Errorf("second nudge: %q", second)
	}
	close(h.stopping)
	if more := nudge(lines); more != "" || lines.Err() != nil {
		t.Errorf("after stopping: %q %v", more, lines.Err())
	}
}

func nudge(lines *bufio.Scanner) string {
	for lines.Scan() {
		if lines.Text() != "" {
			return lines.Text()
		}
	}
	return ""
}

// TestLiveIsLimited: a sign-in does not take all streams, and gets those back
// that it closed.
func TestLiveIsLimited(t *testing.T) {
	h := newHub(t, options{})
	owner, other := h.owner(t, "minji"), h.owner(t, "jisoo")
	open := func(who *browser) (int, context.CancelFunc) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL+"/api/live", nil)
		check(t, err)
		response, err := who.jar.Do(request)
		check(t, err)
		t.Cleanup(func() { response.Body.Close() })
		return response.StatusCode, cancel
	}
	var leave []context.CancelFunc
	for len(leave) < 100 {
		status, end := open(owner)
		leave = append(leave, end)
		if status != http.StatusOK {
			break
		}
	}
	if len(leave) < 4 || len(leave) > 50 {
		t.Errorf("%d streams of one sign-in", len(leave))
	}
	wantStatus(t, owner.do("GET", "/api/live", nil), 429, "too_many_streams")
	status, end := open(other)
	end()
	if status != http.StatusOK {
		t.Errorf("another owner's stream: %d", status)
	}
	for _, leave := range leave {
		leave()
	}
	for status, end := open(owner); ; status, end = open(owner) {
		end()
		if status == http.StatusOK {
			return
		}
	}
}
