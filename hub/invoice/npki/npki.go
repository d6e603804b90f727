// Package npki opens the private keys and reads the certificates of the Korean
// public key infrastructure (공동인증서): signPri.key and signCert.der, handed in
// as bytes. The invoice signer and the command line call it. It does no I/O,
// bounds every size and iteration count before working on it, and neither its
// errors nor a printed Key ever hold a password, a key or an R value.
package npki

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"log/slog"
)

// What opening a key or checking its owner can answer; the text is a stable code.
var (
	// ErrWrongPassword tells that the key did not open. A key file damaged in
	// its encrypted part looks the same.
	ErrWrongPassword = errors.New("npki_password_wrong")
	// ErrKeyFile tells that the file is no PKCS#8 EncryptedPrivateKeyInfo.
	ErrKeyFile = errors.New("npki_key_file_invalid")
	// ErrAlgorithm tells that the file or certificate uses an algorithm that
	// this package does not know, such as ARIA.
	ErrAlgorithm = errors.New("npki_algorithm_unsupported")
	// ErrTooLarge tells that a size or iteration count is beyond its bound.
	ErrTooLarge = errors.New("npki_limit_exceeded")
	// ErrPrivateKey tells that the file opened, but holds no sound RSA key of
	// 2048 to 4096 bits.
	ErrPrivateKey = errors.New("npki_private_key_invalid")
	// ErrCertificate tells that the certificate cannot be read.
	ErrCertificate = errors.New("npki_certificate_invalid")
	// ErrPurpose tells that the certificate is not for signing, such as kmCert.der.
	ErrPurpose = errors.New("npki_certificate_not_for_signing")
	// ErrPair tells that certificate and key do not belong together.
	ErrPair = errors.New("npki_pair_mismatch")
	// ErrNoIdentity tells that the certificate has no VID or the key no R value,
	// so that nobody can be proved its owner.
	ErrNoIdentity = errors.New("npki_identity_missing")
	// ErrNumber tells that the owner's number has neither 10 nor 13 digits.
	ErrNumber = errors.New("npki_owner_number_invalid")
	// ErrWrongOwner tells that the certificate belongs to another number.
	ErrWrongOwner = errors.New("npki_owner_wrong")
)

// Bounds on what is read. Korean authorities write 2048 iterations and files of
// under 2 KiB.
const (
	MaxFile       = 16 << 10 // bytes of a key or certificate file
	MaxPassword   = 256      // bytes of a password
	MaxIterations = 100_000  // rounds of key derivation
	maxSalt       = 64       // bytes
	minKeyBits    = 2048
	maxKeyBits    = 4096
)

// Remark is the code of a reading that rests on an unconfirmed fact.
type Remark string

// The remarks a Key may carry.
const (
	// RemarkOldSEED marks a key under the bare OID 1.2.410.200004.1.4: the
	// sources disagree on its key derivation, so both ways were tried.
	RemarkOldSEED Remark = "npki_old_seed_derivation_unconfirmed"
	// RemarkEUCKR marks a key that opened with the password in EUC-KR, which no
	// primary source confirms.
	RemarkEUCKR Remark = "npki_password_euckr_unconfirmed"
)

// Key is an opened private key with the R value of its owner.
type Key struct {
	private *rsa.PrivateKey
	r       []byte
	remarks []Remark
}

// Private returns the key to sign with.
func (k *Key) Private() *rsa.PrivateKey { return k.private }

// R returns the owner's R value, which the tax service's package carries, or
// nothing when the key file has none.
func (k *Key) R() []byte { return bytes.Clone(k.r) }

// Remarks returns the unconfirmed facts that opening the key rested on.
func (k *Key) Remarks() []Remark { return append([]Remark(nil), k.remarks...) }

// String hides the key from every kind of print.
func (k *Key) String() string { return "npki key (hidden)" }

// GoString hides the key from %#v.
func (k *Key) GoString() string { return k.String() }

// LogValue hides the key from logs.
func (k *Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// Certificate reads a signCert.der and refuses one that is not for signing
// (key usage of RFC 5280 section 4.2.1.3). Whether it is still valid is for the
// caller, who knows the time.
func Certificate(der []byte) (*x509.Certificate, error) {
	if len(der) > MaxFile {
		return nil, ErrTooLarge
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, ErrCertificate
	}
	if cert.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return nil, ErrPurpose
	}
	return cert, nil
}

// CheckPair returns ErrPair unless the certificate is the key's own.
func (k *Key) CheckPair(cert *x509.Certificate) error {
	if !k.private.PublicKey.Equal(cert.PublicKey) {
		return ErrPair
	}
	return nil
}
