package soap

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"slices"
	"strings"

	"shopbox/hub/invoice/xmltree"
)

// verify checks the WS-Security signature in the one profile of Write and
// returns the signer. The reference to the envelope leaves nothing out but the
// signature itself, so everything that is read was signed.
func verify(root, head *xmltree.Node, attachment *part) (*x509.Certificate, error) {
	security, signature, err := findSignature(head)
	if err != nil {
		return nil, err
	}
	top, err := children(signature, "SignedInfo", "SignatureValue", "KeyInfo")
	if err != nil {
		return nil, err
	}
	if err := checkInfo(top[0], attachment, envelopeDigest(root, security, signature)); err != nil {
		return nil, err
	}
	certificate, err := readToken(security, top[2])
	if err != nil {
		return nil, err
	}
	value, err := decode(top[1])
	if err != nil {
		return nil, err
	}
	return certificate, checkValue(top[0], top[1], value, certificate)
}

func findSignature(head *xmltree.Node) (security, signature *xmltree.Node, err error) {
	for _, child := range head.Elements() {
		if !child.Is(wsseSpace, "Security") {
			continue
		}
		if security != nil {
			return nil, nil, refuse(child, CodeRepeated, "the element stands twice")
		}
		security = child
	}
	if security == nil {
		return nil, nil, refuse(head, CodeUnsigned, "there is no wsse:Security")
	}
	if signature = find(security, dsSpace, "Signature"); signature == nil {
		return nil, nil, refuse(security, CodeUnsigned, "there is no ds:Signature")
	}
	for at := signature; at != nil; at = at.Parent {
		if slices.ContainsFunc(at.Attributes, func(a xmltree.Attribute) bool { return a.Prefix == "xml" }) {
			return nil, nil, refuse(at, CodeProfile, "an xml: attribute would change what is signed")
		}
	}
	return security, signature, nil
}

// envelopeDigest hashes the envelope without the signature. The tree is ours
// alone, so the signature may be taken out for the moment.
func envelopeDigest(root, security, signature *xmltree.Node) string {
	whole := security.Children
	security.Children = slices.DeleteFunc(slices.Clone(whole), func(n *xmltree.Node) bool { return n == signature })
	var out bytes.Buffer
	root.WriteCanonical(&out)
	security.Children = whole
	return digest(out.Bytes())
}

// checkInfo holds SignedInfo to the profile and both digests to what they are
// of.
func checkInfo(info *xmltree.Node, attachment *part, envelope string) error {
	names := []string{"CanonicalizationMethod", "SignatureMethod", "Reference"}
	if attachment != nil {
		names = append(names, "Reference")
	}
	list, err := children(info, names...)
	if err != nil {
		return err
	}
	for i, algorithm := range []string{c14n, rsaSHA256} {
		if err := checkAlgorithm(list[i], algorithm); err != nil {
			return err
		}
	}
	got, err := readReference(list[2], "", enveloped, c14n)
	if err != nil {
		return err
	}
	if got != envelope {
		return refuse(list[2], CodeDigest, "the digest is not that of the envelope: it was changed after signing")
	}
	if attachment == nil {
		return nil
	}
	if got, err = readReference(list[3], "cid:"+attachment.id, attachmentOf); err != nil {
		return err
	}
	if got != digest(attachment.content) {
		return refuse(list[3], CodeAttachmentDigest, "the digest is not that of the attachment")
	}
	return nil
}

// readReference is the digest value of a reference that is as expected.
func readReference(n *xmltree.Node, uri string, transforms ...string) (string, error) {
	if got, found := n.Attribute("URI"); !found || got != uri {
		return "", refuse(n, CodeProfile, "the reference is not to "+uri)
	}
	list, err := children(n, "Transforms", "DigestMethod", "DigestValue")
	if err != nil {
		return "", err
	}
	steps, err := children(list[0], slices.Repeat([]string{"Transform"}, len(transforms))...)
	if err != nil {
		return "", err
	}
	for i, algorithm := range transforms {
		if err := checkAlgorithm(steps[i], algorithm); err != nil {
			return "", err
		}
	}
	return squeeze(list[2].Content()), checkAlgorithm(list[1], sha256URI)
}

func checkAlgorithm(n *xmltree.Node, want string) error {
	if got, _ := n.Attribute("Algorithm"); got != want || len(n.Elements()) > 0 {
		return refuse(n, CodeProfile, "the algorithm is not "+want)
	}
	return nil
}

// readToken reads the certificate KeyInfo points to.
func readToken(security, keyInfo *xmltree.Node) (*x509.Certificate, error) {
	token := find(security, wsseSpace, "BinarySecurityToken")
	holder := find(keyInfo, wsseSpace, "SecurityTokenReference")
	if token == nil || holder == nil || find(holder, wsseSpace, "Reference") == nil {
		return nil, refuse(keyInfo, CodeProfile, "there is no SecurityTokenReference to a BinarySecurityToken")
	}
	uri, _ := find(holder, wsseSpace, "Reference").Attribute("URI")
	named := slices.ContainsFunc(token.Attributes, func(a xmltree.Attribute) bool {
		return a.Space == wsuSpace && a.Local == "Id" && "#"+a.Value == uri
	})
	if kind, _ := token.Attribute("ValueType"); !named || kind != tokenType {
		return nil, refuse(token, CodeProfile, "the token is not the X.509 certificate that is referred to")
	}
	raw, err := decode(token)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, refuse(token, CodeCertificate, err.Error())
	}
	return certificate, nil
}

func checkValue(info, valueNode *xmltree.Node, value []byte, certificate *x509.Certificate) error {
	public, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok || public.N.BitLen() < minKeyBits {
		return refuse(valueNode, CodeKey, "the key is not RSA of 2048 bits or more")
	}
	var out bytes.Buffer
	info.WriteCanonical(&out)
	sum := sha256.Sum256(out.Bytes())
	if rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], value) != nil {
		return refuse(valueNode, CodeSignature, "the signature is not that of the certificate")
	}
	return nil
}

// children are the child elements when they are exactly those of the
// signature namespace in that order.
func children(n *xmltree.Node, names ...string) ([]*xmltree.Node, error) {
	list := n.Elements()
	if !slices.EqualFunc(list, names, func(child *xmltree.Node, name string) bool { return child.Is(dsSpace, name) }) {
		return nil, refuse(n, CodeProfile, "the children are not "+strings.Join(names, ", "))
	}
	return list, nil
}

func decode(n *xmltree.Node) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(squeeze(n.Content()))
	if err != nil {
		return nil, refuse(n, CodeProfile, "the content is not base64")
	}
	return raw, nil
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }
