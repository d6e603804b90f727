package sign_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shopbox/hub/invoice/sign"
	"shopbox/hub/invoice/xmltree"
)

func read(tb testing.TB, name string) []byte {
	tb.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

func pair(tb testing.TB, bits int) (*rsa.PrivateKey, *x509.Certificate) {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		tb.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "샵박스(TEST)"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	raw, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		tb.Fatal(err)
	}
	return key, certificate
}

func code(err error) string {
	var ours *sign.Error
	var tree *xmltree.Error
	switch {
	case errors.As(err, &ours):
		return ours.Code
	case errors.As(err, &tree):
		return tree.Code
	}
	return ""
}

func TestDigestInputIsTheGivenBytes(t *testing.T) {
	want := read(t, "own-compact-signed-by-jdk.xml.digestinput")
	for _, name := range []string{"own-compact-signed-by-jdk.xml", "own-compact-unsigned.xml"} {
		got, err := sign.DigestInput(read(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, want)
		}
	}
	digest, err := sign.Digest(read(t, "own-compact-unsigned.xml"))
	if got := base64.StdEncoding.EncodeToString(digest[:]); err != nil || got != "Oroqfl7yS9d2pEBIHQNCoXL7AF1iZgNvFRXHBZJkmmA=" {
		t.Errorf("digest %s, %v", got, err)
	}
}

