// Package tenant is who may do what at the hub: carriers' operators and shop
// owners, their sessions, tenants, shops, boxes, and the claim codes that let
// a box in. hub/api calls it for people, and for boxes that enrol.
//
// What always holds:
//
//   - A tenant is one business number. Whatever is asked for a tenant is
//     answered from that tenant alone; a shop or a box of another is
//     ErrNotFound, as if it did not exist.
//   - Passwords, session tokens and claim codes are never stored as they are.
//   - A claim code works once, for one shop, for a short time.
package tenant

import (
	"errors"
	"fmt"
	"time"
)

// Errors with stable codes.
var (
	// ErrNotFound says that there is no such thing, or not for this tenant.
	ErrNotFound = errors.New("not_found")
	// ErrCredentials says that login and password do not belong together.
	ErrCredentials = errors.New("bad_credentials")
	// ErrSession says that there is no such session any more.
	ErrSession = errors.New("signed_out")
	// ErrTooMany says that there were too many attempts; see TooManyError.
	ErrTooMany = errors.New("too_many_requests")
	// ErrLoginTaken says that another account has the login.
	ErrLoginTaken = errors.New("login_taken")
	// ErrBusinessNumber says that a business number does not exist or is
	// already a tenant.
	ErrBusinessNumber = errors.New("business_number_invalid")
	// ErrBusinessTaken says that the business number is a tenant already.
	ErrBusinessTaken = errors.New("business_number_taken")
	// ErrPassword says that a password is too short or too long.
	ErrPassword = errors.New("password_weak")
	// ErrInvalid says that a name, login or id cannot be used.
	ErrInvalid = errors.New("invalid_request")
	// ErrClaimCode says that a claim code is unknown, used or too old.
	ErrClaimCode = errors.New("claim_code_invalid")
	// ErrBoxTaken says that the box belongs to another shop, or was replaced.
	ErrBoxTaken = errors.New("box_taken")
	// ErrCertificate says that a request for a certificate cannot be taken.
	ErrCertificate = errors.New("certificate_invalid")
	// ErrRenewal says that a box gets no further certificate: it was never let
	// in, was replaced or revoked, or asks with another key.
	ErrRenewal = errors.New("renewal_refused")
)

// TooManyError is ErrTooMany with how long to wait.
type TooManyError struct{ RetryAfter time.Duration }

// Error implements error.
func (e *TooManyError) Error() string { return fmt.Sprintf("%v: wait %v", ErrTooMany, e.RetryAfter) }

// Is reports that a TooManyError is ErrTooMany.
func (e *TooManyError) Is(target error) bool { return target == ErrTooMany }

// Role is what an account may do.
type Role string

// The roles at the hub.
const (
	// RoleOwner sees one tenant.
	RoleOwner Role = "owner"
	// RoleOperator works for the carrier and sees the fleet.
	RoleOperator Role = "operator"
)

// Tenant is one business number.
type Tenant struct {
	ID   string
	Name string
	// BusinessNumber is the ten digits of the 사업자등록번호.
	BusinessNumber string
	// Reseller is who sold it, empty for the carrier itself.
	Reseller  string
	CreatedAt time.Time
}

// Account is a person who can sign in.
type Account struct {
	ID    string
	Login string
	Name  string
	Role  Role
	// Tenant is the owner's tenant, empty for operators.
	Tenant    string
	CreatedAt time.Time
	// PasswordHash is an argon2id hash in PHC form.
	PasswordHash string
}

// Session is a signed-in account.
type Session struct {
	Account Account
	// CSRF must come back with every change.
	CSRF      string
	CreatedAt time.Time
	// ExpiresAt is the end whatever happens; without use it ends sooner.
	ExpiresAt time.Time
}

// Shop is a place of a tenant. Name and particulars are the box's to change.
type Shop struct {
	ID             string
	Tenant         string
	Name           string
	Kind           string
	BusinessNumber string
	Representative string
	Address        string
	Phone          string
	CreatedAt      time.Time
}

// BoxState says whether a box is the one of its shop.
type BoxState string

// The states of a box.
const (
	BoxActive   BoxState = "active"
	BoxReplaced BoxState = "replaced"
)

// Box is a device that is or was claimed into a shop.
type Box struct {
	ID        string
	Tenant    string
	Shop      string
	State     BoxState
	Version   string
	ClaimedAt time.Time
}

// ClaimCode lets one box into a shop. Code is shown once and not kept.
type ClaimCode struct {
	Code      string
	ExpiresAt time.Time
}

// Certificate is what a box proves its identity with.
type Certificate struct {
	// PEM is the certificate, Serial its number in hexadecimal.
	PEM    []byte
	Serial string
	// PublicKey is the SHA-256 of the key it is for, in hexadecimal.
	PublicKey string
	NotBefore time.Time
	NotAfter  time.Time
}
