// Package transmit is the direct line to the Korean tax service: signed SOAP
// messages over HTTP, and the place where the tax service posts results. The
// command that sends documents hands it to the clerk of filing. What always
// holds: nothing is tried twice, no answer is believed that the tax service
// did not sign, and every answer is bounded in time and size.
//
// Only registered issuing systems may use it with the real tax service (시행령
// 68⑤2); its present addresses come by mail and are not known here.
package transmit

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"shopbox/hub/invoice/filing"
	"shopbox/hub/invoice/ntspackage"
	"shopbox/hub/invoice/result"
	"shopbox/hub/invoice/soap"
)

// The last parts of the three addresses, as they were when the tax service's
// were public.
const (
	PathSubmit      = "/SubmitEtaxInvoice"
	PathResults     = "/RequestResults"
	PathCertificate = "/RequestCert"
)

// maxAnswer is the largest answer in bytes: results of 100 documents are under
// 32 KiB.
const maxAnswer = 1 << 20

// Why an answer counts as none; the text is a stable code.
var (
	ErrStatus   = errors.New("transmit_http_status")
	ErrAnswer   = errors.New("transmit_other_answer")
	ErrSigner   = errors.New("transmit_signer_unknown")
	ErrTooLarge = errors.New("transmit_answer_too_large")
)

// noCertificate is the code of a submission that did not leave, since there is
// nobody to seal it for.
const noCertificate result.Code = "transmit_no_certificate"

// Config is who talks to whom.
type Config struct {
	// Service is the address below which the tax service's three are found.
	Service string
	// Sender is the sending system; Registration is its number of eight
	// characters from the tax service.
	Sender       soap.Party
	Registration string
	// Key and Certificate are the sending system's.
	Key         crypto.Signer
	Certificate *x509.Certificate
	// ReplyTo is where results are to be posted.
	ReplyTo string
	// TaxService are its certificates: packages are sealed for the first, and
	// any of them may have signed an answer. When there are none it is asked for
	// them before the first submission.
	TaxService []*x509.Certificate
	// Introduce is shown certificates that the tax service gave for itself, so
	// that a person can compare them.
	Introduce func([]*x509.Certificate)
	// Now is the time.
	Now func() time.Time
}

// Line is the tax service at the other end of HTTP. It is a filing.Transmitter.
type Line struct {
	config Config
	client *http.Client

	mu      sync.Mutex
	service []*x509.Certificate
}

