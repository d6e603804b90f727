package npki

import (
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // KISA's and PKCS#5's key derivations are defined over SHA-1
	"crypto/sha256"
	"encoding/asn1"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"

	"shopbox/hub/invoice/npki/seed"
)

// Object identifiers of KISA's SEED schemes, and of PKCS#5 (RFC 8018 appendix C).
const (
	oidSEED         = "1.2.410.200004.1.4"
	oidSEEDWithSHA1 = "1.2.410.200004.1.15"
	oidPBES2        = "1.2.840.113549.1.5.13"
	oidPBKDF2       = "1.2.840.113549.1.5.12"
	oidHMACSHA1     = "1.2.840.113549.2.7"
	oidHMACSHA256   = "1.2.840.113549.2.9"
)

// oldIV is the vector of keys under the bare SEED-CBC identifier.
const oldIV = "0123456789012345"

// scheme derives the cipher's key and initialisation vector from a password.
type scheme func(password []byte) (key, iv []byte, err error)

// salted holds what both key derivations of PKCS#5 begin with.
type salted struct {
	salt       []byte
	iterations int
}

func (b *sealed) readAlgorithm(algorithm cryptobyte.String) error {
	var name asn1.ObjectIdentifier
	var params cryptobyte.String
	if !algorithm.ReadASN1ObjectIdentifier(&name) {
		return ErrKeyFile
	}
	known := name.String()
	if known != oidSEED && known != oidSEEDWithSHA1 && known != oidPBES2 {
		return ErrAlgorithm
	}
	if !algorithm.ReadASN1(&params, tags.SEQUENCE) || !algorithm.Empty() {
		return ErrKeyFile
	}
	if known == oidPBES2 {
		return b.readPBES2(params)
	}
	from, err := readSalted(&params)
	if err != nil {
		return err
	}
	if !params.Empty() {
		return ErrKeyFile
	}
	if known == oidSEEDWithSHA1 {
		b.schemes = []scheme{from.seedWithSHA1}
		return nil
	}
	b.schemes = []scheme{from.oldPBKDF1, from.pbkdf2(sha1.New, []byte(oldIV))}
	b.remarks = []Remark{RemarkOldSEED}
	return nil
}

func readSalted(params *cryptobyte.String) (salted, error) {
	var salt cryptobyte.String
	var iterations int64
	if !params.ReadASN1(&salt, tags.OCTET_STRING) || len(salt) == 0 ||
		!params.ReadASN1Integer(&iterations) || iterations < 1 {
		return salted{}, ErrKeyFile
	}
	if len(salt) > maxSalt || iterations > MaxIterations {
		return salted{}, ErrTooLarge
	}
	return salted{salt: salt, iterations: int(iterations)}, nil
}

// readPBES2 reads PBES2-params (RFC 8018 appendix A.4) with SEED-CBC.
func (b *sealed) readPBES2(params cryptobyte.String) error {
	var derivation, derivationParams, encryption, iv cryptobyte.String
	var derivationName, encryptionName asn1.ObjectIdentifier
	if !params.ReadASN1(&derivation, tags.SEQUENCE) ||
		!derivation.ReadASN1ObjectIdentifier(&derivationName) ||
		!params.ReadASN1(&encryption, tags.SEQUENCE) || !params.Empty() ||
		!encryption.ReadASN1ObjectIdentifier(&encryptionName) {
		return ErrKeyFile
	}
	if derivationName.String() != oidPBKDF2 || encryptionName.String() != oidSEED {
		return ErrAlgorithm
	}
	if !derivation.ReadASN1(&derivationParams, tags.SEQUENCE) || !derivation.Empty() ||
		!encryption.ReadASN1(&iv, tags.OCTET_STRING) || !encryption.Empty() ||
		len(iv) != seed.BlockSize {
		return ErrKeyFile
	}
	from, err := readSalted(&derivationParams)
	if err != nil {
		return err
	}
	digest, err := readPRF(derivationParams)
	if err != nil {
		return err
	}
	b.schemes = []scheme{from.pbkdf2(digest, iv)}
	return nil
}

// readPRF reads the optional end of PBKDF2-params (RFC 8018 appendix A.2): the
// key's length, which SEED fixes, and the hash, by default SHA-1.
func readPRF(params cryptobyte.String) (func() hash.Hash, error) {
	if params.PeekASN1Tag(tags.INTEGER) {
		var length int
		if !params.ReadASN1Integer(&length) || length != seed.KeySize {
			return nil, ErrKeyFile
		}
	}
	if params.Empty() {
		return sha1.New, nil
	}
	var algorithm cryptobyte.String
	var name asn1.ObjectIdentifier
	if !params.ReadASN1(&algorithm, tags.SEQUENCE) || !params.Empty() ||
		!algorithm.ReadASN1ObjectIdentifier(&name) {
		return nil, ErrKeyFile
	}
	switch name.String() {
	case oidHMACSHA1:
		return sha1.New, nil
	case oidHMACSHA256:
		return sha256.New, nil
	default:
		return nil, ErrAlgorithm
	}
}

// pbkdf1 is RFC 8018 section 5.1 with SHA-1, all 20 bytes.
func (s salted) pbkdf1(password []byte) [sha1.Size]byte {
	start := append(append([]byte(nil), password...), s.salt...)
	derived := sha1.Sum(start) //nolint:gosec // the scheme's own hash
	clear(start)
	for range s.iterations - 1 {
		derived = sha1.Sum(derived[:]) //nolint:gosec // the scheme's own hash
	}
	return derived
}

// seedWithSHA1 is KISA's seedCBCWithSHA1: the key is the first 16 bytes of
// PBKDF1, the vector the first 16 of the hash of the last 4.
func (s salted) seedWithSHA1(password []byte) (key, iv []byte, err error) {
	derived := s.pbkdf1(password)
	vector := sha1.Sum(derived[seed.KeySize:]) //nolint:gosec // the scheme's own hash
	return derived[:seed.KeySize], vector[:seed.BlockSize], nil
}

// oldPBKDF1 is one reading of the bare SEED-CBC identifier; pbkdf2 with SHA-1
// is the other. Unconfirmed: two working programs disagree.
func (s salted) oldPBKDF1(password []byte) (key, iv []byte, err error) {
	derived := s.pbkdf1(password)
	return derived[:seed.KeySize], []byte(oldIV), nil
}

// pbkdf2 is RFC 8018 section 5.2 with a vector from the file.
func (s salted) pbkdf2(digest func() hash.Hash, iv []byte) scheme {
	return func(password []byte) ([]byte, []byte, error) {
		key, err := pbkdf2.Key(digest, string(password), s.salt, s.iterations, seed.KeySize)
		return key, iv, err
	}
}
