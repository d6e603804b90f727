package npki

import (
	"bytes"
	"crypto/cipher"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/text/encoding/korean"

	"shopbox/hub/invoice/npki/seed"
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
	if len(password) == 0 || len(password) > MaxPassword {
		return nil, ErrWrongPassword
	}
	box, err := readBox(file)
	if err != nil {
		return nil, err
	}
	key, err := box.open(password)
	if !errors.Is(err, ErrWrongPassword) {
		return key, err
	}
	legacy, ok := eucKR(password)
	if !ok {
		return nil, err
	}
	key, err = box.open(legacy)
	if err != nil {
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

// sealed is a key file taken apart: what derives its key, and its cipher text.
type sealed struct {
	schemes []scheme
	remarks []Remark
	text    []byte
}

func readBox(file []byte) (*sealed, error) {
	input := cryptobyte.String(file)
	var outer, algorithm, text cryptobyte.String
	if !input.ReadASN1(&outer, tags.SEQUENCE) || !input.Empty() ||
		!outer.ReadASN1(&algorithm, tags.SEQUENCE) ||
		!outer.ReadASN1(&text, tags.OCTET_STRING) || !outer.Empty() ||
		len(text) == 0 || len(text)%seed.BlockSize != 0 {
		return nil, ErrKeyFile
	}
	box := &sealed{text: text}
	return box, box.readAlgorithm(algorithm)
}

// open tries every scheme; more than one is there only for the old SEED form.
func (b *sealed) open(password []byte) (*Key, error) {
	for _, s := range b.schemes {
		plain, err := s.decrypt(password, b.text)
		if err != nil {
			return nil, err
		}
		key, err := readPrivate(plain)
		clear(plain)
		if errors.Is(err, ErrWrongPassword) {
			continue
		}
		if err != nil {
			return nil, err
		}
		key.remarks = append(key.remarks, b.remarks...)
		return key, nil
	}
	return nil, ErrWrongPassword
}

func (s scheme) decrypt(password, text []byte) ([]byte, error) {
	key, iv, err := s(password)
	if err != nil {
		return nil, err
	}
	block, err := seed.New(key)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(text))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, text)
	clear(key)
	return plain, nil
}

// unpad takes off the padding of RFC 2898 section 6.1.1.
func unpad(plain []byte) ([]byte, bool) {
	count := int(plain[len(plain)-1])
	if count == 0 || count > seed.BlockSize {
		return nil, false
	}
	body, tail := plain[:len(plain)-count], plain[len(plain)-count:]
	return body, bytes.Count(tail, tail[:1]) == count
}

// readPrivate reads a padded PrivateKeyInfo (RFC 5208 section 5). What does not
// look like one was decrypted with the wrong key.
func readPrivate(padded []byte) (*Key, error) {
	plain, ok := unpad(padded)
	if !ok {
		return nil, ErrWrongPassword
	}
	input := cryptobyte.String(plain)
	var info, algorithm, secret cryptobyte.String
	var version int
	var name asn1.ObjectIdentifier
	if !input.ReadASN1(&info, tags.SEQUENCE) || !input.Empty() ||
		!info.ReadASN1Integer(&version) ||
		!info.ReadASN1(&algorithm, tags.SEQUENCE) ||
		!algorithm.ReadASN1ObjectIdentifier(&name) ||
		!info.ReadASN1(&secret, tags.OCTET_STRING) {
		return nil, ErrWrongPassword
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
