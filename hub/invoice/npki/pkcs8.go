package npki

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/text/encoding/korean"
)

const oidRSA = "1.2.840.113549.1.1.1"

// oidR names the attribute with the R value (KISA identification by VID).
const oidR = "1.2.410.200004.10.1.1.3"

// Open decrypts a signPri.key, a PKCS#8 EncryptedPrivateKeyInfo (RFC 5208
// section 6). The password is tried as typed and, when it is not ASCII, in
// EUC-KR (unconfirmed, see RemarkEUCKR). The errors are this package's codes.
func Open(file, password []byte) (*Key, error) {
	if len(file) > MaxFile {
		return nil, ErrTooLarge
	}
	input := cryptobyte.String(file)
	var content cryptobyte.String
	if !input.ReadASN1(&content, tags.SEQUENCE) || !input.Empty() {
		return nil, ErrKeyFile
	}
	return typed(password, func(password []byte) (*Key, error) { return openShrouded(content, password) })
}

// ParsePEM reads an unencrypted PKCS#8 key in PEM (RFC 7468 section 10) with
// its R value, if it has one. ErrKeyFile tells that there is none.
func ParsePEM(text []byte) (*Key, error) {
	if len(text) > MaxFile {
		return nil, ErrTooLarge
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "PRIVATE KEY" {
			return readPrivate(block.Bytes)
		}
	}
	return nil, ErrKeyFile
}

// typed tries a password as it is and then as old programs stored it.
func typed(password []byte, open func([]byte) (*Key, error)) (*Key, error) {
	if len(password) == 0 || len(password) > MaxPassword {
		return nil, ErrWrongPassword
	}
	key, err := open(password)
	if !errors.Is(err, ErrWrongPassword) {
		return key, err
	}
	legacy, ok := eucKR(password)
	if !ok {
		return nil, err
	}
	if key, err = open(legacy); err != nil {
		return nil, err
	}
	key.remarks = append(key.remarks, RemarkEUCKR)
	return key, nil
}

// eucKR returns a password typed in Korean as old programs stored it.
func eucKR(password []byte) ([]byte, bool) {
	if !utf8.Valid(password) {
		return nil, false
	}
	out, err := korean.EUCKR.NewEncoder().Bytes(password)
	return out, err == nil && !bytes.Equal(out, password)
}

// openShrouded opens the content of an EncryptedPrivateKeyInfo. What does not
// look like a key was decrypted with the wrong password; every scheme is tried.
func openShrouded(content cryptobyte.String, password []byte) (*Key, error) {
	var algorithm, text cryptobyte.String
	if !content.ReadASN1(&algorithm, tags.SEQUENCE) ||
		!content.ReadASN1(&text, tags.OCTET_STRING) || !content.Empty() {
		return nil, ErrKeyFile
	}
	schemes, err := readAlgorithm(algorithm)
	if err != nil {
		return nil, err
	}
	for _, s := range schemes {
		plain, err := s.decrypt(password, text)
		if errors.Is(err, ErrWrongPassword) {
			continue
		}
		if err != nil {
			return nil, err
		}
		key, err := readPrivate(plain)
		clear(plain)
		if errors.Is(err, ErrKeyFile) {
			continue
		}
		if err == nil && len(schemes) > 1 {
			key.remarks = append(key.remarks, RemarkOldSEED)
		}
		return key, err
	}
	return nil, ErrWrongPassword
}

// readPrivate reads a PrivateKeyInfo (RFC 5208 section 5), or answers
// ErrKeyFile.
func readPrivate(plain []byte) (*Key, error) {
	input := cryptobyte.String(plain)
	var info, algorithm, secret cryptobyte.String
	var version int
	var name asn1.ObjectIdentifier
	if !input.ReadASN1(&info, tags.SEQUENCE) || !input.Empty() ||
		!info.ReadASN1Integer(&version) ||
		!info.ReadASN1(&algorithm, tags.SEQUENCE) ||
		!algorithm.ReadASN1ObjectIdentifier(&name) ||
		!info.ReadASN1(&secret, tags.OCTET_STRING) {
		return nil, ErrKeyFile
	}
	if name.String() != oidRSA {
		return nil, ErrAlgorithm
	}
	private, err := x509.ParsePKCS1PrivateKey(secret)
	if err != nil || private.N.BitLen() < minKeyBits || private.N.BitLen() > maxKeyBits {
		return nil, ErrPrivateKey
	}
	r, err := readR(info)
	if err != nil {
		return nil, err
	}
	return &Key{private: private, r: r}, nil
}

// readR finds the R value among the attributes, if there are any.
func readR(info cryptobyte.String) ([]byte, error) {
	var attributes cryptobyte.String
	var present bool
	tag := tags.Tag(0).ContextSpecific().Constructed()
	if !info.ReadOptionalASN1(&attributes, &present, tag) {
		return nil, ErrPrivateKey
	}
	for !attributes.Empty() {
		var attribute, values cryptobyte.String
		var name asn1.ObjectIdentifier
		if !attributes.ReadASN1(&attribute, tags.SEQUENCE) ||
			!attribute.ReadASN1ObjectIdentifier(&name) ||
			!attribute.ReadASN1(&values, tags.SET) {
			return nil, ErrPrivateKey
		}
		if name.String() != oidR {
			continue
		}
		var r []byte
		if !values.ReadASN1BitStringAsBytes(&r) || !values.Empty() || len(r) < minR || len(r) > maxR {
			return nil, ErrPrivateKey
		}
		return bytes.Clone(r), nil
	}
	return nil, nil
}
