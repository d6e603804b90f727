package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"shopbox/hub/ca"
	"shopbox/hub/store"
	"shopbox/hub/tenant"
)

// fleet is claimed boxes, one in each shop, and what they trust.
type fleet struct {
	root    []byte
	members []Member
}

// shopsOfTenant is how many shops one business has.
const shopsOfTenant = 4

// enrolFleet claims boxes straight into a hub's database and has the hub's own
// authority certify them; what /enroll does, without the web between. The hub
// does not run yet.
func enrolFleet(ctx context.Context, database, authority string, count int) (found *fleet, err error) {
	db, err := store.Open(ctx, database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	issuer, err := ca.Open(ca.Options{Dir: authority, Now: time.Now})
	if err != nil {
		return nil, err
	}
	found = &fleet{root: issuer.RootPEM(), members: make([]Member, count)}
	for i := range found.members {
		if found.members[i], err = enrol(ctx, db, issuer, i); err != nil {
			return nil, fmt.Errorf("enrol box %d: %w", i, err)
		}
	}
	return found, nil
}

func enrol(ctx context.Context, db *store.DB, issuer *ca.Authority, number int) (Member, error) {
	now := time.Now()
	owner := fmt.Sprintf("bench-tenant-%06d", number/shopsOfTenant)
	shop := tenant.Shop{ID: fmt.Sprintf("bench-shop-%06d", number), Tenant: owner, Name: "시험점", CreatedAt: now}
	if number%shopsOfTenant == 0 {
		err := db.InsertTenant(ctx, tenant.Tenant{ID: owner, Name: owner, BusinessNumber: owner, CreatedAt: now})
		if err != nil {
			return Member{}, err
		}
	}
	if err := db.InsertShop(ctx, shop); err != nil {
		return Member{}, err
	}
	claim := tenant.StoredClaim{Hash: "bench " + shop.ID, Tenant: owner, Shop: shop.ID, ExpiresAt: now.Add(time.Hour)}
	if err := db.InsertClaim(ctx, claim); err != nil {
		return Member{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Member{}, err
	}
	member, certificate, err := certify(issuer, id.String())
	if err != nil {
		return Member{}, err
	}
	_, err = db.Enrol(ctx, tenant.Enrolment{
		ClaimHash: claim.Hash, Certificate: certificate, At: now,
		Box: tenant.Box{ID: member.ID, Tenant: owner, Shop: shop.ID, State: tenant.BoxActive, ClaimedAt: now},
	})
	return member, err
}

// certify makes a box's key and has it certified.
func certify(issuer *ca.Authority, id string) (Member, tenant.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Member{}, tenant.Certificate{}, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Member{}, tenant.Certificate{}, err
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		return Member{}, tenant.Certificate{}, err
	}
	certificate, err := issuer.Issue(id, encodePEM("CERTIFICATE REQUEST", request))
	return Member{ID: id, Certificate: certificate.PEM, Key: encodePEM("PRIVATE KEY", keyDER)}, certificate, err
}

func encodePEM(kind string, der []byte) []byte {
	var out bytes.Buffer
	_ = pem.Encode(&out, &pem.Block{Type: kind, Bytes: der}) // no headers, so it cannot fail
	return out.Bytes()
}
