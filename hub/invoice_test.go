package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"shopbox/hub/invoice/simulator"
)

// bench is the real program with keys and documents for one test.
type bench struct {
	program, folder string
	files           []string
}

// documents is how many each test sends.
const documents = 3

func newBench(t *testing.T) bench {
	t.Helper()
	b := bench{program: filepath.Join(t.TempDir(), "hub"), folder: t.TempDir()}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", b.program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile("invoice/sign/testdata/own-compact-unsigned.xml")
	if err != nil {
		t.Fatal(err)
	}
	for i := range documents {
		changed := bytes.ReplaceAll(text, []byte("1234567800000001"), fmt.Appendf(nil, "12345678%08d", i))
		b.files = append(b.files, b.write(t, fmt.Sprintf("%d.xml", i), changed))
	}
	key, certificate, err := simulator.NewShop("1234567891", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, "shop.key.pem", key)
	b.write(t, "shop.cert.pem", certificate)
	key, certificate, err = simulator.NewShop("9999999999", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, "tax.key.pem", key)
	b.write(t, "tax.cert.pem", certificate)
	return b
}

func (b bench) path(name string) string { return filepath.Join(b.folder, name) }

func (b bench) write(t *testing.T, name string, content []byte) string {
	t.Helper()
	if err := os.WriteFile(b.path(name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return b.path(name)
}

// service is a running simulator.
type service struct {
	url     string
	command *exec.Cmd
	lines   *bufio.Scanner
}

func (b bench) start(t *testing.T, faults string) *service {
	t.Helper()
	s := &service{command: exec.CommandContext(t.Context(), b.program, "invoice", "simulator", "--listen", "127.0.0.1:0", "--faults", faults,
		"--key", b.path("tax.key.pem"), "--cert", b.path("tax.cert.pem"), "--dir", t.TempDir())}
	out, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.command.Stderr = os.Stderr
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	s.lines = bufio.NewScanner(out)
	if !s.lines.Scan() {
		t.Fatal("the simulator did not start")
	}
	var ready struct{ URL, Simulator, Note string }
	if err := json.Unmarshal(s.lines.Bytes(), &ready); err != nil || ready.Simulator == "" || !strings.Contains(ready.Note, "simulator") {
		t.Fatalf("%s: %v", s.lines.Bytes(), err)
	}
	s.url = ready.URL
	return s
}

// stop ends the simulator and tells how often it accepted each number.
func (s *service) stop(t *testing.T) map[string]int {
	t.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	accepted := map[string]int{}
	for s.lines.Scan() {
		var entry struct {
			Event, Simulator string
			IssueID          string `json:"issue_id"`
		}
		if err := json.Unmarshal(s.lines.Bytes(), &entry); err != nil || entry.Simulator == "" {
			t.Errorf("%s: %v", s.lines.Bytes(), err)
		}
		if entry.Event == "accepted" {
			accepted[entry.IssueID]++
		}
	}
	if err := s.command.Wait(); err != nil {
		t.Errorf("the simulator ended with %v", err)
	}
	return accepted
}

// outcome is a line of the sender.
type outcome struct {
	File, State, Code string
	IssueID           string `json:"issue_id"`
	Simulated         bool
}

func (b bench) sender(t *testing.T, url string, more ...string) *exec.Cmd {
	t.Helper()
	args := append([]string{
		"invoice", "send", "--to", url, "--key", b.path("shop.key.pem"), "--cert", b.path("shop.cert.pem"),
		"--answer", "2s", "--pause", "30ms", "--longest", "100ms", "--asks", "2", "--submissions", "4", "--timeout", "5s",
	}, more...)
	return exec.CommandContext(t.Context(), b.program, append(args, b.files...)...)
}

// send runs the sender to its end.
func (b bench) send(t *testing.T, url string, more ...string) (list []outcome, remarks string, good bool) {
	t.Helper()
	command := b.sender(t, url, more...)
	var out, errors bytes.Buffer
	command.Stdout, command.Stderr = &out, &errors
	err := command.Run()
	for line := range bytes.Lines(out.Bytes()) {
		var o outcome
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		list = append(list, o)
	}
	if len(list) != documents {
		t.Fatalf("%d lines: %s\n%s", len(list), out.String(), errors.String())
	}
	return list, errors.String(), err == nil
}

// cases are all faults at all points, with a value where they take one.
func cases() []string {
	values := map[simulator.FaultName][]string{
		simulator.Delay: {"=100ms", "=1h"}, simulator.RefuseMessage: {"=SIM103"}, simulator.RefuseAll: {"=SIM399", "=ERR042"},
	}
	var list []string
	for _, info := range simulator.FaultInfos() {
		for _, point := range info.Points {
			with := values[info.Name]
			if info.Value == "" {
				with = []string{""}
			}
			for _, value := range with {
				list = append(list, string(point)+"."+string(info.Name)+value)
			}
		}
	}
	return list
}

// TestEveryFaultAtEveryPoint runs sender and simulator as programs. Whatever
// goes wrong, once or always, each document ends accepted exactly once or is
// plainly reported as open; sent again when the fault is over, all are there.
func TestEveryFaultAtEveryPoint(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, fault := range cases() {
		for _, times := range []string{":1", ""} {
			t.Run(fault+times, func(t *testing.T) {
				t.Parallel()
				faults := fault + times
				if strings.HasPrefix(fault, "ask.") {
					faults += ",post.silent_before" // or nobody asks
				}
				s := b.start(t, faults)
				var more []string
				if strings.Contains(fault, "1h") {
					more = []string{"--answer", "200ms", "--timeout", "1500ms"} // to be given up
				}
				list, remarks, good := b.send(t, s.url, more...)
				accepted := checkOutcomes(t, list, good)
				once := times != "" && !strings.Contains(fault, "1h") && !strings.Contains(fault, "refuse")
				if once && !accepted {
					t.Errorf("it did not heal: %+v\n%s", list, remarks)
				}
				if times != "" {
					list, remarks, good = b.send(t, s.url)
					if !checkOutcomes(t, list, good) {
						t.Errorf("sent again: %+v\n%s", list, remarks)
					}
				}
				checkBook(t, s.stop(t), list)
			})
		}
	}
}

// checkOutcomes holds the sender's lines to its exit status and tells whether
// all are accepted.
func checkOutcomes(t *testing.T, list []outcome, good bool) bool {
	t.Helper()
	open := []string{"queued", "submitted", "received", "asking", "resending", "held", "rejected"}
	all := true
	for _, o := range list {
		switch {
		case o.State == "accepted" && (o.Code == "SUC001" || o.Code == "SYN003") && o.Simulated:
		case slices.Contains(open, o.State) && o.Code != "SUC001" && o.Code != "SYN003":
			all = false
		default:
			t.Errorf("%+v", o)
		}
	}
	if all != good {
		t.Errorf("exit status good: %v for %+v", good, list)
	}
	return all
}

func checkBook(t *testing.T, book map[string]int, list []outcome) {
	t.Helper()
	for _, o := range list {
		if n := book[o.IssueID]; n > 1 || n == 0 && o.State == "accepted" || n == 1 && o.State == "rejected" {
			t.Errorf("%s is %s, and accepted %d times", o.IssueID, o.State, n)
		}
	}
}

// TestKilledAtEveryStep kills the sender behind each of its remarks, then sends
// again.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for step := range 3*documents + 1 {
		t.Run(fmt.Sprint(step), func(t *testing.T) {
			t.Parallel()
			s := b.start(t, "")
			command := b.sender(t, s.url)
			remarks, err := command.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(remarks)
			for range step {
				lines.Scan()
			}
			if err := command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
			_ = command.Wait() // killed, or done before
			list, text, good := b.send(t, s.url)
			if !checkOutcomes(t, list, good) {
				t.Errorf("sent again: %+v\n%s", list, text)
			}
			checkBook(t, s.stop(t), list)
		})
	}
}
