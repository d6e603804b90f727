package zvtsim_test

import (
	"bufio"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"shopbox/drivers/sim/zvtsim"
)

func start(t *testing.T, config zvtsim.Config) *zvtsim.Simulator {
	t.Helper()
	config.Listen = "127.0.0.1:0"
	sim, err := zvtsim.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return sim
}

// till is a cash register of another make, byte by byte.
type till struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func connect(t *testing.T, sim *zvtsim.Simulator) *till {
	t.Helper()
	conn, err := net.Dial("tcp", sim.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	return &till{t, conn, bufio.NewReader(conn)}
}

func raw(digits string) []byte {
	value, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
	if err != nil {
		panic(err)
	}
	return value
}

// say sends bytes one by one, as the worst network would.
func (r *till) say(digits string) {
	r.t.Helper()
	for _, b := range raw(digits) {
		if _, err := r.conn.Write([]byte{b}); err != nil {
			r.t.Fatal(err)
		}
	}
}

// hear reads one telegram.
func (r *till) hear() string {
	r.t.Helper()
	head := make([]byte, 3)
	if _, err := io.ReadFull(r.in, head); err != nil {
		r.t.Fatal(err)
	}
	data := make([]byte, head[2])
	if _, err := io.ReadFull(r.in, data); err != nil {
		r.t.Fatal(err)
	}
	return strings.ToUpper(hex.EncodeToString(head) + hex.EncodeToString(data))
}

// command sends a command and hears everything to its end, saying yes to each
// telegram.
func (r *till) command(digits string) []string {
	r.t.Helper()
	r.say(digits)
	answers := []string{r.hear()}
	if !strings.HasPrefix(answers[0], "80") {
		return answers
	}
	for {
		telegram := r.hear()
		answers = append(answers, telegram)
		r.say("80 00 00")
		if strings.HasPrefix(telegram, "060F") || strings.HasPrefix(telegram, "061E") {
			return answers
		}
	}
}

// TestOtherRegisters: registrations and payments as others send them.
func TestOtherRegisters(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{Password: "123456", Currency: "0978"})
	r := connect(t, sim)
	for _, test := range []struct{ command, want string }{
		{"06 00 0E 12 34 56 8E 09 78 06 06 26 04 0A 02 06 D3", "800000 060F1219002929001006490978060626040A0206D3"},
		{"06 00 14 12 34 56 9E 09 78 06 0C 26 04 0A 02 06 D3 1F 73 03 00 00 00", "800000 060F1219002929001006490978060626040A0206D3"},
		{"06 00 04 12 34 56 08", "800000 060F0F190029290010060606" + "26040A0206D3"},
		{"05 01 00", "800000 060F13F0F1F573686F70626F782D73696D20312E3000"},
		{"05 01 05 12 34 56 03 02", "800000 060F0100"},
		{"06 20 05 12 34 56 03 03", "800000 060F00"},
		{"06 30 06 12 34 56 87 04 70", "84B500"},
		{"06 31 0D 12 34 56 04 00 00 00 00 00 00 49 09 78", "849A00"},
		{"06 01 0A 04 00 00 00 00 10 00 49 04 10", "846F00"},
		{"06 01 02 C1 00", "848300"},
		{"06 01 03 04 00 00", "849A00"},
		{"06 50 03 00 00 00", "848300"},
		{"06 00 06 12 34 56 08 04 10", "841E036F0978"},
		{"06 99 00", "849A00"},
		{"06 02 00", "800000"},
		{"80 00 00 06 B0 00", "800000"},
	} {
		var got string
		if strings.HasPrefix(test.command, "06 02") || strings.HasPrefix(test.command, "80") {
			r.say(test.command)
			got = r.hear()
		} else {
			got = strings.Join(r.command(test.command), " ")
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.command, got, test.want)
		}
	}
	answers := r.command("06 01 0E 02 01 04 00 00 00 00 10 00 19 44 49 09 78")
	if len(answers) != 3 || !strings.HasPrefix(answers[1], "040F") || !strings.Contains(answers[1], "040000000010004909780B000001") {
		t.Errorf("paid %v", answers)
	}
	if sim.Balance() != 1000 || len(sim.Transactions()) != 1 {
		t.Errorf("book %+v", sim.Transactions())
	}
	answers = r.command("06 70 00")
	if len(answers) != 3 || !strings.HasPrefix(answers[1], "040108AA") {
		t.Errorf("diagnosis %v", answers)
	}
}

