// Package npki opens the private keys and reads the certificates of the Korean
// public key infrastructure (공동인증서): signPri.key and signCert.der or one
// .p12 file, handed in as bytes. The invoice signer and the command line call it. It does no I/O,
// bounds every size and iteration count before working on it, and neither its
// errors nor a printed Key ever hold a password, a key or an R value.
package npki

import (
	"bytes"
	"crypto/rsa"
	"log/slog"

	"shopbox/hub/invoice/refusal"
)

// What opening a key or checking its owner can answer.
var (
	// ErrWrongPassword tells that the key did not open. A key file damaged in
	// its encrypted part looks the same.
	ErrWrongPassword = refusal.New("npki_password_wrong",
		"the password does not open the key", "인증서 비밀번호가 맞지 않습니다.")
	// ErrKeyFile tells that the file is neither a PKCS#8 key nor PKCS#12.
	ErrKeyFile = refusal.New("npki_key_file_invalid",
		"the file is no key of a certificate or is damaged", "인증서의 개인키 파일이 아니거나 손상되었습니다.")
	// ErrIndefinite tells of BER.
	ErrIndefinite = refusal.New("npki_file_ber",
		"the file leaves its lengths open (BER); export it again", "길이를 정하지 않은 BER 파일입니다. 인증서를 다시 내보내세요.")
	// ErrNoKey tells that a PKCS#12 file holds no private key.
	ErrNoKey = refusal.New("npki_key_missing",
		"the file holds no private key; export it with its key", "파일에 개인키가 없습니다. 개인키를 포함해 내보내세요.")
	// ErrNoCertificate tells that a PKCS#12 file holds no certificate.
	ErrNoCertificate = refusal.New("npki_certificate_missing",
		"the file holds no certificate; export it with its key", "파일에 인증서가 없습니다. 인증서와 개인키를 함께 내보내세요.")
	// ErrAlgorithm tells that the file or certificate uses an algorithm that
	// this package does not know.
	ErrAlgorithm = refusal.New("npki_algorithm_unsupported",
		"the file uses an algorithm that is not supported", "지원하지 않는 암호 방식입니다.")
	// ErrTooLarge tells that a size or iteration count is beyond its bound.
	ErrTooLarge = refusal.New("npki_limit_exceeded",
		"the file is larger than any such file should be", "파일이 정상 범위보다 큽니다.")
	// ErrPrivateKey tells that the file opened, but holds no sound RSA key of
	// 2048 to 4096 bits.
	ErrPrivateKey = refusal.New("npki_private_key_invalid",
		"the key is not RSA of 2048 to 4096 bits or is damaged", "개인키가 2048~4096비트 RSA가 아니거나 손상되었습니다.")
	// ErrCertificate tells that the certificate cannot be read.
	ErrCertificate = refusal.New("npki_certificate_invalid",
		"the certificate cannot be read", "인증서를 읽을 수 없습니다.")
	// ErrPurpose tells that the certificate is not for signing, such as kmCert.der.
	ErrPurpose = refusal.New("npki_certificate_not_for_signing",
		"the certificate is not for signing; use signCert.der", "전자서명용 인증서가 아닙니다. signCert.der를 쓰세요.")
	// ErrPair tells that certificate and key do not belong together.
	ErrPair = refusal.New("npki_pair_mismatch",
		"certificate and key do not belong together", "인증서와 개인키가 서로 맞지 않습니다.")
	// ErrExpired and ErrNotYet tell that the certificate is not in time.
	ErrExpired = refusal.New("npki_certificate_expired",
		"the certificate has expired; renew it", "인증서 유효기간이 지났습니다. 갱신하세요.")
	ErrNotYet = refusal.New("npki_certificate_not_yet_valid",
		"the certificate is not valid yet; check the clock", "인증서 유효기간이 아직 시작되지 않았습니다. 시계를 확인하세요.")
	// ErrNoIdentity tells that the certificate has no VID, so that nobody can be
	// proved its owner.
	ErrNoIdentity = refusal.New("npki_identity_missing",
		"the certificate does not say to which number it was issued", "인증서에 본인확인 정보(VID)가 없습니다.")
	// ErrNoR tells that the key has no R value.
	ErrNoR = refusal.New("npki_rvalue_missing",
		"the key has no R value; export the certificate again", "개인키에 R값이 없습니다. 인증서를 다시 내보내세요.")
	// ErrNumber tells that the owner's number has neither 10 nor 13 digits.
	ErrNumber = refusal.New("npki_owner_number_invalid",
		"the owner's number has neither 10 nor 13 digits", "사업자등록번호 10자리나 주민등록번호 13자리가 아닙니다.")
	// ErrWrongOwner tells that the certificate belongs to another number.
	ErrWrongOwner = refusal.New("npki_owner_wrong",
		"the certificate was issued to another business number", "다른 사업자등록번호로 발급된 인증서입니다.")
)

// Bounds on what is read. Korean authorities write 2048 iterations and files of
// under 2 KiB.
const (
	MaxFile       = 16 << 10 // bytes of a key or certificate file
	MaxPFX        = 64 << 10 // bytes of a .p12 or .pfx file
	MaxPassword   = 256      // bytes of a password
	MaxIterations = 100_000  // rounds of key derivation
	maxSalt       = 64       // bytes
	maxBags       = 16       // encrypted parts and bags of a .p12 file
	minKeyBits    = 2048
	maxKeyBits    = 4096
)

// Remark is the code of a reading that rests on an unconfirmed fact.
type Remark string

// The remarks a Key or a certificate may carry.
const (
	// RemarkOldSEED marks a key under the bare OID 1.2.410.200004.1.4: the
	// sources disagree on its key derivation, so both ways were tried.
	RemarkOldSEED Remark = "npki_old_seed_derivation_unconfirmed"
	// RemarkEUCKR marks a key that opened with the password in EUC-KR, which no
	// primary source confirms.
	RemarkEUCKR Remark = "npki_password_euckr_unconfirmed"
	// RemarkPersonal marks a certificate issued to a person, by its policy: the
	// tax service asks for one of the business (unconfirmed in detail).
	RemarkPersonal Remark = "npki_certificate_of_a_person"
)

// Sentence says what the remark means, in English and Korean.
func (r Remark) Sentence() string {
	switch r {
	case RemarkOldSEED:
		return "the key is in an old form on whose reading programs disagree (예전 형식의 개인키입니다)"
	case RemarkEUCKR:
		return "the key opened with the password in EUC-KR (비밀번호를 EUC-KR로 바꾸어 열었습니다)"
	case RemarkPersonal:
		return "the certificate is a person's; the tax service asks for one of the business (개인용 인증서입니다. 전자세금계산서에는 사업자 인증서가 필요합니다)"
	}
	return string(r)
}

// Key is an opened private key with the R value of its owner.
type Key struct {
	private *rsa.PrivateKey
	r       []byte
	remarks []Remark
}

// Private returns the key to sign with.
func (k *Key) Private() *rsa.PrivateKey { return k.private }

// R returns the owner's R value, which the tax service's package carries, or
// nothing when the key file has none.
func (k *Key) R() []byte { return bytes.Clone(k.r) }

// Remarks returns the unconfirmed facts that opening the key rested on.
func (k *Key) Remarks() []Remark { return append([]Remark(nil), k.remarks...) }

// String hides the key from every kind of print.
func (k *Key) String() string { return "npki key (hidden)" }

// GoString hides the key from %#v.
func (k *Key) GoString() string { return k.String() }

// LogValue hides the key from logs.
func (k *Key) LogValue() slog.Value { return slog.StringValue(k.String()) }
