package soap

import (
	"crypto/x509"
	"regexp"
	"strings"
	"time"

	"shopbox/hub/invoice/xmltree"
)

// Received is a message that was read and whose signature is good.
type Received struct {
	Message

	// Signer is the certificate the message is signed with. Whether it is the
	// sender's, in time and not revoked is for the caller to ask.
	Signer *x509.Certificate
}

// Read takes a message of any system apart: SOAP 1.1 or 1.2, any prefixes,
// white space, order of headers and line ends of MIME. It is refused with an
// *Error or an *xmltree.Error unless it is whole and its signature covers the
// envelope and the attachment. That answers of the tax service sign their
// attachments, too, is not confirmed; without it anybody on the way could
// write the results. A fault is the error *FaultError.
func Read(contentType string, content []byte) (*Received, error) {
	text, attachment, err := unpack(contentType, content)
	if err != nil {
		return nil, err
	}
	root, err := xmltree.Parse(text)
	if err != nil {
		return nil, err
	}
	head, body, err := split(root)
	if err != nil {
		return nil, err
	}
	if fault := find(body, root.Space, "Fault"); fault != nil {
		return nil, readFault(fault)
	}
	if head == nil {
		return nil, refuse(root, CodeUnsigned, "there is no Header")
	}
	signer, err := verify(root, head, attachment)
	if err != nil {
		return nil, err
	}
	r := reader{}
	message := r.message(head, body)
	if r.err != nil {
		return nil, r.err
	}
	if err := attach(message, attachment); err != nil {
		return nil, err
	}
	return &Received{Message: *message, Signer: signer}, nil
}

// split finds Header and Body.
func split(root *xmltree.Node) (head, body *xmltree.Node, err error) {
	if root.Local != "Envelope" || root.Space != soapSpace && root.Space != soap12 {
		return nil, nil, refuse(root, CodeEnvelope, "the root is not a SOAP Envelope")
	}
	for _, child := range root.Elements() {
		switch {
		case child.Is(root.Space, "Header") && head == nil && body == nil:
			head = child
		case child.Is(root.Space, "Body") && body == nil:
			body = child
		default:
			return nil, nil, refuse(child, CodeEnvelope, "the element does not stand in a SOAP Envelope")
		}
	}
	if body == nil {
		return nil, nil, refuse(root, CodeEnvelope, "there is no Body")
	}
	return head, body, nil
}

