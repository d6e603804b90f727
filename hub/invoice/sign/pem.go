package sign

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
)

// ParseKey reads an unencrypted RSA key in PEM: PKCS#8 (RFC 5958) or PKCS#1
// (RFC 8017). It is refused with CodeKey.
func ParseKey(text []byte) (*rsa.PrivateKey, error) {
	bad := &Error{Code: CodeKey, Element: "PRIVATE KEY", Detail: "there is no unencrypted RSA key in PEM"}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "RSA PRIVATE KEY":
			if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
				return key, nil
			}
			return nil, bad
		case "PRIVATE KEY":
			parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if key, ok := parsed.(*rsa.PrivateKey); ok && err == nil {
				return key, nil
			}
			return nil, bad
		}
	}
	return nil, bad
}

// ParseCertificate reads the first X.509 certificate in PEM (RFC 7468). It is
// refused with CodeCertificate.
func ParseCertificate(text []byte) (*x509.Certificate, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, &Error{Code: CodeCertificate, Element: "CERTIFICATE", Detail: err.Error()}
		}
		return certificate, nil
	}
	return nil, &Error{Code: CodeCertificate, Element: "CERTIFICATE", Detail: "there is no certificate in PEM"}
}
