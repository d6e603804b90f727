package npki

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // PKCS#12's older files are checked with it
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"
)

// Names of PKCS#12 (RFC 7292 section 4) and of the CMS around it (RFC 5652).
const (
	oidData            = "1.2.840.113549.1.7.1"
	oidEncryptedData   = "1.2.840.113549.1.7.6"
	oidKeyBag          = "1.2.840.113549.1.12.10.1.1"
	oidShroudedBag     = "1.2.840.113549.1.12.10.1.2"
	oidCertificateBag  = "1.2.840.113549.1.12.10.1.3"
	oidX509Certificate = "1.2.840.113549.1.9.22.1"
)

// macDigests are the hashes a file may be checked with.
var macDigests = map[string]func() hash.Hash{
	oidSHA1:                  sha1.New,
	oidSHA256:                sha256.New,
	"2.16.840.1.101.3.4.2.3": sha512.New,
}

// OpenPFX opens a .p12 or .pfx file (PKCS#12, RFC 7292) and returns the signing
// key with its certificate. The libraries for such files drop the attribute
// with the R value and know no SEED, so the bags are read here. Only DER is
// read; ErrIndefinite tells of BER.
func OpenPFX(file, password []byte) (*Key, *x509.Certificate, error) {
	if len(file) > MaxPFX {
		return nil, nil, ErrTooLarge
	}
	whole, err := readPFX(file)
	if err != nil {
		return nil, nil, err
	}
	var certificate *x509.Certificate
	key, err := typed(password, func(password []byte) (key *Key, err error) {
		key, certificate, err = whole.open(password)
		return key, err
	})
	if err != nil {
		return nil, nil, err
	}
	return key, certificate, nil
}

// pfx is a file taken apart as far as one can without the password.
type pfx struct {
	content cryptobyte.String // AuthenticatedSafe
	mac     *mac
}

type mac struct {
	salted

	digest func() hash.Hash
	sum    []byte
}

func readPFX(file []byte) (*pfx, error) {
	if len(file) > 1 && file[0] == 0x30 && file[1] == 0x80 {
		return nil, ErrIndefinite
	}
	input := cryptobyte.String(file)
	var outer, safe cryptobyte.String
	var version int
	if !input.ReadASN1(&outer, tags.SEQUENCE) || !input.Empty() ||
		!outer.ReadASN1Integer(&version) || version != 3 ||
		!outer.ReadASN1(&safe, tags.SEQUENCE) {
		return nil, ErrKeyFile
	}
	var p pfx
	name, body, err := readContent(safe)
	if err != nil {
		return nil, err
	}
	if name != oidData {
		return nil, ErrAlgorithm // signed by a key instead of checked by the password
	}
	if !body.ReadASN1(&p.content, tags.OCTET_STRING) || !body.Empty() {
		return nil, ErrKeyFile
	}
	if outer.Empty() {
		return &p, nil
	}
	p.mac, err = readMAC(outer)
	return &p, err
}

// readContent takes a ContentInfo apart (RFC 5652 section 3).
func readContent(info cryptobyte.String) (string, cryptobyte.String, error) {
	var name asn1.ObjectIdentifier
	var body cryptobyte.String
	if !info.ReadASN1ObjectIdentifier(&name) ||
		!info.ReadASN1(&body, tags.Tag(0).ContextSpecific().Constructed()) || !info.Empty() {
		return "", nil, ErrKeyFile
	}
	return name.String(), body, nil
}