// New is a line; nothing is sent yet. A connection is used once: a kept one
// may break, and then the HTTP client sends again by itself.
func New(c Config) *Line {
	return &Line{
		config: c, service: c.TaxService,
		client: &http.Client{
			Transport:     &http.Transport{DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// NewSubmitID names a submission.
func (l *Line) NewSubmitID() string {
	return soap.NewSubmitID(l.config.Registration, l.config.Now(), chance())
}

func chance() soap.Chance {
	var c soap.Chance
	_, _ = rand.Read(c[:]) // it never fails
	return c
}

// Submit seals and sends documents and returns the receipt.
func (l *Line) Submit(ctx context.Context, s filing.Submission) (result.Response, error) {
	service, err := l.meet(ctx)
	if err != nil {
		return result.Response{}, &filing.RefusalError{Code: noCertificate, Text: err.Error()}
	}
	items := make([]ntspackage.Item, len(s.Documents))
	for i, d := range s.Documents {
		items[i] = ntspackage.Item{R: d.R, Document: d.Content}
	}
	sealed, err := ntspackage.Seal(items, service[0])
	if err != nil {
		return result.Response{}, err
	}
	m := l.message(soap.Submit, PathSubmit)
	m.ReplyTo, m.Attachment = l.config.ReplyTo, sealed
	m.Body = soap.Body{SubmitID: s.ID, TotalCount: len(items), ReferenceID: soap.NewReferenceID(chance())}
	return l.exchange(ctx, m, soap.SubmitAck, s.ID)
}

// Ask asks for the results of a submission.
func (l *Line) Ask(ctx context.Context, submitID string) (result.Response, error) {
	m := l.message(soap.Ask, PathResults)
	m.Body = soap.Body{RefSubmitID: submitID}
	return l.exchange(ctx, m, soap.AskAck, submitID)
}

func (l *Line) message(o soap.Operation, path string) soap.Message {
	now := l.config.Now()
	return soap.Message{
		Operation: o, ID: soap.NewMessageID(now, chance()), To: l.address(path), Sent: now,
		From: l.config.Sender, Receiver: soap.Party{ID: soap.TaxServiceID, Name: soap.TaxServiceName},
	}
}

func (l *Line) address(path string) string { return strings.TrimSuffix(l.config.Service, "/") + path }

// exchange sends a message and reads the response attached to its answer. An
// answer without one is a plain receipt.
func (l *Line) exchange(ctx context.Context, m soap.Message, want soap.Operation, submitID string) (result.Response, error) {
	answer, err := l.post(ctx, m)
	if err != nil {
		return result.Response{}, err
	}
	switch {
	case answer.Operation != want || answer.RelatesTo != m.ID || answer.From.ID != soap.TaxServiceID:
		return result.Response{}, fmt.Errorf("%w: %s in answer to %s", ErrAnswer, answer.Operation, m.Operation)
	case !l.knows(answer.Signer):
		return result.Response{}, unknownSigner(answer.Signer)
	case answer.Attachment == nil:
		return result.Response{SubmitID: submitID, Type: result.TypeReceipt}, nil
	}
	response, err := result.Read(answer.Attachment)
	if err != nil {
		return result.Response{}, err
	}
	if response.SubmitID != submitID {
		return result.Response{}, fmt.Errorf("%w: it is about submission %s", ErrAnswer, response.SubmitID)
	}
	return *response, nil
}

// meet is the tax service's certificates. They are asked for while there are
// none.
func (l *Line) meet(ctx context.Context) ([]*x509.Certificate, error) {
	l.mu.Lock()
	service := l.service
	l.mu.Unlock()
	if len(service) > 0 {
		return service, nil
	}
	service, err := l.Certificates(ctx)
	if err != nil {
		return nil, err
	}
	l.config.Introduce(service)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.service = service
	return service, nil
}

// knows reports whether a certificate is the tax service's.
func (l *Line) knows(signer *x509.Certificate) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.service, signer.Equal)
}

func unknownSigner(signer *x509.Certificate) error {
	return fmt.Errorf("%w: signed by %s, not by the tax service", ErrSigner, signer.Subject)
}

// post sends a signed message and reads the answer. A fault is a
// *filing.RefusalError.
func (l *Line) post(ctx context.Context, m soap.Message) (*soap.Received, error) {
	packet, err := soap.Write(m, l.config.Key, l.config.Certificate)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.addressOf(m), bytes.NewReader(packet.Content))
	if err != nil {
		return nil, err
	}
	request.GetBody = nil // whatever happens, the message is not sent again
	request.Header.Set("Content-Type", packet.ContentType)
	request.Header.Set("SOAPAction", packet.Action)
	response, err := l.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxAnswer {
		return nil, ErrTooLarge
	}
	return read(response, content)
}

func (l *Line) addressOf(m soap.Message) string {
	if m.Operation == soap.Certificate {
		return l.address(PathCertificate)
	}
	return m.To
}

// read reads an answer. A fault comes with status 500 (SOAP 1.1 section 6.2).
func read(response *http.Response, content []byte) (*soap.Received, error) {
	answer, err := soap.Read(response.Header.Get("Content-Type"), content)
	if fault, is := errors.AsType[*soap.FaultError](err); is {
		return nil, &filing.RefusalError{Code: result.Code(fault.Code), Text: fault.Text}
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: %s", ErrStatus, response.Status)
	}
	return answer, err
}
