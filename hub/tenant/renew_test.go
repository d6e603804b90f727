package tenant_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"testing"
	"time"

	"shopbox/hub/tenant"
)

const day = 24 * time.Hour

// letIn claims a box and returns the request it renews with.
func (p *place) letIn(t *testing.T, shop tenant.Shop, box int) tenant.RenewRequest {
	t.Helper()
	request := csr(t)
	_, err := p.Claim(ctx, tenant.ClaimRequest{Code: p.code(t, shop), Box: boxID(box), CSR: request, Remote: "shop"})
	check(t, err)
	return tenant.RenewRequest{Box: boxID(box), CSR: request, Remote: "shop"}
}

func (p *place) admits(t *testing.T, box int, certificate tenant.Certificate) bool {
	t.Helper()
	good, err := p.db.Admit(ctx, boxID(box), certificate.Serial)
	check(t, err)
	return good
}

// A box renews long before and long after its certificate ran out, again and
// again, with the key it has.
func renewal(t *testing.T, p *place) {
	t.Helper()
	_, shop := p.found(t, "1208147521", "owner@shop.kr")
	request := p.letIn(t, shop, 1)
	for _, wait := range []time.Duration{60 * day, 60 * day, 400 * day} {
		p.clock.pass(wait)
		renewed, err := p.Renew(ctx, request)
		check(t, err)
		if left := renewed.Certificate.NotAfter.Sub(p.clock.now()); left != 90*day {
			t.Errorf("holds for %v", left)
		}
		if !p.admits(t, 1, renewed.Certificate) || len(renewed.Root) == 0 {
			t.Error("the next certificate does not let the box in")
		}
		block, _ := pem.Decode(renewed.Certificate.PEM)
		_, err = x509.ParseCertificate(block.Bytes)
		check(t, err)
	}
}

func renewalRefused(t *testing.T, p *place) {
	t.Helper()
	founded, shop := p.found(t, "1208147521", "owner@shop.kr")
	request := p.letIn(t, shop, 1)
	second, err := p.CreateShop(ctx, founded.ID, "둘째", "retail")
	check(t, err)
	other := p.letIn(t, second, 2)
	for name, bad := range map[string]tenant.RenewRequest{
		"another key":    {Box: boxID(1), CSR: csr(t)},
		"another's key":  {Box: boxID(1), CSR: other.CSR},
		"unknown box":    {Box: boxID(3), CSR: request.CSR},
		"another's name": {Box: boxID(2), CSR: request.CSR},
	} {
		if _, err := p.Renew(ctx, bad); !errors.Is(err, tenant.ErrRenewal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range map[string]tenant.RenewRequest{
		"no request": {Box: boxID(1)}, "no box": {CSR: request.CSR}, "text": {Box: boxID(1), CSR: []byte("x")},
	} {
		if _, err := p.Renew(ctx, bad); !errors.Is(err, tenant.ErrCertificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
	replaced := p.letIn(t, second, 4)
	_, err = p.Renew(ctx, other)
	is(t, err, tenant.ErrRenewal)
	_, err = p.Renew(ctx, replaced)
	check(t, err)
	check(t, p.RevokeBox(ctx, founded.ID, boxID(1)))
	_, err = p.Renew(ctx, request)
	is(t, err, tenant.ErrRenewal)
	request = p.letIn(t, shop, 1) // claimed anew it is welcome
	_, err = p.Renew(ctx, request)
	check(t, err)
}

// A box that asks all the time is slowed down, and nobody else with it; a
// stranger who asks in its name does not slow it down.
func manyRenewals(t *testing.T, p *place) {
	t.Helper()
	founded, shop := p.found(t, "1208147521", "owner@shop.kr")
	request := p.letIn(t, shop, 1)
	second, err := p.CreateShop(ctx, founded.ID, "둘째", "retail")
	check(t, err)
	other := p.letIn(t, second, 2)
	for range 5 {
		_, err := p.Renew(ctx, request)
		check(t, err)
	}
	_, err = p.Renew(ctx, request)
	is(t, err, tenant.ErrTooMany)
	stranger := tenant.RenewRequest{Box: boxID(2), CSR: csr(t), Remote: "elsewhere"}
	for range 30 {
		_, err := p.Renew(ctx, stranger)
		is(t, err, tenant.ErrRenewal)
	}
	_, err = p.Renew(ctx, stranger)
	is(t, err, tenant.ErrTooMany)
	_, err = p.Renew(ctx, other)
	check(t, err)
	p.clock.pass(2 * time.Hour)
	_, err = p.Renew(ctx, request)
	check(t, err)
}

// Two boxes that claim one shop at the same time, with a code each: the later
// takes the place of the earlier.
func twoForOneShop(t *testing.T, p *place) {
	t.Helper()
	founded, _ := p.found(t, "1208147521", "owner@shop.kr")
	for round := range 5 {
		shop, err := p.CreateShop(ctx, founded.ID, fmt.Sprint(round), "retail")
		check(t, err)
		results := make(chan error, 4)
		for n := range cap(results) {
			claim := tenant.ClaimRequest{Code: p.code(t, shop), Box: boxID(10*round + n), CSR: csr(t), Remote: fmt.Sprint(n)}
			go func() {
				_, err := p.Claim(context.Background(), claim)
				results <- err
			}()
		}
		for range cap(results) {
			check(t, <-results)
		}
		infos, err := p.db.ShopInfos(ctx, founded.ID)
		check(t, err)
		for _, info := range infos {
			if info.ID == shop.ID && info.Boxes != 1 {
				t.Fatalf("%d boxes are active in one shop", info.Boxes)
			}
		}
	}
}

// A renewal that meets a revocation gives no certificate that outlives it.
func renewalWhileRevoked(t *testing.T, p *place) {
	t.Helper()
	founded, _ := p.found(t, "1208147521", "owner@shop.kr")
	for round := range 5 {
		shop, err := p.CreateShop(ctx, founded.ID, fmt.Sprint(round), "retail")
		check(t, err)
		request := p.letIn(t, shop, round)
		renewals := make(chan tenant.Certificate, 4)
		for range cap(renewals) {
			go func() {
				renewed, _ := p.Renew(context.Background(), request) // refused or in time
				renewals <- renewed.Certificate
			}()
		}
		check(t, p.RevokeBox(ctx, founded.ID, boxID(round)))
		for range cap(renewals) {
			if p.admits(t, round, <-renewals) {
				t.Fatal("a revoked box has a good certificate")
			}
		}
	}
}

// newKey is a key made on a box.
func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	return key
}
