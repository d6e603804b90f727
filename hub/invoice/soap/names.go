package soap

import (
	"encoding/hex"
	"regexp"
	"time"
)

// The namespaces of the envelope and the identifiers of the signature (W3C
// xmldsig-core, RFC 4051, OASIS WS-Security 1.0 and its SwA profile 1.1).
const (
	soapSpace  = "http://schemas.xmlsoap.org/soap/envelope/"
	soap12     = "http://www.w3.org/2003/05/soap-envelope"
	dsSpace    = "http://www.w3.org/2000/09/xmldsig#"
	kecSpace   = "http://www.kec.or.kr/standard/Tax/"
	wsaSpace   = "http://www.w3.org/2005/08/addressing"
	wsseSpace  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	wsuSpace   = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
	xsdSpace   = "http://www.w3.org/2001/XMLSchema"
	xsiSpace   = "http://www.w3.org/2001/XMLSchema-instance"
	certAction = "http://webservice.esero.go.kr/services/"

	c14n         = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	enveloped    = dsSpace + "enveloped-signature"
	rsaSHA256    = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	sha256URI    = "http://www.w3.org/2001/04/xmlenc#sha256"
	attachmentOf = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform"
	tokenType    = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
	tokenCoding  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
	tokenID      = "X509Token"
)

const (
	version    = "3.0"
	timeLayout = "2006-01-02T15:04:05.000Z"
	// maxField is the longest text of an identifier or a name in bytes.
	maxField = 512
)

// Chance is what makes an identifier unlike every other: 16 bytes from a good
// random source.
type Chance [16]byte

// korea is the time zone of every date in a name.
func korea() *time.Location { return time.FixedZone("KST", 9*60*60) }

// NewMessageID makes a MessageID: the time in Korea to the millisecond and 32
// hexadecimal digits.
func NewMessageID(at time.Time, chance Chance) string {
	at = at.In(korea())
	return at.Format("20060102150405") + at.Format(".000")[1:] + "-" + hex.EncodeToString(chance[:])
}

// NewSubmitID makes a SubmitID, or a ResultID: the eight characters the tax
// service gave the issuing system, the day in Korea and 32 hexadecimal digits.
func NewSubmitID(registration string, at time.Time, chance Chance) string {
	return registration + "-" + at.In(korea()).Format("20060102") + "-" + hex.EncodeToString(chance[:])
}

// NewReferenceID makes the Content-ID of an attachment.
func NewReferenceID(chance Chance) string { return hex.EncodeToString(chance[:]) }

// Registration is the issuing system's part of a SubmitID; found is false when
// the text is none.
func Registration(submitID string) (number string, found bool) {
	parts := regexp.MustCompile(`^([0-9a-z]{8})-[0-9]{8}-[0-9a-fA-F]{32}$`).FindStringSubmatch(submitID)
	if parts == nil {
		return "", false
	}
	return parts[1], true
}
