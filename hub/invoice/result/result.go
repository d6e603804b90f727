// Package result is the document in which the Korean tax service answers: a
// receipt for a submission, or what became of each e-tax invoice in it (KEC
// standard, TaxInvoiceResponse). The transmitter and the tax-service simulator
// call it. What always holds: no I/O, no clock, and a code that is not in the
// table is never a success.
package result

// Response is one TaxInvoiceResponse. That the children stand in this order is
// not confirmed; Read takes any.
type Response struct {
	// SubmitID is the submission that is answered (RefSubmitID).
	SubmitID string
	// ReceiptID is the tax service's own number for it, up to 24 characters.
	ReceiptID string
	// Type is TypeReceipt for a submission taken; the others are not known.
	Type string
	// At is the time of the answer in Korea, yyyyMMddHHmmss.
	At string
	// Process is two digits about the processing, without a known table.
	Process string
	// FailReason is why the whole submission was refused; empty when it was not.
	FailReason string
	// Total, Success and Fail count the documents.
	Total, Success, Fail int
	// Documents are the results of single documents; none in a receipt.
	Documents []Document
}

// Document is what became of one invoice (ValidationDocument).
type Document struct {
	// IssueID is its approval number.
	IssueID string
	// Code is the result (ResultStatusCode).
	Code Code
}

// TypeReceipt is the TypeCode of an answer that says: taken.
const TypeReceipt = "01"

// Taken reports whether the answer says that the submission was taken.
func (r *Response) Taken() bool { return r.Type == TypeReceipt && r.FailReason == "" }

// Code is a result code of six characters, kept as it came.
type Code string

// The two codes that are known to mean that the tax service has the document.
const (
	CodeAccepted  Code = "SUC001"
	CodeDuplicate Code = "SYN003"
)

// Verdict is what a code says.
type Verdict int

// The verdicts.
const (
	// Unknown needs a look: the code is not in the table.
	Unknown Verdict = iota
	// Accepted says that the tax service took the document.
	Accepted
	// Duplicate says that the tax service had the document already.
	Duplicate
	// Refused says that it did not take it and will not.
	Refused
)

// Meaning is an entry of the table of codes.
type Meaning struct {
	Code    Code
	Verdict Verdict
	// English and Korean say what it means and what to do.
	English, Korean string
	// Source is who says so.
	Source string
}

// Meanings is the table of codes. The tax service's own table stands in its
// guideline, which was not at hand: ERRnnn are refusals by its rules, SYNnnn by
// the structure, but until a code's text is known it needs a look. It grows
// by an entry.
func Meanings() []Meaning {
	return append([]Meaning{
		{
			Code: CodeAccepted, Verdict: Accepted, Source: "open.etaxbill",
			English: "the tax service accepted the document", Korean: "국세청이 정상 접수했습니다",
		},
		{
			Code: CodeDuplicate, Verdict: Duplicate, Source: "open.etaxbill; its text is not confirmed",
			English: "the tax service has the document already", Korean: "국세청에 이미 접수된 문서입니다",
		},
	}, simulated()...)
}

// Meaning finds the code's entry; an unknown code gets one that says so.
func (c Code) Meaning() Meaning {
	for _, m := range Meanings() {
		if m.Code == c {
			return m
		}
	}
	return Meaning{
		Code: c, Verdict: Unknown,
		English: "the meaning of this code is not known: look it up in the guideline or ask the tax service (126)",
		Korean:  "뜻이 확인되지 않은 코드입니다. 개발지침을 확인하거나 국세청(126)에 문의하세요",
	}
}

// SimulatedReceipt is how the ReceiptIDs of our simulator begin.
const SimulatedReceipt = "SIM-"

// The codes of our simulator. The tax service has none that begin with SIM.
const (
	SimMessage      Code = "SIM101"
	SimSender       Code = "SIM102"
	SimBusy         Code = "SIM103"
	SimPackage      Code = "SIM201"
	SimCount        Code = "SIM202"
	SimSubmitID     Code = "SIM203"
	SimUnknown      Code = "SIM204"
	SimFull         Code = "SIM205"
	SimDocument     Code = "SIM301"
	SimSignature    Code = "SIM302"
	SimRegistration Code = "SIM303"
	SimOwner        Code = "SIM304"
	SimFuture       Code = "SIM305"
	SimRule         Code = "SIM306"
	SimCertificate  Code = "SIM307"
	SimRefused      Code = "SIM399"
)

// simulated are the refusals of single documents by the simulator.
func simulated() []Meaning {
	list := []Meaning{
		{Code: SimDocument, English: "the document cannot be read", Korean: "문서를 읽을 수 없습니다"},
		{Code: SimSignature, English: "the document's signature is not good", Korean: "문서의 전자서명이 올바르지 않습니다"},
		{
			Code:    SimRegistration,
			English: "the approval number does not hold the sender's registration number",
			Korean:  "승인번호의 등록번호가 전송 사업자의 것이 아닙니다",
		},
		{
			Code:    SimOwner,
			English: "the certificate was not issued to the supplier, or the R value is wrong",
			Korean:  "공급자의 인증서가 아니거나 R값이 다릅니다",
		},
		{Code: SimFuture, English: "the written date lies in the future", Korean: "작성일자가 미래입니다"},
		{Code: SimRule, English: "the document breaks a rule of the standard", Korean: "문서가 표준 규칙에 어긋납니다"},
		{Code: SimCertificate, English: "the certificate is out of date", Korean: "인증서의 유효기간이 아닙니다"},
		{Code: SimRefused, English: "the simulator was told to refuse the document", Korean: "시뮬레이터가 거부하도록 설정되었습니다"},
	}
	for i := range list {
		list[i].Verdict, list[i].Source = Refused, "the tax-service simulator"
	}
	return list
}
