// Package simulator is a simulated Korean tax service for e-tax invoices. The
// invoice command starts it for tests and for people who try sending. It checks
// what the real one checks, as far as that is known, and can be told to fail.
// What always holds: it calls itself a simulator in every answer, nothing
// reaches the tax service, and each approval number is accepted once.
package simulator

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"shopbox/hub/invoice/result"
	"shopbox/hub/invoice/soap"
)

// Name is how it calls itself in its answers, where the tax service says 국세청.
const Name = "국세청 시뮬레이터 (tax service SIMULATOR)"

// How much it remembers. It forgets nothing, so that numbers stay unique; when
// it is full it says so.
const (
	maxSubmissions = 10_000
	maxDocuments   = 200_000
)

// Config is what a simulator knows and does.
type Config struct {
	// Key and Certificate are its own: packages are sealed for them, answers
	// signed with them.
	Key         *rsa.PrivateKey
	Certificate *x509.Certificate
	// Senders are the certificates of registered senders, and Registrations
	// their numbers; everybody may send when there are none.
	Senders       []*x509.Certificate
	Registrations []string
	// Faults are those switched on.
	Faults []Fault
	// Now is the time.
	Now func() time.Time
	// Tell hears what happened, one entry at a time.
	Tell func(Entry)
}

// Entry is something that happened.
type Entry struct {
	// Event is received, accepted, duplicate, refused, asked, posted, fault or
	// failed.
	Event    string      `json:"event"`
	SubmitID string      `json:"submit_id,omitempty"`
	IssueID  string      `json:"issue_id,omitempty"`
	Code     result.Code `json:"code,omitempty"`
	Detail   string      `json:"detail,omitempty"`
}

// Service is a running simulator: an http.Handler. Close it to end what it
// still posts.
type Service struct {
	config   Config
	stranger func() (pair, error) // made when a fault first needs it
	client   *http.Client
	ctx      context.Context // the life of what it posts
	stop     context.CancelFunc
	posting  sync.WaitGroup

	// mu guards the rest.
	mu          sync.Mutex
	faults      []Fault
	accepted    map[string]bool
	submissions map[string]*submission
}

type pair struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

// submission is what became of one.
type submission struct {
	receipt   result.Response
	documents []result.Document
	ready     time.Time
}

// New is a simulator that remembers nothing yet.
func New(c Config) *Service {
	ctx, stop := context.WithCancel(context.Background())
	return &Service{
		config: c, ctx: ctx, stop: stop,
		stranger: sync.OnceValues(func() (pair, error) {
			key, certificate, err := NewCertificate("STRANGER", c.Now())
			return pair{key, certificate}, err
		}),
		client:   &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute},
		faults:   append([]Fault(nil), c.Faults...),
		accepted: map[string]bool{}, submissions: map[string]*submission{},
	}
}

// Close ends what is still posted and waits for it.
func (s *Service) Close() {
	s.stop()
	s.posting.Wait()
}

// The last parts of its addresses, as they were when the tax service's were
// public.
const (
	pathSubmit      = "/SubmitEtaxInvoice"
	pathResults     = "/RequestResults"
	pathCertificate = "/RequestCert"
)

// refusal is a message that is not taken.
type refusal struct {
	code result.Code
	text string
}

func (r *refusal) Error() string { return string(r.code) + ": " + r.text }

// ServeHTTP answers the three services.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "shopbox tax-service simulator")
	answer := map[string]func(*soap.Received, fault) (soap.Message, error){
		pathSubmit: s.submit, pathResults: s.ask, pathCertificate: s.certificates,
	}[r.URL.Path]
	point := map[string]Point{pathSubmit: AtSubmit, pathResults: AtAsk, pathCertificate: AtCertificate}[r.URL.Path]
	if answer == nil || r.Method != http.MethodPost {
		http.Error(w, "This is a simulator of the tax service. POST to "+pathSubmit+", "+pathResults+" or "+pathCertificate+".", http.StatusNotFound)
		return
	}
	active := s.next(point)
	if active.is(SilentBefore) {
		panic(http.ErrAbortHandler) // hangs up
	}
	message, err := s.read(w, r, active)
	if err != nil {
		s.refuse(w, err)
		return
	}
	s.pause(r.Context(), active)
	reply, err := answer(message, active)
	if err != nil {
		s.refuse(w, err)
		return
	}
	packet, err := s.sign(reply, active)
	if err != nil {
		s.refuse(w, err)
		return
	}
	s.write(w, packet, active)
}

