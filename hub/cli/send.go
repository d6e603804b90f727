package cli

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"shopbox/hub/invoice/filing"
	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/refusal"
	"shopbox/hub/invoice/result"
	"shopbox/hub/invoice/sign"
	"shopbox/hub/invoice/soap"
	"shopbox/hub/invoice/transmit"
)

// ErrIncomplete says that not every document is with the tax service.
var ErrIncomplete = refusal.New("send_incomplete",
	"not every document was accepted; look at the states, then send the same files again: each number counts once",
	"접수되지 않은 문서가 있습니다. 상태를 확인하고 같은 파일을 다시 보내세요. 승인번호마다 한 번만 접수됩니다.")

// sendOptions are what the command line asks for.
type sendOptions struct {
	to, folder, key, certificate  string
	password                      bool
	senderKey, senderCertificate  string
	senderID, senderName          string
	registration, service         string
	listen, replyTo               string
	answer, pause, longest, total time.Duration
	asks, submissions             int
	files                         []string
}

func parseSend(args []string) (sendOptions, error) {
	var o sendOptions
	patient := filing.DefaultPolicy()
	flags := flag.NewFlagSet("send", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.to, "to", "", "address of the tax service")
	flags.StringVar(&o.folder, "npki", "", "folder or .p12 file of the signer's certificate")
	flags.BoolVar(&o.password, "password-stdin", false, "the password is the first line of standard input")
	flags.StringVar(&o.key, "key", "", "signer's key in PEM, with its R value")
	flags.StringVar(&o.certificate, "cert", "", "signer's certificate in PEM")
	flags.StringVar(&o.senderKey, "sender-key", "", "key of the sending system, when it is another")
	flags.StringVar(&o.senderCertificate, "sender-cert", "", "certificate of the sending system")
	flags.StringVar(&o.senderID, "sender", "", "business number of the sending system")
	flags.StringVar(&o.senderName, "sender-name", "", "name of the sending system")
	flags.StringVar(&o.registration, "registration", "", "number of the sending system, eight characters")
	flags.StringVar(&o.service, "tax-cert", "", "certificates of the tax service in PEM")
	flags.StringVar(&o.listen, "listen", "127.0.0.1:0", "where results are taken")
	flags.StringVar(&o.replyTo, "reply-to", "", "address of that place as the tax service sees it")
	flags.DurationVar(&o.answer, "answer", patient.Answer, "longest wait for an answer")
	flags.DurationVar(&o.pause, "pause", patient.Pause, "first wait for a result")
	flags.DurationVar(&o.longest, "longest", patient.Longest, "longest wait for a result")
	flags.IntVar(&o.asks, "asks", patient.Asks, "unanswered questions before it is sent again")
	flags.IntVar(&o.submissions, "submissions", patient.Submissions, "how often it is sent")
	flags.DurationVar(&o.total, "timeout", time.Hour, "time for everything")
	if flags.Parse(args) != nil {
		return o, ErrUsage
	}
	o.files = flags.Args()
	return o, o.check()
}

func (o sendOptions) check() error {
	folder := o.folder != "" && o.password && o.key == "" && o.certificate == ""
	pair := o.folder == "" && !o.password && o.key != "" && o.certificate != ""
	complete := o.to != "" && len(o.files) > 0 && (o.senderKey == "") == (o.senderCertificate == "")
	if folder == pair || !complete || !o.policy().Sound() {
		return ErrUsage
	}
	return nil
}

func (o sendOptions) policy() filing.Policy {
	return filing.Policy{Answer: o.answer, Pause: o.pause, Longest: o.longest, Asks: o.asks, Submissions: o.submissions}
}

// send brings documents to the tax service and waits for what becomes of them.
// Signed ones go as they are, others are signed first. It writes one line of
// JSON for each file.
func send(ctx context.Context, args []string, with Streams) error {
	o, err := parseSend(args)
	if err != nil {
		return err
	}
	s, err := o.signer(with)
	if err != nil {
		return err
	}
	outgoing := gather(o.files, s, with)
	config, err := o.config(s, outgoing, with)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, o.total)
	defer cancel()
	if err := outgoing.transmit(ctx, config, o, with); err != nil {
		return err
	}
	return outgoing.report(with)
}

// signer opens who signs the documents.
func (o sendOptions) signer(with Streams) (signer, error) {
	if o.folder != "" {
		return openSigner(o.folder, with)
	}
	key, err := readPEM(o.key, npki.ParsePEM)
	if err != nil {
		return signer{}, err
	}
	certificate, err := readPEM(o.certificate, sign.ParseCertificate)
	if err != nil {
		return signer{}, err
	}
	if err := npki.CheckTime(certificate, with.Now()); err != nil {
		return signer{}, fmt.Errorf("%s: %w", o.certificate, err)
	}
	if err := key.CheckPair(certificate); err != nil {
		return signer{}, fmt.Errorf("%s: %w", o.certificate, err)
	}
	_, err = rOf(o.key, key)
	return signer{key, certificate}, err
}

