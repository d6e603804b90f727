package npki

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // old certificates hash their VID with SHA-1
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/asn1"
	"hash"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"
)

// KISA's names of the identity in a certificate and of the VID in it, and the
// hashes a VID is made with.
const (
	oidAltName  = "2.5.29.17"
	oidIdentity = "1.2.410.200004.10.1.1"
	oidVID      = "1.2.410.200004.10.1.1.1"
	oidSHA1     = "1.3.14.3.2.26"
	oidSHA256   = "2.16.840.1.101.3.4.2.1"
)

// Bounds of an R value in bytes. Authorities write 20.
const (
	minR = 16
	maxR = 64
)

// Identity is what a certificate says about its owner without giving the
// owner's number away.
type Identity struct {
	Name   string // real name (실명)
	vid    []byte
	digest func() hash.Hash
}

// ReadIdentity finds the owner's identity among the certificate's alternative
// names; ErrNoIdentity tells that there is none, ErrAlgorithm that its hash is
// neither SHA-1 nor SHA-256.
func ReadIdentity(cert *x509.Certificate) (Identity, error) {
	for _, extension := range cert.Extensions {
		if extension.Id.String() == oidAltName {
			return readAltNames(extension.Value)
		}
	}
	return Identity{}, ErrNoIdentity
}

// readAltNames looks for KISA's otherName (RFC 5280 section 4.2.1.6).
func readAltNames(der []byte) (Identity, error) {
	input := cryptobyte.String(der)
	var names cryptobyte.String
	if !input.ReadASN1(&names, tags.SEQUENCE) {
		return Identity{}, ErrCertificate
	}
	explicit := tags.Tag(0).ContextSpecific().Constructed()
	for !names.Empty() {
		var other, value cryptobyte.String
		var tag tags.Tag
		var name asn1.ObjectIdentifier
		if !names.ReadAnyASN1(&other, &tag) {
			return Identity{}, ErrCertificate
		}
		if tag != explicit || !other.ReadASN1ObjectIdentifier(&name) || name.String() != oidIdentity {
			continue
		}
		if !other.ReadASN1(&value, explicit) {
			return Identity{}, ErrCertificate
		}
		return readIdentity(value)
	}
	return Identity{}, ErrNoIdentity
}

func readIdentity(value cryptobyte.String) (Identity, error) {
	var identity, name, list cryptobyte.String
	if !value.ReadASN1(&identity, tags.SEQUENCE) ||
		!identity.ReadASN1(&name, tags.UTF8String) ||
		!identity.ReadASN1(&list, tags.SEQUENCE) {
		return Identity{}, ErrCertificate
	}
	for !list.Empty() {
		var entry, vid cryptobyte.String
		var kind asn1.ObjectIdentifier
		if !list.ReadASN1(&entry, tags.SEQUENCE) || !entry.ReadASN1ObjectIdentifier(&kind) {
			return Identity{}, ErrCertificate
		}
		if kind.String() != oidVID {
			continue
		}
		if !entry.ReadASN1(&vid, tags.SEQUENCE) {
			return Identity{}, ErrCertificate
		}
		return readVID(string(name), vid)
	}
	return Identity{}, ErrNoIdentity
}

func readVID(name string, vid cryptobyte.String) (Identity, error) {
	var algorithm, wrapped, sum cryptobyte.String
	var digest asn1.ObjectIdentifier
	if !vid.ReadASN1(&algorithm, tags.SEQUENCE) ||
		!algorithm.ReadASN1ObjectIdentifier(&digest) ||
		!vid.ReadASN1(&wrapped, tags.Tag(0).ContextSpecific().Constructed()) ||
		!wrapped.ReadASN1(&sum, tags.OCTET_STRING) {
		return Identity{}, ErrCertificate
	}
	identity := Identity{Name: name, vid: bytes.Clone(sum)}
	switch digest.String() {
	case oidSHA1:
		identity.digest = sha1.New
	case oidSHA256:
		identity.digest = sha256.New
	default:
		return Identity{}, ErrAlgorithm
	}
	return identity, nil
}

// CheckOwner proves that the certificate is the key's own and was issued to the
// business number (10 digits) or resident number (13), with or without hyphens.
// It returns ErrPair or what CheckOwner of the package returns.
func (k *Key) CheckOwner(cert *x509.Certificate, number string) error {
	if err := k.CheckPair(cert); err != nil {
		return err
	}
	return CheckOwner(cert, k.r, number)
}

// CheckOwner proves with the R value of its key that a certificate was issued to
// the number. The proof is KISA's: VID = H(H(SEQUENCE{number, R})). It returns
// ErrNumber, ErrNoIdentity, ErrNoR or ErrWrongOwner.
func CheckOwner(cert *x509.Certificate, r []byte, number string) error {
	digits, ok := ownerDigits(number)
	if !ok {
		return ErrNumber
	}
	identity, err := ReadIdentity(cert)
	if err != nil {
		return err
	}
	if len(r) == 0 {
		return ErrNoR
	}
	vid, err := identity.compute(digits, r)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(vid, identity.vid) != 1 {
		return ErrWrongOwner
	}
	return nil
}

func ownerDigits(number string) (string, bool) {
	digits := strings.ReplaceAll(number, "-", "")
	if strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	return digits, len(digits) == 10 || len(digits) == 13
}

// compute hashes the DER of HashContent, a PrintableString and a BIT STRING, twice.
func (i Identity) compute(digits string, r []byte) ([]byte, error) {
	var content cryptobyte.Builder
	content.AddASN1(tags.SEQUENCE, func(child *cryptobyte.Builder) {
		child.AddASN1(tags.PrintableString, func(text *cryptobyte.Builder) { text.AddBytes([]byte(digits)) })
		child.AddASN1BitString(r)
	})
	der, err := content.Bytes()
	if err != nil {
		return nil, err
	}
	return i.sum(i.sum(der)), nil
}

func (i Identity) sum(data []byte) []byte {
	digest := i.digest()
	digest.Write(data)
	return digest.Sum(nil)
}
