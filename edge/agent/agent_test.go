package agent_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shopbox/edge/agent"
)

const box = "01a20919-fc15-72ec-9ba5-84e66525ef5f"

// authority is a hub's root and the door where boxes enrol.
type authority struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	root *x509.Certificate
	// change spoils an answer; status answers instead.
	change func(answer map[string]any, certificate *x509.Certificate)
	status int
	// door is where boxes are answered, asked what the last one said.
	door  string
	asked map[string]string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "root"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, &key.PublicKey, key)
	must(t, err)
	root, err = x509.ParseCertificate(der)
	must(t, err)
	return &authority{t: t, key: key, root: root, door: "/enroll"}
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.asked = make(map[string]string)
	if err := json.NewDecoder(r.Body).Decode(&a.asked); err != nil || r.URL.Path != a.door {
		a.t.Errorf("asked %s: %v", r.URL, err)
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
		return
	}
	block, _ := pem.Decode([]byte(a.asked["csr"]))
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || request.CheckSignature() != nil {
		a.t.Errorf("request: %v", err)
	}
	certificate := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: request.Subject, PublicKey: request.PublicKey,
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	answer := map[string]any{
		"ca": pemOf("CERTIFICATE", a.root.Raw), "mqtt_address": "hub.example.com:8883", "shop": map[string]any{"id": "s1"}, "tenant": "t1",
	}
	if a.change != nil {
		a.change(answer, certificate)
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, a.root, certificate.PublicKey, a.key)
	if err != nil {
		a.t.Error(err)
	}
	answer["certificate"] = pemOf("CERTIFICATE", der)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		a.t.Error(err)
	}
}

func open(t *testing.T, folder string) *agent.Agent {
	t.Helper()
	opened, err := agent.Open(folder, box, time.Now)
	must(t, err)
	return opened
}

func TestClaim(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "identity")
	own := open(t, folder)
	if _, err := own.Claim(); !errors.Is(err, agent.ErrUnclaimed) {
		t.Errorf("a new box: %v", err)
	}
	if _, _, err := own.TLS(); !errors.Is(err, agent.ErrUnclaimed) {
		t.Errorf("the way of a new box: %v", err)
	}
	hub := newAuthority(t)
	server := httptest.NewServer(hub)
	t.Cleanup(server.Close)
	must(t, own.ClaimWith(t.Context(), server.URL, "ABCD2345", "1.2.3"))
	if hub.asked["code"] != "ABCD2345" || hub.asked["box"] != box || hub.asked["version"] != "1.2.3" {
		t.Errorf("asked %v", hub.asked)
	}
	select {
	case <-own.Changed():
	default:
		t.Error("nobody was told of the claim")
	}
	// After a restart the same key and the claim are there.
	for _, agent := range []*agent.Agent{own, open(t, folder)} {
		claim, err := agent.Claim()
		must(t, err)
		if claim.Hub != server.URL || claim.Shop != "s1" || claim.Tenant != "t1" {
			t.Errorf("claim %+v", claim)
		}
		config, address, err := agent.TLS()
		must(t, err)
		if address != "hub.example.com:8883" || config.MinVersion != tls.VersionTLS13 || len(config.Certificates) != 1 {
			t.Errorf("way %s %+v", address, config)
		}
	}
	for _, name := range []string{"key.pem", "claim.json"} {
		info, err := os.Stat(filepath.Join(folder, name))
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %v", name, info.Mode())
		}
	}
}

