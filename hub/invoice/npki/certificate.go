package npki

import (
	"crypto/x509"
	"time"
)

// personalPolicies are the certificate policies for natural persons, as the
// lists of accepted certificates in banks' and ministries' programs give them;
// the authorities' own statements were not at hand, so the list is unconfirmed
// and only makes a remark.
var personalPolicies = map[string]string{
	"1.2.410.200004.5.1.1.5":   "SignKorea",
	"1.2.410.200004.5.1.1.9":   "SignKorea, limited use",
	"1.2.410.200004.5.2.1.2":   "KICA",
	"1.2.410.200004.5.2.1.7.1": "KICA, banking",
	"1.2.410.200004.5.2.1.7.2": "KICA, securities",
	"1.2.410.200004.5.2.1.7.3": "KICA, credit cards",
	"1.2.410.200004.5.3.1.9":   "NCASign",
	"1.2.410.200004.5.4.1.1":   "CrossCert",
	"1.2.410.200004.5.5.1.1":   "INIPASS",
	"1.2.410.200005.1.1.1":     "yessign",
	"1.2.410.200005.1.1.4":     "yessign, banking",
	"1.2.410.200005.1.1.6.2":   "yessign, credit cards",
	"1.2.410.200012.1.1.1":     "TradeSign",
}

// Certificate reads a signCert.der and refuses one that is not for signing
// (key usage of RFC 5280 section 4.2.1.3). Whether it is in time is for
// CheckTime.
func Certificate(der []byte) (*x509.Certificate, error) {
	if len(der) > MaxFile {
		return nil, ErrTooLarge
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, ErrCertificate
	}
	return cert, checkPurpose(cert)
}

func checkPurpose(cert *x509.Certificate) error {
	if cert.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return ErrPurpose
	}
	return nil
}

// CheckTime returns ErrExpired or ErrNotYet unless the certificate is valid at
// the moment (RFC 5280 section 4.1.2.5). Whether it was revoked only its
// authority knows.
func CheckTime(cert *x509.Certificate, at time.Time) error {
	if at.After(cert.NotAfter) {
		return ErrExpired
	}
	if at.Before(cert.NotBefore) {
		return ErrNotYet
	}
	return nil
}

// CheckPair returns ErrPair unless the certificate is the key's own.
func (k *Key) CheckPair(cert *x509.Certificate) error {
	if !k.private.PublicKey.Equal(cert.PublicKey) {
		return ErrPair
	}
	return nil
}

// CertificateRemarks tells what may keep the tax service from taking a
// certificate: RemarkPersonal.
func CertificateRemarks(cert *x509.Certificate) []Remark {
	for _, policy := range cert.PolicyIdentifiers {
		if _, personal := personalPolicies[policy.String()]; personal {
			return []Remark{RemarkPersonal}
		}
	}
	return nil
}
