package cli_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shopbox/hub/cli"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/sign"
	"shopbox/hub/invoice/ubl"
)

const unsigned = "../invoice/sign/testdata/own-compact-unsigned.xml"

// signingDay is the day of the documents, in the middle of the Korean day.
var signingDay = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

func run(t *testing.T, args ...string) (out, remarks string, err error) {
	t.Helper()
	return runAt(t, signingDay, "", args...)
}

func runAt(t *testing.T, now time.Time, in string, args ...string) (out, remarks string, err error) {
	t.Helper()
	var first, second bytes.Buffer
	err = cli.Invoice(t.Context(), args, cli.Streams{
		In: strings.NewReader(in), Out: &first, Remarks: &second, Now: func() time.Time { return now },
	})
	return first.String(), second.String(), err
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func pair(t *testing.T) (keyFile, oldKeyFile, certificateFile string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "shop"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	modern, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, raw []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}) }
	return write(t, "key.pem", block("PRIVATE KEY", modern)),
		write(t, "old.pem", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))),
		write(t, "cert.pem", block("CERTIFICATE", certificate))
}

func TestSignVerifyDigest(t *testing.T) {
	key, oldKey, certificate := pair(t)
	for _, key := range []string{key, oldKey} {
		signed, remarks, err := run(t, "sign", "--key", key, "--cert", certificate, unsigned)
		if err != nil || remarks != "" {
			t.Fatalf("%v %s", err, remarks)
		}
		out, remarks, err := run(t, "verify", write(t, "signed.xml", []byte(signed)))
		if err != nil || remarks != "" || !strings.Contains(out, "valid, signed by CN=shop") {
			t.Errorf("got %q, %q, %v", out, remarks, err)
		}
		changed := strings.Replace(signed, ">11000<", ">12000<", 1)
		out, remarks, err = run(t, "verify", write(t, "changed.xml", []byte(changed)))
		var refused *sign.Error
		if !errors.As(err, &refused) || refused.Code != sign.CodeDigest || out != "" {
			t.Errorf("a changed one: %q, %v", out, err)
		}
		if !strings.Contains(remarks, "grand_total: TaxInvoice/TaxInvoiceTradeSettlement/SpecifiedMonetarySummation/GrandTotalAmount") {
			t.Errorf("the broken sum is not named: %q", remarks)
		}
	}
	if out, _, err := run(t, "digest", unsigned); err != nil || out != "Oroqfl7yS9d2pEBIHQNCoXL7AF1iZgNvFRXHBZJkmmA=\n" {
		t.Errorf("digest %q, %v", out, err)
	}
}

func TestRefusals(t *testing.T) {
	key, _, certificate := pair(t)
	encrypted := write(t, "encrypted.pem", pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte{1}}))
	huge := write(t, "huge.xml", bytes.Replace(content(t), []byte(">11000<"), []byte(">99999999999999999999<"), 1))
	var signing *sign.Error
	var reading *kecxml.Error
	if _, _, err := run(t, "sign", "--key", encrypted, "--cert", certificate, unsigned); !errors.As(err, &signing) || signing.Code != sign.CodeKey {
		t.Errorf("an encrypted key: %v", err)
	}
	if _, _, err := run(t, "sign", "--key", key, "--cert", key, unsigned); !errors.As(err, &signing) || signing.Code != sign.CodeCertificate {
		t.Errorf("no certificate: %v", err)
	}
	if _, _, err := run(t, "sign", "--key", key, "--cert", certificate, huge); !errors.As(err, &reading) || reading.Code != kecxml.CodeTooLong {
		t.Errorf("a huge number: %v", err)
	}
	if _, _, err := run(t, "verify", unsigned); !errors.As(err, &signing) || signing.Code != sign.CodeUnsigned {
		t.Errorf("no signature: %v", err)
	}
	for _, args := range [][]string{{"verify", "none"}, {"digest", "none"}, {"sign", "--key", "none", "--cert", "none", "none"}} {
		if _, _, err := run(t, args...); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v: %v", args, err)
		}
	}
	for _, args := range [][]string{nil, {"verify"}, {"other", unsigned}, {"sign", unsigned}, {"sign", "--bad", unsigned}} {
		if _, _, err := run(t, args...); !errors.Is(err, cli.ErrUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestUsage(t *testing.T) {
	if _, _, err := run(t); !strings.HasPrefix(err.Error(), "usage:\n  hub invoice verify FILE\n") {
		t.Errorf("of all: %v", err)
	}
	if _, _, err := run(t, "digest"); err.Error() != "usage:\n  hub invoice digest FILE" {
		t.Errorf("of one: %v", err)
	}
}

func content(t *testing.T) []byte {
	t.Helper()
	document, err := os.ReadFile(unsigned)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

const documents = "../invoice/testdata/documents/"

func TestPDF(t *testing.T) {
	pages := map[string]int{"supplier": 2, "buyer": 2, "both": 4}
	for which, want := range pages {
		out, remarks, err := run(t, "pdf", "--copy", which, documents+"twenty-lines.xml")
		if err != nil || remarks != "" || strings.Count(out, "<</Type /Page\n") != want {
			t.Errorf("%s: %v %s, %d pages", which, err, remarks, strings.Count(out, "<</Type /Page\n"))
		}
	}
	both, _, err := run(t, "pdf", documents+"twenty-lines.xml")
	if again, _, _ := run(t, "pdf", "--copy", "both", documents+"twenty-lines.xml"); err != nil || both != again {
		t.Errorf("both copies are the default: %v", err)
	}
	hanja := bytes.Replace(content(t), []byte("<NameText>"), []byte("<NameText>株"), 1)
	if _, remarks, err := run(t, "pdf", write(t, "hanja.xml", hanja)); err != nil || !strings.Contains(remarks, `pdf_character: the font lacks "株"`) {
		t.Errorf("%v %s", err, remarks)
	}
	if _, _, err := run(t, "pdf", "--copy", "broker", unsigned); !errors.Is(err, cli.ErrUsage) {
		t.Errorf("an unknown copy: %v", err)
	}
}

func TestUBL(t *testing.T) {
	out, remarks, err := run(t, "ubl", documents+"amended.xml")
	if err != nil || remarks != "" || !strings.Contains(out, "<cbc:CreditNoteTypeCode>381<") {
		t.Errorf("%v %s %s", err, remarks, out)
	}
	var refused *ubl.Error
	wrong := bytes.Replace(content(t), []byte(">11000<"), []byte(">11001<"), 1)
	if _, _, err := run(t, "ubl", write(t, "wrong.xml", wrong)); !errors.As(err, &refused) || refused.Code != ubl.CodeTotal {
		t.Errorf("a wrong sum: %v", err)
	}
}
