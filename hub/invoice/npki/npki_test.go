package npki_test

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"shopbox/hub/invoice/npki"
)

const (
	password = "test1234!@"
	owner    = "1234567891"
)

func file(tb testing.TB, name string) []byte {
	tb.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

func opened(tb testing.TB, name string) *npki.Key {
	tb.Helper()
	key, err := npki.Open(file(tb, name), []byte(password))
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func certificate(tb testing.TB, name string) *x509.Certificate {
	tb.Helper()
	cert, err := npki.Certificate(file(tb, name))
	if err != nil {
		tb.Fatal(err)
	}
	return cert
}

func TestOpen(t *testing.T) {
	for _, c := range []struct {
		name, password string
		remarks        []npki.Remark
	}{
		{"signPri.pbes1-seed-sha1.key", password, nil},
		{"signPri.pbes2-seed-hmacsha1.key", password, nil},
		{"signPri.pbes2-seed-hmacsha256.key", password, nil},
		{"signPri.old-seed-pbkdf1.key", password, []npki.Remark{npki.RemarkOldSEED}},
		{"signPri.old-seed-pbkdf2.key", password, []npki.Remark{npki.RemarkOldSEED}},
		{"signPri.aria128.key", password, nil},
		{"signPri.aria192.key", password, nil},
		{"signPri.aria256.key", password, nil},
		{"signPri.euckr-password.key", "비밀번호1!", []npki.Remark{npki.RemarkEUCKR}},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, err := npki.Open(file(t, c.name), []byte(c.password))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(key.R(), file(t, "rvalue.bin")) {
				t.Errorf("got R %x", key.R())
			}
			if !slices.Equal(key.Remarks(), c.remarks) {
				t.Errorf("got remarks %v, want %v", key.Remarks(), c.remarks)
			}
			if err := key.CheckOwner(certificate(t, "signCert.der"), owner); err != nil {
				t.Errorf("owner: %v", err)
			}
			for _, wrong := range []string{"test1234!", "", "틀린비번", string(make([]byte, npki.MaxPassword+1))} {
				if _, err := npki.Open(file(t, c.name), []byte(wrong)); !errors.Is(err, npki.ErrWrongPassword) {
					t.Errorf("wrong password of %d bytes: got %v", len(wrong), err)
				}
			}
		})
	}
}

func TestDamagedKeyIsRefused(t *testing.T) {
	whole := file(t, "signPri.pbes1-seed-sha1.key")
	good := opened(t, "signPri.pbes1-seed-sha1.key").Private()
	for i := 0; i < len(whole); i += 1 + i/64 {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x40
		if i%37 == 0 {
			damaged = whole[:i]
		}
		key, err := npki.Open(damaged, []byte(password))
		if err == nil && !key.Private().Equal(good) {
			t.Fatalf("byte %d: opened as another key", i)
		}
	}
}

type algorithm struct {
	Name   asn1.ObjectIdentifier
	Params any
}

type derivation struct {
	Salt       []byte
	Iterations int
}

