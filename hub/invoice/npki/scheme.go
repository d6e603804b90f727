package npki

import (
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // KISA's and PKCS#5's key derivations are defined over SHA-1
	"crypto/sha256"
	"encoding/asn1"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"

	"shopbox/hub/invoice/cbc"
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

// scheme is a cipher and how its key and vector come out of a password.
type scheme struct {
	suite

	derive func(password []byte) (key, iv []byte, err error)
}

// decrypt returns ErrWrongPassword when the padding is wrong, and ErrKeyFile
// for a text that cannot be of this cipher.
func (s scheme) decrypt(password, text []byte) ([]byte, error) {
	if len(text) == 0 || len(text)%s.blockSize != 0 {
		return nil, ErrKeyFile
	}
	key, iv, err := s.derive(password)
	if err != nil {
		return nil, err
	}
	block, err := s.cipher(key)
	clear(key)
	if err != nil {
		return nil, err
	}
	plain, ok := cbc.Open(block, iv, text)
	if !ok {
		return nil, ErrWrongPassword
	}
	return plain, nil
}

// salted holds what all key derivations begin with.
type salted struct {
	salt       []byte
	iterations int
}

// readAlgorithm reads an AlgorithmIdentifier of password-based encryption. More
// than one scheme comes out only for the old SEED form.
func readAlgorithm(algorithm cryptobyte.String) ([]scheme, error) {
	var name asn1.ObjectIdentifier
	var params cryptobyte.String
	if !algorithm.ReadASN1ObjectIdentifier(&name) {
		return nil, ErrKeyFile
	}
	known := name.String()
	pkcs12, isPKCS12 := pkcs12Suites[known]
	if !isPKCS12 && known != oidSEED && known != oidSEEDWithSHA1 && known != oidPBES2 {
		return nil, ErrAlgorithm
	}
	if !algorithm.ReadASN1(&params, tags.SEQUENCE) || !algorithm.Empty() {
		return nil, ErrKeyFile
	}
	if known == oidPBES2 {
		return readPBES2(params)
	}
	from, err := readSalted(&params)
	if err != nil {
		return nil, err
	}
	if !params.Empty() {
		return nil, ErrKeyFile
	}
	if isPKCS12 {
		return []scheme{{pkcs12, from.pkcs12(pkcs12)}}, nil
	}
	if known == oidSEEDWithSHA1 {
		return []scheme{{pbes2Suites[oidSEED], from.seedWithSHA1}}, nil
	}
	return []scheme{
		{pbes2Suites[oidSEED], from.oldPBKDF1},
		{pbes2Suites[oidSEED], from.pbkdf2(sha1.New, seed.KeySize, []byte(oldIV))},
	}, nil
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

// readPBES2 reads PBES2-params (RFC 8018 appendix A.4).
func readPBES2(params cryptobyte.String) ([]scheme, error) {
	var derivation, derivationParams, encryption, iv cryptobyte.String
	var derivationName, encryptionName asn1.ObjectIdentifier
	if !params.ReadASN1(&derivation, tags.SEQUENCE) ||
		!derivation.ReadASN1ObjectIdentifier(&derivationName) ||
		!params.ReadASN1(&encryption, tags.SEQUENCE) || !params.Empty() ||
		!encryption.ReadASN1ObjectIdentifier(&encryptionName) {
		return nil, ErrKeyFile
	}
	cipher, known := pbes2Suites[encryptionName.String()]
	if derivationName.String() != oidPBKDF2 || !known {
		return nil, ErrAlgorithm
	}
	if !derivation.ReadASN1(&derivationParams, tags.SEQUENCE) || !derivation.Empty() ||
		!encryption.ReadASN1(&iv, tags.OCTET_STRING) || !encryption.Empty() ||
		len(iv) != cipher.blockSize {
		return nil, ErrKeyFile
	}
	from, err := readSalted(&derivationParams)
	if err != nil {
		return nil, err
	}
	digest, err := readPRF(derivationParams, cipher.keySize)
	if err != nil {
		return nil, err
	}
	return []scheme{{cipher, from.pbkdf2(digest, cipher.keySize, iv)}}, nil
}

// readPRF reads the optional end of PBKDF2-params (RFC 8018 appendix A.2): the
// key's length, which the cipher fixes, and the hash, by default SHA-1.
func readPRF(params cryptobyte.String, keySize int) (func() hash.Hash, error) {
	if params.PeekASN1Tag(tags.INTEGER) {
		var length int
		if !params.ReadASN1Integer(&length) || length != keySize {
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
func (s salted) pbkdf2(digest func() hash.Hash, size int, iv []byte) func([]byte) ([]byte, []byte, error) {
	return func(password []byte) ([]byte, []byte, error) {
		key, err := pbkdf2.Key(digest, string(password), s.salt, s.iterations, size)
		return key, iv, err
	}
}
