package soap

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/xml"
	"strings"
)

// Packet is a message as it travels by HTTP POST.
type Packet struct {
	// Action goes into the header SOAPAction; empty for a fault.
	Action string
	// ContentType goes into the header Content-Type.
	ContentType string
	// Content is the HTTP body.
	Content []byte
}

// Write builds the message and signs it with the sender's key (RSA of 2048
// bits or more) and its certificate. An *Error with CodeKey refuses a pair that
// is none, CodeOperation, CodeMissing and CodeReference a message that lacks
// what its operation needs.
func Write(m Message, key crypto.Signer, certificate *x509.Certificate) (Packet, error) {
	if err := checkPair(key, certificate); err != nil {
		return Packet{}, err
	}
	p, err := m.check()
	if err != nil {
		return Packet{}, err
	}
	envelope, err := m.signed(p, key, certificate)
	if err != nil {
		return Packet{}, err
	}
	packet := pack(envelope, m.Body.ReferenceID, p.partType, m.Attachment)
	packet.Action = m.Operation.Action()
	return packet, nil
}

// check refuses a message that its reader would refuse.
func (m *Message) check() (profile, error) {
	p, found := m.Operation.profile()
	if !found {
		return p, &Error{Code: CodeOperation, Element: "wsa:Action", Detail: "there is no operation " + string(m.Operation)}
	}
	if (p.attachment != never) != (m.Attachment != nil) {
		return p, &Error{Code: CodeParts, Element: "kec:" + p.element, Detail: "the attachment is missing or one too many"}
	}
	for _, name := range p.fields {
		if m.Body.text(name) == "" {
			return p, &Error{Code: CodeMissing, Element: "kec:" + name, Detail: "the element is empty"}
		}
	}
	if m.Attachment != nil && !plainID(m.Body.ReferenceID) {
		return p, &Error{Code: CodeReference, Element: "kec:ReferenceID", Detail: "the name of the attachment holds other than letters, digits and - . _ @"}
	}
	for name, text := range m.headers(p) {
		if text == "" || len(text) > maxField {
			return p, &Error{Code: CodeMissing, Element: name, Detail: "the element is empty or too long"}
		}
	}
	return p, nil
}

func (m *Message) headers(p profile) map[string]string {
	texts := map[string]string{}
	if p.headed() {
		texts = map[string]string{
			"wsa:MessageID": m.ID, "wsa:To": m.To, "kec:From": m.From.ID, "kec:To": m.Receiver.ID,
		}
	}
	if p.reply {
		texts["wsa:RelatesTo"] = m.RelatesTo
	}
	if p.replyTo {
		texts["kec:ReplyTo"] = m.ReplyTo
	}
	return texts
}

// plainID keeps a Content-ID free of what a header or a URI would need quoted.
func plainID(id string) bool {
	const others = "-._@"
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && !strings.ContainsRune(others, c) {
			return false
		}
	}
	return id != "" && len(id) <= maxField
}

// The envelope's start tag in canonical form: every namespace stands on it.
const (
	startEnvelope = `<SOAP:Envelope xmlns:SOAP="` + soapSpace + `"` + inside + `>`
	inside        = ` xmlns:ds="` + dsSpace + `" xmlns:kec="` + kecSpace + `" xmlns:wsa="` + wsaSpace +
		`" xmlns:wsse="` + wsseSpace + `" xmlns:wsu="` + wsuSpace + `" xmlns:xsd="` + xsdSpace + `" xmlns:xsi="` + xsiSpace + `"`
)

