package soap_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"shopbox/hub/invoice/soap"
	"shopbox/hub/invoice/xmltree"
)

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

// messages are one of each operation.
func messages() []soap.Message {
	at := time.Date(2026, 11, 25, 15, 4, 5, 678e6, time.UTC)
	shop, service := soap.Party{ID: "1234567891", Name: `샵 & <박스>`}, soap.Party{ID: soap.TaxServiceID, Name: soap.TaxServiceName}
	id, earlier := soap.NewMessageID(at, soap.Chance{1}), soap.NewMessageID(at, soap.Chance{2})
	submission := soap.NewSubmitID("12345678", at, soap.Chance{3})
	reference := soap.NewReferenceID(soap.Chance{4})
	out := soap.Message{ID: id, To: "http://tax.example/submit?a=1&b=2", From: shop, Receiver: service, Sent: at}
	back := soap.Message{ID: id, RelatesTo: earlier, To: "http://shop.example/", From: service, Receiver: shop, Sent: at}
	fill := func(m soap.Message, o soap.Operation, b soap.Body, attachment string) soap.Message {
		m.Operation, m.Body = o, b
		if attachment != "" {
			m.Body.ReferenceID, m.Attachment = reference, []byte(attachment)
		}
		return m
	}
	submit := fill(out, soap.Submit, soap.Body{SubmitID: submission, TotalCount: 2}, "\x30\x80\r\n--\r\n\x00\xff\n")
	submit.ReplyTo = "http://shop.example/results"
	results := fill(back, soap.Results, soap.Body{ResultID: submission}, "<r/>")
	results.RelatesTo = ""
	resultsAck := fill(out, soap.ResultsAck, soap.Body{RefResultID: submission}, "")
	resultsAck.RelatesTo = earlier
	return []soap.Message{
		submit,
		fill(back, soap.SubmitAck, soap.Body{}, "<r/>"),
		results,
		resultsAck,
		fill(out, soap.Ask, soap.Body{RefSubmitID: submission}, ""),
		fill(back, soap.AskAck, soap.Body{}, "<r/>"),
		{Operation: soap.Certificate, Body: soap.Body{BusinessID: "1234567891", RegistrationNo: "12345678", FileType: "1"}},
		fill(soap.Message{}, soap.CertificateAck, soap.Body{}, "PK\x03\x04"),
	}
}

func TestReadGivesWhatWasWritten(t *testing.T) {
	key, certificate := pair(t, 2048)
	for _, m := range messages() {
		t.Run(string(m.Operation), func(t *testing.T) {
			packet, err := soap.Write(m, key, certificate)
			if err != nil {
				t.Fatal(err)
			}
			got, err := soap.Read(packet.ContentType, packet.Content)
			if err != nil {
				t.Fatalf("%v\n%s", err, packet.Content)
			}
			if !reflect.DeepEqual(got.Message, m) || !got.Signer.Equal(certificate) {
				t.Errorf("got  %+v\nwant %+v", got.Message, m)
			}
			if packet.Action != m.Operation.Action() {
				t.Errorf("action %s", packet.Action)
			}
		})
	}
}

// envelope cuts the first part out by hand.
func envelope(tb testing.TB, packet soap.Packet) []byte {
	tb.Helper()
	_, rest, _ := bytes.Cut(packet.Content, []byte("\r\n\r\n"))
	text, _, found := bytes.Cut(rest, []byte("\r\n------=_Part_"))
	if !found {
		tb.Fatalf("no first part in %q", packet.Content)
	}
	return text
}

func TestBytesOfTheStandard(t *testing.T) {
	key, certificate := pair(t, 2048)
	packet, err := soap.Write(messages()[0], key, certificate)
	if err != nil {
		t.Fatal(err)
	}
	content := string(packet.Content)
	order := []string{
		"------=_Part_", "Content-Type: text/xml; charset=UTF-8\r\n", "Content-ID: <", "\r\n\r\n<?xml",
		"<SOAP:Envelope ", "<SOAP:Header><wsa:MessageID>20261126000405678-01000000000000000000000000000000</wsa:MessageID>",
		"<wsa:To>http://tax.example/submit?a=1&amp;b=2</wsa:To>",
		"<wsa:Action>http://www.kec.or.kr/standard/Tax/TaxInvoiceSubmit</wsa:Action>",
		"<kec:MessageHeader><kec:Version>3.0</kec:Version><kec:From><kec:PartyID>1234567891</kec:PartyID>",
		"<kec:PartyName>샵 &amp; &lt;박스&gt;</kec:PartyName></kec:From><kec:To><kec:PartyID>9999999999</kec:PartyID>",
		"<kec:PartyName>국세청</kec:PartyName></kec:To><kec:ReplyTo>http://shop.example/results</kec:ReplyTo>",
		"<kec:OperationType>01</kec:OperationType><kec:MessageType>01</kec:MessageType>",
		"<kec:TimeStamp>2026-11-25T15:04:05.678Z</kec:TimeStamp></kec:MessageHeader>",
		"<wsse:Security><wsse:BinarySecurityToken ", `wsu:Id="X509Token"`, "<ds:Signature><ds:SignedInfo>",
		`<ds:Reference URI="">`, `#enveloped-signature"`, `<ds:Reference URI="cid:04000000000000000000000000000000">`,
		"#Attachment-Content-Signature-Transform", `<wsse:Reference URI="#X509Token">`, "</wsse:Security></SOAP:Header>",
		"<SOAP:Body><kec:RequestMessage><kec:SubmitID>12345678-20261126-03000000000000000000000000000000</kec:SubmitID>",
		"<kec:TotalCount>2</kec:TotalCount><kec:ReferenceID>04000000000000000000000000000000</kec:ReferenceID></kec:RequestMessage>",
		"</SOAP:Envelope>\r\n------=_Part_", "Content-Type: application/octet-stream\r\n",
		"Content-ID: 04000000000000000000000000000000\r\n\r\n", "\x30\x80\r\n--\r\n\x00\xff\n\r\n------=_Part_", "--\r\n",
	}
	at := 0
	for _, want := range order {
		found := strings.Index(content[at:], want)
		if found < 0 {
			t.Fatalf("no %q behind %q", want, content[:at])
		}
		at += found + len(want)
	}
	if !strings.HasPrefix(packet.ContentType, `multipart/related; type="text/xml"; start="<`) {
		t.Error(packet.ContentType)
	}
}

