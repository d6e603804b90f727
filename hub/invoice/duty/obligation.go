package duty

import (
	"time"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// Trade is what the law looks at in a business.
type Trade string

// The trades.
const (
	// Retail is 소매업: a document only when asked (시행령 71①2, 73③).
	Retail Trade = "retail"
	// Hospitality is 음식점업 and 숙박업: a receipt unless asked (시행령 73①2, 3 and ③).
	Hospitality Trade = "hospitality"
	// PersonalCare is 미용, 욕탕 and the like: receipts (시행령 71①2, 73①4 and ④).
	PersonalCare Trade = "personal_care"
	// OtherTrade is everything else, mostly supply to businesses.
	OtherTrade Trade = "other"
)

// Seller is who supplies.
type Seller struct {
	// Company is 법인.
	Company  bool
	Taxpayer Taxpayer
	Trade    Trade
	// OpenedOn is the day the business began, if that matters.
	OpenedOn invoice.Date
	// Supply is the workplace's supply of whole years in won, exempt ones
	// included; years not known are left out.
	Supply map[int]money.Won
	// Receipts are a simplified taxpayer's receipts with tax of whole years
	// (공급대가) in won.
	Receipts map[int]money.Won
	// Obliged says that the seller once had to issue electronically: then it
	// is so for ever.
	Obliged bool
}

// Deal is one supply.
type Deal struct {
	On invoice.Date
	// Exempt goods bear no VAT.
	Exempt bool
	// Receipt says that a card slip or a cash receipt was given for it.
	Receipt bool
	// Asked says that a buyer showed a business registration and asked.
	Asked bool
	// Asset is a depreciable asset or another thing than the trade's own.
	Asset bool
}

// Verdict is what the law says about an act.
type Verdict string

// The verdicts.
const (
	Must    Verdict = "must"
	May     Verdict = "may"
	MustNot Verdict = "must_not"
)

// Decision is whether a document is issued, of which class and how.
type Decision struct {
	// Issue says whether, Electronic whether as an electronic one.
	Issue, Electronic Verdict
	// Class is that of the document, were it issued.
	Class invoice.Class
	// Reasons are why, the deciding one first.
	Reasons []Reason
}

// Reason is one sentence of a decision.
type Reason struct {
	// Code is stable.
	Code            string
	English, Korean string
	Source          string
	Remark          string
}

// Decide says whether a seller must, may or must not issue a tax invoice for a
// deal, and whether electronically.
func (l Law) Decide(s Seller, d Deal) (Decision, error) {
	if _, err := days(d.On); err != nil {
		return Decision{}, err
	}
	if err := s.check(); err != nil {
		return Decision{}, err
	}
	issue, why, err := l.issue(s, d)
	if err != nil {
		return Decision{}, err
	}
	electronic, how := l.electronic(s, d.On)
	decision := Decision{Issue: issue, Electronic: electronic, Class: invoice.ClassTax, Reasons: []Reason{why, how}}
	if d.Exempt {
		decision.Class = invoice.ClassExempt
		decision.Reasons = append(decision.Reasons, Reason{
			Code: "exempt", English: "exempt goods take an invoice without tax", Korean: "면세 재화는 세금계산서가 아니라 계산서를 발급합니다",
			Source: "소득세법 163; 법인세법 121", Remark: "that the rules for receipts are those of VAT is unconfirmed (소득세법 시행령 211)",
		})
	}
	return decision, nil
}

func (s Seller) check() error {
	known := s.Taxpayer == General || s.Taxpayer == Simplified && !s.Company
	switch s.Trade {
	case Retail, Hospitality, PersonalCare, OtherTrade:
	default:
		known = false
	}
	if !known {
		return ErrTaxpayer
	}
	if s.OpenedOn != "" {
		_, err := days(s.OpenedOn)
		return err
	}
	return nil
}

// issue asks the rules in the order in which they exclude each other.
func (l Law) issue(s Seller, d Deal) (Verdict, Reason, error) {
	only, err := l.receiptsOnly(s, d.On)
	switch {
	case err != nil:
		return "", Reason{}, err
	case d.Receipt:
		return MustNot, Reason{
			Code: "receipt_given", English: "a card slip or cash receipt was given; a second document is not issued",
			Korean: "신용카드 매출전표나 현금영수증을 발급했으므로 세금계산서를 다시 발급하지 않습니다", Source: "부가가치세법 33②, 36⑤; 시행령 71②",
		}, nil
	case only:
		return MustNot, Reason{
			Code: "receipts_only", English: "a simplified taxpayer below the threshold or newly opened issues receipts only",
			Korean: "직전 연도 공급대가가 기준 미만이거나 새로 시작한 간이과세자는 영수증만 발급합니다", Source: "부가가치세법 36①2, 36의2; 시행령 73⑩",
		}, nil
	case d.Asked && (s.Trade != PersonalCare || d.Asset):
		return Must, Reason{
			Code: "asked", English: "the buyer showed a business registration and asked",
			Korean: "공급받는 사업자가 사업자등록증을 보이고 발급을 요구했습니다", Source: "부가가치세법 36③; 시행령 73③④",
		}, nil
	}
	verdict, why := s.Trade.unasked()
	return verdict, why, nil
}

// unasked is the rule of a trade for a buyer who does not ask.
func (t Trade) unasked() (Verdict, Reason) {
	switch t {
	case Retail:
		return May, Reason{
			Code: "retail", English: "in retail a receipt is enough unless the buyer asks",
			Korean: "소매업은 요구가 없으면 영수증으로 됩니다", Source: "부가가치세법 33①, 36①1; 시행령 71①2, 73①1",
		}
	case Hospitality:
		return May, Reason{
			Code: "hospitality", English: "restaurants and lodging give receipts unless the buyer asks",
			Korean: "음식점업과 숙박업은 요구가 없으면 영수증을 발급합니다", Source: "부가가치세법 36①1; 시행령 73①2, 3",
		}
	case PersonalCare:
		return MustNot, Reason{
			Code: "personal_care", English: "hair, bath and similar services give receipts; only for an asset can a buyer ask",
			Korean: "미용, 욕탕 및 유사 서비스업은 영수증을 발급합니다. 감가상각자산만 요구할 수 있습니다", Source: "부가가치세법 33①, 36①1; 시행령 71①2, 73①4, 73④",
		}
	case OtherTrade:
	}
	return Must, Reason{
		Code: "supply", English: "every taxed supply takes a tax invoice", Korean: "과세 공급에는 세금계산서를 발급해야 합니다", Source: "부가가치세법 32①",
	}
}

// receiptsOnly is the time in which a simplified taxpayer issues receipts: from
// July after a year below the threshold, or from the opening, until the next
// June (부가가치세법 36의2).
func (l Law) receiptsOnly(s Seller, on invoice.Date) (bool, error) {
	if s.Taxpayer != Simplified {
		return false, nil
	}
	year := yearBehind(on)
	if s.OpenedOn != "" {
		if opened, _ := s.OpenedOn.Time(); opened.Year() > year {
			return true, nil
		}
	}
	below, err := l.Rates.ReceiptsOnlyBelow.At(on)
	if err != nil {
		return false, err
	}
	receipts, known := s.Receipts[year]
	if !known {
		return false, ErrReceipts
	}
	return receipts < below.Value, nil
}

// electronic is for companies, and for sole traders from July after the first
// year at the threshold for ever (시행령 68①②).
func (l Law) electronic(s Seller, on invoice.Date) (Verdict, Reason) {
	switch {
	case s.Company:
		return Must, Reason{Code: "company", English: "companies issue electronically", Korean: "법인은 전자로 발급해야 합니다", Source: "부가가치세법 32②"}
	case s.Obliged:
		return Must, obliged("부가가치세법 시행령 68①", "")
	}
	for year, supply := range s.Supply {
		begins := time.Date(year+1, time.July, 1, 0, 0, 0, 0, time.UTC)
		limit, err := l.Rates.ElectronicThreshold.At(invoice.DateOf(begins))
		if err == nil && supply >= limit.Value && invoice.DateOf(begins) <= on {
			return Must, obliged(limit.Source, limit.Remark)
		}
	}
	return May, Reason{
		Code: "below_threshold", English: "below the threshold a sole trader may choose", Korean: "기준 금액 미만인 개인사업자는 전자로 발급할지 고를 수 있습니다",
		Source: "부가가치세법 32⑤; 시행령 68⑩",
	}
}

func obliged(source, remark string) Reason {
	return Reason{
		Code: "threshold", English: "a sole trader whose supply reached the threshold issues electronically from the next July on, for ever",
		Korean: "공급가액이 기준 금액에 이른 개인사업자는 다음 해 7월부터 계속 전자로 발급해야 합니다", Source: source, Remark: remark,
	}
}

// yearBehind is the calendar year whose figures hold on a day: those of the
// year before from July on, of the one before that until June.
func yearBehind(on invoice.Date) int {
	day, _ := on.Time()
	if day.Month() >= time.July {
		return day.Year() - 1
	}
	return day.Year() - 2
}
