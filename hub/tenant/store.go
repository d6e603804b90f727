package tenant

import (
	"context"
	"time"
)

// Accounts keeps tenants and the people who sign in. What is not there is
// ErrNotFound.
type Accounts interface {
	// InsertTenant refuses a known business number with ErrBusinessTaken.
	InsertTenant(ctx context.Context, tenant Tenant) error
	Tenant(ctx context.Context, id string) (Tenant, error)
	// InsertAccount refuses a known login with ErrLoginTaken.
	InsertAccount(ctx context.Context, account Account) error
	AccountByLogin(ctx context.Context, login string) (Account, error)
	SetPassword(ctx context.Context, account, hash string) error
	// FoundTenant inserts a tenant, its first shop and its owner, or nothing.
	FoundTenant(ctx context.Context, founding Founding) error
}

// Founding is a tenant with its owner and first shop.
type Founding struct {
	Tenant Tenant
	Owner  Account
	Shop   Shop
}

// StoredSession is a session under the hash of its token.
type StoredSession struct {
	Hash    string
	Account string
	CSRF    string
	// CreatedAt and SeenAt bound its life.
	CreatedAt time.Time
	SeenAt    time.Time
}

// Sessions keeps who is signed in.
type Sessions interface {
	InsertSession(ctx context.Context, session StoredSession) error
	// SessionByHash returns the session with its account.
	SessionByHash(ctx context.Context, hash string) (StoredSession, Account, error)
	TouchSession(ctx context.Context, hash string, seen time.Time) error
	DeleteSession(ctx context.Context, hash string) error
	// DeleteSessionsOf signs an account out everywhere.
	DeleteSessionsOf(ctx context.Context, account string) error
	// DeleteSessionsBefore forgets sessions created or last seen too long ago.
	DeleteSessionsBefore(ctx context.Context, created, seen time.Time) error
}

// StoredClaim is a claim code under its hash.
type StoredClaim struct {
	Hash      string
	Tenant    string
	Shop      string
	ExpiresAt time.Time
	Used      bool
}

// Enrolment is what one claim changes, all at once.
type Enrolment struct {
	ClaimHash   string
	Box         Box
	Certificate Certificate
	At          time.Time
}

// Renewal is a new certificate for a box that has one for the same key.
type Renewal struct {
	Box         string
	Certificate Certificate
}

// Places keeps shops, boxes, claims and certificates. What is not there, or
// belongs to another tenant, is ErrNotFound.
type Places interface {
	InsertShop(ctx context.Context, shop Shop) error
	Shop(ctx context.Context, tenant, shop string) (Shop, error)
	Shops(ctx context.Context, tenant string) ([]Shop, error)
	InsertClaim(ctx context.Context, claim StoredClaim) error
	ClaimByHash(ctx context.Context, hash string) (StoredClaim, error)
	// Enrol uses the claim up (ErrClaimCode when it was used meanwhile), puts
	// the box into the shop, replaces the shop's earlier boxes and revokes
	// their certificates. It returns the boxes that were replaced.
	// A box of another shop, or one that was replaced, is ErrBoxTaken.
	Enrol(ctx context.Context, enrolment Enrolment) (replaced []string, err error)
	// Renew adds a certificate to an active box that has one for the same key
	// which is not revoked, though it may have run out; else it is ErrRenewal.
	Renew(ctx context.Context, renewal Renewal) error
	// RevokeBox revokes all certificates of a tenant's box.
	RevokeBox(ctx context.Context, tenant, box string, at time.Time) error
}

// Store is all that the service keeps; hub/store implements it.
type Store interface {
	Accounts
	Sessions
	Places
}

// Issuer makes certificates; hub/ca implements it. Errors of the request are
// ErrCertificate.
type Issuer interface {
	// Issue signs a certificate for the box with the key in the request, whose
	// holder must have signed the request.
	Issue(box string, requestPEM []byte) (Certificate, error)
	// RootPEM is the certificate that boxes trust.
	RootPEM() []byte
}

// Kicker ends the session of a box that is not welcome any more; hub/broker
// implements it.
type Kicker interface {
	Kick(box string)
}