// TestXMLSecVerifies holds the signature to another implementation. The ones
// with an attachment are for OpenSSL: xmlsec1 does not know its transform.
func TestXMLSecVerifies(t *testing.T) {
	key, certificate := pair(t, 2048)
	folder := t.TempDir()
	certificateFile := filepath.Join(folder, "cert.pem")
	write(t, certificateFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}))
	for _, m := range messages() {
		t.Run(string(m.Operation), func(t *testing.T) {
			packet, err := soap.Write(m, key, certificate)
			if err != nil {
				t.Fatal(err)
			}
			if m.Attachment != nil {
				checkAttachment(t, envelope(t, packet), m.Attachment)
				return
			}
			file := filepath.Join(folder, string(m.Operation)+".xml")
			write(t, file, envelope(t, packet))
			if out, err := xmlsec(t, certificateFile, file); err != nil {
				t.Errorf("%v\n%s\n%s", err, out, envelope(t, packet))
			}
			write(t, file, bytes.Replace(envelope(t, packet), []byte("SOAP:Body>"), []byte("SOAP:Body> "), 1))
			if out, err := xmlsec(t, certificateFile, file); err == nil {
				t.Errorf("a changed message verifies: %s", out)
			}
		})
	}
}

func xmlsec(t *testing.T, certificate, file string) ([]byte, error) {
	t.Helper()
	return exec.CommandContext(t.Context(), "xmlsec1", "--verify", "--pubkey-cert-pem", certificate, file).CombinedOutput()
}

func checkAttachment(t *testing.T, envelope, attachment []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "attachment")
	write(t, file, attachment)
	out, err := exec.CommandContext(t.Context(), "sh", "-c", `openssl dgst -sha256 -binary "$1" | openssl base64 -A`, "sh", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, reference, _ := bytes.Cut(envelope, []byte(`<ds:Reference URI="cid:`))
	if want := "<ds:DigestValue>" + string(out) + "</ds:DigestValue>"; !bytes.Contains(reference, []byte(want)) {
		t.Errorf("no %s in %s", want, reference)
	}
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestXMLSecSigns reads what another implementation signed: other prefixes,
// white space, SOAP 1.2.
func TestXMLSecSigns(t *testing.T) {
	key, certificate := pair(t, 2048)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile("testdata/other-system.xml")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	keyFile, file := filepath.Join(folder, "key.pem"), filepath.Join(folder, "message.xml")
	write(t, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
	lines := bytes.Split(bytes.TrimSpace(block), []byte("\n"))
	write(t, file, bytes.Replace(template, []byte("CERTIFICATE"), bytes.Join(lines[1:len(lines)-1], []byte("\n")), 1))
	signed, err := exec.CommandContext(t.Context(), "xmlsec1", "--sign", "--privkey-pem", keyFile, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := soap.Read(`application/soap+xml; charset="utf-8"`, signed)
	if err != nil {
		t.Fatalf("%v\n%s", err, signed)
	}
	want := soap.Body{RefSubmitID: "12345678-20261126-03000000000000000000000000000000"}
	if got.Operation != soap.Ask || got.Body != want || got.From.Name != "샵 & 박스" || !got.Signer.Equal(certificate) {
		t.Errorf("got %+v", got)
	}
}

func code(err error) string {
	var ours *soap.Error
	var tree *xmltree.Error
	switch {
	case errors.As(err, &ours):
		return ours.Code
	case errors.As(err, &tree):
		return tree.Code
	case err != nil:
		return err.Error()
	}
	return ""
}

func TestFaults(t *testing.T) {
	packet := soap.WriteFault("SIM101", `it is <"not"> readable`)
	var fault *soap.FaultError
	if _, err := soap.Read(packet.ContentType, packet.Content); !errors.As(err, &fault) || fault.Code != "SIM101" || fault.Text != `it is <"not"> readable` {
		t.Errorf("got %v", err)
	}
	const other = `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header/><e:Body><e:Fault>` +
		`<e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text xml:lang="ko">잠시 후</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`
	if _, err := soap.Read("text/xml", []byte(other)); !errors.As(err, &fault) || fault.Code != "soap_fault" || fault.Text != "잠시 후" {
		t.Errorf("got %v", err)
	}
}

func TestRegistration(t *testing.T) {
	for _, c := range []struct {
		text, want string
		found      bool
	}{
		{soap.NewSubmitID("4100000a", time.Unix(0, 0), soap.Chance{}), "4100000a", true},
		{"4100000-20260101-" + strings.Repeat("0", 32), "", false},
		{"41000000-20260101-" + strings.Repeat("0", 31), "", false},
		{"", "", false},
	} {
		if got, found := soap.Registration(c.text); got != c.want || found != c.found {
			t.Errorf("%q: %q, %v", c.text, got, found)
		}
	}
}
