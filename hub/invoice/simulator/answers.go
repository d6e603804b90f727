package simulator

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"time"

	"shopbox/hub/invoice/result"
	"shopbox/hub/invoice/soap"
)

// ask answers what became of a submission: its results, or that they are not
// ready. Whom it does not know it tells so in FailReasonStatusCode; how the tax
// service says that is not known.
func (s *Service) ask(m *soap.Received, active fault) (soap.Message, error) {
	if m.Operation != soap.Ask {
		return soap.Message{}, &refusal{result.SimMessage, string(m.Operation) + " is not taken here"}
	}
	s.mu.Lock()
	one, known := s.submissions[m.Body.RefSubmitID]
	s.mu.Unlock()
	now := s.config.Now()
	response := result.Response{
		SubmitID: m.Body.RefSubmitID, ReceiptID: receiptID(), Type: typeResult, At: moment(now),
		Process: processDone, FailReason: string(result.SimUnknown),
	}
	switch {
	case known && now.Before(one.ready):
		response = one.receipt
	case known:
		response = one.results(now)
	}
	if active.is(Duplicated) {
		response.Documents = append(response.Documents, response.Documents...)
	}
	s.config.Tell(Entry{Event: "asked", SubmitID: m.Body.RefSubmitID, Code: result.Code(response.FailReason)})
	ack := s.reply(m, soap.AskAck)
	ack.Attachment, ack.Body.ReferenceID = result.Write(response), soap.NewReferenceID(chance())
	return ack, nil
}

// results is the response with what became of each document.
func (one *submission) results(now time.Time) result.Response {
	r := one.receipt
	r.Type, r.Process, r.At, r.Documents = typeResult, processDone, moment(now), one.documents
	for _, d := range one.documents {
		if d.Code == result.CodeAccepted {
			r.Success++
		}
	}
	r.Fail = len(one.documents) - r.Success
	return r
}

// post sends results to where the submission wants them, once. Whoever misses
// them asks.
func (s *Service) post(m *soap.Received, one *submission) {
	active := s.next(AtPost)
	s.pause(s.ctx, fault{name: Delay, delay: one.ready.Sub(s.config.Now())})
	s.pause(s.ctx, active)
	if active.is(SilentBefore) || s.ctx.Err() != nil {
		return
	}
	times := 1
	if active.is(Duplicated) {
		times = 2
	}
	for range times {
		entry := Entry{Event: "posted", SubmitID: m.Body.SubmitID}
		if err := s.postOnce(m, one, active); err != nil {
			entry.Event, entry.Detail = "failed", err.Error()
		}
		s.config.Tell(entry)
	}
}

func (s *Service) postOnce(m *soap.Received, one *submission, active fault) error {
	now := s.config.Now()
	registration, _ := soap.Registration(m.Body.SubmitID)
	message := s.reply(m, soap.Results)
	message.RelatesTo, message.To = "", m.ReplyTo
	message.Attachment = result.Write(one.results(now))
	message.Body = soap.Body{ResultID: soap.NewSubmitID(registration, now, chance()), ReferenceID: soap.NewReferenceID(chance())}
	packet, err := s.sign(message, active)
	if err != nil {
		return err
	}
	switch {
	case active.is(Garbage):
		packet.Content = []byte("\x00\xff<html>garbage</html>")
	case active.is(Half):
		packet.Content = packet.Content[:len(packet.Content)/2]
	}
	//nolint:gosec // the sender says where results are to be posted: so the standard has it
	request, err := http.NewRequestWithContext(s.ctx, http.MethodPost, m.ReplyTo, bytes.NewReader(packet.Content))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", packet.ContentType)
	request.Header.Set("SOAPAction", packet.Action)
	response, err := s.client.Do(request) //nolint:gosec // as above
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if active.is(SilentAfter) {
		return nil
	}
	return s.checkAck(response, message)
}

// checkAck reads the answer to posted results.
func (s *Service) checkAck(response *http.Response, posted soap.Message) error {
	const maxAck = 1 << 20
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAck))
	if err != nil {
		return err
	}
	ack, err := soap.Read(response.Header.Get("Content-Type"), content)
	if err != nil {
		return err
	}
	if ack.Operation != soap.ResultsAck || ack.RelatesTo != posted.ID || ack.Body.RefResultID != posted.Body.ResultID {
		return &refusal{result.SimMessage, "the answer does not acknowledge the results"}
	}
	return nil
}

// certificates answers with its certificate in a zip archive; jar files are the
// same. It makes no tar archives.
func (s *Service) certificates(m *soap.Received, _ fault) (soap.Message, error) {
	if m.Operation != soap.Certificate {
		return soap.Message{}, &refusal{result.SimMessage, string(m.Operation) + " is not taken here"}
	}
	if m.Body.FileType != "1" && m.Body.FileType != "2" {
		return soap.Message{}, &refusal{result.SimMessage, "the archive may be 1 zip or 2 jar"}
	}
	var archive bytes.Buffer
	files := zip.NewWriter(&archive)
	file, err := files.Create("simulator.der")
	if err == nil {
		_, err = file.Write(s.config.Certificate.Raw)
	}
	if err == nil {
		err = files.Close()
	}
	if err != nil {
		return soap.Message{}, err
	}
	return soap.Message{
		Operation: soap.CertificateAck, Attachment: archive.Bytes(), Body: soap.Body{ReferenceID: soap.NewReferenceID(chance())},
	}, nil
}
