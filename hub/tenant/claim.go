package tenant

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// claimAlphabet has no look-alikes: no 0 O, 1 I L, no 2 Z, 5 S, 8 B, U V.
const claimAlphabet = "34679ACDEFGHJKMNPQRTWXY"

const (
	claimLength   = 8
	maxVersionLen = 64
)

// NewClaimCode makes a code, XXXX-XXXX, that lets one box into a shop of the
// tenant.
func (s *Service) NewClaimCode(ctx context.Context, tenant, shop string) (ClaimCode, error) {
	if _, err := s.config.Store.Shop(ctx, tenant, shop); err != nil {
		return ClaimCode{}, fmt.Errorf("new claim code: %w", err)
	}
	code := randomCode()
	expires := s.config.Now().Add(s.config.ClaimLife)
	claim := StoredClaim{Hash: hashOf(code), Tenant: tenant, Shop: shop, ExpiresAt: expires}
	if err := s.config.Store.InsertClaim(ctx, claim); err != nil {
		return ClaimCode{}, fmt.Errorf("new claim code: %w", err)
	}
	return ClaimCode{Code: code[:claimLength/2] + "-" + code[claimLength/2:], ExpiresAt: expires}, nil
}

// randomCode draws characters evenly: bytes past the last whole multiple of
// the alphabet are thrown away.
func randomCode() string {
	const limit = 256 - 256%len(claimAlphabet)
	code := make([]byte, 0, claimLength)
	for len(code) < claimLength {
		var random [1]byte
		_, _ = rand.Read(random[:]) // never fails, crypto/rand.Read
		if int(random[0]) < limit {
			code = append(code, claimAlphabet[int(random[0])%len(claimAlphabet)])
		}
	}
	return string(code)
}

// cleanCode takes a code as people type it.
func cleanCode(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, text)
}

// ClaimRequest is a box asking to be let in.
type ClaimRequest struct {
	Code string
	// Box is the id the box gave itself at its first start.
	Box     string
	Version string
	// CSR is a PKCS #10 request in PEM, signed by the box's own key.
	CSR []byte
	// Remote is the address it came from, for the limit on guessing.
	Remote string
}

// Claimed is what a box gets.
type Claimed struct {
	Tenant Tenant
	Shop   Shop
	// Certificate is the box's identity, Root what it trusts at the hub.
	Certificate Certificate
	Root        []byte
	// Replaced are the boxes of the shop this one took over from.
	Replaced []string
}

// Claim lets a box into the shop of the code. A box that was there before is
// replaced and loses its certificate. An unknown, used or old code is
// ErrClaimCode, too many of them ErrTooMany, a bad request ErrCertificate, a
// box of another shop ErrBoxTaken.
func (s *Service) Claim(ctx context.Context, request ClaimRequest) (Claimed, error) {
	tries := []attempt{{"from " + request.Remote, 10}, {"box " + request.Box, 10}, {"all", 1000}}
	if err := s.claims.begin(tries); err != nil {
		return Claimed{}, err
	}
	claim, err := s.findClaim(ctx, request.Code)
	s.claims.end(tries, errors.Is(err, ErrClaimCode))
	if err != nil {
		return Claimed{}, err
	}
	return s.enrol(ctx, claim, request)
}

func (s *Service) findClaim(ctx context.Context, code string) (StoredClaim, error) {
	hash := hashOf(cleanCode(code))
	claim, err := s.config.Store.ClaimByHash(ctx, hash)
	if errors.Is(err, ErrNotFound) {
		return StoredClaim{}, ErrClaimCode
	}
	if err != nil {
		return StoredClaim{}, fmt.Errorf("find claim: %w", err)
	}
	same := subtle.ConstantTimeCompare([]byte(claim.Hash), []byte(hash)) == 1
	if !same || claim.Used || !s.config.Now().Before(claim.ExpiresAt) {
		return StoredClaim{}, ErrClaimCode
	}
	return claim, nil
}

func (s *Service) enrol(ctx context.Context, claim StoredClaim, request ClaimRequest) (Claimed, error) {
	if len(request.Version) > maxVersionLen || strings.ContainsFunc(request.Version, isSpaceOrControl) {
		return Claimed{}, fmt.Errorf("%w: version", ErrInvalid)
	}
	certificate, err := s.config.Issuer.Issue(request.Box, request.CSR)
	if err != nil {
		return Claimed{}, fmt.Errorf("claim: %w", err)
	}
	owner, err := s.config.Store.Tenant(ctx, claim.Tenant)
	if err != nil {
		return Claimed{}, fmt.Errorf("claim: %w", err)
	}
	shop, err := s.config.Store.Shop(ctx, claim.Tenant, claim.Shop)
	if err != nil {
		return Claimed{}, fmt.Errorf("claim: %w", err)
	}
	now := s.config.Now()
	box := Box{ID: request.Box, Tenant: claim.Tenant, Shop: claim.Shop, State: BoxActive, Version: request.Version, ClaimedAt: now}
	replaced, err := s.config.Store.Enrol(ctx, Enrolment{ClaimHash: claim.Hash, Box: box, Certificate: certificate, At: now})
	if err != nil {
		return Claimed{}, fmt.Errorf("claim: %w", err)
	}
	// The box's own session too, which may stand on an earlier certificate.
	for _, ended := range append([]string{box.ID}, replaced...) {
		s.config.Kicker.Kick(ended)
	}
	s.config.Log.InfoContext(ctx, "box claimed", "box", box.ID, "tenant", box.Tenant, "shop", box.Shop, "replaced", replaced)
	return Claimed{Tenant: owner, Shop: shop, Certificate: certificate, Root: s.config.Issuer.RootPEM(), Replaced: replaced}, nil
}