// config is the line. What is not given about the sending system is that of
// the first document's supplier, for trying.
func (o sendOptions) config(s signer, out *outgoing, with Streams) (transmit.Config, error) {
	c := transmit.Config{
		Service: o.to, Registration: out.registration, Sender: out.supplier, Key: s.key.Private(), Certificate: s.certificate, Now: with.Now,
		Introduce: func(list []*x509.Certificate) { introduce(list, with) },
	}
	if o.registration != "" {
		c.Registration = o.registration
	}
	if o.senderID != "" {
		c.Sender = soap.Party{ID: o.senderID, Name: o.senderName}
	}
	var err error
	if o.service != "" {
		if c.TaxService, err = readPEM(o.service, parseCertificates); err != nil {
			return c, err
		}
	}
	if o.senderKey == "" {
		return c, nil
	}
	if c.Key, err = readPEM(o.senderKey, sign.ParseKey); err != nil {
		return c, err
	}
	c.Certificate, err = readPEM(o.senderCertificate, sign.ParseCertificate)
	return c, err
}

// introduce shows certificates that came over the line itself.
func introduce(list []*x509.Certificate, with Streams) {
	for _, certificate := range list {
		fmt.Fprintf(with.Remarks, "the tax service's certificate came over the line: %s, SHA-256 %x; compare it, then give it by --tax-cert\n",
			certificate.Subject, sha256.Sum256(certificate.Raw))
	}
}

// parseCertificates reads all certificates of a PEM file.
func parseCertificates(text []byte) ([]*x509.Certificate, error) {
	var list []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := sign.ParseCertificate(pem.EncodeToMemory(block))
		if err != nil {
			return nil, err
		}
		list = append(list, certificate)
	}
	if len(list) == 0 {
		_, err := sign.ParseCertificate(nil)
		return nil, err
	}
	return list, nil
}

// transmit walks the documents to their end, with a place open for results.
func (out *outgoing) transmit(ctx context.Context, config transmit.Config, o sendOptions, with Streams) error {
	if len(out.documents) == 0 {
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return err
	}
	if config.ReplyTo = o.replyTo; config.ReplyTo == "" {
		config.ReplyTo = "http://" + listener.Addr().String() + "/results"
	}
	line := transmit.New(config)
	inbox := line.Inbox()
	listening, stop := context.WithCancel(ctx)
	var inboxOpen sync.WaitGroup
	inboxOpen.Go(func() { _ = serve(listening, listener, inbox) }) // without it the results are asked for
	clerk := filing.Clerk{
		Line: line, Now: with.Now, NewSubmitID: line.NewSubmitID, Posted: inbox.Posted(),
		Policy: o.policy(),
		Keep: func(f filing.Filing, reason string) error {
			_, err := fmt.Fprintf(with.Remarks, "%s: %s (%s)\n", f.IssueID, f.State, reason)
			return err
		},
	}
	err = clerk.Run(ctx, out.documents)
	stop()
	inboxOpen.Wait()
	return err
}

// outcome is the line of JSON about one file.
type outcome struct {
	File    string `json:"file"`
	IssueID string `json:"issue_id,omitempty"`
	// State is one of filing's, or unsent for a file that cannot be sent.
	State     string `json:"state"`
	Code      string `json:"code,omitempty"`
	Meaning   string `json:"meaning,omitempty"`
	SubmitID  string `json:"submit_id,omitempty"`
	ReceiptID string `json:"receipt_id,omitempty"`
	// Simulated says that a simulator answered, not the tax service.
	Simulated bool `json:"simulated,omitempty"`
}

func outcomeOf(file string, f filing.Filing) outcome {
	o := outcome{
		File: file, IssueID: f.IssueID, State: string(f.State), Code: string(f.Code), ReceiptID: f.ReceiptID,
		Simulated: strings.HasPrefix(f.ReceiptID, result.SimulatedReceipt),
	}
	if f.Code != "" {
		meaning := f.Code.Meaning()
		o.Meaning = meaning.English + " (" + meaning.Korean + ")"
	}
	if len(f.Submissions) > 0 {
		o.SubmitID = f.Submissions[len(f.Submissions)-1]
	}
	return o
}

// report writes what became of every file, in their order.
func (out *outgoing) report(with Streams) error {
	encoder := json.NewEncoder(with.Out)
	encoder.SetEscapeHTML(false)
	complete := true
	for i, o := range out.outcomes {
		if at, sent := out.at[i]; sent {
			o = outcomeOf(o.File, out.documents[at].Filing)
		}
		complete = complete && o.State == string(filing.Accepted)
		if err := encoder.Encode(o); err != nil {
			return err
		}
	}
	if !complete {
		return ErrIncomplete
	}
	return nil
}
