package ca_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shopbox/hub/ca"
	"shopbox/hub/tenant"
)

const boxID = "019b7d00-0000-7000-8000-00000000000a"

// clock is a clock the test sets.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func open(t *testing.T, dir string, c *clock) *ca.Authority {
	t.Helper()
	authority, err := ca.Open(ca.Options{Dir: dir, Names: []string{"hub.example", "10.1.2.3"}, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

func start() *clock { return &clock{time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func request(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	greedy := &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "root", Organization: []string{"evil"}}, DNSNames: []string{"hub.example"},
		URIs: []*url.URL{{Scheme: "spiffe", Host: "shopbox", Path: "/box/other"}}, EmailAddresses: []string{"a@b"},
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, greedy, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

func parse(t *testing.T, text []byte) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(text)
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func TestAuthorityIsKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	first := open(t, dir, start())
	again := open(t, dir, start())
	if !bytes.Equal(first.RootPEM(), again.RootPEM()) {
		t.Error("a second opening made another root")
	}
	info, err := os.Stat(filepath.Join(dir, "ca-key.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ca.Open(ca.Options{Dir: dir, Now: start().now}); err == nil {
		t.Error("a broken authority was opened")
	}
}

// The key is never replaced, because boxes trust it: a certificate without it
// is an error, and a lost certificate is made anew from it.
func TestKeyIsNeverReplaced(t *testing.T) {
	t.Parallel()
	c, dir := start(), t.TempDir()
	first := open(t, dir, c)
	issued, err := first.Issue(boxID, request(t, newKey(t)))
	if err != nil {
		t.Fatal(err)
	}
	root, key := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "ca-key.pem")
	if err := os.Rename(key, key+".aside"); err != nil {
		t.Fatal(err)
	}
	if _, err := ca.Open(ca.Options{Dir: dir, Now: c.now}); err == nil {
		t.Error("a lost key was replaced")
	}
	if err := errors.Join(os.Rename(key+".aside", key), os.Remove(root)); err != nil {
		t.Fatal(err)
	}
	second := open(t, dir, c)
	server, err := second.ServerTLS().GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, sides := range map[string]struct {
		root []byte
		leaf *x509.Certificate
	}{
		"the hub, to a box of before": {first.RootPEM(), server.Leaf},
		"a box of before, to the hub": {second.RootPEM(), parse(t, issued.PEM)},
	} {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(sides.root)
		options := x509.VerifyOptions{Roots: pool, CurrentTime: c.at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
		if _, err := sides.leaf.Verify(options); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nothing of the request but the key gets into a box's certificate.
func TestBoxCertificate(t *testing.T) {
	t.Parallel()
	c := start()
	authority := open(t, t.TempDir(), c)
	key := newKey(t)
	issued, err := authority.Issue(boxID, request(t, key))
	if err != nil {
		t.Fatal(err)
	}
	got := parse(t, issued.PEM)
	if got.Subject.String() != "CN="+boxID || len(got.DNSNames)+len(got.EmailAddresses)+len(got.IPAddresses) != 0 || got.IsCA {
		t.Errorf("subject %s, names %v %v", got.Subject, got.DNSNames, got.EmailAddresses)
	}
	if len(got.URIs) != 1 || got.URIs[0].String() != "spiffe://shopbox/box/"+boxID || !key.PublicKey.Equal(got.PublicKey) {
		t.Errorf("URIs %v", got.URIs)
	}
	if len(got.ExtKeyUsage) != 1 || got.ExtKeyUsage[0] != x509.ExtKeyUsageClientAuth || got.KeyUsage != x509.KeyUsageDigitalSignature {
		t.Errorf("usage %v %v", got.KeyUsage, got.ExtKeyUsage)
	}
	if days := got.NotAfter.Sub(c.at).Hours() / 24; days != 90 || !issued.NotAfter.Equal(got.NotAfter) || issued.Serial != ca.Serial(got) {
		t.Errorf("for %v days; %+v", days, issued)
	}
	if sum := sha256.Sum256(got.RawSubjectPublicKeyInfo); issued.PublicKey != hex.EncodeToString(sum[:]) {
		t.Errorf("public key %s", issued.PublicKey)
	}
	if box, err := ca.BoxOf(got); box != boxID || err != nil {
		t.Errorf("names box %q, %v", box, err)
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	authority := open(t, t.TempDir(), start())
	good := request(t, newKey(t))
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(good)
	block.Bytes[len(block.Bytes)-1] ^= 1
	for name, tt := range map[string]struct {
		box     string
		request []byte
	}{
		"no PEM":       {boxID, []byte("x")},
		"empty":        {boxID, nil},
		"signature":    {boxID, pem.EncodeToMemory(block)},
		"RSA":          {boxID, request(t, rsaKey)},
		"too large":    {boxID, append(good, make([]byte, 10_000)...)},
		"no id":        {"", good},
		"wildcard id":  {"+", good},
		"path in id":   {"019b7d00/0000-7000-8000-00000000000a", good},
		"capitals":     {"019B7D00-0000-7000-8000-00000000000A", good},
		"certificate":  {boxID, authority.RootPEM()},
		"id too short": {boxID[1:], good},
	} {
		if _, err := authority.Issue(tt.box, tt.request); !errors.Is(err, tenant.ErrCertificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The listener's certificate has all names and is renewed while the hub runs.
func TestListenerCertificate(t *testing.T) {
	t.Parallel()
	c := start()
	authority := open(t, t.TempDir(), c)
	config := authority.ServerTLS()
	first, err := config.GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority.RootPEM())
	for _, name := range []string{"localhost", "127.0.0.1", "::1", "hub.example", "10.1.2.3"} {
		if _, err := first.Leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: c.at}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.at = c.at.AddDate(0, 0, 30)
	if same, err := config.GetCertificate(nil); err != nil || same != first {
		t.Error("renewed too early")
	}
	c.at = c.at.AddDate(0, 0, 40)
	if next, err := config.GetCertificate(nil); err != nil || next == first || !next.Leaf.NotAfter.After(c.at.AddDate(0, 0, 80)) {
		t.Errorf("not renewed: %v", err)
	}
}
