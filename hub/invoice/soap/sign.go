package soap

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"strings"
)

// minKeyBits is what the certification authorities give since 2012.
const minKeyBits = 2048

// checkPair refuses keys the tax service would refuse.
func checkPair(key crypto.Signer, certificate *x509.Certificate) error {
	if key == nil || certificate == nil {
		return &Error{Code: CodeKey, Element: "ds:KeyInfo", Detail: "there is no key or no certificate"}
	}
	public, ok := key.Public().(*rsa.PublicKey)
	if !ok || public.N.BitLen() < minKeyBits || !public.Equal(certificate.PublicKey) {
		return &Error{Code: CodeKey, Element: "ds:KeyInfo", Detail: "the key is not RSA of 2048 bits or more, or not the certificate's"}
	}
	return nil
}

// signed is the whole envelope. What the first reference hashes is the envelope
// without the signature; it is written in canonical form, so that no transform
// is left to do.
func (m *Message) signed(p profile, key crypto.Signer, certificate *x509.Certificate) ([]byte, error) {
	before, after := m.envelope(p, certificate)
	info := signedInfo(digest([]byte(before+after)), m.Body.ReferenceID, m.Attachment)
	sum := sha256.Sum256([]byte(`<ds:SignedInfo xmlns:SOAP="` + soapSpace + `"` + inside + `>` + info + `</ds:SignedInfo>`))
	value, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, &Error{Code: CodeKey, Element: "ds:SignatureValue", Detail: err.Error()}
	}
	var out bytes.Buffer
	out.WriteString(xml.Header + before)
	out.WriteString(`<ds:Signature><ds:SignedInfo>` + info + `</ds:SignedInfo><ds:SignatureValue>` + encode(value) +
		`</ds:SignatureValue><ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="#` + tokenID +
		`"></wsse:Reference></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>`)
	out.WriteString(after)
	return out.Bytes(), nil
}

// signedInfo is the canonical content of ds:SignedInfo: a reference to the
// envelope and one to the attachment, if there is any.
func signedInfo(envelope, reference string, attachment []byte) string {
	info := `<ds:CanonicalizationMethod Algorithm="` + c14n + `"></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="` + rsaSHA256 + `"></ds:SignatureMethod>` +
		referenceTo("", envelope, enveloped, c14n)
	if attachment != nil {
		info += referenceTo("cid:"+reference, digest(attachment), attachmentOf)
	}
	return info
}

func referenceTo(uri, digest string, transforms ...string) string {
	var steps strings.Builder
	for _, algorithm := range transforms {
		steps.WriteString(`<ds:Transform Algorithm="` + algorithm + `"></ds:Transform>`)
	}
	return `<ds:Reference URI="` + uri + `"><ds:Transforms>` + steps.String() + `</ds:Transforms><ds:DigestMethod Algorithm="` + sha256URI + `"></ds:DigestMethod>` +
		`<ds:DigestValue>` + digest + `</ds:DigestValue></ds:Reference>`
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return encode(sum[:])
}

func encode(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }
