// Package ntspackage is the parcel in which signed e-tax invoices travel to
// the tax service: TaxInvoicePackage in DER, sealed as CMS EnvelopedData for
// the tax service's certificate. The commands and the transmitter call Seal;
// the simulated tax service calls Open. What always holds: no I/O, no clock,
// every size is bounded before work is done on it, and whoever sends damaged
// parcels learns nothing about what is inside from the answers.
//
// The ASN.1 (KEC e-tax invoice v3.0, from working programs; the standard's own
// text was not at hand):
//
//	TaxInvoicePackage ::= SEQUENCE {
//	  count          INTEGER,
//	  taxInvoiceSet  SET SIZE(1..100) OF TaxInvoiceData }
//	TaxInvoiceData ::= SEQUENCE {
//	  signerRvalue   OCTET STRING,
//	  taxInvoice     OCTET STRING }
package ntspackage

import (
	"shopbox/hub/invoice/refusal"
)

// Bounds of a package.
const (
	// MaxItems is the count of documents in one package.
	MaxItems = 100
	// MaxDocument is the size of one signed document in bytes. 99 lines are
	// under 200 KB.
	MaxDocument = 4 << 20
	// MaxPackage is the size of all documents together in bytes.
	MaxPackage = 32 << 20
	// maxOverhead is what DER and CMS add at most.
	maxOverhead = 64 << 10
	// An R value has 20 bytes from every authority seen; others are let through
	// within reason.
	minR = 16
	maxR = 64
)

// Item is one TaxInvoiceData.
type Item struct {
	// R is the R value of the certificate that signed the document. Empty, the
	// package is well-formed, but proves no owner.
	R []byte
	// Document is the signed XML, byte for byte.
	Document []byte
}

// Why a package is not made or not read.
var (
	ErrCount = refusal.New("package_count",
		"a package holds 1 to 100 documents; split them", "한 번에 1~100건만 보낼 수 있습니다. 나누어 보내세요.")
	ErrDocument = refusal.New("package_document_size",
		"a document is empty or larger than 4 MiB", "문서가 비었거나 4MiB보다 큽니다.")
	ErrR = refusal.New("package_rvalue_size",
		"the R value is not 16 to 64 bytes long; take it from the signer's key", "R값의 길이가 맞지 않습니다. 서명한 인증서의 개인키에서 꺼낸 값을 쓰세요.")
	ErrTwice = refusal.New("package_document_twice",
		"the same document is in the package twice", "같은 문서가 두 번 들어 있습니다.")
	ErrTooLarge = refusal.New("package_too_large",
		"the package is too large; send fewer documents at once", "묶음이 너무 큽니다. 더 적은 문서로 나누어 보내세요.")
	ErrCertificate = refusal.New("package_certificate",
		"the recipient's certificate has no RSA key of 2048 to 8192 bits", "받는 쪽 인증서의 키가 2048~8192비트 RSA가 아닙니다.")
	ErrMalformed = refusal.New("package_malformed",
		"the bytes are not the DER of the expected structure", "정해진 DER 구조가 아닙니다.")
	ErrTrailing = refusal.New("package_trailing_bytes",
		"there are bytes after the end", "끝난 뒤에 남는 바이트가 있습니다.")
	ErrIndefinite = refusal.New("package_indefinite_length",
		"lengths are left open as in BER; write DER", "길이를 정하지 않은 BER입니다. DER로 만드세요.")
	ErrNumber = refusal.New("package_count_mismatch",
		"the written count is not the number of documents", "적힌 건수와 실제 문서 수가 다릅니다.")
	ErrOrder = refusal.New("package_set_order",
		"the documents are not in the order that DER asks of a set", "문서가 DER의 SET OF 순서가 아닙니다.")
	ErrContentType = refusal.New("package_content_type",
		"it is no CMS EnvelopedData around data", "CMS EnvelopedData가 아닙니다.")
	ErrVersion = refusal.New("package_version",
		"the version of the CMS structure is not 0", "CMS 구조의 버전이 0이 아닙니다.")
	ErrAlgorithm = refusal.New("package_algorithm",
		"it is not encrypted with rsaEncryption and DES-EDE3-CBC", "rsaEncryption과 DES-EDE3-CBC로 암호화되지 않았습니다.")
	ErrRecipient = refusal.New("package_recipient",
		"it is sealed for another certificate", "다른 인증서 앞으로 봉인되었습니다.")
	ErrPair = refusal.New("package_pair_mismatch",
		"certificate and key do not belong together", "인증서와 개인키가 서로 맞지 않습니다.")
	// ErrOpen is the only answer to whatever is wrong behind the encryption:
	// one more would be an oracle (RFC 8017 section 7.2, RFC 5652 section 14).
	ErrOpen = refusal.New("package_not_opened",
		"it does not open, or holds no proper package", "열 수 없거나 올바른 묶음이 들어 있지 않습니다.")
)
