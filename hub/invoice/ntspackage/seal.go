package ntspackage

import (
	"crypto/des" //nolint:gosec // the tax service takes only this cipher
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/bits"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"

	"shopbox/hub/invoice/cbc"
)

// The sizes of DES-EDE3-CBC (RFC 3370 section 5.1) in bytes, and of the
// recipient's key in bits.
const (
	keySize    = 24
	minKeyBits = 2048
	maxKeyBits = 8192
)

// oids are the names CMS is written with: RFC 5652 sections 4 and 6.1, RFC 3370
// sections 4.2.1 and 5.1.
type oids struct{ envelopedData, data, rsaEncryption, tripleDES asn1.ObjectIdentifier }

func names() oids {
	return oids{
		envelopedData: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3},
		data:          asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1},
		rsaEncryption: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1},
		tripleDES:     asn1.ObjectIdentifier{1, 2, 840, 113549, 3, 7},
	}
}

// Seal encodes the items and seals them for the tax service: CMS ContentInfo
// with EnvelopedData (RFC 5652 section 6) for one recipient, as raw DER. Each
// call draws a new key. Whether the certificate is in time and really the tax
// service's is for the caller to know.
func Seal(items []Item, to *x509.Certificate) ([]byte, error) {
	public, err := recipientKey(to)
	if err != nil {
		return nil, err
	}
	plain, err := Encode(items)
	if err != nil {
		return nil, err
	}
	key, iv, err := draw()
	if err != nil {
		return nil, err
	}
	block, err := des.NewTripleDESCipher(key) //nolint:gosec // the tax service takes only this cipher
	if err != nil {
		return nil, err
	}
	//nolint:staticcheck // PKCS#1 v1.5 key transport is what the tax service reads
	wrapped, err := rsa.EncryptPKCS1v15(rand.Reader, public, key)
	clear(key)
	if err != nil {
		return nil, err
	}
	return write(to, wrapped, iv, cbc.Seal(block, iv, plain))
}

func recipientKey(to *x509.Certificate) (*rsa.PublicKey, error) {
	if to == nil {
		return nil, ErrCertificate
	}
	public, ok := to.PublicKey.(*rsa.PublicKey)
	if !ok || public.N.BitLen() < minKeyBits || public.N.BitLen() > maxKeyBits {
		return nil, ErrCertificate
	}
	return public, nil
}

// draw makes a fresh key and vector. Each byte of the key gets odd parity, which
// hardware that unwraps it may insist on.
func draw() (key, iv []byte, err error) {
	secret := make([]byte, keySize+des.BlockSize)
	if _, err = rand.Read(secret); err != nil {
		return nil, nil, err
	}
	key, iv = secret[:keySize], secret[keySize:]
	for i, b := range key {
		key[i] = b ^ byte(^bits.OnesCount8(b)&1)
	}
	return key, iv, nil
}

// write builds the ContentInfo.
func write(to *x509.Certificate, wrapped, iv, text []byte) ([]byte, error) {
	explicit := tags.Tag(0).ContextSpecific().Constructed()
	var out cryptobyte.Builder
	out.AddASN1(tags.SEQUENCE, func(info *cryptobyte.Builder) {
		info.AddASN1ObjectIdentifier(names().envelopedData)
		info.AddASN1(explicit, func(content *cryptobyte.Builder) {
			content.AddASN1(tags.SEQUENCE, func(envelope *cryptobyte.Builder) {
				envelope.AddASN1Int64(0)
				envelope.AddASN1(tags.SET, func(set *cryptobyte.Builder) { addRecipient(set, to, wrapped) })
				addContent(envelope, iv, text)
			})
		})
	})
	return out.Bytes()
}

// addRecipient writes KeyTransRecipientInfo (RFC 5652 section 6.2.1).
func addRecipient(set *cryptobyte.Builder, to *x509.Certificate, wrapped []byte) {
	set.AddASN1(tags.SEQUENCE, func(info *cryptobyte.Builder) {
		info.AddASN1Int64(0)
		info.AddASN1(tags.SEQUENCE, func(id *cryptobyte.Builder) {
			id.AddBytes(to.RawIssuer)
			id.AddASN1BigInt(to.SerialNumber)
		})
		info.AddASN1(tags.SEQUENCE, func(algorithm *cryptobyte.Builder) {
			algorithm.AddASN1ObjectIdentifier(names().rsaEncryption)
			algorithm.AddASN1NULL()
		})
		info.AddASN1OctetString(wrapped)
	})
}

// addContent writes EncryptedContentInfo (RFC 5652 section 6.1).
func addContent(envelope *cryptobyte.Builder, iv, text []byte) {
	envelope.AddASN1(tags.SEQUENCE, func(content *cryptobyte.Builder) {
		content.AddASN1ObjectIdentifier(names().data)
		content.AddASN1(tags.SEQUENCE, func(algorithm *cryptobyte.Builder) {
			algorithm.AddASN1ObjectIdentifier(names().tripleDES)
			algorithm.AddASN1OctetString(iv)
		})
		content.AddASN1(tags.Tag(0).ContextSpecific(), func(bytes *cryptobyte.Builder) { bytes.AddBytes(text) })
	})
}
