package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"image/png"
	"io"
	"math/bits"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shopbox/drivers/port"
)

// startSim runs the command as a person would and returns what it printed.
func startSim(t *testing.T, args ...string) map[string]string {
	t.Helper()
	output, stdout := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, append(args, "--control", "127.0.0.1:0"), nil, stdout)
		_ = stdout.CloseWithError(err)
		ended <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var ready map[string]string
	if err := json.Unmarshal(line, &ready); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(ready["note"], "simulated") {
		t.Errorf("%s does not say that it is a simulator", line)
	}
	return ready
}

// call makes a request and returns the status and the answer.
func call(t *testing.T, method, address, body string) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

func mustCall(t *testing.T, method, address, body string) []byte {
	t.Helper()
	status, answer := call(t, method, address, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, address, status, answer)
	}
	return answer
}

// The published Korean receipt with a barrier behind it.
const vector = "1b401b74001c261b520d1b61011d2111c7d1b1db20bfb5bcf6c1f50a1d21001b6100" +
	"bec6b8deb8aec4abb3eb2078322020392c3030300a1b4501c7d5b0e82020392c3030300a1b4500" +
	"1b700019fa1d564203"

func printVector(t *testing.T, addr string) {
	t.Helper()
	line, err := port.Open(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = line.Close() }()
	data, err := hex.DecodeString(vector + "1d7201")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := line.Write(data, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 8)
	if n, err := line.Read(answer, 10*time.Second); err != nil || n != 1 || answer[0] != 0 {
		t.Fatalf("the barrier was answered with %x, %v", answer[:n], err)
	}
}

func TestPrinter(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"tcp": {"printer", "--listen", "127.0.0.1:0"},
		"pty": {"printer", "--pty", "--columns", "42"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ready := startSim(t, args...)
			if status, _ := call(t, "GET", ready["control"]+"/paper.png", ""); status != http.StatusBadRequest {
				t.Errorf("a picture of nothing: %d", status)
			}
			printVector(t, ready["addr"])
			var state printerState
			if err := json.Unmarshal(mustCall(t, "GET", ready["control"]+"/state", ""), &state); err != nil {
				t.Fatal(err)
			}
			if state.Count != 1 || state.Pulses != 1 || !state.Slips[0].Cut || !strings.Contains(state.Slips[0].Text, "아메리카노 x2  9,000") {
				t.Errorf("state is %+v", state)
			}
			if text := string(mustCall(t, "GET", ready["control"]+"/paper.txt?n=1", "")); text != state.Slips[0].Text {
				t.Errorf("paper.txt is %q", text)
			}
			if raw := hex.EncodeToString(mustCall(t, "GET", ready["control"]+"/paper.bin", "")); raw != vector {
				t.Errorf("paper.bin is %s", raw)
			}
			drawn, err := png.Decode(bytes.NewReader(mustCall(t, "GET", ready["control"]+"/paper.png", "")))
			if err != nil || drawn.Bounds().Dx() < 42*12 {
				t.Errorf("paper.png: %v", err)
			}
		})
	}
}

