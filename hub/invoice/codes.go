package invoice

import "slices"

// TypeCode is the class of a document in two digits and its kind in two.
type TypeCode string

// Class is the first half of a TypeCode.
type Class string

// The classes.
const (
	ClassTax           Class = "01" // 세금계산서
	ClassTaxAmended    Class = "02" // 수정세금계산서
	ClassExempt        Class = "03" // 계산서
	ClassExemptAmended Class = "04" // 수정계산서
)

// Kind is the second half of a TypeCode.
type Kind string

// The kinds. Import documents are issued by customs only.
const (
	KindGeneral           Kind = "01" // 일반
	KindZeroRate          Kind = "02" // 영세율
	KindConsigned         Kind = "03" // 위수탁
	KindImport            Kind = "04" // 수입
	KindZeroRateConsigned Kind = "05" // 영세율위수탁
	KindImportDeferred    Kind = "06" // 수입납부유예
)

// Class is the first two digits, empty when the code is too short.
func (t TypeCode) Class() Class {
	if len(t) != 4 {
		return ""
	}
	return Class(t[:2])
}

// Kind is the last two digits, empty when the code is too short.
func (t TypeCode) Kind() Kind {
	if len(t) != 4 {
		return ""
	}
	return Kind(t[2:])
}

// Known reports whether class and kind are of the standard.
func (t TypeCode) Known() bool {
	classes := []Class{ClassTax, ClassTaxAmended, ClassExempt, ClassExemptAmended}
	kinds := []Kind{KindGeneral, KindZeroRate, KindConsigned, KindImport, KindZeroRateConsigned, KindImportDeferred}
	return slices.Contains(classes, t.Class()) && slices.Contains(kinds, t.Kind())
}

// Valid reports whether the code is known and makes sense. That an exempt
// document cannot be zero-rated is reasoned, not found as a formal rule.
func (t TypeCode) Valid() bool { return t.Known() && (!t.Exempt() || !t.ZeroRated()) }

// Amended reports whether the document amends another.
func (t TypeCode) Amended() bool {
	return t.Class() == ClassTaxAmended || t.Class() == ClassExemptAmended
}

// Exempt reports whether the goods bear no VAT (계산서, 소득세법 163).
func (t TypeCode) Exempt() bool {
	return t.Class() == ClassExempt || t.Class() == ClassExemptAmended
}

// ZeroRated reports whether the rate is zero (부가가치세법 21 to 24).
func (t TypeCode) ZeroRated() bool {
	return t.Kind() == KindZeroRate || t.Kind() == KindZeroRateConsigned
}

// Consigned reports whether a broker issues it (시행령 69).
func (t TypeCode) Consigned() bool {
	return t.Kind() == KindConsigned || t.Kind() == KindZeroRateConsigned
}

// Import reports whether customs issue it (부가가치세법 35).
func (t TypeCode) Import() bool { return t.Kind() == KindImport || t.Kind() == KindImportDeferred }

// AmendmentCode is the reason of an amended document (시행령 70).
type AmendmentCode string

// The reasons.
const (
	AmendCorrection   AmendmentCode = "01" // 기재사항 착오·정정
	AmendPrice        AmendmentCode = "02" // 공급가액 변동
	AmendReturn       AmendmentCode = "03" // 환입
	AmendCancellation AmendmentCode = "04" // 계약의 해제
	AmendLocalCredit  AmendmentCode = "05" // 내국신용장 사후개설
	AmendDuplicate    AmendmentCode = "06" // 착오에 의한 이중발급
)

// Valid reports whether the code is one of the six.
func (a AmendmentCode) Valid() bool {
	return len(a) == 2 && a >= AmendCorrection && a <= AmendDuplicate
}

// PurposeCode says whether the sum was paid.
type PurposeCode string

// The purposes.
const (
	PurposeReceived PurposeCode = "01" // 영수
	PurposeBilled   PurposeCode = "02" // 청구
	// PurposeBilledOld is written by older systems for billed; it is read, not written.
	PurposeBilledOld PurposeCode = "18"
)

// Valid reports whether the code is known.
func (p PurposeCode) Valid() bool {
	return p == PurposeReceived || p == PurposeBilled || p == PurposeBilledOld
}

// BuyerCode says what the number of the buyer is.
type BuyerCode string

// The kinds of buyers.
const (
	BuyerBusiness  BuyerCode = "01" // 사업자, ten digits
	BuyerPerson    BuyerCode = "02" // 개인, the resident number of thirteen digits
	BuyerForeigner BuyerCode = "03" // 외국인, ForeignerID
)

// ForeignerID stands in place of a foreign buyer's number; the passport or
// registration number stands in the remarks.
const ForeignerID = "9999999999999"

// PaymentCode is a way of paying.
type PaymentCode string

// The ways of paying.
const (
	PaidCash   PaymentCode = "10" // 현금
	PaidCheque PaymentCode = "20" // 수표
	PaidNote   PaymentCode = "30" // 어음
	PaidCredit PaymentCode = "40" // 외상미수금
)

// Valid reports whether the code is one of the four.
func (p PaymentCode) Valid() bool {
	return p == PaidCash || p == PaidCheque || p == PaidNote || p == PaidCredit
}