// read takes a message and holds its sender to those registered.
func (s *Service) read(w http.ResponseWriter, r *http.Request, active fault) (*soap.Received, error) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, soap.MaxContent))
	if err != nil {
		return nil, &refusal{result.SimMessage, "the message is too large or broke off"}
	}
	if active.is(RefuseMessage) {
		return nil, &refusal{result.Code(active.value), "told to refuse the message"}
	}
	message, err := soap.Read(r.Header.Get("Content-Type"), content)
	if err != nil {
		return nil, &refusal{result.SimMessage, err.Error()}
	}
	if action := r.Header.Get("SOAPAction"); trimQuotes(action) != message.Operation.Action() {
		return nil, &refusal{result.SimMessage, "the header SOAPAction is not the action of the message"}
	}
	return message, s.checkSender(message)
}

func trimQuotes(text string) string {
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}

func (s *Service) checkSender(m *soap.Received) error {
	now := s.config.Now()
	known := len(s.config.Senders) == 0
	for _, sender := range s.config.Senders {
		known = known || sender.Equal(m.Signer)
	}
	switch {
	case !known:
		return &refusal{result.SimSender, "the certificate that signed the message is not registered"}
	case now.Before(m.Signer.NotBefore) || now.After(m.Signer.NotAfter):
		return &refusal{result.SimSender, "the certificate that signed the message is out of date"}
	case m.Operation != soap.Certificate && m.Receiver.ID != soap.TaxServiceID:
		return &refusal{result.SimMessage, "the message is for " + m.Receiver.ID}
	}
	return nil
}

func (s *Service) refuse(w http.ResponseWriter, err error) {
	code := result.SimMessage
	if r, is := errors.AsType[*refusal](err); is {
		code, err = r.code, errors.New(r.text)
	}
	s.config.Tell(Entry{Event: "fault", Code: code, Detail: err.Error()})
	packet := soap.WriteFault(string(code), "simulator: "+err.Error())
	w.Header().Set("Content-Type", packet.ContentType)
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(packet.Content)
}

// reply is the head of an answer.
func (s *Service) reply(to *soap.Received, o soap.Operation) soap.Message {
	now := s.config.Now()
	return soap.Message{
		Operation: o, ID: soap.NewMessageID(now, chance()), RelatesTo: to.ID, To: "http://www.w3.org/2005/08/addressing/anonymous",
		From: soap.Party{ID: soap.TaxServiceID, Name: Name}, Receiver: to.From, Sent: now,
	}
}

func (s *Service) sign(m soap.Message, active fault) (soap.Packet, error) {
	if !active.is(WrongSignature) {
		return soap.Write(m, s.config.Key, s.config.Certificate)
	}
	other, err := s.stranger()
	if err != nil {
		return soap.Packet{}, err
	}
	return soap.Write(m, other.key, other.certificate)
}

// write sends an answer, or what a fault makes of it.
func (s *Service) write(w http.ResponseWriter, p soap.Packet, active fault) {
	content := p.Content
	switch {
	case active.is(SilentAfter):
		panic(http.ErrAbortHandler) // hangs up
	case active.is(Garbage):
		content = []byte("\x00\xff<html>garbage</html>")
	case active.is(Half):
		content = content[:len(content)/2]
	}
	w.Header().Set("Content-Type", p.ContentType)
	w.Header().Set("SOAPAction", p.Action)
	w.Header().Set("Content-Length", strconv.Itoa(len(p.Content)))
	if active.is(Garbage) {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	}
	_, _ = w.Write(content) // who is gone will ask
}

// pause holds an answer back.
func (s *Service) pause(ctx context.Context, active fault) {
	if !active.is(Delay) {
		return
	}
	timer := time.NewTimer(active.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
}

func chance() soap.Chance {
	var c soap.Chance
	_, _ = rand.Read(c[:]) // it never fails
	return c
}
