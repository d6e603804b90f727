package amend

import (
	"shopbox/hub/invoice"
	"shopbox/hub/invoice/refusal"
)

// The refusals.
var (
	ErrTime = refusal.New("amend_time",
		"the time of issue is no time of fourteen digits; correct it",
		"발급일시가 올바르지 않습니다. 있는 날짜와 시각 14자리로 고치십시오")
	ErrOriginal = refusal.New("amend_original",
		"the original has no approval number, written date or type of the standard; it cannot be amended here",
		"원본에 올바른 승인번호, 작성일자나 문서 종류가 없어 여기서 수정할 수 없습니다")
	ErrHistory = refusal.New("amend_history",
		"an earlier amendment is given twice or belongs to another document; give each of this document once",
		"앞선 수정 문서가 두 번 들어 있거나 다른 문서의 것입니다. 이 문서의 것만 한 번씩 넣으십시오")
	ErrReason = refusal.New("amend_reason",
		"the reason is none of 01 to 06; choose one",
		"수정사유가 01에서 06 가운데 하나가 아닙니다. 다시 고르십시오")
	ErrImport = refusal.New("amend_import",
		"customs issued this document; ask customs to amend it",
		"세관장이 발급한 문서입니다. 세관에 수정을 요청하십시오")
	ErrNegative = refusal.New("amend_negative",
		"the document is itself a negative one; correct it (01) or take it back (06)",
		"음수 문서입니다. 정정(01)하거나 취소(06)하십시오")
	ErrCreditKind = refusal.New("amend_credit_kind",
		"a local credit changes only taxed documents; this one bears no tax already",
		"내국신용장 사후개설은 과세 문서에만 씁니다. 이 문서에는 세액이 없습니다")
	ErrCreditLate = refusal.New("amend_credit_late",
		"the local credit was opened more than 25 days after the tax period; the supply stays taxed",
		"내국신용장이 과세기간 종료 후 25일을 지나 개설되었습니다. 영세율로 바꿀 수 없습니다")
	ErrAudit = refusal.New("amend_audit",
		"the tax office has announced an audit or asked about it; corrections are no longer allowed, ask a tax adviser",
		"세무조사 통지나 해명 안내를 받은 뒤에는 정정할 수 없습니다. 세무 대리인과 상의하십시오")
	ErrMistake = refusal.New("amend_mistake",
		"only a correction (01) can be for another reason than a mistake; choose 01 or leave it out",
		"착오 외의 사유는 정정(01)에만 고를 수 있습니다")
	ErrStatus = refusal.New("amend_status",
		"a change of the tax status matters only to prices, returns and cancellations; leave it out",
		"과세유형 전환은 공급가액 변동, 환입, 계약의 해제에만 고를 수 있습니다")
	ErrEvent = refusal.New("amend_event",
		"the day of the event must be a day of eight digits for 02 to 05, and is left out for 01 and 06",
		"사유 발생일은 02에서 05까지만 있는 날짜 8자리로 적고, 01과 06에는 적지 않습니다")
	ErrEarly = refusal.New("amend_event_early",
		"the event lies before the original's written date; correct the day, or correct the original (01)",
		"사유 발생일이 처음 작성일보다 빠릅니다. 날짜를 고치거나 원본을 정정(01)하십시오")
	ErrFuture = refusal.New("amend_event_future",
		"the event lies in the future; amend on its day or later",
		"사유 발생일이 오늘보다 늦습니다. 그날이 된 뒤에 수정하십시오")
	ErrLines = refusal.New("amend_lines",
		"lines are given for a price (02) and a return (03), and for no other reason",
		"품목은 공급가액 변동(02)과 환입(03)에만, 그리고 꼭 적습니다")
	ErrReplacement = refusal.New("amend_replacement",
		"a correction (01) needs the right document, and no other reason does",
		"정정(01)에만 바르게 고친 문서를 넣고, 꼭 넣어야 합니다")
	ErrSupplier = refusal.New("amend_supplier",
		"the supplier cannot be corrected; take the document back (06) and let the right one issue",
		"공급자는 정정할 수 없습니다. 취소(06)하고 맞는 사업자가 발급하십시오")
	ErrClass = refusal.New("amend_class",
		"a tax invoice does not become an exempt one by correction; take it back (06) and issue anew",
		"세금계산서와 계산서는 서로 정정할 수 없습니다. 취소(06)하고 새로 발급하십시오")
	ErrSign = refusal.New("amend_sign",
		"the corrected document is the negative of the original; take the original back (06) instead",
		"고친 문서가 원본의 음수와 같습니다. 정정이 아니라 취소(06)로 하십시오")
	ErrSame = refusal.New("amend_same",
		"the corrected document does not differ from the original; change what was wrong",
		"고친 문서가 원본과 같습니다. 잘못된 곳을 고치십시오")
	ErrNothingLeft = refusal.New("amend_nothing_left",
		"nothing is left of this document; amend the one that replaced it",
		"이 문서는 모두 취소되었습니다. 대신 발급한 문서를 수정하십시오")
	ErrPartly = refusal.New("amend_partly",
		"part of this document was amended before; take those amendments back (06) first, or amend the rest (02, 03)",
		"이미 일부가 수정된 문서입니다. 앞선 수정을 먼저 취소(06)하거나 남은 금액을 수정(02, 03)하십시오")
	ErrEmpty = refusal.New("amend_empty",
		"the lines add up to nothing; give the difference",
		"품목의 합이 0원입니다. 달라진 금액을 적으십시오")
	ErrReturnSign = refusal.New("amend_return_sign",
		"every line of a return must carry a minus; for more money use a price (02)",
		"환입 품목은 모두 음수로 적어야 합니다. 금액이 늘면 공급가액 변동(02)으로 하십시오")
	ErrExceeds = refusal.New("amend_exceeds",
		"more is taken back than is left of the document; lower the amount",
		"남은 금액보다 많이 뺄 수 없습니다. 금액을 줄이십시오")
	ErrLate = refusal.New("amend_late",
		"a year since the final return has passed; this can no longer be corrected",
		"확정신고기한 다음 날부터 1년이 지나 정정할 수 없습니다")
	ErrRemarks = refusal.New("amend_remarks",
		"there is no room for the date the law asks for in the remarks; leave at most two",
		"비고에 법에서 정한 날짜를 적을 자리가 없습니다. 비고를 두 개까지만 남기십시오")
	ErrInvalid = refusal.New("amend_invalid",
		"the amended document would break a rule; correct the named element",
		"수정 문서가 규칙에 어긋납니다. 아래 항목을 고치십시오")
)

// Refusals lists all of them.
func Refusals() []error {
	return []error{
		ErrTime, ErrOriginal, ErrHistory, ErrReason, ErrImport, ErrNegative, ErrCreditKind,
		ErrCreditLate, ErrAudit, ErrMistake, ErrStatus, ErrEvent, ErrEarly, ErrFuture, ErrLines,
		ErrReplacement, ErrSupplier, ErrClass, ErrSign, ErrSame, ErrNothingLeft, ErrPartly, ErrEmpty,
		ErrReturnSign, ErrExceeds, ErrLate, ErrRemarks, ErrInvalid,
	}
}

// InvalidError is ErrInvalid with the rules that the amended document breaks.
type InvalidError struct{ Findings []invoice.Finding }

// Error is the refusal and the first broken rule.
func (e *InvalidError) Error() string {
	first := e.Findings[0]
	return ErrInvalid.Error() + ": " + first.Element + ": " + first.Sentence
}

// Unwrap is ErrInvalid.
func (e *InvalidError) Unwrap() error { return ErrInvalid }
