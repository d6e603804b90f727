package transmit_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shopbox/hub/invoice/filing"
	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/result"
	"shopbox/hub/invoice/sign"
	"shopbox/hub/invoice/simulator"
	"shopbox/hub/invoice/soap"
	"shopbox/hub/invoice/transmit"
)

// issueDay is when the document of the tests is issued.
func issueDay() time.Time { return time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC) }

// rig is a simulator behind a real HTTP server and a line to it.
type rig struct {
	line    *transmit.Line
	inbox   *transmit.Inbox
	key     *npki.Key
	shop    *x509.Certificate
	address string

	mu      sync.Mutex
	entries []simulator.Entry
}

func (r *rig) count(event string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, e := range r.entries {
		if e.Event == event {
			n++
		}
	}
	return n
}

func start(t *testing.T, faults string, change func(*simulator.Config, *transmit.Config)) *rig {
	t.Helper()
	r := &rig{}
	key, certificate := must2(t)(simulator.NewCertificate("tax service SIMULATOR", issueDay()))
	r.key, r.shop = shop(t, "1234567891")
	list, err := simulator.ParseFaults(faults)
	if err != nil {
		t.Fatal(err)
	}
	service := simulator.Config{
		Key: key, Certificate: certificate, Faults: list, Now: issueDay,
		Tell: func(e simulator.Entry) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.entries = append(r.entries, e)
		},
	}
	config := transmit.Config{
		Sender: soap.Party{ID: "1234567891", Name: "샵박스"}, Registration: "12345678", Key: r.key.Private(), Certificate: r.shop,
		TaxService: []*x509.Certificate{certificate}, Now: issueDay, Introduce: func([]*x509.Certificate) {},
	}
	if change != nil {
		change(&service, &config)
	}
	running := simulator.New(service)
	t.Cleanup(running.Close)
	server := httptest.NewServer(running)
	t.Cleanup(server.Close)
	var inbox http.Handler
	replies := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { inbox.ServeHTTP(w, r) }))
	t.Cleanup(replies.Close)
	config.Service, config.ReplyTo, r.address = server.URL, replies.URL+"/results", server.URL
	r.line = transmit.New(config)
	r.inbox = r.line.Inbox()
	inbox = r.inbox
	return r
}

func must2(t *testing.T) func(*rsa.PrivateKey, *x509.Certificate, error) (*rsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	return func(key *rsa.PrivateKey, certificate *x509.Certificate, err error) (*rsa.PrivateKey, *x509.Certificate) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return key, certificate
	}
}

