package soap

import "shopbox/hub/invoice/xmltree"

// The codes of a refused message; xmltree has those of refused XML.
const (
	CodeTooLarge         = "soap_too_large"
	CodeMIME             = "soap_mime"
	CodeParts            = "soap_parts"
	CodeEnvelope         = "soap_envelope"
	CodeMissing          = "soap_missing"
	CodeRepeated         = "soap_repeated"
	CodeValue            = "soap_value"
	CodeOperation        = "soap_operation"
	CodeReference        = "soap_reference"
	CodeKey              = "soap_key"
	CodeUnsigned         = "soap_unsigned"
	CodeProfile          = "soap_signature_profile"
	CodeCertificate      = "soap_certificate"
	CodeDigest           = "soap_digest"
	CodeAttachmentDigest = "soap_attachment_digest"
	CodeSignature        = "soap_signature"
)

// Error says what is wrong with a message and where.
type Error struct {
	// Code is one of the Code constants.
	Code string
	// Element names the element or the part.
	Element string
	// Detail is a sentence for a log or a terminal.
	Detail string
}

// Error is the code, the element and the detail in one line.
func (e *Error) Error() string { return e.Code + ": " + e.Element + ": " + e.Detail }

func refuse(n *xmltree.Node, code, detail string) error {
	return &Error{Code: code, Element: n.Path(), Detail: detail}
}

// FaultError is the answer to a message that was not taken (SOAP 1.1 section 4.4).
// Nobody signs it, so it proves nothing.
type FaultError struct {
	// Code is the faultcode without its prefix, or the first word of the
	// faultstring when that is a code of ours.
	Code string
	// Text is the faultstring.
	Text string
}

// Error is the code and the text in one line.
func (f *FaultError) Error() string { return f.Code + ": " + f.Text }