func TestScanner(t *testing.T) {
	t.Parallel()
	ready := startSim(t, "scanner", "--pty")
	line, err := port.Open(t.Context(), ready["addr"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = line.Close() }()
	mustCall(t, "POST", ready["control"]+"/scan?code="+url.QueryEscape("8801043014809"), "")
	mustCall(t, "POST", ready["control"]+"/raw", "\x00\xff\r")
	const want = "8801043014809\r\x00\xff\r"
	var got []byte
	buffer := make([]byte, 64)
	for len(got) < len(want) {
		n, err := line.Read(buffer, 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buffer[:n]...)
	}
	if string(got) != want {
		t.Errorf("the line carried %q; want %q", got, want)
	}
	if status, _ := call(t, "POST", ready["control"]+"/scan", ""); status != http.StatusBadRequest {
		t.Errorf("scan of nothing: %d", status)
	}
}

// The keyboard's records come out of the pipe: the key of 8, its release, and
// Enter at the end.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	ready := startSim(t, "hidscanner", "--fifo")
	pipe, err := port.Open(t.Context(), ready["addr"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pipe.Close() }()
	mustCall(t, "POST", ready["control"]+"/scan?code=8", "")
	const size = bits.UintSize/4 + 8
	got := make([]byte, 0, 12*size)
	for len(got) < cap(got) {
		n, err := pipe.Read(got[len(got):cap(got)], 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		got = got[:len(got)+n]
	}
	var keys [][3]int
	for record := range slices.Chunk(got, size) {
		tail := record[size-8:]
		if kind := binary.NativeEndian.Uint16(tail); kind == 1 {
			keys = append(keys, [3]int{int(kind), int(binary.NativeEndian.Uint16(tail[2:])), int(binary.NativeEndian.Uint32(tail[4:]))})
		}
	}
	if want := [][3]int{{1, 9, 1}, {1, 9, 0}, {1, 28, 1}, {1, 28, 0}}; !slices.Equal(keys, want) {
		t.Errorf("keys are %v; want %v", keys, want)
	}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	ready := startSim(t, "zvt", "--listen", "127.0.0.1:0")
	var dialer net.Dialer
	connection, err := dialer.DialContext(t.Context(), "tcp", ready["addr"])
	if err != nil {
		t.Fatal(err)
	}
	_ = connection.Close()
	var state terminalState
	if err := json.Unmarshal(mustCall(t, "GET", ready["control"]+"/state", ""), &state); err != nil || state.Sim != "zvt" {
		t.Errorf("state is %+v, %v", state, err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	ready := startSim(t, "printer", "--listen", "127.0.0.1:0")
	answer := mustCall(t, "POST", ready["control"]+"/fault?name=paper_out&on=true", "")
	if !bytes.Contains(answer, []byte(`"paper_out":true`)) {
		t.Errorf("faults are %s", answer)
	}
	mustCall(t, "POST", ready["control"]+"/fault?name=paper_out&on=false", "")
	if answer := mustCall(t, "GET", ready["control"]+"/faults", ""); bytes.Contains(answer, []byte("true")) {
		t.Errorf("faults are %s", answer)
	}
	for _, query := range []string{"?name=fire&on=true", "?name=paper_out", ""} {
		if status, _ := call(t, "POST", ready["control"]+"/fault"+query, ""); status != http.StatusBadRequest {
			t.Errorf("fault%s: %d", query, status)
		}
	}
	if page := mustCall(t, "GET", ready["control"]+"/", ""); !bytes.Contains(page, []byte("GET /paper.png")) {
		t.Errorf("the list of paths is %s", page)
	}
}

func TestStopsWithStandardInput(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), []string{"printer", "--pty", "--stdin"}, strings.NewReader(""), io.Discard)
	if err != nil {
		t.Error(err)
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"", "toaster", "zvt", "zvt --pty --listen :0", "hidscanner", "hidscanner --pty", "scanner --fifo", "scanner --pty --fifo", "scanner", "scanner --listen :0", "printer", "printer --pty --listen :0",
		"printer --pty more", "printer --smoke", "printer --listen nowhere", "printer --pty --control nowhere",
	} {
		if err := run(t.Context(), strings.Fields(args), nil, io.Discard); err == nil {
			t.Errorf("sim %s: no error", args)
		}
	}
}

func TestScale(t *testing.T) {
	t.Parallel()
	ready := startSim(t, "scale", "--pty", "--dialect", "toledo")
	line, err := port.Open(t.Context(), ready["addr"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = line.Close() }()
	mustCall(t, "POST", ready["control"]+"/put?grams=1234", "")
	if _, err := line.Write([]byte("W"), time.Second); err != nil {
		t.Fatal(err)
	}
	var got []byte
	for answer := make([]byte, 16); !bytes.HasSuffix(got, []byte("\r")); {
		n, err := line.Read(answer, 10*time.Second)
		if err != nil {
			t.Fatalf("%q, then %v", got, err)
		}
		got = append(got, answer[:n]...)
	}
	if string(got) != "\x0201.234\r" {
		t.Errorf("the scale said %q", got)
	}
	if status, _ := call(t, "POST", ready["control"]+"/put?grams=heavy", ""); status != http.StatusBadRequest {
		t.Errorf("heavy: %d", status)
	}
}