func keyFile(t *testing.T, a algorithm, text []byte) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct {
		Algorithm algorithm
		Text      []byte
	}{a, text})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestOpenRefuses(t *testing.T) {
	withSHA1 := asn1.ObjectIdentifier{1, 2, 410, 200004, 1, 15}
	made := func(salt, iterations, text int) []byte {
		params := derivation{make([]byte, salt), iterations}
		return keyFile(t, algorithm{withSHA1, params}, make([]byte, text))
	}
	aria := []byte{0x06, 0x09, 0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x6e, 0x01, 0x01, 0x0c}
	camellia := bytes.Replace(file(t, "signPri.aria256.key"), aria, append(aria[:10:10], 0x63), 1)
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":              {nil, npki.ErrKeyFile},
		"a certificate":        {file(t, "signCert.der"), npki.ErrKeyFile},
		"bytes after the end":  {append(file(t, "signPri.no-r.key"), 0), npki.ErrKeyFile},
		"Camellia":             {camellia, npki.ErrAlgorithm},
		"huge file":            {make([]byte, npki.MaxFile+1), npki.ErrTooLarge},
		"huge iteration count": {made(8, npki.MaxIterations+1, 16), npki.ErrTooLarge},
		"huge salt":            {made(65, 2048, 16), npki.ErrTooLarge},
		"no salt":              {made(0, 2048, 16), npki.ErrKeyFile},
		"no iterations":        {made(8, 0, 16), npki.ErrKeyFile},
		"negative iterations":  {made(8, -1, 16), npki.ErrKeyFile},
		"no cipher text":       {made(8, 2048, 0), npki.ErrKeyFile},
		"a broken block":       {made(8, 2048, 17), npki.ErrKeyFile},
	} {
		if _, err := npki.Open(c.file, []byte(password)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestOpenRefusesWhatIsInside(t *testing.T) {
	whole := file(t, "privatekeyinfo-with-R.der")
	if _, err := npki.Open(sealedWith(t, whole), []byte(password)); err != nil {
		t.Fatal(err)
	}
	rsaName := []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01}
	other := bytes.Replace(whole, rsaName, append(rsaName[:10:10], 0x02), 1)
	modulus := bytes.Clone(whole)
	modulus[200] ^= 1
	brokenR := bytes.Replace(whole, []byte{0x03, 0x15, 0x00}, []byte{0x03, 0x15, 0x07}, 1)
	for name, c := range map[string]struct {
		inside []byte
		want   error
	}{
		"another algorithm": {other, npki.ErrAlgorithm},
		"a broken modulus":  {modulus, npki.ErrPrivateKey},
		"a broken R value":  {brokenR, npki.ErrPrivateKey},
		"no key at all":     {[]byte("hello"), npki.ErrWrongPassword},
	} {
		if _, err := npki.Open(sealedWith(t, c.inside), []byte(password)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestCheckOwner(t *testing.T) {
	for _, c := range []struct {
		key, cert, number string
		want              error
	}{
		{"signPri.pbes1-seed-sha1.key", "signCert.der", owner, nil},
		{"signPri.pbes1-seed-sha1.key", "signCert.der", "123-45-67891", nil},
		{"signPri.pbes1-seed-sha1.key", "signCert.der", "2208162517", npki.ErrWrongOwner},
		{"signPri.pbes1-seed-sha1.key", "signCert.der", "0001013000000", npki.ErrWrongOwner},
		{"signPri.pbes1-seed-sha1.key", "signCert.der", "123456789", npki.ErrNumber},
		{"signPri.pbes1-seed-sha1.key", "signCert.der", "12345678９1", npki.ErrNumber},
		{"signPri.pbes1-seed-sha1.key", "otherCert.der", owner, npki.ErrPair},
		{"signPri.pbes1-seed-sha1.key", "noIdentityCert.der", owner, npki.ErrNoIdentity},
		{"signPri.no-r.key", "signCert.der", owner, npki.ErrNoR},
	} {
		err := opened(t, c.key).CheckOwner(certificate(t, c.cert), c.number)
		if !errors.Is(err, c.want) {
			t.Errorf("%s with %s for %s: got %v, want %v", c.key, c.cert, c.number, err, c.want)
		}
	}
}

func TestReadIdentity(t *testing.T) {
	identity, err := npki.ReadIdentity(certificate(t, "signCert.der"))
	if err != nil || identity.Name != "샵박스시험(TEST)" {
		t.Errorf("got %q, %v", identity.Name, err)
	}
}

func TestCertificateRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"an encryption certificate": {file(t, "kmCert.der"), npki.ErrPurpose},
		"a key":                     {file(t, "signPri.no-r.key"), npki.ErrCertificate},
		"a huge file":               {make([]byte, npki.MaxFile+1), npki.ErrTooLarge},
	} {
		if _, err := npki.Certificate(c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestKeyIsNeverPrinted(t *testing.T) {
	key := opened(t, "signPri.pbes1-seed-sha1.key")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, key); got != "npki key (hidden)" {
			t.Errorf("%s prints %d characters", verb, len(got))
		}
	}
	if got := key.LogValue().String(); got != "npki key (hidden)" {
		t.Errorf("a log shows %d characters", len(got))
	}
}
