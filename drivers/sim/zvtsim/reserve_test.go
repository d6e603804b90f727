package zvtsim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shopbox/drivers/sim/zvtsim"
)

// amountIn is the amount a result names, and code its result code.
func amountIn(answers []string) (amount, code string) {
	for _, telegram := range answers {
		if strings.HasPrefix(telegram, "040F") {
			return telegram[12:24], telegram[8:10]
		}
	}
	return "", ""
}

// TestReservations: pre-authorisations as registers of other makes send them.
func TestReservations(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{Currency: "0978"})
	r := connect(t, sim)
	const cents50 = "04 00 00 00 00 50 00 49 09 78"
	end := func(answers []string) string { return answers[len(answers)-1] }
	if none := end(r.command("06 23 03 87 FF FF")); none != "061E04B887FFFF" {
		t.Errorf("nothing reserved: %s", none)
	}
	r.command("06 22 0A " + cents50)
	r.command("06 22 03 49 09 78") // the terminal's own amount
	r.command("06 22 0C " + cents50 + "19 40")
	if sim.Reserved() != 5000+50_000+5000 || sim.Balance() != 0 {
		t.Errorf("held %d, book %+v", sim.Reserved(), sim.Transactions())
	}
	for _, test := range []struct {
		command, end, amount string
		balance              int64
		open                 []int
	}{
		{"06 23 03 87 FF FF", "061E04B8870001", "", 0, []int{1, 2, 3}}, // only the first
		{"06 23 0C 87 FF FF 06 07 1F 1F 04 00 00 00 00", "061E11B8060E230C080200010802000208020003", "", 0, []int{1, 2, 3}},
		{"06 24 0D 87 00 01 04 00 00 00 00 60 00 49 09 78", "84B700", "", 0, []int{1, 2, 3}},
		{"06 24 11 87 00 01 04 00 00 00 00 30 00 49 09 78 0B 00 00 09", "84B800", "", 0, []int{1, 2, 3}},
		{"06 24 0D 87 00 01 04 00 00 00 00 30 00 49 04 10", "846F00", "", 0, []int{1, 2, 3}},
		{"06 24 11 87 00 01 04 00 00 00 00 30 00 49 09 78 0B 00 00 01", "060F00", "000000003000", 3000, []int{2, 3}},
		{"06 24 0D 87 00 01 04 00 00 00 00 30 00 49 09 78", "84B800", "", 3000, []int{2, 3}},
		{"06 23 0D 87 00 02 04 00 00 00 04 90 00 49 09 78", "060F00", "000000049000", 4000, []int{3}},
		{"06 25 03 87 00 03", "060F00", "000000005000", 4000, nil},
		{"06 30 06 00 00 00 87 00 05", "060F00", "000000001000", 3000, nil}, // what was left of the lowered one
		{"06 22 0E " + cents50 + "0B 00 00 01", "848300", "", 3000, nil},
	} {
		answers := r.command(test.command)
		amount, _ := amountIn(answers)
		if end(answers) != test.end || amount != test.amount || sim.Balance() != test.balance || !slices.Equal(sim.Reservations(), test.open) {
			t.Errorf("%s: %v, balance %d, open %v", test.command, answers, sim.Balance(), sim.Reservations())
		}
	}
}

// TestTips: within a payment, and afterwards where that was asked for.
func TestTips(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{Currency: "0978"})
	r := connect(t, sim)
	paid := strings.Join(r.command("06 01 15 04 00 00 00 00 11 00 49 09 78 06 09 1F 36 06 00 00 00 00 01 00"), " ")
	if !strings.Contains(paid, "1F3606000000000100") || sim.Balance() != 1100 {
		t.Errorf("a tip within: %s", paid)
	}
	if tippable := strings.Join(r.command("06 01 0C 04 00 00 00 00 20 00 49 09 78 19 48"), " "); !strings.Contains(tippable, "1F3B0101") {
		t.Errorf("a tip may follow: %s", tippable)
	}
	const tip = "04 00 00 00 00 03 00 49 09 78"
	if refused := r.command("06 0C 0D " + tip + "87 00 01"); refused[0] != "848300" {
		t.Errorf("a tip on a payment that takes none: %v", refused)
	}
	if amount, code := amountIn(r.command("06 0C 0D " + tip + "87 00 02")); amount != "000000002300" || code != "00" || sim.Balance() != 3400 {
		t.Errorf("tip told as %s, %s; book %+v", amount, code, sim.Transactions())
	}
	if again := r.command("06 0C 0D " + tip + "87 00 02"); again[0] != "848300" {
		t.Errorf("tipped twice: %v", again)
	}
	if amount, _ := amountIn(r.command("06 30 06 00 00 00 87 00 03")); amount != "000000000300" || sim.Balance() != 3100 {
		t.Errorf("the tip alone was undone by %s; book %+v", amount, sim.Transactions())
	}
}

