package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// What a file may cost at most. A tax invoice of 99 lines has under 2,000
// nodes and under 200 KB.
const (
	MaxBytes = 4 << 20
	maxDepth = 32
	maxNodes = 50_000
	maxNames = 64 // attributes and declarations of one element
)

// The codes of a refused file.
const (
	CodeTooLarge      = "xml_too_large"
	CodeTooDeep       = "xml_too_deep"
	CodeTooMany       = "xml_too_many_nodes"
	CodeEncoding      = "xml_encoding"
	CodeDTD           = "xml_dtd"
	CodeMalformed     = "xml_malformed"
	CodeNamespace     = "xml_namespace"
	CodeAttribute     = "xml_attribute"
	xmlSpace          = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace        = "http://www.w3.org/2000/xmlns/"
	utf8Mark          = "\xef\xbb\xbf"
	attributeControls = "\t\n\r"
)

// Error says why a file is refused and in which element.
type Error struct {
	// Code is one of the Code constants.
	Code string
	// Path names the element, "TaxInvoice/ExchangedDocument"; empty before the root.
	Path string
	// Detail is a sentence for a log or a terminal.
	Detail string
}

// Error is the code, the element and the detail in one line.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Code + ": " + e.Detail
	}
	return e.Code + ": " + e.Path + ": " + e.Detail
}

// errCharset travels through the decoder, which wraps it.
var errCharset = errors.New("the declared encoding is not UTF-8")

// Parse reads one XML 1.0 document (W3C REC-xml) with namespaces. Refused with
// an *Error: a document type (so no entity can expand), every encoding but
// UTF-8, undeclared prefixes, doubled attributes, and files past the limits.
// Comments are left out, as C14N without comments does.
func Parse(file []byte) (*Node, error) {
	if len(file) > MaxBytes {
		return nil, &Error{Code: CodeTooLarge, Detail: "the file is larger than 4 MiB"}
	}
	file = bytes.TrimPrefix(file, []byte(utf8Mark))
	if !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0 {
		return nil, &Error{Code: CodeEncoding, Detail: "the file is not UTF-8"}
	}
	p := parser{file: file, decoder: xml.NewDecoder(bytes.NewReader(file))}
	p.decoder.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errCharset }
	return p.run()
}

type parser struct {
	file    []byte
	decoder *xml.Decoder
	root    *Node
	open    *Node
	depth   int
	nodes   int
}

func (p *parser) run() (*Node, error) {
	for {
		start := p.decoder.InputOffset()
		token, err := p.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, p.broken(err)
		}
		if err := p.take(token, start); err != nil {
			return nil, err
		}
	}
	if p.root == nil || p.open != nil {
		return nil, p.refuse(CodeMalformed, "the document ends too early")
	}
	return p.root, nil
}

func (p *parser) take(token xml.Token, start int64) error {
	if p.nodes++; p.nodes > maxNodes {
		return p.refuse(CodeTooMany, "the document has too many nodes")
	}
	switch t := token.(type) {
	case xml.StartElement:
		return p.start(t, p.file[start:p.decoder.InputOffset()])
	case xml.EndElement:
		return p.end(t)
	case xml.CharData:
		return p.text(t)
	case xml.ProcInst:
		return p.instruction(t, start)
	case xml.Directive:
		return p.refuse(CodeDTD, "a document type is not allowed")
	}
	return nil
}

func (p *parser) start(t xml.StartElement, source []byte) error {
	if p.open == nil && p.root != nil {
		return p.refuse(CodeMalformed, "there is a second root element")
	}
	if p.depth++; p.depth > maxDepth {
		return p.refuse(CodeTooDeep, "elements are nested too deep")
	}
	n := &Node{Prefix: t.Name.Space, Local: t.Name.Local, Parent: p.open}
	if p.open == nil {
		p.root = n
	} else {
		p.open.Children = append(p.open.Children, n)
	}
	p.open = n
	return p.attributes(n, t.Attr, bytes.Contains(source, []byte("&#")))
}

