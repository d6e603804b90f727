package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shopbox/hub/cli"
)

// simulated is a running simulator and what it wrote for senders.
type simulated struct {
	URL         string `json:"url"`
	Certificate string `json:"certificate"`
	ShopKey     string `json:"shop_key"`
	ShopCert    string `json:"shop_certificate"`
}

func startSimulator(t *testing.T, now time.Time, args ...string) simulated {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	args = append([]string{"simulator", "--listen", "127.0.0.1:0", "--dir", t.TempDir(), "--shop", "1234567891"}, args...)
	var running sync.WaitGroup
	running.Go(func() {
		err := cli.Invoice(ctx, args, cli.Streams{Out: writer, Remarks: io.Discard, Now: func() time.Time { return now }})
		if err != nil {
			t.Errorf("the simulator ended with %v", err)
		}
		_ = writer.CloseWithError(io.EOF) // a pipe closes without fail
	})
	lines := bufio.NewScanner(reader)
	var s simulated
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &s) != nil {
		t.Fatalf("not ready: %s", lines.Bytes())
	}
	running.Go(func() { _, _ = io.Copy(io.Discard, reader) })
	t.Cleanup(func() { stop(); running.Wait() })
	return s
}

type sent struct{ File, State, Code string }

func outcomes(t *testing.T, out string) []sent {
	t.Helper()
	var list []sent
	for line := range strings.Lines(out) {
		var o sent
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		o.File = filepath.Base(o.File)
		list = append(list, o)
	}
	return list
}

func TestSendWithAFolderOfCertificates(t *testing.T) {
	later := signingDay.AddDate(0, 0, 2) // the test's certificate is two days younger than its document
	s := startSimulator(t, later)
	folder := t.TempDir()
	for from, to := range map[string]string{"signCert.der": "signCert.der", "signPri.pbes2-seed-hmacsha256.key": "signPri.key"} {
		content, err := os.ReadFile("../invoice/npki/testdata/" + from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, to), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, code := range []string{"SUC001", "SYN003"} {
		out, remarks, err := runAt(t, later, "test1234!@\n", "send", "--to", s.URL, "--tax-cert", s.Certificate,
			"--npki", folder, "--password-stdin", unsigned)
		want := []sent{{filepath.Base(unsigned), "accepted", code}}
		if err != nil || !slices.Equal(outcomes(t, out), want) {
			t.Fatalf("got %s, %v\n%s", out, err, remarks)
		}
	}
}

// TestBadFilesStayBehind holds that they are named and the good one goes.
func TestBadFilesStayBehind(t *testing.T) {
	s := startSimulator(t, signingDay)
	good := content(t)
	other, _, otherCertificate := pair(t)
	foreign, _, err := run(t, "sign", "--key", other, "--cert", otherCertificate, unsigned)
	if err != nil {
		t.Fatal(err)
	}
	signed, _, err := run(t, "sign", "--key", s.ShopKey, "--cert", s.ShopCert, unsigned)
	if err != nil {
		t.Fatal(err)
	}
	files := []string{
		write(t, "good.xml", good),
		write(t, "twice.xml", good),
		write(t, "foreign.xml", []byte(foreign)),
		write(t, "changed.xml", []byte(strings.Replace(signed, ">11000<", ">12000<", 1))),
		write(t, "system.xml", bytes.ReplaceAll(good, []byte("1234567800000001"), []byte("8765432100000001"))),
		write(t, "owner.xml", bytes.ReplaceAll(good, []byte(">1234567891<"), []byte(">2208162517<"))),
		write(t, "number.xml", bytes.ReplaceAll(good, []byte("202611231234567800000001"), []byte("1"))),
		write(t, "garbage.xml", []byte("?")),
		filepath.Join(t.TempDir(), "none.xml"),
	}
	args := append([]string{"send", "--to", s.URL, "--key", s.ShopKey, "--cert", s.ShopCert}, files...)
	out, remarks, err := run(t, args...)
	want := []sent{
		{"good.xml", "accepted", "SUC001"},
		{"twice.xml", "unsent", "package_number_twice"},
		{"foreign.xml", "unsent", "send_other_signer"},
		{"changed.xml", "unsent", "sign_digest"},
		{"system.xml", "unsent", "send_other_system"},
		{"owner.xml", "unsent", "npki_owner_wrong"},
		{"number.xml", "unsent", "invoice_number"},
		{"garbage.xml", "unsent", "xml_malformed"},
		{"none.xml", "unsent", "file"},
	}
	if got := outcomes(t, out); !errors.Is(err, cli.ErrIncomplete) || !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v\n%v", got, want, err)
	}
	if !strings.Contains(remarks, "SHA-256") {
		t.Errorf("the certificate from the line is not shown: %s", remarks)
	}
}

