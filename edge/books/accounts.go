package books

// More accounts that the rules book to; the chart has the rest. The three-digit
// numbering follows common bookkeeping programs (from memory, unconfirmed).
const (
	Bank              = "103" // 보통예금
	RefundDue         = "120" // 미수금
	VATPrepaid        = "135" // 부가세대급금
	TaxPrepaid        = "136" // 선납세금
	Goods             = "146" // 상품
	Materials         = "153" // 원재료
	Payable           = "251" // 외상매입금
	OtherPayable      = "253" // 미지급금
	Withheld          = "254" // 예수금
	Advances          = "259" // 선수금
	TaxPayable        = "261" // 미지급세금
	Accrued           = "262" // 미지급비용
	Capital           = "331" // 자본금
	Drawings          = "338" // 인출금
	ServiceRevenue    = "412" // 서비스매출
	GoodsCost         = "451" // 상품매출원가
	ProductCost       = "455" // 제품매출원가
	Wages             = "801" // 급여
	DayWages          = "805" // 잡급
	Welfare           = "811" // 복리후생비
	EntertainmentCost = "813" // 기업업무추진비
	TaxesAndDues      = "817" // 세금과공과
	Depreciation      = "818" // 감가상각비
	Insurance         = "821" // 보험료
	Fees              = "831" // 지급수수료
	OtherIncome       = "930" // 잡이익
	OtherLoss         = "960" // 잡손실
)

// FixedAsset reports whether an account holds things that are used for years
// (사업용 유형·무형자산, column ⑦ of the simplified book).
func FixedAsset(code string) bool {
	switch code {
	case "195", "206", "208", "212":
		return true
	}
	return false
}

// contra is the accumulated depreciation of an asset; the chart has none for
// fit-out, whose book value falls directly.
func contra(asset string) string {
	switch asset {
	case "206", "208", "212":
		return string([]byte{asset[0], asset[1], asset[2] + 1})
	}
	return asset
}
