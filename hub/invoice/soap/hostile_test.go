package soap_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"shopbox/hub/invoice/soap"
	"shopbox/hub/invoice/xmltree"
)

func TestHostileMessages(t *testing.T) {
	key, certificate := pair(t, 2048)
	_, stranger := pair(t, 2048)
	packet, err := soap.Write(messages()[0], key, certificate)
	if err != nil {
		t.Fatal(err)
	}
	token, other := base64.StdEncoding.EncodeToString(certificate.Raw), base64.StdEncoding.EncodeToString(stranger.Raw)
	const fakeBody = "<SOAP:Body><kec:RequestMessage><kec:SubmitID>x</kec:SubmitID></kec:RequestMessage></SOAP:Body>"
	for _, c := range []struct{ name, old, replacement, want string }{
		{"a changed field", "<kec:TotalCount>2<", "<kec:TotalCount>3<", soap.CodeDigest},
		{"a blank", "</SOAP:Header>", "</SOAP:Header> ", soap.CodeDigest},
		{"a changed attachment", "\x00\xff", "\x00\xfe", soap.CodeAttachmentDigest},
		{"a renamed attachment", "\r\nContent-ID: 0400", "\r\nContent-ID: 0500", soap.CodeProfile},
		{"another certificate", token, other, soap.CodeDigest},
		{"no certificate", token, "AAAA", soap.CodeDigest},
		{"a changed value", "<ds:SignatureValue>", "<ds:SignatureValue>AAAA", soap.CodeSignature},
		{"no base64", "<ds:SignatureValue>", "<ds:SignatureValue>?", soap.CodeProfile},
		{"a changed digest", "<ds:DigestValue>", "<ds:DigestValue>A", soap.CodeDigest},
		{"another transform", "#enveloped-signature", "#base64", soap.CodeProfile},
		{"another digest method", "xmlenc#sha256", "xmldsig#sha1", soap.CodeProfile},
		{"a reference elsewhere", `URI=""`, `URI="#Body"`, soap.CodeProfile},
		{"a token elsewhere", `URI="#X509Token"`, `URI="#Other"`, soap.CodeProfile},
		{"no signature", "ds:Signature>", "ds:Unsigned>", soap.CodeUnsigned},
		{"no security", "wsse:Security>", "wsse:Insecure>", soap.CodeUnsigned},
		{"a second security", "<wsse:Security>", "<wsse:Security></wsse:Security><wsse:Security>", soap.CodeRepeated},
		{"inherited attributes", "<SOAP:Header>", `<SOAP:Header xml:lang="ko">`, soap.CodeProfile},
		{"a second body", "<SOAP:Body>", fakeBody + "<SOAP:Body>", soap.CodeEnvelope},
		{"a body in front", "<SOAP:Header>", fakeBody + "<SOAP:Header>", soap.CodeEnvelope},
		{"another envelope", "SOAP:Envelope", "kec:Envelope", soap.CodeEnvelope},
		{"no body", "SOAP:Body", "SOAP:Text", soap.CodeEnvelope},
		{"a document type", "<SOAP:Envelope", "<!DOCTYPE a [<!ENTITY b 'c'>]><SOAP:Envelope", xmltree.CodeDTD},
		{"a large envelope", "<SOAP:Header>", "<SOAP:Header>" + strings.Repeat(" ", 64<<10), soap.CodeTooLarge},
		{"a deep envelope", "<SOAP:Header>", "<SOAP:Header>" + strings.Repeat("<a>", 40), xmltree.CodeTooDeep},
		{"a third part", "Content-Type: application/octet-stream", "\r\n\r\nx\r\n--BOUNDARY\r\nContent-Type: application/octet-stream", soap.CodeParts},
		{"another encoding", "Content-Transfer-Encoding: binary", "Content-Transfer-Encoding: uuencode", soap.CodeMIME},
		{"false base64", "Content-Transfer-Encoding: binary\r\nContent-ID: 04", "Content-Transfer-Encoding: base64\r\nContent-ID: 04", soap.CodeMIME},
		{"no end", "\r\n--BOUNDARY--\r\n", "", soap.CodeMIME},
		{"a long name", "Content-ID: 04", "Content-ID: " + strings.Repeat("4", 300), soap.CodeMIME},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, boundary, _ := strings.Cut(packet.ContentType, `boundary="`)
			fill := strings.NewReplacer("BOUNDARY", strings.TrimSuffix(boundary, `"`))
			old := []byte(fill.Replace(c.old))
			if !bytes.Contains(packet.Content, old) {
				t.Fatalf("nothing to change: %q", old)
			}
			changed := bytes.ReplaceAll(packet.Content, old, []byte(fill.Replace(c.replacement)))
			if _, err := soap.Read(packet.ContentType, changed); code(err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// TestHostileContentTypes are what HTTP says about the body.
func TestHostileContentTypes(t *testing.T) {
	key, certificate := pair(t, 2048)
	all := messages()
	packet, err := soap.Write(all[0], key, certificate)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ contentType, want string }{
		"empty":          {"", soap.CodeMIME},
		"html":           {"text/html", soap.CodeMIME},
		"no boundary":    {"multipart/related", soap.CodeMIME},
		"wrong boundary": {"multipart/related; boundary=a", soap.CodeMIME},
		"only XML":       {"text/xml", xmltree.CodeEncoding},
	} {
		if _, err := soap.Read(c.contentType, packet.Content); code(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := soap.Read(packet.ContentType, nil); code(err) != soap.CodeMIME && code(err) != soap.CodeParts {
		t.Errorf("nothing: %v", err)
	}
	if _, err := soap.Read(packet.ContentType, make([]byte, soap.MaxContent+1)); code(err) != soap.CodeTooLarge {
		t.Errorf("too much: %v", err)
	}
	// The attachment taken away, and one put to a message that has none.
	if _, err := soap.Read("text/xml", envelope(t, packet)); code(err) != soap.CodeProfile {
		t.Errorf("without its attachment: %v", err)
	}
	ask, err := soap.Write(all[4], key, certificate)
	if err != nil {
		t.Fatal(err)
	}
	_, boundary, _ := bytes.Cut(ask.Content, []byte("--"))
	boundary, _, _ = bytes.Cut(boundary, []byte("\r\n"))
	more := bytes.Replace(ask.Content, []byte("--"+string(boundary)+"--"), []byte("--"+string(boundary)+"\r\n\r\nx\r\n--"+string(boundary)+"--"), 1)
	if _, err := soap.Read(ask.ContentType, more); code(err) != soap.CodeProfile {
		t.Errorf("with an attachment too many: %v", err)
	}
}

// TestWriteRefuses holds that nothing is written that its reader would refuse.
func TestWriteRefuses(t *testing.T) {
	key, certificate := pair(t, 2048)
	small, smallCertificate := pair(t, 1024)
	_, stranger := pair(t, 2048)
	whole := messages()[0]
	change := func(f func(*soap.Message)) soap.Message {
		m := whole
		f(&m)
		return m
	}
	for name, c := range map[string]struct {
		message soap.Message
		want    string
	}{
		"no operation":  {change(func(m *soap.Message) { m.Operation = "Other" }), soap.CodeOperation},
		"no attachment": {change(func(m *soap.Message) { m.Attachment = nil }), soap.CodeParts},
		"no SubmitID":   {change(func(m *soap.Message) { m.Body.SubmitID = "" }), soap.CodeMissing},
		"no address":    {change(func(m *soap.Message) { m.To = "" }), soap.CodeMissing},
		"no ReplyTo":    {change(func(m *soap.Message) { m.ReplyTo = "" }), soap.CodeMissing},
		"no sender":     {change(func(m *soap.Message) { m.From.ID = "" }), soap.CodeMissing},
		"a header line": {change(func(m *soap.Message) { m.Body.ReferenceID = "a\r\nb: c" }), soap.CodeReference},
	} {
		if _, err := soap.Write(c.message, key, certificate); code(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := soap.Write(whole, key, stranger); code(err) != soap.CodeKey {
		t.Errorf("another's certificate: %v", err)
	}
	if _, err := soap.Write(whole, small, smallCertificate); code(err) != soap.CodeKey {
		t.Errorf("a small key: %v", err)
	}
	if _, err := soap.Write(whole, nil, nil); code(err) != soap.CodeKey {
		t.Errorf("no key: %v", err)
	}
}

// FuzzRead holds that any bytes give a message or an error with a code, and
// that a message which is read is one that its signer signed.
func FuzzRead(f *testing.F) {
	key, certificate := pair(f, 2048)
	for _, m := range messages() {
		packet, err := soap.Write(m, key, certificate)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packet.ContentType, packet.Content)
	}
	fault := soap.WriteFault("SIM101", "text")
	f.Add(fault.ContentType, fault.Content)
	f.Add("multipart/related; boundary=a; start=b", []byte("--a\nContent-ID: <b>\ncontent-transfer-encoding: BASE64\n\nPGE+\n--a--"))
	signed := messages()
	f.Fuzz(func(t *testing.T, contentType string, content []byte) {
		got, err := soap.Read(contentType, content)
		var fault *soap.FaultError
		switch {
		case err == nil:
			checkSigned(t, got, signed)
		case errors.As(err, &fault):
			if fault.Code == "" || len(fault.Text) > 512 {
				t.Fatalf("fault %q", fault)
			}
		case !strings.Contains(code(err), "_") || strings.Contains(code(err), " "):
			t.Fatalf("no code: %v", err)
		}
	})
}

func checkSigned(t *testing.T, got *soap.Received, signed []soap.Message) {
	t.Helper()
	for _, m := range signed {
		if got.Operation == m.Operation && got.Body == m.Body && bytes.Equal(got.Attachment, m.Attachment) {
			return
		}
	}
	t.Fatalf("nobody signed %+v", got.Message)
}

// FuzzSecurity changes the envelope alone: the readers of WS-Security and of the
// fields behind it give a message or a code, and no changed one is believed.
func FuzzSecurity(f *testing.F) {
	key, certificate := pair(f, 2048)
	signed := messages()
	for _, m := range signed {
		packet, err := soap.Write(m, key, certificate)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(envelope(f, packet))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := soap.Read("text/xml", text)
		var fault *soap.FaultError
		switch {
		case err == nil:
			checkSigned(t, got, signed)
		case !errors.As(err, &fault) && (!strings.Contains(code(err), "_") || strings.Contains(code(err), " ")):
			t.Fatalf("no code: %v", err)
		}
		if _, err := soap.ReadUnsigned(text); err != nil && strings.Contains(code(err), " ") {
			t.Fatalf("no code: %v", err)
		}
	})
}

// TestHostileFields are fields that somebody signed but should not have.
func TestHostileFields(t *testing.T) {
	key, certificate := pair(t, 2048)
	packet, err := soap.Write(messages()[0], key, certificate)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(envelope(t, packet))
	if _, err := soap.ReadUnsigned([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, replacement, want string }{
		{"no MessageID", "wsa:MessageID", "wsa:Message", soap.CodeMissing},
		{"two MessageIDs", "<wsa:To>", "<wsa:MessageID>1</wsa:MessageID><wsa:To>", soap.CodeRepeated},
		{"two SubmitIDs", "<kec:TotalCount>", "<kec:SubmitID>1</kec:SubmitID><kec:TotalCount>", soap.CodeRepeated},
		{"an unknown action", "/TaxInvoiceSubmit<", "/Other<", soap.CodeOperation},
		{"another's action", "/TaxInvoiceSubmit<", "/ResultsReqSubmit<", soap.CodeOperation},
		{"an action of certificates", "http://www.kec.or.kr/standard/Tax/TaxInvoiceSubmit<", "http://webservice.esero.go.kr/services/RequestCert<", soap.CodeOperation},
		{"another type", "<kec:MessageType>01<", "<kec:MessageType>02<", soap.CodeOperation},
		{"another version", "<kec:Version>3.0<", "<kec:Version>2.0<", soap.CodeValue},
		{"no header", "kec:MessageHeader", "kec:Header", soap.CodeMissing},
		{"no sender", "kec:From", "kec:Sender", soap.CodeMissing},
		{"no time", "<kec:TimeStamp>2026", "<kec:TimeStamp>soon", soap.CodeValue},
		{"an empty field", "<kec:PartyID>1234567891<", "<kec:PartyID> <", soap.CodeValue},
		{"a long field", "<kec:PartyID>1234567891<", "<kec:PartyID>" + strings.Repeat("1", 600) + "<", soap.CodeValue},
		{"elements in a field", "<kec:PartyID>1234567891<", "<kec:PartyID><kec:ID>1</kec:ID><", soap.CodeValue},
		{"no count", "<kec:TotalCount>2<", "<kec:TotalCount>-2<", soap.CodeValue},
		{"a huge count", "<kec:TotalCount>2<", "<kec:TotalCount>99999999<", soap.CodeValue},
		{"another body", "kec:RequestMessage", "kec:ResponseMessage", soap.CodeMissing},
		{"no ReplyTo", "kec:ReplyTo", "kec:Reply", soap.CodeMissing},
	} {
		changed := strings.ReplaceAll(whole, c.old, c.replacement)
		if changed == whole {
			t.Fatalf("%s: nothing to change", c.name)
		}
		if _, err := soap.ReadUnsigned([]byte(changed)); code(err) != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}