// TestNumbers: the sequence of PA00P015 5.1, and an answer to something else.
func TestNumbers(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{MessageIDs: true})
	r := connect(t, sim)
	number := func(n int) string { return fmt.Sprintf("06061F7303%06d", n) }
	agreed := r.command("06 00 14 00 00 00 1E 04 10 06 0C 26 04 0A 02 06 D3 1F 73 03 00 00 00")
	if end := agreed[len(agreed)-1]; !strings.HasSuffix(end, "1F7303000000") {
		t.Fatalf("registered: %s", end)
	}
	r.say("06 01 12 04 00 00 00 00 10 00 49 04 10" + number(999_997))
	for _, want := range []string{
		"800008" + number(999_997), "04FF090A" + number(999_998), "04FF090E" + number(999_999), "04FF0904" + number(1), "040F",
	} {
		heard := r.hear()
		if !strings.HasPrefix(heard, want) {
			t.Fatalf("heard %s, want %s", heard, want)
		}
		if strings.HasPrefix(heard, "04") {
			r.say("80 00 08" + number(77)) // to something else
			r.say("80 00 08" + heard[len(heard)-16:len(heard)-10] + heard[len(heard)-10:])
		}
	}
	if end := r.hear(); end != "060F08"+number(3) {
		t.Errorf("ended with %s", end)
	}
	r.say("80 00 08" + number(3))
	if sim.Balance() != 1000 {
		t.Errorf("book %+v", sim.Transactions())
	}
	if plain := r.command("05 01 00"); strings.Contains(strings.Join(plain, ""), "1F73") {
		t.Errorf("a command without a number was answered %v", plain)
	}
}

// TestService: diagnosis, clock, details and slips as registers of other makes
// ask for them.
func TestService(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{})
	r := connect(t, sim)
	if err := sim.SetFault("diagnosis_due", true); err != nil {
		t.Fatal(err)
	}
	if state := r.command("05 01 05 00 00 00 03 02"); state[1] != "060F01C2" {
		t.Errorf("state %v", state)
	}
	if refused := r.command("06 01 0A 04 00 00 00 00 10 00 49 04 10"); refused[0] != "84C200" {
		t.Errorf("paid before the diagnosis: %v", refused)
	}
	r.command("06 00 06 00 00 00 8E 04 10")
	if done := strings.Join(r.command("06 70 00"), " "); !strings.Contains(done, "040108AA") || !strings.Contains(done, "06D1") {
		t.Errorf("diagnosis %s", done)
	}
	if done := strings.Join(r.command("06 93 03 00 00 00"), " "); strings.Contains(done, "0401") || !strings.HasSuffix(done, "060F00") {
		t.Errorf("initialisation %s", done)
	}
	if done := r.command("06 18 00"); len(done) != 2 || done[1] != "060F00" {
		t.Errorf("restarted %v", done)
	}
	r.command("06 00 06 00 00 00 8E 04 10")
	if set := r.command("06 91 0B 00 00 00 AA 30 01 02 0C 03 04 05"); len(set) != 2 || set[1] != "060F00" {
		t.Errorf("set the time: %v", set)
	}
	if refused := r.command("06 91 0B 00 00 00 AA 30 13 02 0C 03 04 05"); refused[0] != "849A00" {
		t.Errorf("set a thirteenth month: %v", refused)
	}
	paid := strings.Join(r.command("06 01 0A 04 00 00 00 00 10 00 49 04 10"), " ")
	if at := sim.Transactions()[0].At; at.Format(time.DateOnly) != "2030-01-02" || !strings.Contains(paid, "0D0102") {
		t.Errorf("paid at %v, %s", at, paid)
	}
	details := strings.Join(r.command("05 01 05 00 00 00 03 04"), " ")
	for _, want := range []string{"1F440429001006", "1F400B53484F50424F582053494D", "1F420420260001", "1F430100"} {
		if !strings.Contains(details, want) {
			t.Errorf("details %s lack %s", details, want)
		}
	}
	for command, lines := range map[string]int{
		"06 12 05 00 00 00 00 01": 5, "06 12 07 00 00 00 00 01 00 09": 5, "06 12 05 00 00 00 00 02": 0,
		"06 12 0D 00 00 00 00 01 06 06 1F 73 03 00 00 01": 5, "06 20 03 00 00 00": 5, "06 20 05 00 00 00 03 02": 0,
	} {
		printed := 0
		for _, telegram := range r.command(command) {
			if strings.HasPrefix(telegram, "06D1") {
				printed++
			}
		}
		if printed != lines {
			t.Errorf("%s printed %d lines", command, printed)
		}
	}
}

// TestTakesAny: one register in euro with its own password, one in won, one that
// names no currency.
func TestTakesAny(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{TakesAny: true})
	r := connect(t, sim)
	for _, test := range []struct{ register, pay, currency string }{
		{"06 00 06 12 34 56 BA 09 78", "06 01 0A 04 00 00 00 00 11 00 49 09 78", "490978"},
		{"06 00 06 00 00 00 1E 04 10", "06 01 0A 04 00 00 00 00 11 00 49 04 10", "490410"},
		{"06 00 04 99 99 99 08", "06 01 07 04 00 00 00 00 11 00", "490978"},
	} {
		registered := r.command(test.register)
		paid := strings.Join(r.command(test.pay), " ")
		if len(registered) != 2 || !strings.Contains(paid, "040F") || !strings.Contains(paid, test.currency) {
			t.Errorf("%s: %v, %s", test.register, registered, paid)
		}
	}
	if sim.Balance() != 3300 {
		t.Errorf("book %+v", sim.Transactions())
	}
}
