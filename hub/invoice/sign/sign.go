// Package sign puts the electronic signature on Korean e-tax invoices (KEC
// v3.0) and checks it: W3C XML Signature in the one profile the tax service
// takes. The invoice commands and the issuing of invoices call it. What always
// holds: only RSA keys of 2048 bits or more with SHA-256, and a verified
// document was signed whole, but for its ExchangedDocument, which relay
// systems may change.
package sign

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"

	"shopbox/hub/invoice/xmltree"
)

// The identifiers of the profile (W3C xmldsig-core, RFC 4051).
const (
	kecSpace  = "urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0"
	dsSpace   = "http://www.w3.org/2000/09/xmldsig#"
	c14n      = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	xpath     = "http://www.w3.org/TR/1999/REC-xpath-19991116"
	sha256URI = "http://www.w3.org/2001/04/xmlenc#sha256"
	// scopeXPath says what is hashed: the parts of the invoice, without the
	// root's own tags, the ExchangedDocument and the signature.
	scopeXPath = "not(self::*[name() = 'TaxInvoice'] | ancestor-or-self::*[name() = 'ExchangedDocument'] | ancestor-or-self::ds:Signature)"
)

// The codes of a refused document, key or signature.
const (
	CodeRoot        = "sign_root"
	CodeScope       = "sign_scope"
	CodeSigned      = "sign_already_signed"
	CodeUnsigned    = "sign_no_signature"
	CodeProfile     = "sign_profile"
	CodeCertificate = "sign_certificate"
	CodeKey         = "sign_key"
	CodeDigest      = "sign_digest"
	CodeSignature   = "sign_signature"
)

// minKeyBits is what the certification authorities give since 2012.
const minKeyBits = 2048

// lineLength is the longest line of base64 the profile allows (RFC 2045).
const lineLength = 76

// Error says what is wrong and in which element.
type Error struct {
	// Code is one of the Code constants.
	Code string
	// Element names the element.
	Element string
	// Detail is a sentence for a log or a terminal.
	Detail string
}

// Error is the code, the element and the detail in one line.
func (e *Error) Error() string { return e.Code + ": " + e.Element + ": " + e.Detail }

func refuse(n *xmltree.Node, code, detail string) error {
	return &Error{Code: code, Element: n.Path(), Detail: detail}
}

// DigestInput is the bytes the reference of the signature hashes, whether the
// document is signed or not. They begin with the namespaces of the root,
// which the transform leaves behind without their tag, and its children do not
// repeat them: so the toolkits of the tax service write it, though Canonical
// XML by the letter gives other bytes.
func DigestInput(document []byte) ([]byte, error) {
	root, err := parse(document)
	if err != nil {
		return nil, err
	}
	return digestInput(root), nil
}

// Digest is the SHA-256 of DigestInput.
func Digest(document []byte) ([sha256.Size]byte, error) {
	input, err := DigestInput(document)
	return sha256.Sum256(input), err
}

func digestInput(root *xmltree.Node) []byte {
	var out bytes.Buffer
	root.WriteNamespaces(&out)
	for _, child := range root.Children {
		if !outside(child) {
			child.WriteCanonicalInside(&out)
		}
	}
	return out.Bytes()
}

// outside reports whether the transform leaves the element out.
func outside(n *xmltree.Node) bool {
	return n.QName() == "ExchangedDocument" || n.Is(dsSpace, "Signature")
}

