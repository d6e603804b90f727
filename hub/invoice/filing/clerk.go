package filing

import (
	"context"
	"errors"
	"slices"
	"time"

	"shopbox/hub/invoice/result"
)

// Signed is an invoice as it goes out.
type Signed struct {
	// Content is the signed XML.
	Content []byte
	// R is the R value of the key that signed it.
	R []byte
}

// Document is a signed invoice on its way.
type Document struct {
	Signed

	Filing Filing
}

// Submission is what goes out in one message.
type Submission struct {
	// ID is its SubmitID.
	ID string
	// Documents are at most MaxDocuments.
	Documents []Signed
}

// MaxDocuments is how many documents one message may hold (KEC
// TaxInvoicePackage).
const MaxDocuments = 100

// Transmitter carries messages to the tax service or to who sends for us. It
// tries nothing again. An error of type *RefusalError says that the message was not
// taken; every other error leaves that open.
type Transmitter interface {
	// Submit sends documents and returns the receipt.
	Submit(ctx context.Context, s Submission) (result.Response, error)
	// Ask asks for the results of a submission.
	Ask(ctx context.Context, submitID string) (result.Response, error)
}

// RefusalError is the error of a message that the other side did not take.
type RefusalError struct {
	// Code is what the other side said.
	Code result.Code
	// Text is its explanation.
	Text string
}

// Error is the code and the text in one line.
func (r *RefusalError) Error() string { return string(r.Code) + ": " + r.Text }

// Clerk walks documents through the table until each is final or held.
type Clerk struct {
	// Line is the way to the tax service.
	Line Transmitter
	// Policy says how patient to be.
	Policy Policy
	// Now is the time.
	Now func() time.Time
	// NewSubmitID names a submission.
	NewSubmitID func() string
	// Posted are the results the tax service posts by itself; nil when nobody
	// listens.
	Posted <-chan result.Response
	// Keep is told every change before the next step, so that it can be written
	// down: a submission before its first byte leaves. Its error ends the work.
	Keep func(f Filing, reason string) error
}

// Run works until all documents are final or held, or the context ends. The
// documents' filings tell where each one stands; the error is Keep's only.
func (c *Clerk) Run(ctx context.Context, documents []Document) error {
	for {
		at, open := c.next(documents)
		if !open {
			return nil
		}
		response, posted, err := c.wait(ctx, at)
		switch {
		case err != nil:
			return nil //nolint:nilerr // the time is up: what is open stays open
		case posted:
			err = c.settle(documents, response)
		default:
			err = c.work(ctx, documents)
		}
		if err != nil {
			return err
		}
	}
}

// next is the earliest time at which the clerk has something to do.
func (c *Clerk) next(documents []Document) (at time.Time, open bool) {
	for i := range documents {
		step := c.Policy.Due(documents[i].Filing)
		if step == (Step{}) || step.Action == Look {
			continue
		}
		if !open || step.At.Before(at) {
			at, open = step.At, true
		}
	}
	return at, open
}

// wait returns at that time or with posted results.
func (c *Clerk) wait(ctx context.Context, at time.Time) (response result.Response, posted bool, err error) {
	timer := time.NewTimer(at.Sub(c.Now()))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return response, false, ctx.Err()
	case response := <-c.Posted:
		return response, true, nil
	case <-timer.C:
		return response, false, nil
	}
}

// work does what is due now: first what time alone does, then one message.
func (c *Clerk) work(ctx context.Context, documents []Document) error {
	now := c.Now()
	var send []*Document
	ask := ""
	for i := range documents {
		d := &documents[i]
		step := c.Policy.Due(d.Filing)
		switch {
		case step == (Step{}) || step.At.After(now):
		case step.Event != "":
			if err := c.apply(d, Event{Kind: step.Event, At: now}, "time"); err != nil {
				return err
			}
		case step.Action == Send && len(send) < MaxDocuments:
			send = append(send, d)
		case step.Action == Query:
			ask = d.Filing.Submissions[len(d.Filing.Submissions)-1]
		}
	}
	if len(send) > 0 {
		return c.send(ctx, send)
	}
	if ask != "" {
		return c.ask(ctx, documents, ask)
	}
	return nil
}