func TestClaimRefused(t *testing.T) {
	t.Parallel()
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	for name, test := range map[string]struct {
		status int
		change func(answer map[string]any, certificate *x509.Certificate)
		want   error
	}{
		"wrong code":  {status: http.StatusNotFound, want: agent.ErrClaimCode},
		"too many":    {status: http.StatusTooManyRequests, want: agent.ErrClaimLater},
		"hub broken":  {status: http.StatusInternalServerError, want: agent.ErrHubAnswer},
		"no broker":   {change: func(answer map[string]any, _ *x509.Certificate) { answer["mqtt_address"] = "" }, want: agent.ErrHubAnswer},
		"no root":     {change: func(answer map[string]any, _ *x509.Certificate) { answer["ca"] = "x" }, want: agent.ErrHubAnswer},
		"another box": {change: func(_ map[string]any, c *x509.Certificate) { c.Subject.CommonName = "x" }, want: agent.ErrHubAnswer},
		"another key": {change: func(_ map[string]any, c *x509.Certificate) { c.PublicKey = &other.PublicKey }, want: agent.ErrHubAnswer},
		"not for boxes": {change: func(_ map[string]any, c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}, want: agent.ErrHubAnswer},
		"foreign root": {change: func(answer map[string]any, _ *x509.Certificate) {
			answer["ca"] = pemOf("CERTIFICATE", newAuthority(t).root.Raw)
		}, want: agent.ErrHubAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hub := newAuthority(t)
			hub.change, hub.status = test.change, test.status
			server := httptest.NewServer(hub)
			t.Cleanup(server.Close)
			own := open(t, t.TempDir())
			if err := own.ClaimWith(t.Context(), server.URL, "ABCD2345", "1"); !errors.Is(err, test.want) {
				t.Errorf("claim: %v, want %v", err, test.want)
			}
			if _, err := own.Claim(); !errors.Is(err, agent.ErrUnclaimed) {
				t.Errorf("a failed claim left %v", err)
			}
		})
	}
}

func TestHubAddress(t *testing.T) {
	t.Parallel()
	own := open(t, t.TempDir())
	for address, want := range map[string]error{
		"http://hub.example.com": agent.ErrHubAddress, // the code would travel in the open
		"ftp://127.0.0.1":        agent.ErrHubAddress,
		"https://":               agent.ErrHubAddress,
		"":                       agent.ErrHubAddress,
		"http://127.0.0.1:1":     agent.ErrHubOffline,
		"https://127.0.0.1:1":    agent.ErrHubOffline,
		"localhost:1":            agent.ErrHubOffline,
	} {
		if err := own.ClaimWith(t.Context(), address, "ABCD2345", "1"); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", address, err, want)
		}
	}
	// A hub with a certificate nobody vouches for is no hub.
	server := httptest.NewTLSServer(newAuthority(t))
	t.Cleanup(server.Close)
	if err := own.ClaimWith(t.Context(), server.URL, "ABCD2345", "1"); !errors.Is(err, agent.ErrHubOffline) {
		t.Errorf("unknown certificate: %v", err)
	}
}

func TestClockOf1970(t *testing.T) {
	t.Parallel()
	hub := newAuthority(t)
	server := httptest.NewServer(hub)
	t.Cleanup(server.Close)
	own, err := agent.Open(t.TempDir(), box, func() time.Time { return time.Unix(0, 0) })
	must(t, err)
	must(t, own.ClaimWith(t.Context(), server.URL, "ABCD2345", "1"))
	config, _, err := own.TLS()
	must(t, err)
	if now := config.Time(); time.Since(now) > time.Hour {
		t.Errorf("the box would believe it is %s", now)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDamagedFilesArePutAside(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"key.pem", "claim.json"} {
		folder := t.TempDir()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(filepath.Join(folder, "claim.json"), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("torn"), 0o600); err != nil {
			t.Fatal(err)
		}
		opened, err := agent.Open(folder, "box", time.Now)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := opened.Claim(); !errors.Is(err, agent.ErrUnclaimed) {
			t.Errorf("%s: claim: %v", name, err)
		}
		if kept, err := os.ReadFile(path + ".unreadable"); err != nil || string(kept) != "torn" || opened.PutAside() == nil {
			t.Errorf("%s is not kept: %q, %v", name, kept, err)
		}
	}
}
