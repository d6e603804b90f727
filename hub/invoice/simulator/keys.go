package simulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"
)

// keyBits is the size of every key it makes.
const keyBits = 2048

// NewCertificate makes a key and a certificate of its own for a year. Its name
// says that it is a simulator's.
func NewCertificate(name string, now time.Time) (*rsa.PrivateKey, *x509.Certificate, error) {
	return newCertificate(name, now, nil)
}

func newCertificate(name string, now time.Time, extensions []pkix.Extension) (*rsa.PrivateKey, *x509.Certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Country: []string{"KR"}, Organization: []string{"SIMULATOR"}, CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage:        x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment | x509.KeyUsageKeyEncipherment,
		ExtraExtensions: extensions,
	}
	raw, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(raw)
	return key, certificate, err
}

// CertificatePEM is a certificate as a file.
func CertificatePEM(certificate *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
}

// KISA's names of the owner's identity and of the R value.
func oidIdentity() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1} }
func oidVID() asn1.ObjectIdentifier      { return append(oidIdentity(), 1) }
func oidR() asn1.ObjectIdentifier        { return append(oidIdentity(), 3) }
func oidSHA256() asn1.ObjectIdentifier   { return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1} }

// NewShop makes a key and a certificate such as a certification authority gives
// a business, for trying: its VID proves the business number, and the key holds
// the R value (KISA identification by VID). Both are PEM files.
func NewShop(number string, now time.Time) (key, certificate []byte, err error) {
	var r [20]byte
	_, _ = rand.Read(r[:]) // it never fails
	names, err := identity(number, r[:])
	if err != nil {
		return nil, nil, err
	}
	private, made, err := newCertificate("SHOP "+number, now, []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: names}})
	if err != nil {
		return nil, nil, err
	}
	info, err := privateKeyInfo(private, r[:])
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: info}), CertificatePEM(made), nil
}

// identity is the certificate's alternative name: an otherName with the real
// name and VID = H(H(SEQUENCE{number, R})).
func identity(number string, r []byte) ([]byte, error) {
	var content cryptobyte.Builder
	content.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tags.PrintableString, func(b *cryptobyte.Builder) { b.AddBytes([]byte(number)) })
		b.AddASN1BitString(r)
	})
	der, err := content.Bytes()
	if err != nil {
		return nil, err
	}
	once := sha256.Sum256(der)
	vid := sha256.Sum256(once[:])
	zero := tags.Tag(0).ContextSpecific().Constructed()
	var out cryptobyte.Builder
	out.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(zero, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidIdentity())
			b.AddASN1(zero, func(b *cryptobyte.Builder) { addIdentity(b, vid[:]) })
		})
	})
	return out.Bytes()
}

func addIdentity(b *cryptobyte.Builder, vid []byte) {
	zero := tags.Tag(0).ContextSpecific().Constructed()
	b.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tags.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte("SIMULATOR")) })
		b.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidVID())
				b.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidSHA256()) })
					b.AddASN1(zero, func(b *cryptobyte.Builder) { b.AddASN1OctetString(vid) })
				})
			})
		})
	})
}

// privateKeyInfo is PKCS#8 (RFC 5208 section 5) with the R value among its
// attributes.
func privateKeyInfo(key *rsa.PrivateKey, r []byte) ([]byte, error) {
	var out cryptobyte.Builder
	out.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		b.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1})
			b.AddASN1NULL()
		})
		b.AddASN1OctetString(x509.MarshalPKCS1PrivateKey(key))
		b.AddASN1(tags.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(tags.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidR())
				b.AddASN1(tags.SET, func(b *cryptobyte.Builder) { b.AddASN1BitString(r) })
			})
		})
	})
	return out.Bytes()
}