// readFault reads both versions of a fault.
func readFault(n *xmltree.Node) error {
	f := &FaultError{Code: "soap_fault"}
	for _, child := range n.Elements() {
		switch child.Local {
		case "faultstring", "Reason":
			f.Text = cut(strings.TrimSpace(child.Content()))
		}
	}
	if code, text, found := strings.Cut(f.Text, ": "); found && regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`).MatchString(code) {
		f.Code, f.Text = code, text
	}
	return f
}

func cut(text string) string {
	if len(text) > maxField {
		text = strings.ToValidUTF8(text[:maxField], "")
	}
	return text
}

// reader keeps the first error and reads nothing after it.
type reader struct{ err error }

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// text is the content of the one child of that name.
func (r *reader) text(parent *xmltree.Node, space, local string) string {
	n := r.child(parent, space, local)
	if n == nil {
		return ""
	}
	text := strings.TrimSpace(n.Content())
	if text == "" || len(text) > maxField || len(n.Elements()) > 0 {
		r.fail(refuse(n, CodeValue, "the element is empty, too long or not a text"))
	}
	return text
}

func (r *reader) child(parent *xmltree.Node, space, local string) *xmltree.Node {
	if parent == nil {
		return nil
	}
	var found *xmltree.Node
	for _, child := range parent.Elements() {
		if !child.Is(space, local) {
			continue
		}
		if found != nil {
			r.fail(refuse(child, CodeRepeated, "the element stands twice"))
		}
		found = child
	}
	if found == nil {
		r.fail(refuse(parent, CodeMissing, "there is no "+local))
	}
	return found
}

// message reads the operation's fields. Certificate operations have no action
// in the envelope; their bodies tell them apart.
func (r *reader) message(head, body *xmltree.Node) *Message {
	var m Message
	if find(head, wsaSpace, "Action") == nil {
		m.Operation = CertificateAck
		if find(body, kecSpace, requestMessage) != nil {
			m.Operation = Certificate
		}
	} else {
		r.head(&m, head)
	}
	p, _ := m.Operation.profile()
	if r.err == nil {
		r.body(&m, r.child(body, kecSpace, p.element), p)
	}
	return &m
}

func (r *reader) head(m *Message, head *xmltree.Node) {
	action := r.child(head, wsaSpace, "Action")
	operation, known := operationOf(r.text(head, wsaSpace, "Action"))
	p, _ := operation.profile()
	if !known || !p.headed() {
		r.fail(refuse(action, CodeOperation, "the action is none of the standard"))
		return
	}
	m.Operation, m.ID, m.To = operation, r.text(head, wsaSpace, "MessageID"), r.text(head, wsaSpace, "To")
	if p.reply {
		m.RelatesTo = r.text(head, wsaSpace, "RelatesTo")
	}
	r.messageHeader(m, r.child(head, kecSpace, "MessageHeader"), p)
}

func (r *reader) messageHeader(m *Message, n *xmltree.Node, p profile) {
	from, receiver := r.child(n, kecSpace, "From"), r.child(n, kecSpace, "To")
	m.From, m.Receiver = r.party(from), r.party(receiver)
	if p.replyTo {
		m.ReplyTo = r.text(n, kecSpace, "ReplyTo")
	}
	if r.text(n, kecSpace, "OperationType") != p.types[0] || r.text(n, kecSpace, "MessageType") != p.types[1] {
		r.fail(refuse(n, CodeOperation, "OperationType and MessageType are not those of the action"))
	}
	if r.text(n, kecSpace, "Version") != version {
		r.fail(refuse(n, CodeValue, "the version is not "+version))
	}
	m.Sent = r.time(n)
}

func (r *reader) party(n *xmltree.Node) Party {
	if r.err != nil {
		return Party{}
	}
	return Party{ID: r.text(n, kecSpace, "PartyID"), Name: r.text(n, kecSpace, "PartyName")}
}

// time takes the time stamp with or without fractions and with any zone.
func (r *reader) time(n *xmltree.Node) time.Time {
	text := r.text(n, kecSpace, "TimeStamp")
	if r.err != nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		r.fail(refuse(n, CodeValue, "the TimeStamp is no time"))
	}
	return at
}

func (r *reader) body(m *Message, n *xmltree.Node, p profile) {
	for _, name := range p.fields {
		if p.attachment == maybe && name == "ReferenceID" && (n == nil || find(n, kecSpace, name) == nil) {
			continue
		}
		text := r.text(n, kecSpace, name)
		if r.err == nil && !m.Body.set(name, text) {
			r.fail(refuse(n, CodeValue, name+" is not what it should be"))
		}
	}
}

// attach holds the attachment to what the operation and its ReferenceID say.
func attach(m *Message, attachment *part) error {
	p, _ := m.Operation.profile()
	switch {
	case attachment == nil && p.attachment == always:
		return &Error{Code: CodeParts, Element: "message", Detail: "there is no attachment"}
	case attachment == nil:
		m.Body.ReferenceID = ""
		return nil
	case p.attachment == never:
		return &Error{Code: CodeParts, Element: "message", Detail: "there is an attachment where none belongs"}
	case m.Body.ReferenceID != "" && bareID(m.Body.ReferenceID) != attachment.id:
		return &Error{Code: CodeReference, Element: "kec:ReferenceID", Detail: "it does not name the attachment"}
	}
	m.Body.ReferenceID, m.Attachment = attachment.id, attachment.content
	return nil
}

// find is the first child element of that name, or nil.
func find(n *xmltree.Node, space, local string) *xmltree.Node {
	for _, child := range n.Elements() {
		if child.Is(space, local) {
			return child
		}
	}
	return nil
}