func TestSendAsAnotherSystem(t *testing.T) {
	key, _, certificate := pair(t)
	s := startSimulator(t, signingDay, "--sender-cert", certificate, "--registration", "12345678,41000008")
	send := func(more ...string) []sent {
		args := append([]string{
			"send", "--to", s.URL, "--key", s.ShopKey, "--cert", s.ShopCert, "--pause", "1ms", "--longest", "1ms", "--submissions", "1",
			"--sender", "2208162517", "--sender-name", "대행",
		}, more...)
		out, _, err := run(t, append(args, unsigned)...)
		if err != nil && !errors.Is(err, cli.ErrIncomplete) {
			t.Fatal(err)
		}
		return outcomes(t, out)
	}
	if got := send(); got[0].State != "held" {
		t.Errorf("with the shop's own certificate: %v", got)
	}
	sender := []string{"--sender-key", key, "--sender-cert", certificate}
	if got := send(append(sender, "--registration", "87654321")...); got[0].State != "held" || got[0].Code != "SIM203" {
		t.Errorf("with another's registration: %v", got)
	}
	if got := send(sender...); got[0].State != "accepted" {
		t.Errorf("as registered: %v", got)
	}
}

func TestSendUsage(t *testing.T) {
	key, _, certificate := pair(t)
	pem := []string{"--key", key, "--cert", certificate}
	for name, args := range map[string][]string{
		"nothing":         nil,
		"no address":      append(pem, unsigned),
		"no file":         append(pem, "--to", "http://127.0.0.1:1"),
		"no key":          {"--to", "http://127.0.0.1:1", unsigned},
		"two keys":        append(pem, "--to", "http://127.0.0.1:1", "--npki", ".", "--password-stdin", unsigned),
		"half a sender":   append(pem, "--to", "http://127.0.0.1:1", "--sender-key", key, unsigned),
		"no patience":     append(pem, "--to", "http://127.0.0.1:1", "--pause", "0s", unsigned),
		"an unknown flag": append(pem, "--to", "http://127.0.0.1:1", "--force", unsigned),
	} {
		if _, _, err := run(t, append([]string{"send"}, args...)...); !errors.Is(err, cli.ErrUsage) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := run(t, append(append([]string{"send", "--to", "http://127.0.0.1:1"}, pem...), unsigned)...); err == nil || !strings.Contains(err.Error(), "npki_r") {
		t.Errorf("a key without R: %v", err)
	}
	for name, args := range map[string][]string{
		"no address": nil, "half a pair": {"--listen", "127.0.0.1:0", "--key", key}, "a file": {"--listen", "127.0.0.1:0", unsigned},
	} {
		if _, _, err := run(t, append([]string{"simulator"}, args...)...); !errors.Is(err, cli.ErrUsage) {
			t.Errorf("simulator, %s: %v", name, err)
		}
	}
	for want, args := range map[string][]string{
		"silent_after":       {"--faults", "submit.other"},
		"no business number": {"--shop", "1234567890"},
		"is not the":         {"--key", key, "--cert", "../invoice/ntspackage/testdata/cert.pem"},
	} {
		args = append([]string{"simulator", "--listen", "127.0.0.1:0", "--dir", t.TempDir()}, args...)
		if _, _, err := run(t, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