// parse reads the document and refuses what the transform would treat in an
// unexpected way: names it looks for at other places than their own.
func parse(document []byte) (*xmltree.Node, error) {
	root, err := xmltree.Parse(document)
	if err != nil {
		return nil, err
	}
	if !root.Is(kecSpace, "TaxInvoice") || root.Prefix != "" {
		return nil, refuse(root, CodeRoot, "the root is not an unprefixed TaxInvoice of the KEC namespace")
	}
	for _, a := range root.Attributes {
		if a.Prefix == "xml" {
			return nil, refuse(root, CodeScope, "the root has an attribute "+a.Prefix+":"+a.Local)
		}
	}
	counts := map[string]int{}
	for _, child := range root.Elements() {
		if outside(child) {
			if counts[child.Local]++; counts[child.Local] > 1 {
				return nil, refuse(child, CodeScope, "the element stands twice")
			}
			continue
		}
		if err := checkInside(child); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func checkInside(n *xmltree.Node) error {
	if outside(n) || n.QName() == "TaxInvoice" {
		return refuse(n, CodeScope, "the element would hide content from the signature")
	}
	for _, child := range n.Elements() {
		if err := checkInside(child); err != nil {
			return err
		}
	}
	return nil
}

// Sign puts the supplier's signature (the broker's for a consigned sale) before
// TaxInvoiceDocument and returns the whole document in canonical form. The
// document must not carry one yet; the certificate must be the key's.
func Sign(document []byte, key crypto.Signer, certificate *x509.Certificate) ([]byte, error) {
	root, err := parse(document)
	if err != nil {
		return nil, err
	}
	if err := checkPair(key, certificate); err != nil {
		return nil, err
	}
	before, err := place(root)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(digestInput(root))
	signedInfo := signedInfo(base64.StdEncoding.EncodeToString(digest[:]))
	value, err := signValue(root, signedInfo, key)
	if err != nil {
		return nil, err
	}
	signature := `<ds:Signature xmlns:ds="` + dsSpace + `"><ds:SignedInfo>` + signedInfo + `</ds:SignedInfo><ds:SignatureValue>` +
		wrap(value) + `</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` +
		wrap(certificate.Raw) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`
	return assemble(root, before, signature), nil
}

// place finds TaxInvoiceDocument, before which the signature stands.
func place(root *xmltree.Node) (*xmltree.Node, error) {
	var found *xmltree.Node
	for _, child := range root.Elements() {
		switch {
		case child.Is(dsSpace, "Signature"):
			return nil, refuse(child, CodeSigned, "the document is signed already")
		case child.Is(kecSpace, "TaxInvoiceDocument") && found == nil:
			found = child
		}
	}
	if found == nil {
		return nil, refuse(root, CodeRoot, "there is no TaxInvoiceDocument to sign")
	}
	if space, bound := root.Lookup("ds"); bound && space != dsSpace {
		return nil, refuse(root, CodeScope, "the prefix ds is bound to another namespace")
	}
	return found, nil
}

// checkPair refuses keys the tax service would refuse.
func checkPair(key crypto.Signer, certificate *x509.Certificate) error {
	if key == nil || certificate == nil {
		return &Error{Code: CodeKey, Element: "ds:KeyInfo", Detail: "there is no key or no certificate"}
	}
	public, ok := key.Public().(*rsa.PublicKey)
	if !ok || public.N.BitLen() < minKeyBits {
		return &Error{Code: CodeKey, Element: "ds:KeyInfo", Detail: "the key is not RSA of 2048 bits or more"}
	}
	if !public.Equal(certificate.PublicKey) {
		return &Error{Code: CodeKey, Element: "ds:X509Certificate", Detail: "the certificate is not the key's"}
	}
	return nil
}

// signedInfo is the canonical content of ds:SignedInfo.
func signedInfo(digest string) string {
	return `<ds:CanonicalizationMethod Algorithm="` + c14n + `"></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="` + rsaSHA256 + `"></ds:SignatureMethod>` +
		`<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="` + c14n + `"></ds:Transform>` +
		`<ds:Transform Algorithm="` + xpath + `"><ds:XPath>` + scopeXPath + `</ds:XPath></ds:Transform></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="` + sha256URI + `"></ds:DigestMethod>` +
		`<ds:DigestValue>` + digest + `</ds:DigestValue></ds:Reference>`
}

// signValue signs SignedInfo as it will be canonicalised in its place: with
// all namespaces in scope on it.
func signValue(root *xmltree.Node, content string, key crypto.Signer) ([]byte, error) {
	signature := &xmltree.Node{
		Prefix: "ds", Space: dsSpace, Local: "Signature", Parent: root,
		Bindings: []xmltree.Binding{{Prefix: "ds", Space: dsSpace}},
	}
	var out bytes.Buffer
	out.WriteString("<ds:SignedInfo")
	signature.WriteNamespaces(&out)
	out.WriteString(">" + content + "</ds:SignedInfo>")
	sum := sha256.Sum256(out.Bytes())
	return key.Sign(rand.Reader, sum[:], crypto.SHA256)
}

func assemble(root, before *xmltree.Node, signature string) []byte {
	var out bytes.Buffer
	out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	var whole bytes.Buffer
	shell := *root
	shell.Children = nil
	shell.WriteCanonical(&whole)
	const end = "</TaxInvoice>"
	out.Write(bytes.TrimSuffix(whole.Bytes(), []byte(end)))
	for _, child := range root.Children {
		if child == before {
			out.WriteString(signature)
		}
		child.WriteCanonicalInside(&out)
	}
	out.WriteString(end)
	return out.Bytes()
}

// wrap is base64 in lines.
func wrap(raw []byte) string {
	text := base64.StdEncoding.EncodeToString(raw)
	var out bytes.Buffer
	for len(text) > lineLength {
		out.WriteString(text[:lineLength] + "\n")
		text = text[lineLength:]
	}
	out.WriteString(text)
	return out.String()
}
