package ntspackage

import (
	"bytes"
	"crypto/des" //nolint:gosec // the tax service takes only this cipher
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"

	"shopbox/hub/invoice/cbc"
)

// maxRecipients is how many readers a parcel may name.
const maxRecipients = 16

// Open is the tax service's side: it unseals a parcel with the service's own
// certificate and key and reads the documents. The outside is refused with its
// own code each; behind the encryption every fault is ErrOpen, and a key that
// does not unwrap is replaced by a random one so that time tells nothing either
// (RFC 3218 section 2.3.2).
func Open(parcel []byte, certificate *x509.Certificate, key *rsa.PrivateKey) ([]Item, error) {
	if key == nil || certificate == nil || !key.PublicKey.Equal(certificate.PublicKey) {
		return nil, ErrPair
	}
	e, err := readEnvelope(parcel)
	if err != nil {
		return nil, err
	}
	wrapped, err := e.wrappedFor(certificate)
	if err != nil {
		return nil, err
	}
	session := make([]byte, keySize)
	if _, err := rand.Read(session); err != nil {
		return nil, err
	}
	//nolint:staticcheck // PKCS#1 v1.5 key transport is what the tax service reads
	if rsa.DecryptPKCS1v15SessionKey(nil, key, wrapped, session) != nil {
		return nil, ErrOpen
	}
	block, err := des.NewTripleDESCipher(session) //nolint:gosec // the tax service takes only this cipher
	if err != nil {
		return nil, err
	}
	plain, ok := cbc.Open(block, e.iv, e.text)
	if !ok {
		return nil, ErrOpen
	}
	items, err := Decode(plain)
	if err != nil {
		return nil, ErrOpen
	}
	return items, nil
}

// envelope is an EnvelopedData taken apart.
type envelope struct {
	recipients []recipient
	iv, text   []byte
}

type recipient struct {
	issuer  []byte
	serial  *big.Int
	wrapped []byte
}

func (e *envelope) wrappedFor(certificate *x509.Certificate) ([]byte, error) {
	for _, r := range e.recipients {
		if bytes.Equal(r.issuer, certificate.RawIssuer) && r.serial.Cmp(certificate.SerialNumber) == 0 {
			return r.wrapped, nil
		}
	}
	return nil, ErrRecipient
}

func readEnvelope(parcel []byte) (*envelope, error) {
	info, err := outer(parcel)
	if err != nil {
		return nil, err
	}
	var name asn1.ObjectIdentifier
	var explicit, data, set cryptobyte.String
	var version int
	if !info.ReadASN1ObjectIdentifier(&name) {
		return nil, ErrMalformed
	}
	if !name.Equal(names().envelopedData) {
		return nil, ErrContentType
	}
	if !info.ReadASN1(&explicit, tags.Tag(0).ContextSpecific().Constructed()) || !info.Empty() ||
		!explicit.ReadASN1(&data, tags.SEQUENCE) || !explicit.Empty() ||
		!data.ReadASN1Integer(&version) {
		return nil, ErrMalformed
	}
	if version != 0 {
		return nil, ErrVersion
	}
	if !data.ReadASN1(&set, tags.SET) {
		return nil, ErrMalformed
	}
	var e envelope
	if e.recipients, err = readRecipients(set); err != nil {
		return nil, err
	}
	return &e, e.readContent(data)
}

func readRecipients(set cryptobyte.String) ([]recipient, error) {
	var list []recipient
	for !set.Empty() {
		if len(list) == maxRecipients {
			return nil, ErrTooLarge
		}
		var info cryptobyte.String
		if !set.ReadASN1(&info, tags.SEQUENCE) {
			return nil, ErrMalformed
		}
		one, err := readRecipient(info)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func readRecipient(info cryptobyte.String) (recipient, error) {
	var r recipient
	var version int
	var id, issuer, algorithm cryptobyte.String
	if !info.ReadASN1Integer(&version) {
		return r, ErrMalformed
	}
	if version != 0 {
		return r, ErrVersion
	}
	r.serial = new(big.Int)
	if !info.ReadASN1(&id, tags.SEQUENCE) ||
		!id.ReadASN1Element(&issuer, tags.SEQUENCE) || !id.ReadASN1Integer(r.serial) || !id.Empty() ||
		!info.ReadASN1(&algorithm, tags.SEQUENCE) ||
		!info.ReadASN1Bytes(&r.wrapped, tags.OCTET_STRING) || !info.Empty() {
		return r, ErrMalformed
	}
	r.issuer = issuer
	return r, readName(algorithm, names().rsaEncryption)
}

// readName holds an AlgorithmIdentifier to one name without parameters.
func readName(algorithm cryptobyte.String, want asn1.ObjectIdentifier) error {
	var name asn1.ObjectIdentifier
	var null cryptobyte.String
	if !algorithm.ReadASN1ObjectIdentifier(&name) {
		return ErrMalformed
	}
	if !name.Equal(want) {
		return ErrAlgorithm
	}
	if !algorithm.ReadOptionalASN1(&null, nil, tags.NULL) || !null.Empty() || !algorithm.Empty() {
		return ErrMalformed
	}
	return nil
}

func (e *envelope) readContent(data cryptobyte.String) error {
	var content, algorithm cryptobyte.String
	var kind asn1.ObjectIdentifier
	if !data.ReadASN1(&content, tags.SEQUENCE) || !data.Empty() ||
		!content.ReadASN1ObjectIdentifier(&kind) ||
		!content.ReadASN1(&algorithm, tags.SEQUENCE) {
		return ErrMalformed
	}
	if !kind.Equal(names().data) {
		return ErrContentType
	}
	if err := e.readCipher(algorithm); err != nil {
		return err
	}
	implicit := tags.Tag(0).ContextSpecific()
	if content.PeekASN1Tag(implicit.Constructed()) {
		return ErrIndefinite // chunks, which only BER has
	}
	if !content.ReadASN1Bytes(&e.text, implicit) || !content.Empty() ||
		len(e.text) == 0 || len(e.text)%des.BlockSize != 0 {
		return ErrMalformed
	}
	return nil
}

func (e *envelope) readCipher(algorithm cryptobyte.String) error {
	var name asn1.ObjectIdentifier
	if !algorithm.ReadASN1ObjectIdentifier(&name) {
		return ErrMalformed
	}
	if !name.Equal(names().tripleDES) {
		return ErrAlgorithm
	}
	if !algorithm.ReadASN1Bytes(&e.iv, tags.OCTET_STRING) || !algorithm.Empty() || len(e.iv) != des.BlockSize {
		return ErrMalformed
	}
	return nil
}