// readMAC reads MacData (RFC 7292 section 4); one iteration is the default.
func readMAC(outer cryptobyte.String) (*mac, error) {
	var data, info, salt cryptobyte.String
	iterations := int64(1)
	if !outer.ReadASN1(&data, tags.SEQUENCE) || !outer.Empty() ||
		!data.ReadASN1(&info, tags.SEQUENCE) ||
		!data.ReadASN1(&salt, tags.OCTET_STRING) ||
		data.PeekASN1Tag(tags.INTEGER) && !data.ReadASN1Integer(&iterations) ||
		!data.Empty() || iterations < 1 {
		return nil, ErrKeyFile
	}
	if len(salt) > maxSalt || iterations > MaxIterations {
		return nil, ErrTooLarge
	}
	m := &mac{salted: salted{salt, int(iterations)}}
	return m, m.readSum(info)
}

// readSum reads DigestInfo (RFC 8017 appendix A.2.4).
func (m *mac) readSum(info cryptobyte.String) error {
	var algorithm cryptobyte.String
	var name asn1.ObjectIdentifier
	if !info.ReadASN1(&algorithm, tags.SEQUENCE) || !algorithm.ReadASN1ObjectIdentifier(&name) ||
		!info.ReadASN1Bytes(&m.sum, tags.OCTET_STRING) || !info.Empty() {
		return ErrKeyFile
	}
	var known bool
	if m.digest, known = macDigests[name.String()]; !known {
		return ErrAlgorithm
	}
	return nil
}

func (m *mac) fits(content, password []byte) bool {
	typed, ok := bmp(password)
	if !ok {
		return false
	}
	check := hmac.New(m.digest, m.derivePKCS12(m.digest, typed, forMAC, m.digest().Size()))
	check.Write(content)
	return hmac.Equal(check.Sum(nil), m.sum)
}

func (p *pfx) open(password []byte) (*Key, *x509.Certificate, error) {
	if p.mac != nil && !p.mac.fits(p.content, password) {
		return nil, nil, ErrWrongPassword
	}
	found := bags{password: password}
	var list cryptobyte.String
	content := p.content
	if !content.ReadASN1(&list, tags.SEQUENCE) || !content.Empty() {
		return nil, nil, ErrKeyFile
	}
	for !list.Empty() {
		var info cryptobyte.String
		if !list.ReadASN1(&info, tags.SEQUENCE) {
			return nil, nil, ErrKeyFile
		}
		if err := found.readSafe(info); err != nil {
			return nil, nil, err
		}
	}
	return found.pair()
}

// bags collects what the bags of a file hold.
type bags struct {
	password     []byte
	seen         int
	keys         []*Key
	certificates []*x509.Certificate
}

// count bounds the work a file can ask for.
func (b *bags) count() error {
	if b.seen++; b.seen > maxBags {
		return ErrTooLarge
	}
	return nil
}

// readSafe reads one ContentInfo of the AuthenticatedSafe. One that is sealed
// for a public key is of no use here and is passed over.
func (b *bags) readSafe(info cryptobyte.String) error {
	if err := b.count(); err != nil {
		return err
	}
	name, body, err := readContent(info)
	if err != nil {
		return err
	}
	var safe cryptobyte.String
	switch name {
	case oidData:
		if !body.ReadASN1(&safe, tags.OCTET_STRING) || !body.Empty() {
			return ErrKeyFile
		}
		return b.readBags(safe)
	case oidEncryptedData:
		plain, err := b.decrypt(body)
		if err != nil {
			return err
		}
		return b.readBags(plain)
	}
	return nil
}

// decrypt opens EncryptedData (RFC 5652 section 8).
func (b *bags) decrypt(body cryptobyte.String) (cryptobyte.String, error) {
	algorithm, text, err := readEncrypted(body)
	if err != nil {
		return nil, err
	}
	schemes, err := readAlgorithm(algorithm)
	if err != nil {
		return nil, err
	}
	for _, s := range schemes {
		plain, err := s.decrypt(b.password, text)
		if !errors.Is(err, ErrWrongPassword) && (err != nil || isSequence(plain)) {
			return plain, err
		}
	}
	return nil, ErrWrongPassword
}

