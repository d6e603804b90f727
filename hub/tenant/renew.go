package tenant

import (
	"context"
	"errors"
	"fmt"
)

// RenewRequest is a box asking for its next certificate.
type RenewRequest struct {
	Box string
	// CSR is a PKCS #10 request in PEM, signed by the key of the box's
	// certificate: that proves who asks, also when the certificate ran out.
	CSR []byte
	// Remote is the address it came from, for the limit on tries.
	Remote string
}

// Renewed is what a box gets.
type Renewed struct {
	Certificate Certificate
	// Root is what the box trusts at the hub from now on.
	Root []byte
}

// A box renews every 60 days and asks at most a few times a day; a network
// with many boxes has few that are refused.
const (
	renewalsOfBox  = 5
	refusalsOfNet  = 30
	renewalKeyBox  = "box "
	renewalKeyFrom = "from "
)

// Renew gives a box its next certificate, for the same key. A box that was
// never let in, was replaced or revoked, or another key is ErrRenewal; a bad
// request ErrCertificate; too many are ErrTooMany.
func (s *Service) Renew(ctx context.Context, request RenewRequest) (Renewed, error) {
	refusals := []attempt{{renewalKeyFrom + request.Remote, refusalsOfNet}}
	// Only the holder of the key spends the box's own share.
	renewals := []attempt{{renewalKeyBox + request.Box, renewalsOfBox}}
	if err := s.renewals.begin(append(refusals, renewals...)); err != nil {
		return Renewed{}, err
	}
	certificate, err := s.config.Issuer.Issue(request.Box, request.CSR)
	if err == nil {
		err = s.config.Store.Renew(ctx, Renewal{Box: request.Box, Certificate: certificate})
	}
	s.renewals.end(refusals, errors.Is(err, ErrCertificate) || errors.Is(err, ErrRenewal))
	s.renewals.end(renewals, err == nil)
	if err != nil {
		return Renewed{}, fmt.Errorf("renew: %w", err)
	}
	s.config.Log.InfoContext(ctx, "certificate renewed", "box", request.Box, "until", certificate.NotAfter)
	return Renewed{Certificate: certificate, Root: s.config.Issuer.RootPEM()}, nil
}