// envelope writes the message as canonical XML, cut where the signature goes:
// behind the certificate in wsse:Security.
func (m *Message) envelope(p profile, certificate *x509.Certificate) (before, after string) {
	var w writer
	w.raw(startEnvelope + "<SOAP:Header>")
	if p.headed() {
		m.writeHeader(&w, p)
	}
	w.raw(`<wsse:Security><wsse:BinarySecurityToken EncodingType="` + tokenCoding + `" ValueType="` + tokenType +
		`" wsu:Id="` + tokenID + `">` + encode(certificate.Raw) + `</wsse:BinarySecurityToken>`)
	before = w.String()
	w.Reset()
	w.raw("</wsse:Security></SOAP:Header><SOAP:Body><kec:" + p.element + ">")
	for _, name := range p.fields {
		w.element("kec:"+name, m.Body.text(name))
	}
	w.raw("</kec:" + p.element + "></SOAP:Body></SOAP:Envelope>")
	return before, w.String()
}

// writeHeader writes the addresses and kec:MessageHeader. Whether the time
// stamp's Z means UTC is not confirmed: one implementation writes the time in
// Korea with it.
func (m *Message) writeHeader(w *writer, p profile) {
	w.element("wsa:MessageID", m.ID)
	if p.reply {
		w.element("wsa:RelatesTo", m.RelatesTo)
	}
	w.element("wsa:To", m.To)
	w.element("wsa:Action", m.Operation.Action())
	w.raw("<kec:MessageHeader>")
	w.element("kec:Version", version)
	w.party("kec:From", m.From)
	w.party("kec:To", m.Receiver)
	if p.replyTo {
		w.element("kec:ReplyTo", m.ReplyTo)
	}
	w.element("kec:OperationType", p.types[0])
	w.element("kec:MessageType", p.types[1])
	w.element("kec:TimeStamp", m.Sent.UTC().Format(timeLayout))
	w.raw("</kec:MessageHeader>")
}

// writer writes elements without attributes in canonical form.
type writer struct{ strings.Builder }

func (w *writer) raw(text string) { _, _ = w.WriteString(text) } // a builder never fails

func (w *writer) element(name, text string) {
	w.raw("<" + name + ">" + escape(text) + "</" + name + ">")
}

func (w *writer) party(name string, p Party) {
	w.raw("<" + name + ">")
	w.element("kec:PartyID", p.ID)
	w.element("kec:PartyName", p.Name)
	w.raw("</" + name + ">")
}

// escape writes text as Canonical XML does; characters no XML may hold are
// left out.
func escape(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;").Replace(clean)
}

// pack writes the parts: multipart/related (RFC 2387) with CRLF line ends. The
// attachment's Content-ID stands without brackets, as implementations write
// it. The boundary is a hash of both parts, so neither can hold it.
func pack(envelope []byte, reference, partType string, attachment []byte) Packet {
	sum := sha256.Sum256(append(bytes.Clone(envelope), attachment...))
	boundary := "----=_Part_" + hex.EncodeToString(sum[:16])
	start := "<" + hex.EncodeToString(sum[16:]) + ">"
	var out bytes.Buffer
	part := func(contentType, id string, content []byte) {
		out.WriteString("--" + boundary + "\r\nContent-Type: " + contentType +
			"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: " + id + "\r\n\r\n")
		out.Write(content)
		out.WriteString("\r\n")
	}
	part(typeXML, start, envelope)
	if attachment != nil {
		part(partType, reference, attachment)
	}
	out.WriteString("--" + boundary + "--\r\n")
	return Packet{
		ContentType: `multipart/related; type="text/xml"; start="` + start + `"; boundary="` + boundary + `"`,
		Content:     out.Bytes(),
	}
}

// WriteFault answers a message that is not taken; code is ours, such as those
// of this package.
func WriteFault(code, text string) Packet {
	content := xml.Header + `<SOAP:Envelope xmlns:SOAP="` + soapSpace + `"><SOAP:Body><SOAP:Fault><faultcode>SOAP:Client</faultcode>` +
		`<faultstring>` + escape(code+": "+text) + `</faultstring></SOAP:Fault></SOAP:Body></SOAP:Envelope>`
	return Packet{ContentType: typeXML, Content: []byte(content)}
}
