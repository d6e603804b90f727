package agent

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The reasons why a claim fails.
var (
	// ErrHubAddress says that the address is not one of a hub, or would send
	// the code over an open line.
	ErrHubAddress = errors.New("hub_address")
	// ErrHubOffline says that nothing answers there.
	ErrHubOffline = errors.New("hub_offline")
	// ErrClaimCode says that the hub does not take the code.
	ErrClaimCode = errors.New("claim_code")
	// ErrClaimLater says that the hub had too many tries.
	ErrClaimLater = errors.New("claim_later")
	// ErrHubAnswer says that the hub answered something unintelligible.
	ErrHubAnswer = errors.New("hub_answer")
)

const (
	claimTimeout   = 15 * time.Second
	maxClaimAnswer = 64 << 10
)

type enrolment struct {
	Code    string `json:"code"`
	Box     string `json:"box"`
	Version string `json:"version"`
	CSR     string `json:"csr"`
}

type enrolled struct {
	Certificate string `json:"certificate"`
	CA          string `json:"ca"`
	MQTT        string `json:"mqtt_address"`
	Shop        struct {
		ID string `json:"id"`
	} `json:"shop"`
	Tenant string `json:"tenant"`
}

// ClaimWith asks a hub to take the box over with a code that its owner was
// shown there. The address must be https, unless it is on this machine.
func (a *Agent) ClaimWith(ctx context.Context, address, code, version string) error {
	hub, err := hubURL(address)
	if err != nil {
		return err
	}
	request, err := a.request(version, code)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, claimTimeout)
	defer cancel()
	answer, err := send(ctx, hub.JoinPath("enroll").String(), request, ErrClaimCode)
	if err != nil {
		return err
	}
	claim := Claim{
		Hub: hub.String(), MQTT: answer.MQTT, Shop: answer.Shop.ID, Tenant: answer.Tenant,
		Certificate: answer.Certificate, CA: answer.CA,
	}
	if err := a.check(claim); err != nil {
		return err
	}
	return a.keep(claim)
}

func hubURL(address string) (*url.URL, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	hub, err := url.Parse(strings.TrimSpace(address))
	if err != nil || hub.Host == "" {
		return nil, ErrHubAddress
	}
	local := hub.Hostname() == "localhost"
	if ip := net.ParseIP(hub.Hostname()); ip != nil {
		local = ip.IsLoopback()
	}
	if hub.Scheme != "https" && (hub.Scheme != "http" || !local) {
		return nil, fmt.Errorf("%w: the code is only sent over https", ErrHubAddress)
	}
	return hub, nil
}

func (a *Agent) request(version, code string) ([]byte, error) {
	csr, err := a.csr()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(enrolment{Code: code, Box: a.box, Version: version, CSR: csr})
	if err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	return text, nil
}

// csr is a PKCS #10 request for a certificate of the box's key, in PEM.
func (a *Agent) csr() (string, error) {
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: a.box},
	}, a.key)
	if err != nil {
		return "", fmt.Errorf("make request: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})), nil
}

// send asks the hub; refused is what it means when the hub says no.
func send(ctx context.Context, address string, text []byte, refused error) (enrolled, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return enrolled{}, fmt.Errorf("%w: %w", ErrHubAddress, err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return enrolled{}, fmt.Errorf("%w: %w", ErrHubOffline, err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusTooManyRequests:
		return enrolled{}, ErrClaimLater
	case response.StatusCode >= 400 && response.StatusCode < 500:
		return enrolled{}, refused
	case response.StatusCode >= 300:
		return enrolled{}, fmt.Errorf("%w: status %d", ErrHubAnswer, response.StatusCode)
	}
	var answer enrolled
	if err := json.NewDecoder(io.LimitReader(response.Body, maxClaimAnswer)).Decode(&answer); err != nil {
		return enrolled{}, fmt.Errorf("%w: %w", ErrHubAnswer, err)
	}
	return answer, nil
}

// check refuses a claim the box could not connect with: the certificate must
// be for this box's own key and name, and come from the hub's root.
func (a *Agent) check(claim Claim) error {
	block, _ := pem.Decode([]byte(claim.Certificate))
	roots := x509.NewCertPool()
	if block == nil || !roots.AppendCertsFromPEM([]byte(claim.CA)) || claim.MQTT == "" {
		return ErrHubAnswer
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrHubAnswer, err)
	}
	if !a.key.PublicKey.Equal(certificate.PublicKey) || certificate.Subject.CommonName != a.box {
		return fmt.Errorf("%w: the certificate is not for this box", ErrHubAnswer)
	}
	// The box's own clock may be wrong (a new box can wake in 1970), so the
	// chain is checked as of the certificate's own first moment.
	_, err = certificate.Verify(x509.VerifyOptions{
		Roots: roots, CurrentTime: certificate.NotBefore, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrHubAnswer, err)
	}
	return nil
}