func TestVerifiesAnotherSystemsSignature(t *testing.T) {
	got, err := sign.Verify(read(t, "own-compact-signed-by-jdk.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.Certificate.Subject.CommonName, "TEST") {
		t.Errorf("signed by %s", got.Certificate.Subject)
	}
}

func TestSignedDocumentVerifies(t *testing.T) {
	key, certificate := pair(t, 2048)
	for name, change := range map[string]func(string) string{
		"as it is":    func(s string) string { return s },
		"indented":    func(s string) string { return strings.ReplaceAll(s, "><Tax", ">\r\n  <Tax") },
		"more spaces": func(s string) string { return strings.Replace(s, "xmlns:xsi", `xmlns:a="urn:a" xmlns:xsi`, 1) },
		"ds on root": func(s string) string {
			return strings.Replace(s, "xmlns:xsi", `xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xsi`, 1)
		},
		"byte mark":    func(s string) string { return "\ufeff" + s },
		"an attribute": func(s string) string { return strings.Replace(s, "<TypeCode>", "<TypeCode b='\"1' a='2\n3'>", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			document := change(string(read(t, "own-compact-unsigned.xml")))
			signed, err := sign.Sign([]byte(document), key, certificate)
			if err != nil {
				t.Fatal(err)
			}
			got, err := sign.Verify(signed)
			if err != nil {
				t.Fatalf("%v\n%s", err, signed)
			}
			if want, err := sign.Digest([]byte(document)); err != nil || got.Digest != want || !got.Certificate.Equal(certificate) {
				t.Errorf("digest %x, want %x, %v", got.Digest, want, err)
			}
			if _, err := sign.Sign(signed, key, certificate); code(err) != sign.CodeSigned {
				t.Errorf("a second signature: %v", err)
			}
		})
	}
}

// resigned replaces texts of a signed document and signs what its SignedInfo
// has become, as a system would that writes it so.
func resigned(t *testing.T, document string, key *rsa.PrivateKey, replacements ...string) []byte {
	t.Helper()
	changed := strings.NewReplacer(replacements...).Replace(document)
	if changed == document {
		t.Fatal("nothing was changed")
	}
	root, err := xmltree.Parse([]byte(changed))
	if err != nil {
		t.Fatal(err)
	}
	var info bytes.Buffer
	for _, child := range root.Elements() {
		if child.Local == "Signature" {
			child.Elements()[0].WriteCanonical(&info)
		}
	}
	sum := sha256.Sum256(info.Bytes())
	value, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(changed, "<ds:SignatureValue>")
	_, after, _ := strings.Cut(rest, "</ds:SignatureValue>")
	return []byte(before + "<ds:SignatureValue>" + base64.StdEncoding.EncodeToString(value) + "</ds:SignatureValue>" + after)
}

func TestVerifiesOtherWaysOfWriting(t *testing.T) {
	key, certificate := pair(t, 2048)
	signed, err := sign.Sign(read(t, "own-compact-unsigned.xml"), key, certificate)
	if err != nil {
		t.Fatal(err)
	}
	for name, replacements := range map[string][]string{
		"no blanks in the expression": {"name() = ", "name()="},
		"a broken expression":         {"not(self", "\n  not( self", " | ", "\n  | "},
		"double quotes":               {"'TaxInvoice'", `"TaxInvoice"`, "'ExchangedDocument'", `"ExchangedDocument"`},
		"indented":                    {"<ds:Reference", "\r\n\t<ds:Reference", "<ds:DigestMethod", "\n<ds:DigestMethod", "<ds:KeyInfo>", "\n<ds:KeyInfo>\n"},
		"declared again":              {"<ds:XPath>", `<ds:XPath xmlns:ds="http://www.w3.org/2000/09/xmldsig#">`},
		"a further namespace":         {"<ds:SignedInfo>", `<ds:SignedInfo xmlns:a="urn:a">`},
		"names":                       {"<ds:Signature ", `<ds:Signature Id="a" `, "<ds:SignedInfo>", `<ds:SignedInfo Id="b">`, "<ds:Reference ", `<ds:Reference Id="c" `},
		"empty elements":              {"></ds:SignatureMethod>", "/>", "></ds:DigestMethod>", " />"},
		"a comment":                   {"<ds:Reference", "<!-- hello --><ds:Reference"},
		"Windows lines in base64":     {"<ds:DigestValue>", "<ds:DigestValue>&#13;\n", "<ds:X509Certificate>", "<ds:X509Certificate>&#xD;\n"},
		"the signer's name":           {"<ds:X509Certificate>", "<ds:X509SubjectName>CN=x</ds:X509SubjectName><ds:X509Certificate>"},
		"the name of the key":         {"<ds:KeyInfo>", "<ds:KeyInfo><ds:KeyName>x</ds:KeyName>"},
	} {
		if got, err := sign.Verify(resigned(t, string(signed), key, replacements...)); err != nil || !got.Certificate.Equal(certificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChangedDocumentsFail(t *testing.T) {
	key, certificate := pair(t, 2048)
	signed, err := sign.Sign(read(t, "own-compact-unsigned.xml"), key, certificate)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, replacement, want string }{
		{"an amount", "<GrandTotalAmount>11000", "<GrandTotalAmount>12000", sign.CodeDigest},
		{"a blank", "</TaxInvoiceDocument>", "</TaxInvoiceDocument> ", sign.CodeDigest},
		{"a new line", "<TaxInvoiceTradeLineItem>", "<TaxInvoiceTradeLineItem></TaxInvoiceTradeLineItem><TaxInvoiceTradeLineItem>", sign.CodeDigest},
		{"another namespace", "xmlns:xsi", `xmlns:a="urn:a" xmlns:xsi`, sign.CodeDigest},
		{"a blank in SignedInfo", "<ds:Reference", " <ds:Reference", sign.CodeSignature},
		{"the value", "<ds:SignatureValue>", "<ds:SignatureValue>AAAA", sign.CodeSignature},
		{"no base64", "<ds:SignatureValue>", "<ds:SignatureValue>?", sign.CodeProfile},
		{"the expression", "name() = 'TaxInvoice'", "name() = 'TaxInvoiceDocument'", sign.CodeProfile},
		{"the reference", `URI=""`, `URI="#a"`, sign.CodeProfile},
		{"the digest method", "xmlenc#sha256", "xmlenc#sha512", sign.CodeProfile},
		{"a weak signature method", "xmldsig-more#rsa-sha256", "xmldsig-more#rsa-md5", sign.CodeProfile},
		{"a broken certificate", "<ds:X509Certificate>", "<ds:X509Certificate>AAAA", sign.CodeCertificate},
		{"hidden content", "<IssueID>", "<ExchangedDocument><IssueID>1</IssueID></ExchangedDocument><IssueID>", sign.CodeScope},
		{"a second exchange", "<ds:Signature ", "<ExchangedDocument></ExchangedDocument><ds:Signature ", sign.CodeScope},
		{"another root", "TaxInvoice ", "TaxInvoices ", xmltree.CodeMalformed},
		{"a language", "xmlns:xsi", `xml:lang="ko" xmlns:xsi`, sign.CodeScope},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := strings.Replace(string(signed), c.old, c.replacement, 1)
			if changed == string(signed) {
				t.Fatal("nothing was changed")
			}
			if _, err := sign.Verify([]byte(changed)); code(err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	free := strings.Replace(string(signed), "20261123104500", "20261124104500", 1)
	if _, err := sign.Verify([]byte(free)); err != nil {
		t.Errorf("the exchange part is outside the signature: %v", err)
	}
}

func TestRefusesKeys(t *testing.T) {
	document := read(t, "own-compact-unsigned.xml")
	key, certificate := pair(t, 2048)
	other, _ := pair(t, 2048)
	weak, weakCertificate := pair(t, 1024)
	if _, err := sign.Sign(document, other, certificate); code(err) != sign.CodeKey {
		t.Errorf("another's certificate: %v", err)
	}
	if _, err := sign.Sign(document, weak, weakCertificate); code(err) != sign.CodeKey {
		t.Errorf("a weak key: %v", err)
	}
	if _, err := sign.Sign(document, key, nil); code(err) != sign.CodeKey {
		t.Errorf("no certificate: %v", err)
	}
	if _, err := sign.Verify(document); code(err) != sign.CodeUnsigned {
		t.Errorf("no signature: %v", err)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(read(f, "own-compact-signed-by-jdk.xml"))
	f.Add(read(f, "own-compact-unsigned.xml"))
	f.Fuzz(func(t *testing.T, document []byte) {
		if _, err := sign.Verify(document); err != nil && code(err) == "" {
			t.Errorf("an error without a code: %v", err)
		}
	})
}

// BenchmarkSign is held against BenchmarkRawRSA: reading, hashing and writing
// should cost little beside the key.
func BenchmarkSign(b *testing.B) {
	key, certificate := pair(b, 2048)
	document := read(b, "own-compact-unsigned.xml")
	for b.Loop() {
		if _, err := sign.Sign(document, key, certificate); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRawRSA signs a digest and nothing else.
func BenchmarkRawRSA(b *testing.B) {
	key, _ := pair(b, 2048)
	sum := sha256.Sum256(read(b, "own-compact-unsigned.xml"))
	for b.Loop() {
		if _, err := key.Sign(rand.Reader, sum[:], crypto.SHA256); err != nil {
			b.Fatal(err)
		}
	}
}