func readEncrypted(body cryptobyte.String) (algorithm, text cryptobyte.String, err error) {
	var data, content cryptobyte.String
	var version int
	var name asn1.ObjectIdentifier
	if !body.ReadASN1(&data, tags.SEQUENCE) || !body.Empty() ||
		!data.ReadASN1Integer(&version) || version != 0 ||
		!data.ReadASN1(&content, tags.SEQUENCE) ||
		!content.ReadASN1ObjectIdentifier(&name) || name.String() != oidData ||
		!content.ReadASN1(&algorithm, tags.SEQUENCE) ||
		!content.ReadASN1(&text, tags.Tag(0).ContextSpecific()) || !content.Empty() {
		return nil, nil, ErrKeyFile
	}
	return algorithm, text, nil
}

// isSequence tells SafeContents from what a wrong password makes of it.
func isSequence(plain cryptobyte.String) bool {
	return plain.SkipASN1(tags.SEQUENCE) && plain.Empty()
}

// readBags reads SafeContents. Nested contents are passed over: no program is
// known to put keys there.
func (b *bags) readBags(safe cryptobyte.String) error {
	var list cryptobyte.String
	if !safe.ReadASN1(&list, tags.SEQUENCE) || !safe.Empty() {
		return ErrKeyFile
	}
	for !list.Empty() {
		if err := b.count(); err != nil {
			return err
		}
		var bag, value cryptobyte.String
		var name asn1.ObjectIdentifier
		if !list.ReadASN1(&bag, tags.SEQUENCE) || !bag.ReadASN1ObjectIdentifier(&name) ||
			!bag.ReadASN1(&value, tags.Tag(0).ContextSpecific().Constructed()) {
			return ErrKeyFile
		}
		if err := b.readBag(name.String(), value); err != nil {
			return err
		}
	}
	return nil
}

func (b *bags) readBag(name string, value cryptobyte.String) error {
	var content cryptobyte.String
	switch name {
	case oidKeyBag:
		return b.add(readPrivate(value))
	case oidShroudedBag:
		if !value.ReadASN1(&content, tags.SEQUENCE) || !value.Empty() {
			return ErrKeyFile
		}
		return b.add(openShrouded(content, b.password))
	case oidCertificateBag:
		return b.readCertificate(value)
	}
	return nil
}

func (b *bags) add(key *Key, err error) error {
	if err == nil {
		b.keys = append(b.keys, key)
	}
	return err
}

// readCertificate keeps what the standard library can read: an issuer's odd
// certificate in the chain hinders nobody.
func (b *bags) readCertificate(value cryptobyte.String) error {
	var bag, wrapped, der cryptobyte.String
	var kind asn1.ObjectIdentifier
	if !value.ReadASN1(&bag, tags.SEQUENCE) || !value.Empty() || !bag.ReadASN1ObjectIdentifier(&kind) {
		return ErrKeyFile
	}
	if kind.String() != oidX509Certificate {
		return nil
	}
	if !bag.ReadASN1(&wrapped, tags.Tag(0).ContextSpecific().Constructed()) || !bag.Empty() ||
		!wrapped.ReadASN1(&der, tags.OCTET_STRING) || !wrapped.Empty() {
		return ErrKeyFile
	}
	if certificate, err := x509.ParseCertificate(der); err == nil {
		b.certificates = append(b.certificates, certificate)
	}
	return nil
}

// pair finds the key whose certificate is for signing.
func (b *bags) pair() (*Key, *x509.Certificate, error) {
	if len(b.keys) == 0 {
		return nil, nil, ErrNoKey
	}
	if len(b.certificates) == 0 {
		return nil, nil, ErrNoCertificate
	}
	err := ErrPair
	for _, key := range b.keys {
		for _, certificate := range b.certificates {
			if key.CheckPair(certificate) != nil {
				continue
			}
			if checkPurpose(certificate) == nil {
				return key, certificate, nil
			}
			err = ErrPurpose
		}
	}
	return nil, nil, err
}