// attributes sorts declarations from attributes and resolves the prefixes.
// White space written plainly in a value is a blank (REC-xml 3.3.3); written
// as a reference it is kept. The decoder does not tell which, so a tag with
// both is refused.
func (p *parser) attributes(n *Node, list []xml.Attr, references bool) error {
	if len(list) > maxNames {
		return p.refuse(CodeTooMany, "an element has too many attributes")
	}
	for _, a := range list {
		value := a.Value
		if strings.ContainsAny(value, attributeControls) {
			if references {
				return p.refuse(CodeAttribute, "an attribute holds control characters")
			}
			value = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(value)
		}
		switch {
		case a.Name.Space == "xmlns":
			n.Bindings = append(n.Bindings, Binding{Prefix: a.Name.Local, Space: value})
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			n.Bindings = append(n.Bindings, Binding{Space: value})
		default:
			n.Attributes = append(n.Attributes, Attribute{Prefix: a.Name.Space, Local: a.Name.Local, Value: value})
		}
	}
	if err := p.checkBindings(n); err != nil {
		return err
	}
	return p.resolve(n)
}

func (p *parser) checkBindings(n *Node) error {
	for i, b := range n.Bindings {
		switch {
		case b.Prefix == "xml" || b.Prefix == "xmlns" || strings.Contains(b.Prefix, ":"),
			b.Space == xmlSpace || b.Space == xmlnsSpace:
			return p.refuse(CodeNamespace, "a reserved namespace is declared")
		case b.Prefix != "" && b.Space == "":
			return p.refuse(CodeNamespace, "a prefix is bound to no namespace")
		}
		for _, other := range n.Bindings[:i] {
			if other.Prefix == b.Prefix {
				return p.refuse(CodeAttribute, "a namespace is declared twice")
			}
		}
	}
	return nil
}

func (p *parser) resolve(n *Node) error {
	var found bool
	if n.Space, found = n.Lookup(n.Prefix); !found || strings.Contains(n.Local, ":") {
		return p.refuse(CodeNamespace, "the prefix of the element is not declared")
	}
	for i := range n.Attributes {
		a := &n.Attributes[i]
		if a.Prefix != "" {
			a.Space, found = n.Lookup(a.Prefix)
		}
		if !found || strings.Contains(a.Local, ":") {
			return p.refuse(CodeNamespace, "the prefix of an attribute is not declared")
		}
		for _, other := range n.Attributes[:i] {
			if other.Space == a.Space && other.Local == a.Local {
				return p.refuse(CodeAttribute, "an attribute is written twice")
			}
		}
	}
	return nil
}

func (p *parser) end(t xml.EndElement) error {
	if p.open == nil || p.open.Prefix != t.Name.Space || p.open.Local != t.Name.Local {
		return p.refuse(CodeMalformed, "an end tag has no start tag")
	}
	p.open = p.open.Parent
	p.depth--
	return nil
}

func (p *parser) text(t xml.CharData) error {
	if p.open != nil {
		p.open.Children = append(p.open.Children, &Node{Text: string(t), Parent: p.open})
		return nil
	}
	if len(bytes.TrimSpace(t)) > 0 {
		return p.refuse(CodeMalformed, "there is text outside the root element")
	}
	return nil
}

// instruction accepts the XML declaration at the very beginning only: other
// instructions mean nothing in an invoice and would be signed unseen.
func (p *parser) instruction(t xml.ProcInst, start int64) error {
	if t.Target == "xml" && start == 0 {
		return nil
	}
	return p.refuse(CodeMalformed, "a processing instruction is not allowed")
}

func (p *parser) broken(err error) error {
	if errors.Is(err, errCharset) {
		return p.refuse(CodeEncoding, errCharset.Error())
	}
	return p.refuse(CodeMalformed, err.Error())
}

func (p *parser) refuse(code, detail string) error {
	return &Error{Code: code, Path: p.open.Path(), Detail: detail}
}
