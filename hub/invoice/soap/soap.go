// Package soap builds and reads the messages that an issuing system and the
// Korean tax service exchange about e-tax invoices (KEC standard, message
// version 3.0): SOAP 1.1 with one attachment, signed by WS-Security. The
// transmitter and the tax-service simulator call it. What always holds: no
// I/O, no clock and no chance; a message that was read is signed as a whole,
// its attachment included, and every refusal has a code.
//
// The guideline's own text was not at hand. Names, order and signature come
// from two working implementations; what only we decided is said at its place.
package soap

import (
	"strconv"
	"time"
)

// Operation is one of the messages, by its direction and purpose.
type Operation string

// The operations. A name that ends in Ack is the answer in the same exchange.
const (
	Submit         Operation = "TaxInvoiceSubmit"  // documents, to the tax service
	SubmitAck      Operation = "TaxInvoiceRecvAck" // receipt only
	Results        Operation = "ResultsSubmit"     // results, from the tax service to ReplyTo
	ResultsAck     Operation = "ResultsRecvAck"    // receipt of the results
	Ask            Operation = "ResultsReqSubmit"  // asks for the results of a submission
	AskAck         Operation = "ResultsReqRecvAck" // carries them when there are any
	Certificate    Operation = "RequestCert"       // asks for the tax service's certificates
	CertificateAck Operation = "RequestRecvCert"   // carries them
)

// The parties of every message.
const (
	TaxServiceID   = "9999999999"
	TaxServiceName = "국세청"
)

// Party is who sends or receives.
type Party struct {
	// ID is the business number of ten digits; TaxServiceID for the tax service.
	ID string
	// Name is the name as registered.
	Name string
}

// Message is one message with what its operation needs; the other fields stay
// empty.
type Message struct {
	Operation Operation
	// ID is the message's own, see NewMessageID. The two certificate
	// operations have neither an ID nor parties.
	ID string
	// RelatesTo is the ID of the message an Ack answers.
	RelatesTo string
	// To is the address the message goes to.
	To string
	// From and Receiver are the two sides.
	From, Receiver Party
	// ReplyTo is where the results of a Submit are to be posted: http, public.
	ReplyTo string
	// Sent is the time stamp.
	Sent time.Time
	// Body is what is said.
	Body Body
	// Attachment is the second part as it is: the CMS package of a Submit, the
	// result document of an Ack or of Results, an archive of certificates.
	Attachment []byte
}

// Body has the fields of all operations.
type Body struct {
	// SubmitID names a submission, see NewSubmitID; of Submit.
	SubmitID string
	// TotalCount is the number of documents attached; of Submit.
	TotalCount int
	// ReferenceID is the attachment's Content-ID; of every message with one.
	ReferenceID string
	// RefSubmitID is the submission asked about; of Ask.
	RefSubmitID string
	// ResultID names a delivery of results; of Results.
	ResultID string
	// RefResultID is the delivery received; of ResultsAck.
	RefResultID string
	// BusinessID, RegistrationNo and FileType are the asking system's business
	// number, its number given by the tax service and the kind of archive
	// wanted (1 zip, 2 jar, 3 tar.gz); of Certificate.
	BusinessID, RegistrationNo, FileType string
}

// presence is whether a message has an attachment.
type presence int

const (
	never presence = iota
	maybe          // always written; read without it, too
	always
)

// profile is how an operation is written.
type profile struct {
	types      [2]string // OperationType and MessageType; empty without kec:MessageHeader
	reply      bool      // has RelatesTo
	replyTo    bool      // has ReplyTo
	attachment presence
	partType   string // media type of the attachment
	element    string // child of the Body
	fields     []string
}

const (
	requestMessage  = "RequestMessage"
	responseMessage = "ResponseMessage"
	typeXML         = "text/xml; charset=UTF-8"
	typeBytes       = "application/octet-stream"
)

// profile finds how the operation is written. That the answers carry a
// ReferenceID, and so what it signs, is our reading: only their attached
// documents are confirmed.
func (o Operation) profile() (profile, bool) {
	p, found := map[Operation]profile{
		Submit: {
			types: [2]string{"01", "01"}, replyTo: true, attachment: always, partType: typeBytes,
			element: requestMessage, fields: []string{"SubmitID", "TotalCount", "ReferenceID"},
		},
		SubmitAck: {
			types: [2]string{"01", "02"}, reply: true, attachment: maybe, partType: typeXML,
			element: responseMessage, fields: []string{"ReferenceID"},
		},
		Results: {
			types: [2]string{"02", "01"}, attachment: always, partType: typeXML,
			element: requestMessage, fields: []string{"ResultID", "ReferenceID"},
		},
		ResultsAck: {
			types: [2]string{"02", "02"}, reply: true, element: responseMessage, fields: []string{"RefResultID"},
		},
		Ask: {types: [2]string{"03", "01"}, element: requestMessage, fields: []string{"RefSubmitID"}},
		AskAck: {
			types: [2]string{"03", "02"}, reply: true, attachment: maybe, partType: typeXML,
			element: responseMessage, fields: []string{"ReferenceID"},
		},
		Certificate: {element: requestMessage, fields: []string{"BusnID", "BusnCrfcNo", "FileType"}},
		CertificateAck: {
			attachment: always, partType: typeBytes, element: responseMessage, fields: []string{"ReferenceID"},
		},
	}[o]
	return p, found
}

// headed reports whether the message has addresses and a kec:MessageHeader.
func (p profile) headed() bool { return p.types[0] != "" }

// Action is the operation's URI, in wsa:Action and in HTTP's SOAPAction.
func (o Operation) Action() string {
	if p, found := o.profile(); found && !p.headed() {
		return certAction + string(o)
	}
	return kecSpace + string(o)
}

// operationOf finds the operation of an action's URI.
func operationOf(action string) (Operation, bool) {
	for _, o := range []Operation{Submit, SubmitAck, Results, ResultsAck, Ask, AskAck, Certificate, CertificateAck} {
		if o.Action() == action {
			return o, true
		}
	}
	return "", false
}

// text is the content of the element of that name.
func (b *Body) text(name string) string {
	if name == "TotalCount" {
		return strconv.Itoa(b.TotalCount)
	}
	return *b.field(name)
}

// set reads a field. It reports whether the value can be one.
func (b *Body) set(name, value string) bool {
	if name != "TotalCount" {
		*b.field(name) = value
		return len(value) > 0 && len(value) <= maxField
	}
	count, err := strconv.ParseUint(value, 10, 16)
	b.TotalCount = int(count)
	return err == nil
}

func (b *Body) field(name string) *string {
	return map[string]*string{
		"SubmitID": &b.SubmitID, "ReferenceID": &b.ReferenceID, "RefSubmitID": &b.RefSubmitID,
		"ResultID": &b.ResultID, "RefResultID": &b.RefResultID,
		"BusnID": &b.BusinessID, "BusnCrfcNo": &b.RegistrationNo, "FileType": &b.FileType,
	}[name]
}
