package cli

import (
	"errors"
	"fmt"
	"time"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/filing"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/refusal"
	"shopbox/hub/invoice/sign"
	"shopbox/hub/invoice/soap"
	"shopbox/hub/invoice/xmltree"
)

// Why a file is not sent.
var (
	// ErrOtherSigner says that the R value at hand is not of who signed.
	ErrOtherSigner = refusal.New("send_other_signer",
		"the document is signed with another certificate; give that one", "다른 인증서로 서명된 문서입니다. 그 인증서를 지정하세요.")
	// ErrOtherSystem says that documents of two systems cannot go together.
	ErrOtherSystem = refusal.New("send_other_system",
		"its approval number is of another issuing system than the first file's; send it by itself",
		"승인번호의 등록번호가 첫 파일과 다릅니다. 따로 보내세요.")
)

// outgoing are the files to be sent.
type outgoing struct {
	documents []filing.Document
	// outcomes are all files in their order; at tells which of them became
	// which document.
	outcomes []outcome
	at       map[int]int
	// registration and supplier are those of the first document.
	registration string
	supplier     soap.Party
}

// gather makes the files ready. One that cannot be sent does not hold back
// the others.
func gather(files []string, s signer, with Streams) *outgoing {
	out := &outgoing{at: map[int]int{}}
	taken := map[string]bool{}
	for i, name := range files {
		signed, content, err := ready(name, s, with)
		if err == nil {
			err = out.admit(content, taken)
		}
		if err != nil {
			fmt.Fprintf(with.Remarks, "%s: %v\n", name, err)
			out.outcomes = append(out.outcomes, outcome{File: name, State: "unsent", Code: codeOf(err), Meaning: err.Error()})
			continue
		}
		issueID := content.Document.IssueID
		taken[issueID] = true
		out.at[i] = len(out.documents)
		out.outcomes = append(out.outcomes, outcome{File: name})
		out.documents = append(out.documents, filing.Document{Filing: queued(issueID, with.Now()), Signed: signed})
	}
	return out
}

// queued is a document that is issued already. Whether it was mailed is not for
// this command to know.
func queued(issueID string, now time.Time) filing.Filing {
	f := filing.New(issueID, now)
	for _, kind := range []filing.Kind{filing.Issue, filing.Queue} {
		f, _ = f.Apply(filing.Event{Kind: kind, At: now}) // the table has both
	}
	return f
}

// ready is a document whose signature is good and fits the R value. One that is
// not signed yet is signed: the same key makes the same bytes each time.
func ready(name string, s signer, with Streams) (filing.Signed, *invoice.Invoice, error) {
	document, content, err := open(name, with)
	if err != nil {
		return filing.Signed{}, nil, err
	}
	good, err := sign.Verify(document)
	if refused, is := errors.AsType[*sign.Error](err); is && refused.Code == sign.CodeUnsigned {
		if err := s.key.CheckOwner(s.certificate, signerNumber(content)); err != nil {
			return filing.Signed{}, nil, err
		}
		if document, err = sign.Sign(document, s.key.Private(), s.certificate); err == nil {
			good, err = sign.Verify(document)
		}
	}
	if err != nil {
		return filing.Signed{}, nil, err
	}
	if !good.Certificate.Equal(s.certificate) {
		return filing.Signed{}, nil, ErrOtherSigner
	}
	return filing.Signed{Content: document, R: s.key.R()}, content, checkR(name, content, good, s.key.R(), with)
}

// admit holds a document to those before it.
func (out *outgoing) admit(content *invoice.Invoice, taken map[string]bool) error {
	number, err := invoice.ParseApprovalNumber(content.Document.IssueID)
	switch {
	case err != nil:
		return err
	case taken[content.Document.IssueID]:
		return ErrSameNumber
	case out.registration == "":
		out.registration = number.System
		out.supplier = soap.Party{ID: content.Supplier.ID, Name: content.Supplier.Name}
	case out.registration != number.System:
		return ErrOtherSystem
	}
	return nil
}

// codeOf is the stable code of an error about a document.
func codeOf(err error) string {
	if e, is := errors.AsType[*xmltree.Error](err); is {
		return e.Code
	}
	if e, is := errors.AsType[*kecxml.Error](err); is {
		return e.Code
	}
	if e, is := errors.AsType[*sign.Error](err); is {
		return e.Code
	}
	if e, is := errors.AsType[*refusal.Error](err); is {
		return e.Code
	}
	if errors.Is(err, invoice.ErrNumber) {
		return invoice.ErrNumber.Error()
	}
	return "file"
}
