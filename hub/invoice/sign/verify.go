package sign

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"strings"

	"shopbox/hub/invoice/xmltree"
)

// Verified is what a good signature says.
type Verified struct {
	// Certificate is the signer's; whether its issuer is trusted and whether
	// it is in time or revoked is for the caller to ask.
	Certificate *x509.Certificate
	// Digest is the SHA-256 over the signed parts.
	Digest [sha256.Size]byte
}

// Verify checks the signature of a document in the profile of this package,
// with the certificate it carries. Everything but the profile is refused with
// an *Error, so that no signer can choose what is hashed; a changed document
// fails with CodeDigest, a changed signature with CodeSignature.
func Verify(document []byte) (Verified, error) {
	root, err := parse(document)
	if err != nil {
		return Verified{}, err
	}
	signature := find(root, "Signature")
	if signature == nil {
		return Verified{}, refuse(root, CodeUnsigned, "there is no ds:Signature")
	}
	parts, err := readParts(signature)
	if err != nil {
		return Verified{}, err
	}
	digest := sha256.Sum256(digestInput(root))
	if !bytes.Equal(digest[:], parts.digest) {
		return Verified{}, refuse(parts.digestNode, CodeDigest, "the digest is not that of the document: it was changed after signing")
	}
	if err := parts.checkValue(); err != nil {
		return Verified{}, err
	}
	return Verified{Certificate: parts.certificate, Digest: digest}, nil
}

type parts struct {
	signedInfo, digestNode, valueNode, certificateNode *xmltree.Node
	digest, value                                      []byte
	certificate                                        *x509.Certificate
}

func find(n *xmltree.Node, local string) *xmltree.Node {
	for _, child := range n.Elements() {
		if child.Is(dsSpace, local) {
			return child
		}
	}
	return nil
}

// readParts takes the signature apart and holds each part to the profile.
func readParts(signature *xmltree.Node) (parts, error) {
	var p parts
	if signature.Prefix != "ds" || len(signature.Attributes) > 0 && hasXML(signature) {
		return p, refuse(signature, CodeProfile, "the signature has another prefix than ds or an xml: attribute")
	}
	top, err := children(signature, "SignedInfo", "SignatureValue", "KeyInfo")
	if err != nil {
		return p, err
	}
	p.signedInfo, p.valueNode = top[0], top[1]
	if err := p.readInfo(); err != nil {
		return p, err
	}
	if p.value, err = decode(p.valueNode); err != nil {
		return p, err
	}
	return p, p.readCertificate(top[2])
}

func hasXML(n *xmltree.Node) bool {
	for _, a := range n.Attributes {
		if a.Prefix == "xml" {
			return true
		}
	}
	return false
}

// children are the child elements when they are exactly those of the
// signature namespace in that order and no text is between them.
func children(n *xmltree.Node, names ...string) ([]*xmltree.Node, error) {
	list := n.Elements()
	fits := len(list) == len(names)
	for i := 0; fits && i < len(list); i++ {
		fits = list[i].Is(dsSpace, names[i])
	}
	for _, child := range n.Children {
		fits = fits && strings.TrimSpace(child.Text) == ""
	}
	if !fits {
		return nil, refuse(n, CodeProfile, "the children are not "+strings.Join(names, ", "))
	}
	return list, nil
}

func (p *parts) readInfo() error {
	info, err := children(p.signedInfo, "CanonicalizationMethod", "SignatureMethod", "Reference")
	if err != nil {
		return err
	}
	reference, err := children(info[2], "Transforms", "DigestMethod", "DigestValue")
	if err != nil {
		return err
	}
	transforms, err := children(reference[0], "Transform", "Transform")
	if err != nil {
		return err
	}
	p.digestNode = reference[2]
	if uri, found := info[2].Attribute("URI"); !found || uri != "" {
		return refuse(info[2], CodeProfile, "the reference is not to the whole document")
	}
	for n, algorithm := range map[*xmltree.Node]string{
		info[0]: c14n, info[1]: rsaSHA256, reference[1]: sha256URI, transforms[0]: c14n, transforms[1]: xpath,
	} {
		if got, _ := n.Attribute("Algorithm"); got != algorithm {
			return refuse(n, CodeProfile, "the algorithm is not "+algorithm)
		}
	}
	if err := checkXPath(transforms[1]); err != nil {
		return err
	}
	p.digest, err = decode(p.digestNode)
	return err
}

// checkXPath compares without white space and kind of quotes: some systems
// write no blanks around =.
func checkXPath(transform *xmltree.Node) error {
	list, err := children(transform, "XPath")
	if err != nil {
		return err
	}
	space, _ := list[0].Lookup("ds")
	written := strings.ReplaceAll(squeeze(list[0].Content()), `"`, "'")
	if written != squeeze(scopeXPath) || space != dsSpace {
		return refuse(list[0], CodeProfile, "the expression is not the one of the standard")
	}
	return nil
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

func (p *parts) readCertificate(keyInfo *xmltree.Node) error {
	data := find(keyInfo, "X509Data")
	if data == nil || find(data, "X509Certificate") == nil {
		return refuse(keyInfo, CodeProfile, "there is no X509Data with an X509Certificate")
	}
	p.certificateNode = find(data, "X509Certificate")
	raw, err := decode(p.certificateNode)
	if err != nil {
		return err
	}
	if p.certificate, err = x509.ParseCertificate(raw); err != nil {
		return refuse(p.certificateNode, CodeCertificate, err.Error())
	}
	return nil
}

func (p *parts) checkValue() error {
	public, ok := p.certificate.PublicKey.(*rsa.PublicKey)
	if !ok || public.N.BitLen() < minKeyBits {
		return refuse(p.certificateNode, CodeKey, "the key is not RSA of 2048 bits or more")
	}
	var out bytes.Buffer
	p.signedInfo.WriteCanonical(&out)
	sum := sha256.Sum256(out.Bytes())
	if rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], p.value) != nil {
		return refuse(p.valueNode, CodeSignature, "the signature is not that of the certificate")
	}
	return nil
}

func decode(n *xmltree.Node) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(squeeze(n.Content()))
	if err != nil {
		return nil, refuse(n, CodeProfile, "the content is not base64")
	}
	return raw, nil
}
