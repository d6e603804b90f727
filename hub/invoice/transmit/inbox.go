package transmit

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"shopbox/hub/invoice/result"
	"shopbox/hub/invoice/soap"
)

// maxWaiting is how many posted results wait for the clerk. Those that find no
// room are not acknowledged; the clerk asks for them.
const maxWaiting = 64

// Inbox is where the tax service posts results: the http.Handler behind
// ReplyTo.
type Inbox struct {
	line   *Line
	posted chan result.Response
}

// Inbox is the place of this line's results.
func (l *Line) Inbox() *Inbox {
	return &Inbox{line: l, posted: make(chan result.Response, maxWaiting)}
}

// Posted are the results that came.
func (i *Inbox) Posted() <-chan result.Response { return i.posted }

// ServeHTTP takes results and acknowledges them. Anybody may call it, so what
// the tax service did not sign is refused with a fault.
func (i *Inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ack, status, err := i.take(w, r)
	if err != nil {
		ack = soap.WriteFault(codeOf(err), err.Error())
	}
	w.Header().Set("Content-Type", ack.ContentType)
	if ack.Action != "" {
		w.Header().Set("SOAPAction", ack.Action)
	}
	w.WriteHeader(status)
	_, _ = w.Write(ack.Content) // who is gone will post again
}

func (i *Inbox) take(w http.ResponseWriter, r *http.Request) (ack soap.Packet, status int, err error) {
	if r.Method != http.MethodPost {
		return ack, http.StatusMethodNotAllowed, fmt.Errorf("%w: results are posted", ErrStatus)
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	if err != nil {
		return ack, http.StatusRequestEntityTooLarge, ErrTooLarge
	}
	message, err := soap.Read(r.Header.Get("Content-Type"), content)
	if err != nil {
		return ack, http.StatusInternalServerError, err
	}
	if message.Operation != soap.Results || message.From.ID != soap.TaxServiceID {
		return ack, http.StatusInternalServerError, fmt.Errorf("%w: %s is posted here", ErrAnswer, message.Operation)
	}
	if !i.line.knows(message.Signer) {
		return ack, http.StatusInternalServerError, unknownSigner(message.Signer)
	}
	response, err := result.Read(message.Attachment)
	if err != nil {
		return ack, http.StatusInternalServerError, err
	}
	select {
	case i.posted <- *response:
	default:
		return ack, http.StatusServiceUnavailable, fmt.Errorf("%w: too many results wait", ErrStatus)
	}
	ack, err = i.acknowledge(message)
	if err != nil {
		return ack, http.StatusInternalServerError, err
	}
	return ack, http.StatusOK, nil
}

func (i *Inbox) acknowledge(message *soap.Received) (soap.Packet, error) {
	c := i.line.config
	m := i.line.message(soap.ResultsAck, "")
	m.RelatesTo, m.To, m.Body = message.ID, c.Service, soap.Body{RefResultID: message.Body.ResultID}
	return soap.Write(m, c.Key, c.Certificate)
}

// codeOf is the stable part of an error for a fault.
func codeOf(err error) string {
	if refused, is := errors.AsType[*soap.Error](err); is {
		return refused.Code
	}
	if refused, is := errors.AsType[*result.Error](err); is {
		return refused.Code
	}
	for _, known := range []error{ErrStatus, ErrAnswer, ErrSigner, ErrTooLarge} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return "transmit_unreadable"
}