// TestPrintsAsAsked: lines to a register that only knows lines, a block to one
// that permits blocks, nothing to one that makes its own slips.
func TestPrintsAsAsked(t *testing.T) {
	t.Parallel()
	for registration, want := range map[string]string{
		"06 00 06 00 00 00 8E 04 10":                         "06D1",
		"06 00 0E 00 00 00 8E 04 10 06 06 26 04 0A 02 06 D3": "06D3",
		"06 00 06 00 00 00 0E 04 10":                         "",
	} {
		r := connect(t, start(t, zvtsim.Config{}))
		r.command(registration)
		printed := ""
		for _, telegram := range r.command("06 01 0A 04 00 00 00 00 10 00 49 04 10") {
			if control := telegram[:4]; control == "06D1" || control == "06D3" {
				printed = control
			}
		}
		if printed != want {
			t.Errorf("%s printed %q, want %q", registration, printed, want)
		}
	}
}

// TestAnswersToTheResult: what a register may say to 04 0F, and what the
// terminal makes of it.
func TestAnswersToTheResult(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers []string
		balance int64
	}{
		"yes":       {[]string{"80 00 00"}, 1000},
		"also yes":  {[]string{"84 00 00"}, 1000},
		"no":        {[]string{"84 66 00", "80 00 00", "80 00 00"}, 0},
		"not print": {[]string{"80 00 00", "84 CC 00", "80 00 00", "80 00 00"}, 0},
	} {
		sim := start(t, zvtsim.Config{AlwaysPrint: name == "not print"})
		r := connect(t, sim)
		r.say("06 01 0A 04 00 00 00 00 10 00 49 04 10")
		r.hear()
		for _, answer := range test.answers {
			r.hear()
			r.say(answer)
		}
		if name == "yes" || name == "also yes" {
			if end := r.hear(); end != "060F00" {
				t.Errorf("%s: %s", name, end)
			}
		}
		r.say("80 00 00")
		r.command("05 01 00")
		if sim.Balance() != test.balance {
			t.Errorf("%s: book %+v", name, sim.Transactions())
		}
	}
}

// TestImplicitReversal: an unheard payment stands if the next command mirrors
// its number, and goes if not.
func TestImplicitReversal(t *testing.T) {
	t.Parallel()
	for mirror, want := range map[string]int64{
		"06 05 1F 1F 02 00 01": 1500, "06 05 1F 1F 02 00 00": 500, "06 03 1F 1F 00": 500, "": 500,
	} {
		sim := start(t, zvtsim.Config{ImplicitReversal: true})
		if err := sim.SetFault("ack_lost:once", true); err != nil {
			t.Fatal(err)
		}
		r := connect(t, sim)
		r.say("06 01 0A 04 00 00 00 00 10 00 49 04 10")
		r.hear()
		r.hear()
		r = connect(t, sim)
		data := "04 00 00 00 00 05 00 49 04 10" + mirror
		answers := r.command("06 01" + hex.EncodeToString([]byte{byte(len(raw(data)))}) + data)
		if len(answers) != 3 || sim.Balance() != want {
			t.Errorf("mirror %q: %v, book %+v", mirror, answers, sim.Transactions())
		}
	}
}

// TestBookSurvivesPowerLoss: the power goes after the host approved; the book
// is there when it is back, and the payment was taken back.
func TestBookSurvivesPowerLoss(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{Restart: 20 * time.Millisecond})
	r := connect(t, sim)
	r.command("06 01 0A 04 00 00 00 00 10 00 49 04 10")
	if err := sim.SetFault("power_loss:once", true); err != nil {
		t.Fatal(err)
	}
	r.say("06 01 0A 04 00 00 00 00 20 00 49 04 10")
	r.hear()
	if _, err := r.in.ReadByte(); err == nil {
		t.Error("the line outlived the power")
	}
	for sim.Status().Dark || sim.Status().Busy {
		if t.Context().Err() != nil {
			t.Fatal("dark for ever")
		}
	}
	status := sim.Status()
	if status.Balance != 1000 || status.Transactions != 2 || sim.Transactions()[1].State != zvtsim.StateTakenBack {
		t.Errorf("after the power came back: %+v, %+v", status, sim.Transactions())
	}
	connect(t, sim).command("06 20 05 00 00 00 03 03")
}

