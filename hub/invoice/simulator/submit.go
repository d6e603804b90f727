package simulator

import (
	"crypto/x509"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/ntspackage"
	"shopbox/hub/invoice/result"
	"shopbox/hub/invoice/sign"
	"shopbox/hub/invoice/soap"
)

// What the digits of a response mean is not known beyond the receipt's type.
const (
	typeResult  = "02"
	processDone = "01"
	processing  = "02"
)

// submit takes a submission: the receipt at once, the results a little later.
// The same SubmitID again gets the same receipt.
func (s *Service) submit(m *soap.Received, active fault) (soap.Message, error) {
	if m.Operation != soap.Submit {
		return soap.Message{}, &refusal{result.SimMessage, string(m.Operation) + " is not taken here"}
	}
	taken, err := s.take(m, active)
	if err != nil {
		return soap.Message{}, err
	}
	ack := s.reply(m, soap.SubmitAck)
	ack.Attachment, ack.Body.ReferenceID = result.Write(taken.receipt), soap.NewReferenceID(chance())
	if taken.receipt.Taken() {
		s.posting.Go(func() { s.post(m, taken) })
	}
	return ack, nil
}

// take judges a submission and writes it down, in one step so that no number
// is accepted twice.
func (s *Service) take(m *soap.Received, active fault) (*submission, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, again := s.submissions[m.Body.SubmitID]; again {
		return known, nil
	}
	if len(s.submissions) >= maxSubmissions || len(s.accepted) > maxDocuments-ntspackage.MaxItems {
		return nil, &refusal{result.SimFull, "the simulator is full; start it anew"}
	}
	now := s.config.Now()
	one := &submission{ready: now, receipt: result.Response{
		SubmitID: m.Body.SubmitID, ReceiptID: receiptID(), Type: result.TypeReceipt, At: moment(now), Process: processing, Total: m.Body.TotalCount,
	}}
	if active.is(Delay) {
		one.ready = now.Add(active.delay)
	}
	items, code := s.open(m)
	if code != "" {
		one.receipt.Type, one.receipt.FailReason = typeResult, string(code)
		s.config.Tell(Entry{Event: "refused", SubmitID: m.Body.SubmitID, Code: code})
		return one, nil
	}
	s.config.Tell(Entry{Event: "received", SubmitID: m.Body.SubmitID})
	for _, item := range items {
		one.documents = append(one.documents, s.decide(m, item, active))
	}
	s.submissions[m.Body.SubmitID] = one
	return one, nil
}

// open holds the submission as a whole to what was said about it.
func (s *Service) open(m *soap.Received) ([]ntspackage.Item, result.Code) {
	registration, sound := soap.Registration(m.Body.SubmitID)
	if !sound || len(s.config.Registrations) > 0 && !slices.Contains(s.config.Registrations, registration) {
		return nil, result.SimSubmitID
	}
	items, err := ntspackage.Open(m.Attachment, s.config.Certificate, s.config.Key)
	if err != nil {
		return nil, result.SimPackage
	}
	if len(items) != m.Body.TotalCount {
		return nil, result.SimCount
	}
	return items, ""
}

// decide judges one document and remembers it when it is accepted.
func (s *Service) decide(m *soap.Received, item ntspackage.Item, active fault) result.Document {
	registration, _ := soap.Registration(m.Body.SubmitID)
	issueID, code, err := judge(item, registration, s.config.Now())
	event := "refused"
	switch {
	case active.is(RefuseAll):
		code = result.Code(active.value)
	case code != "":
	case s.accepted[issueID]:
		code, event = result.CodeDuplicate, "duplicate"
	default:
		s.accepted[issueID] = true
		code, event = result.CodeAccepted, "accepted"
	}
	entry := Entry{Event: event, SubmitID: m.Body.SubmitID, IssueID: issueID, Code: code}
	if err != nil {
		entry.Detail = err.Error()
	}
	s.config.Tell(entry)
	return result.Document{IssueID: issueID, Code: code}
}

// judge holds a document to what the tax service checks. The code is empty for
// a good one; the number stays "unreadable" when there is none.
func judge(item ntspackage.Item, registration string, now time.Time) (issueID string, code result.Code, err error) {
	document, err := kecxml.Read(item.Document)
	if err != nil {
		return "unreadable", result.SimDocument, err
	}
	issueID = document.Document.IssueID
	signed, err := sign.Verify(item.Document)
	if err != nil {
		return issueID, result.SimSignature, err
	}
	code, err = judgeSigner(signed.Certificate, item.R, document, now)
	if code != "" {
		return issueID, code, err
	}
	number, err := invoice.ParseApprovalNumber(issueID)
	if err != nil || number.System != registration {
		return issueID, result.SimRegistration, err
	}
	code, err = judgeRules(document, now)
	return issueID, code, err
}

// judgeSigner holds the certificate to the supplier, or to the broker of a
// consigned sale.
func judgeSigner(certificate *x509.Certificate, r []byte, document *invoice.Invoice, now time.Time) (result.Code, error) {
	if err := npki.CheckTime(certificate, now); err != nil {
		return result.SimCertificate, err
	}
	owner := document.Supplier.ID
	if document.Document.Type.Consigned() && document.Broker != nil {
		owner = document.Broker.ID
	}
	if err := npki.CheckOwner(certificate, r, owner); err != nil {
		return result.SimOwner, err
	}
	return "", nil
}

// judgeRules refuses what breaks a rule that is sure, and a date in the future,
// which the inspection of issuing systems looks for.
func judgeRules(document *invoice.Invoice, now time.Time) (result.Code, error) {
	today := invoice.Date(now.In(korea()).Format("20060102"))
	for _, found := range invoice.ValidateIssue(document, today) {
		reason := errors.New(found.Code + ": " + found.Element + ": " + found.Sentence)
		switch {
		case found.Code == "date_future":
			return result.SimFuture, reason
		case !found.Unconfirmed:
			return result.SimRule, reason
		}
	}
	return "", nil
}

func korea() *time.Location { return time.FixedZone("KST", 9*60*60) }

func moment(at time.Time) string { return at.In(korea()).Format("20060102150405") }

// receiptID begins as no real one does.
func receiptID() string {
	c := chance()
	return result.SimulatedReceipt + hex.EncodeToString(c[:10])
}