func shop(t *testing.T, number string) (*npki.Key, *x509.Certificate) {
	t.Helper()
	keyFile, certificateFile, err := simulator.NewShop(number, issueDay())
	if err != nil {
		t.Fatal(err)
	}
	key, err := npki.ParsePEM(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := sign.ParseCertificate(certificateFile)
	if err != nil {
		t.Fatal(err)
	}
	return key, certificate
}

// document is the test's invoice with a serial, changed and signed.
func (r *rig) document(t *testing.T, serial int, changes ...string) filing.Signed {
	t.Helper()
	text, err := os.ReadFile("../sign/testdata/own-compact-unsigned.xml")
	if err != nil {
		t.Fatal(err)
	}
	changes = append(changes, "1234567800000001", fmt.Sprintf("12345678%08d", serial))
	changed := strings.NewReplacer(changes...).Replace(string(text))
	signed, err := sign.Sign([]byte(changed), r.key.Private(), r.shop)
	if err != nil {
		t.Fatal(err)
	}
	return filing.Signed{Content: signed, R: r.key.R()}
}

func (r *rig) submit(t *testing.T, documents ...filing.Signed) (string, result.Response, error) {
	t.Helper()
	id := r.line.NewSubmitID()
	response, err := r.line.Submit(t.Context(), filing.Submission{ID: id, Documents: documents})
	return id, response, err
}

func TestThereAndBack(t *testing.T) {
	r := start(t, "", nil)
	id, receipt, err := r.submit(t, r.document(t, 1), r.document(t, 2))
	if err != nil || !receipt.Taken() || receipt.SubmitID != id || receipt.Total != 2 || !strings.HasPrefix(receipt.ReceiptID, result.SimulatedReceipt) {
		t.Fatalf("receipt %+v, %v", receipt, err)
	}
	posted := <-r.inbox.Posted()
	asked, err := r.line.Ask(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []result.Response{posted, asked} {
		ok := got.SubmitID == id && got.Success == 2 && got.Fail == 0 && len(got.Documents) == 2
		for _, d := range got.Documents {
			ok = ok && d.Code == result.CodeAccepted
		}
		if !ok {
			t.Errorf("results %+v", got)
		}
	}
	if _, _, err := r.submit(t, r.document(t, 2), r.document(t, 3)); err != nil {
		t.Fatal(err)
	}
	codes := map[string]result.Code{}
	for _, d := range (<-r.inbox.Posted()).Documents {
		codes[d.IssueID] = d.Code
	}
	if codes["202611231234567800000002"] != result.CodeDuplicate || codes["202611231234567800000003"] != result.CodeAccepted {
		t.Errorf("sent again: %v", codes)
	}
	unknown, err := r.line.Ask(t.Context(), r.line.NewSubmitID())
	if err != nil || unknown.FailReason != string(result.SimUnknown) {
		t.Errorf("an unknown one: %+v, %v", unknown, err)
	}
}

// TestWhatTheSimulatorChecks sends what the tax service would not take.
func TestWhatTheSimulatorChecks(t *testing.T) {
	r := start(t, "", nil)
	otherKey, otherShop := shop(t, "2208162517")
	good := r.document(t, 1)
	other := &rig{key: otherKey, shop: otherShop}
	for _, c := range []struct {
		name     string
		document filing.Signed
		want     result.Code
	}{
		{"no XML", filing.Signed{Content: []byte("?"), R: good.R}, result.SimDocument},
		{"changed", filing.Signed{Content: bytes.Replace(good.Content, []byte(">11000<"), []byte(">12000<"), 1), R: good.R}, result.SimSignature},
		{"another R", filing.Signed{Content: good.Content, R: otherKey.R()}, result.SimOwner},
		{"another's certificate", other.document(t, 1), result.SimOwner},
		{"another system's number", r.document(t, 1, "1234567800000001", "8765432100000001"), result.SimRegistration},
		{"the future", r.document(t, 1, ">20261123<", ">20261124<", "202611231234567800000001", "202611241234567800000001"), result.SimFuture},
		{"a wrong sum", r.document(t, 1, ">11000<", ">11001<"), result.SimRule},
	} {
		if _, _, err := r.submit(t, c.document); err != nil {
			t.Fatal(err)
		}
		posted := <-r.inbox.Posted()
		if len(posted.Documents) != 1 || posted.Documents[0].Code != c.want {
			t.Errorf("%s: got %+v, want %s", c.name, posted.Documents, c.want)
		}
	}
	if r.count("accepted") != 0 {
		t.Error("one was accepted")
	}
	if _, _, err := r.submit(t, good); err != nil || (<-r.inbox.Posted()).Success != 1 {
		t.Error("the good one is not accepted behind them")
	}
}

func TestWholeSubmissions(t *testing.T) {
	_, stranger := must2(t)(simulator.NewCertificate("stranger", issueDay()))
	for name, c := range map[string]struct {
		change func(*simulator.Config, *transmit.Config)
		want   result.Code
	}{
		"another registration": {func(s *simulator.Config, _ *transmit.Config) { s.Registrations = []string{"87654321"} }, result.SimSubmitID},
		"sealed for another": {func(_ *simulator.Config, l *transmit.Config) {
			l.TaxService = append([]*x509.Certificate{stranger}, l.TaxService...)
		}, result.SimPackage},
	} {
		r := start(t, "", c.change)
		_, receipt, err := r.submit(t, r.document(t, 1))
		if err != nil || receipt.Taken() || result.Code(receipt.FailReason) != c.want {
			t.Errorf("%s: %+v, %v", name, receipt, err)
		}
	}
	var refused *filing.RefusalError
	r := start(t, "", func(s *simulator.Config, _ *transmit.Config) { s.Senders = []*x509.Certificate{stranger} })
	if _, _, err := r.submit(t, r.document(t, 1)); !errors.As(err, &refused) || refused.Code != result.SimSender {
		t.Errorf("an unknown sender: %v", err)
	}
	r = start(t, "", func(s *simulator.Config, l *transmit.Config) {
		l.Now = func() time.Time { return issueDay().AddDate(2, 0, 0) }
		s.Now = l.Now
	})
	if _, _, err := r.submit(t, r.document(t, 1)); !errors.As(err, &refused) || refused.Code != result.SimSender {
		t.Errorf("an old certificate: %v", err)
	}
}

// TestCertificatesAreAskedFor holds that a line without certificates asks, and
// shows what it got.
func TestCertificatesAreAskedFor(t *testing.T) {
	var shown, own []*x509.Certificate
	r := start(t, "certificate.garbage:1", func(s *simulator.Config, l *transmit.Config) {
		own, l.TaxService = []*x509.Certificate{s.Certificate}, nil
		l.Introduce = func(list []*x509.Certificate) { shown = list }
	})
	var refused *filing.RefusalError
	if _, _, err := r.submit(t, r.document(t, 1)); !errors.As(err, &refused) || refused.Code != "transmit_no_certificate" {
		t.Fatalf("garbage for certificates: %v", err)
	}
	if _, receipt, err := r.submit(t, r.document(t, 1)); err != nil || !receipt.Taken() {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if !slices.EqualFunc(shown, own, func(a, b *x509.Certificate) bool { return a.Equal(b) }) {
		t.Error("others were shown")
	}
}

// TestBadAnswers holds that no fault of the line looks like a receipt or like
// a refusal, and that what was taken before the line failed is there already.
func TestBadAnswers(t *testing.T) {
	points := []string{"submit", "ask", "certificate"}
	names := []string{"silent_before", "silent_after", "garbage", "half", "wrong_signature"}
	var list []string
	for _, point := range points {
		for _, name := range names {
			list = append(list, point+"."+name+":1")
		}
	}
	r := start(t, strings.Join(list, ","), nil)
	document := r.document(t, 1)
	calls := map[string]func() error{
		"submit":      func() error { _, _, err := r.submit(t, document); return err },
		"ask":         func() error { _, err := r.line.Ask(t.Context(), r.line.NewSubmitID()); return err },
		"certificate": func() error { _, err := r.line.Certificates(t.Context()); return err },
	}
	for _, point := range points {
		for _, name := range names {
			var refused *filing.RefusalError
			if err := calls[point](); err == nil || errors.As(err, &refused) {
				t.Errorf("%s.%s answered with %v", point, name, err)
			}
		}
		if err := calls[point](); err != nil {
			t.Errorf("%s did not heal: %v", point, err)
		}
	}
	if accepted, again := r.count("accepted"), r.count("duplicate"); accepted != 1 || again != len(names)-1 {
		t.Errorf("accepted %d times, there already %d times", accepted, again)
	}
}

// TestPatienceEnds holds that a late answer is no answer.
func TestPatienceEnds(t *testing.T) {
	r := start(t, "ask.delay=1h", nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.line.Ask(ctx, r.line.NewSubmitID()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestOtherServers answer what is no SOAP.
func TestOtherServers(t *testing.T) {
	r := start(t, "", nil)
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    error
	}{
		"a web page": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hello</html>") }, nil},
		"not found":  {http.NotFound, transmit.ErrStatus},
		"elsewhere": {func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, r.address, http.StatusTemporaryRedirect)
		}, transmit.ErrStatus},
		"without an end": {func(w http.ResponseWriter, q *http.Request) {
			_, _ = io.Copy(io.Discard, q.Body)
			_, _ = w.Write(make([]byte, 2<<20))
		}, transmit.ErrTooLarge},
	} {
		server := httptest.NewServer(c.handler)
		line := transmit.New(transmit.Config{
			Service: server.URL, Sender: soap.Party{ID: "1", Name: "a"}, Registration: "12345678",
			Key: r.key.Private(), Certificate: r.shop, Now: issueDay,
		})
		if _, err := line.Ask(t.Context(), line.NewSubmitID()); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
}

// TestInboxBelievesNobody posts what the tax service did not sign.
func TestInboxBelievesNobody(t *testing.T) {
	r := start(t, "", nil)
	key, stranger := must2(t)(simulator.NewCertificate("stranger", issueDay()))
	m := soap.Message{
		Operation: soap.Results, ID: "1", To: "http://shop.example/", Sent: issueDay(),
		From: soap.Party{ID: soap.TaxServiceID, Name: soap.TaxServiceName}, Receiver: soap.Party{ID: "1234567891", Name: "샵박스"},
		Body:       soap.Body{ResultID: "r", ReferenceID: "a"},
		Attachment: result.Write(result.Response{SubmitID: "s", Documents: []result.Document{{IssueID: "1", Code: "SUC001"}}}),
	}
	forged, err := soap.Write(m, key, stranger)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		method, contentType string
		content             []byte
		status              int
		code                string
	}{
		"a stranger": {http.MethodPost, forged.ContentType, forged.Content, http.StatusInternalServerError, "transmit_signer_unknown"},
		"garbage":    {http.MethodPost, "text/xml", []byte("<a>"), http.StatusInternalServerError, "transmit_unreadable"},
		"no SOAP":    {http.MethodPost, "text/plain", nil, http.StatusInternalServerError, soap.CodeMIME},
		"too much":   {http.MethodPost, "text/xml", make([]byte, 2<<20), http.StatusRequestEntityTooLarge, "transmit_answer_too_large"},
		"a look":     {http.MethodGet, "", nil, http.StatusMethodNotAllowed, "transmit_http_status"},
	} {
		request := httptest.NewRequest(c.method, "/results", bytes.NewReader(c.content))
		request.Header.Set("Content-Type", c.contentType)
		answer := httptest.NewRecorder()
		r.inbox.ServeHTTP(answer, request)
		var fault *soap.FaultError
		if _, err := soap.Read(answer.Header().Get("Content-Type"), answer.Body.Bytes()); answer.Code != c.status || !errors.As(err, &fault) || fault.Code != c.code {
			t.Errorf("%s: %d, %v", name, answer.Code, err)
		}
	}
	select {
	case got := <-r.inbox.Posted():
		t.Errorf("believed %+v", got)
	default:
	}
}

func TestHostileArchives(t *testing.T) {
	bomb := archive(t, "bomb.der", make([]byte, 1<<20))
	for name, content := range map[string][]byte{
		"no zip": []byte("PK"), "empty": archive(t, "", nil), "a bomb": bomb, "no certificate": archive(t, "readme.txt", []byte("hello")),
	} {
		if _, err := transmit.ReadArchive(content); !errors.Is(err, transmit.ErrArchive) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func archive(tb testing.TB, name string, content []byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	files := zip.NewWriter(&out)
	if name != "" {
		file, err := files.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := file.Write(content); err != nil {
			tb.Fatal(err)
		}
	}
	if err := files.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// FuzzArchive holds that any bytes give certificates or ErrArchive.
func FuzzArchive(f *testing.F) {
	_, certificate, err := simulator.NewCertificate("tax service SIMULATOR", issueDay())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(archive(f, "simulator.der", certificate.Raw))
	f.Add(archive(f, "simulator.pem", simulator.CertificatePEM(certificate)))
	f.Fuzz(func(t *testing.T, content []byte) {
		list, err := transmit.ReadArchive(content)
		if (err == nil) != (len(list) > 0) || err != nil && !errors.Is(err, transmit.ErrArchive) {
			t.Fatalf("%d certificates, %v", len(list), err)
		}
	})
}