// TestLineStaysCut: a charge whose answer is lost leaves the terminal out of
// reach until the line is mended; then it knows the charge.
func TestLineStaysCut(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{})
	for _, fault := range []string{"line_stays_cut", "answer_lost_after_approval:once"} {
		if err := sim.SetFault(fault, true); err != nil {
			t.Fatal(err)
		}
	}
	r := connect(t, sim)
	r.say("06 01 0A 04 00 00 00 00 20 00 49 04 10")
	if answer := r.hear(); answer != "800000" {
		t.Fatalf("the payment was answered %s", answer)
	}
	if _, err := io.Copy(io.Discard, r.in); err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatal(err)
	}
	if _, err := connect(t, sim).in.ReadByte(); err == nil {
		t.Error("a line that is cut let something through")
	}
	if err := sim.SetFault("line_stays_cut", false); err != nil {
		t.Fatal(err)
	}
	connect(t, sim).command("06 20 05 00 00 00 03 03")
	if sim.Balance() != 2000 {
		t.Errorf("the book says %d", sim.Balance())
	}
}

func TestFaultNames(t *testing.T) {
	t.Parallel()
	sim := start(t, zvtsim.Config{})
	for _, info := range sim.Faults() {
		name := info.Name
		if info.Number {
			name += "=100"
		}
		if info.Description == "" || info.On {
			t.Errorf("%+v", info)
		}
		if err := sim.SetFault(name, true); err != nil || !sim.Armed(name) {
			t.Errorf("%s on: %v", name, err)
		}
	}
	if on := sim.Status().Faults; len(on) != len(sim.Faults()) {
		t.Errorf("on are %v", on)
	}
	for _, info := range sim.Faults() {
		if err := sim.SetFault(info.Name, false); err != nil || sim.Armed(info.Name) {
			t.Errorf("%s off: %v", info.Name, err)
		}
	}
	for _, name := range []string{"nonsense", "drop_after_telegram", "drop_after_telegram=0", "decline=3"} {
		if err := sim.SetFault(name, true); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestStartRefusesNonsense(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]zvtsim.Config{
		"address": {Listen: "nowhere"}, "password": {Password: "12"}, "currency": {Currency: "KRW0"}, "terminal": {TerminalID: "1"},
	} {
		if sim, err := zvtsim.Start(t.Context(), config); err == nil {
			t.Errorf("%s was accepted", name)
			_ = sim.Close()
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, seed := range []struct {
		control uint16
		digits  string
	}{
		{0x0600, "00 00 00 9E 09 78 06 0C 26 04 0A 02 06 D3 1F 73 03 00 00 00"},
		{0x0600, "12 34 56 08 09 78"},
		{0x0601, "02 01 04 00 00 00 00 10 00 19 44 49 09 78"},
		{0x0630, "12 34 56 87 04 70"},
		{0x0620, "12 34 56 03 03"},
		{0x0501, ""},
		{0x0622, "04 00 00 00 01 10 00 49 09 78 19 40"},
		{0x0623, "87 FF FF"},
		{0x0624, "87 04 70 04 00 00 00 00 20 40 49 09 78 0B 00 04 70 3B 36 31 31 38 30 34 00 00"},
		{0x0625, "87 04 70"},
		{0x060C, "04 00 00 00 00 00 40 49 09 78 87 04 70"},
		{0x0612, "00 00 00 00 01 00 09 06 06 1F 73 03 00 00 01"},
		{0x0691, "00 00 00 AA 26 11 25 0C 12 00 00"},
		{0x8000, "06 06 1F 73 03 00 00 01"},
	} {
		f.Add(seed.control, raw(seed.digits))
	}
	f.Fuzz(func(t *testing.T, control uint16, data []byte) {
		request, err := zvtsim.ParseRequest(control, data)
		if refused := (zvtsim.ParseError{}); err != nil && (!errors.As(err, &refused) || refused.ID == 0) {
			t.Errorf("refused without a reason: %v", err)
		}
		if request.Tip < 0 || request.From < 0 || request.To > 9999 || request.Number > 999_999 || request.Trace < 0 {
			t.Errorf("read %+v", request)
		}
		if request.Amount < 0 || request.Amount > 999_999_999_999 || request.Receipt < 0 || request.Receipt > 9999 {
			t.Errorf("read %+v", request)
		}
	})
}
