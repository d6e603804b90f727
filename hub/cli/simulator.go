package cli

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/sign"
	"shopbox/hub/invoice/simulator"
)

// simulatorOptions are what the command line asks for.
type simulatorOptions struct {
	listen, folder, key, certificate, sender, shop, registrations, faults string
}

func parseSimulator(args []string) (simulatorOptions, error) {
	var o simulatorOptions
	flags := flag.NewFlagSet("simulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.listen, "listen", "", "TCP address")
	flags.StringVar(&o.folder, "dir", "data/tax-simulator", "folder for the certificates it makes")
	flags.StringVar(&o.key, "key", "", "its own key in PEM")
	flags.StringVar(&o.certificate, "cert", "", "its own certificate in PEM")
	flags.StringVar(&o.sender, "sender-cert", "", "certificates of the only senders, in PEM")
	flags.StringVar(&o.shop, "shop", "", "business number to make a certificate for")
	flags.StringVar(&o.registrations, "registration", "", "the only registration numbers, by commas")
	flags.StringVar(&o.faults, "faults", "", "what is to go wrong")
	if flags.Parse(args) != nil || flags.NArg() > 0 || o.listen == "" || (o.key == "") != (o.certificate == "") {
		return o, ErrUsage
	}
	if o.shop != "" && !invoice.ValidBusinessNumber(o.shop) {
		return o, fmt.Errorf("--shop %q is no business number of ten digits", o.shop)
	}
	return o, nil
}

// simulate runs a simulated tax service until the context ends. It writes one
// line of JSON when it is ready and one for everything that happens.
func simulate(ctx context.Context, args []string, with Streams) error {
	o, err := parseSimulator(args)
	if err != nil {
		return err
	}
	config, ready, err := o.prepare(with)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return err
	}
	ready.URL = "http://" + listener.Addr().String()
	var mu sync.Mutex
	out := json.NewEncoder(with.Out)
	config.Tell = func(e simulator.Entry) {
		mu.Lock()
		defer mu.Unlock()
		_ = out.Encode(line{Simulator: simulatorName, Entry: e}) // nobody listens any more
	}
	if err := out.Encode(ready); err != nil {
		return err
	}
	service := simulator.New(config)
	defer service.Close()
	return serve(ctx, listener, service)
}

// simulatorName stands in every line, so that nobody takes one for the real
// thing.
const simulatorName = "tax service"

// line is an entry as it is written.
type line struct {
	simulator.Entry

	Simulator string `json:"simulator"`
}

// readyLine tells what to give to hub invoice send.
type readyLine struct {
	Simulator   string `json:"simulator"`
	URL         string `json:"url"`
	Certificate string `json:"certificate"`
	ShopKey     string `json:"shop_key,omitempty"`
	ShopCert    string `json:"shop_certificate,omitempty"`
	Note        string `json:"note"`
}

// prepare makes or reads the keys and writes what a sender needs.
func (o simulatorOptions) prepare(with Streams) (simulator.Config, readyLine, error) {
	config := simulator.Config{Now: with.Now}
	ready := readyLine{
		Simulator: simulatorName, Certificate: filepath.Join(o.folder, "tax-service.cert.pem"),
		Note: "a simulator: nothing reaches the tax service / 시뮬레이터입니다. 국세청에 전송되지 않습니다",
	}
	var err error
	if config.Faults, err = simulator.ParseFaults(o.faults); err != nil {
		return config, ready, fmt.Errorf("%w%s", err, faultList())
	}
	if o.registrations != "" {
		config.Registrations = strings.Split(o.registrations, ",")
	}
	if o.sender != "" {
		if config.Senders, err = readPEM(o.sender, parseCertificates); err != nil {
			return config, ready, err
		}
	}
	if config.Key, config.Certificate, err = o.keys(with.Now()); err != nil {
		return config, ready, err
	}
	if err := os.MkdirAll(o.folder, 0o700); err != nil {
		return config, ready, err
	}
	if err := os.WriteFile(ready.Certificate, simulator.CertificatePEM(config.Certificate), 0o600); err != nil {
		return config, ready, err
	}
	if o.shop == "" {
		return config, ready, nil
	}
	ready.ShopKey, ready.ShopCert, err = o.makeShop(with.Now())
	return config, ready, err
}

func (o simulatorOptions) keys(now time.Time) (*rsa.PrivateKey, *x509.Certificate, error) {
	if o.key == "" {
		return simulator.NewCertificate("tax service SIMULATOR", now)
	}
	key, err := readPEM(o.key, sign.ParseKey)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := readPEM(o.certificate, sign.ParseCertificate)
	if err == nil && !key.PublicKey.Equal(certificate.PublicKey) {
		err = fmt.Errorf("%s is not the certificate of %s", o.certificate, o.key)
	}
	return key, certificate, err
}

// makeShop writes a key and certificate for trying.
func (o simulatorOptions) makeShop(now time.Time) (keyFile, certificateFile string, err error) {
	keyFile = filepath.Join(o.folder, "shop-"+o.shop+".key.pem")
	certificateFile = filepath.Join(o.folder, "shop-"+o.shop+".cert.pem")
	key, certificate, err := simulator.NewShop(o.shop, now)
	if err != nil {
		return "", "", err
	}
	if err := os.WriteFile(keyFile, key, 0o600); err != nil {
		return "", "", err
	}
	return keyFile, certificateFile, os.WriteFile(certificateFile, certificate, 0o600)
}

// faultList tells what can be switched on.
func faultList() string {
	var list strings.Builder
	list.WriteString("; there are, at certificate, submit, ask or post:")
	for _, info := range simulator.FaultInfos() {
		value := ""
		if info.Value != "" {
			value = "=" + info.Value
		}
		fmt.Fprintf(&list, "\n  %s%s at %v: %s", info.Name, value, info.Points, info.Description)
	}
	return list.String()
}

// serve answers HTTP until the context ends; what is being answered then gets
// a moment to finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	const patience, moment = time.Minute, time.Second
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: patience, ReadTimeout: patience, IdleTimeout: patience, MaxHeaderBytes: 64 << 10,
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), moment)
		defer cancel()
		if server.Shutdown(last) != nil {
			_ = server.Close()
		}
	})
	err := server.Serve(listener)
	if !stop() {
		<-ended
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
