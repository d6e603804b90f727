package result

import (
	"encoding/xml"
	"strconv"
	"strings"

	"shopbox/hub/invoice/xmltree"
)

// Space is the namespace of the document.
const Space = "urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0"

// The codes of a refused result document; xmltree has those of refused XML.
const (
	CodeRoot     = "result_root"
	CodeMissing  = "result_missing"
	CodeRepeated = "result_repeated"
	CodeValue    = "result_value"
	CodeTooMany  = "result_too_many"
)

// Bounds of what is read.
const (
	maxDocuments = 100 // documents in one submission
	maxText      = 64  // bytes of a text
)

// Error says why a result document is refused and in which element.
type Error struct {
	// Code is one of the Code constants.
	Code string
	// Element names the element by its path.
	Element string
	// Detail is a sentence for a log or a terminal.
	Detail string
}

// Error is the code, the element and the detail in one line.
func (e *Error) Error() string { return e.Code + ": " + e.Element + ": " + e.Detail }

// Write writes the document. Texts are written as they are but for escapes.
func Write(r Response) []byte {
	var b strings.Builder
	b.WriteString(xml.Header + `<TaxInvoiceResponse xmlns="` + Space + `"><ResultDocument>`)
	element := func(name, text string) {
		if text == "" {
			return
		}
		b.WriteString("<" + name + ">")
		_ = xml.EscapeText(&b, []byte(text)) // a builder never fails
		b.WriteString("</" + name + ">")
	}
	element("RefSubmitID", r.SubmitID)
	element("ReceiptID", r.ReceiptID)
	element("TypeCode", r.Type)
	element("ResponseDateTime", r.At)
	element("ProcessStatusCode", r.Process)
	element("FailReasonStatusCode", r.FailReason)
	element("TotalCountQuantity", strconv.Itoa(r.Total))
	element("SuccessCountQuantity", strconv.Itoa(r.Success))
	element("FailCountQuantity", strconv.Itoa(r.Fail))
	for _, d := range r.Documents {
		b.WriteString("<ValidationDocument>")
		element("IssueID", d.IssueID)
		element("ResultStatusCode", string(d.Code))
		b.WriteString("</ValidationDocument>")
	}
	b.WriteString("</ResultDocument></TaxInvoiceResponse>")
	return []byte(b.String())
}

// Read takes a result document with its elements in any order. Refused with an
// *Error or an *xmltree.Error: what is none, a field that stands twice, more
// than 100 documents, a document twice with different results, and a document
// without its number or code.
func Read(file []byte) (*Response, error) {
	root, err := xmltree.Parse(file)
	if err != nil {
		return nil, err
	}
	if !root.Is(Space, "TaxInvoiceResponse") {
		return nil, &Error{Code: CodeRoot, Element: root.Path(), Detail: "the root is not a TaxInvoiceResponse of the KEC namespace"}
	}
	var r reader
	body := r.child(root, "ResultDocument")
	if body == nil {
		r.fail(root, CodeMissing, "there is no ResultDocument")
		return nil, r.err
	}
	response := r.response(body)
	if r.err != nil {
		return nil, r.err
	}
	return response, nil
}

// reader keeps the first error and reads nothing after it.
type reader struct{ err error }

func (r *reader) fail(n *xmltree.Node, code, detail string) {
	if r.err == nil {
		r.err = &Error{Code: code, Element: n.Path(), Detail: detail}
	}
}

// child is the one child of that name; nil when it is absent.
func (r *reader) child(n *xmltree.Node, name string) *xmltree.Node {
	var found *xmltree.Node
	for _, child := range n.Elements() {
		if !child.Is(Space, name) {
			continue
		}
		if found != nil {
			r.fail(child, CodeRepeated, "the element stands twice")
		}
		found = child
	}
	return found
}

func (r *reader) text(n *xmltree.Node, name string) string {
	child := r.child(n, name)
	if child == nil {
		return ""
	}
	text := strings.TrimSpace(child.Content())
	if len(text) > maxText || len(child.Elements()) > 0 {
		r.fail(child, CodeValue, "the element is too long or not a text")
		return ""
	}
	return text
}

func (r *reader) count(n *xmltree.Node, name string) int {
	text := r.text(n, name)
	if text == "" {
		return 0
	}
	count, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		r.fail(n, CodeValue, name+" is no count")
	}
	return int(count)
}

func (r *reader) response(n *xmltree.Node) *Response {
	response := Response{
		SubmitID: r.text(n, "RefSubmitID"), ReceiptID: r.text(n, "ReceiptID"), Type: r.text(n, "TypeCode"),
		At: r.text(n, "ResponseDateTime"), Process: r.text(n, "ProcessStatusCode"), FailReason: r.text(n, "FailReasonStatusCode"),
		Total: r.count(n, "TotalCountQuantity"), Success: r.count(n, "SuccessCountQuantity"), Fail: r.count(n, "FailCountQuantity"),
	}
	if response.SubmitID == "" {
		r.fail(n, CodeMissing, "there is no RefSubmitID")
	}
	seen := map[string]Code{}
	for _, child := range n.Elements() {
		if !child.Is(Space, "ValidationDocument") || r.err != nil {
			continue
		}
		d := r.document(child)
		if before, twice := seen[d.IssueID]; twice && before != d.Code {
			r.fail(child, CodeRepeated, "the document stands twice with different results")
		} else if !twice {
			response.Documents = append(response.Documents, d)
		}
		if seen[d.IssueID] = d.Code; len(response.Documents) > maxDocuments {
			r.fail(child, CodeTooMany, "there are more than 100 documents")
		}
	}
	return &response
}

func (r *reader) document(n *xmltree.Node) Document {
	d := Document{IssueID: r.text(n, "IssueID"), Code: Code(r.text(n, "ResultStatusCode"))}
	if d.IssueID == "" || d.Code == "" {
		r.fail(n, CodeMissing, "there is no IssueID or no ResultStatusCode")
	}
	return d
}