func (c *Clerk) send(ctx context.Context, documents []*Document) error {
	submission := Submission{ID: c.NewSubmitID()}
	for _, d := range documents {
		if err := c.apply(d, Event{Kind: Submit, SubmitID: submission.ID, At: c.Now()}, "leaves now"); err != nil {
			return err
		}
		submission.Documents = append(submission.Documents, d.Signed)
	}
	response, err := c.exchange(ctx, func(ctx context.Context) (result.Response, error) { return c.Line.Submit(ctx, submission) })
	for _, d := range documents {
		if err := c.answer(d, submission.ID, response, err); err != nil {
			return err
		}
	}
	return nil
}

// ask asks about one submission. A question that is refused says nothing about
// the documents.
func (c *Clerk) ask(ctx context.Context, documents []Document, submitID string) error {
	response, err := c.exchange(ctx, func(ctx context.Context) (result.Response, error) { return c.Line.Ask(ctx, submitID) })
	if refused, is := errors.AsType[*RefusalError](err); is {
		err = errors.New(refused.Error())
	}
	for i := range documents {
		f := documents[i].Filing
		if f.State != Asking || f.Submissions[len(f.Submissions)-1] != submitID {
			continue
		}
		if err := c.answer(&documents[i], submitID, response, err); err != nil {
			return err
		}
	}
	return nil
}

func (c *Clerk) exchange(ctx context.Context, send func(context.Context) (result.Response, error)) (result.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Policy.Answer)
	defer cancel()
	return send(ctx)
}

// answer applies what came back from an exchange to one of its documents.
func (c *Clerk) answer(d *Document, submitID string, response result.Response, failed error) error {
	event := Event{SubmitID: submitID, At: c.Now(), ReceiptID: response.ReceiptID}
	reason := "answered"
	var refused *RefusalError
	switch {
	case errors.As(failed, &refused):
		event.Kind, event.Code, reason = Refuse, refused.Code, refused.Error()
	case failed != nil:
		event.Kind, reason = Silence, failed.Error()
	case response.SubmitID != submitID:
		event.Kind, reason = Silence, "the answer is about another submission"
	default:
		event.Kind, event.Code = read(response, d.Filing.IssueID)
	}
	return c.apply(d, event, reason)
}

// read finds what a response says about a document: its result, that the whole
// submission was refused, or that it was taken.
func read(response result.Response, issueID string) (Kind, result.Code) {
	at := slices.IndexFunc(response.Documents, func(d result.Document) bool { return d.IssueID == issueID })
	switch {
	case at >= 0:
		code := response.Documents[at].Code
		return KindOf(code), code
	case response.FailReason != "":
		return Refuse, result.Code(response.FailReason)
	case response.Taken():
		return Acknowledge, ""
	}
	return Silence, ""
}

// settle applies posted results. What does not belong to a document, or comes
// too late, changes nothing.
func (c *Clerk) settle(documents []Document, response result.Response) error {
	for i := range documents {
		d := &documents[i]
		kind, code := read(response, d.Filing.IssueID)
		event := Event{Kind: kind, Code: code, SubmitID: response.SubmitID, ReceiptID: response.ReceiptID, At: c.Now()}
		if kind == Acknowledge || kind == Silence {
			continue
		}
		if _, err := d.Filing.Apply(event); err != nil {
			continue
		}
		if err := c.apply(d, event, "posted"); err != nil {
			return err
		}
	}
	return nil
}

func (c *Clerk) apply(d *Document, e Event, reason string) error {
	next, err := d.Filing.Apply(e)
	if err != nil {
		return err
	}
	d.Filing = next
	return c.Keep(next, reason)
}
