package invoice

// partyRules are those of supplier, buyer and broker.
func partyRules() []Rule {
	list := append([]Rule{
		{
			Code: "supplier_id", Sentence: "the supplier's business number must be ten digits with a right check digit",
			Korean: "공급자 등록번호는 검증번호가 맞는 10자리여야 합니다", Source: "부가가치세법 32①1",
			broken: func(i *Invoice) []string { return when(!ValidBusinessNumber(i.Supplier.ID), pathSupplier+"ID") },
		},
		{
			Code: "supplier_name", Sentence: "the supplier must have a name",
			Korean: "공급자 상호를 적어야 합니다", Source: "부가가치세법 32①1",
			broken: func(i *Invoice) []string { return when(i.Supplier.Name == "", pathSupplier+"NameText") },
		},
	}, buyerRules()...)
	return append(list, Rule{
		Code: "representative", Sentence: "the parties must name their representative",
		Korean: "대표자 성명을 적어야 합니다", Source: "KEC 3.0 SpecifiedPerson", Unconfirmed: true,
		broken: func(i *Invoice) []string {
			return eachParty(i, pathPerson, func(p Party) bool { return p.Representative == "" })
		},
	}, Rule{
		Code: "branch", Sentence: "the number of a branch must be digits",
		Korean: "종사업장번호는 숫자여야 합니다", Source: "KEC 3.0 TaxRegistrationID",
		broken: func(i *Invoice) []string {
			return eachParty(i, pathBranch, func(p Party) bool { return !digits(p.Branch) })
		},
	}, Rule{
		Code: "broker", Sentence: "a consigned document must name the broker, any other none",
		Korean: "위수탁 문서에만 수탁자를 적고, 위수탁 문서에는 꼭 적어야 합니다", Source: "부가가치세법 시행령 69",
		broken: func(i *Invoice) []string {
			return when(i.Document.Type.Consigned() != (i.Broker != nil), pathBroker[:len(pathBroker)-1])
		},
	}, Rule{
		Code: "broker_id", Sentence: "the broker must have a name and a business number with a right check digit",
		Korean: "수탁자의 상호와 검증번호가 맞는 10자리 등록번호를 적어야 합니다", Source: "부가가치세법 시행령 69",
		broken: func(i *Invoice) []string {
			if i.Broker == nil {
				return nil
			}
			return append(when(!ValidBusinessNumber(i.Broker.ID), pathBroker+"ID"),
				when(i.Broker.Name == "", pathBroker+"NameText")...)
		},
	})
}

func buyerRules() []Rule {
	return []Rule{
		{
			Code: "buyer_id_kind", Sentence: "the kind of the buyer's number must be 01, 02 or 03",
			Korean: "공급받는자 구분은 01 사업자, 02 개인, 03 외국인 가운데 하나여야 합니다", Source: "KEC 3.0 BusinessTypeCode",
			broken: func(i *Invoice) []string {
				k := i.Buyer.IDKind
				bad := k != BuyerBusiness && k != BuyerPerson && k != BuyerForeigner
				return when(bad, pathBuyer+"SpecifiedOrganization/BusinessTypeCode")
			},
		},
		{
			Code: "buyer_id", Sentence: "the buyer's number must be of its kind: a business number, 13 digits, or 9999999999999",
			Korean: "공급받는자 번호는 구분에 맞아야 합니다: 사업자 10자리, 개인 13자리, 외국인 9999999999999",
			Source: "부가가치세법 32①2",
			broken: func(i *Invoice) []string { return when(!validBuyerID(i.Buyer), pathBuyer+"ID") },
		},
		{
			Code: "buyer_foreigner", Sentence: "a foreign buyer's passport or registration number must stand in the remarks",
			Korean: "공급받는자가 외국인이면 비고에 외국인등록번호나 여권번호를 적어야 합니다",
			Source: "KEC 3.0 BusinessTypeCode", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				return when(i.Buyer.IDKind == BuyerForeigner && blank(i.Document.Remarks), pathDocument+"DescriptionText")
			},
		},
		{
			Code: "buyer_name", Sentence: "the buyer must have a name",
			Korean: "공급받는자 상호나 이름을 적어야 합니다", Source: "KEC 3.0 InvoiceeParty",
			broken: func(i *Invoice) []string { return when(i.Buyer.Name == "", pathBuyer+"NameText") },
		},
	}
}

// eachParty names the element of every party of the document that is bad.
func eachParty(i *Invoice, element string, bad func(Party) bool) []string {
	list := append(when(bad(i.Supplier), pathSupplier+element), when(bad(i.Buyer.Party), pathBuyer+element)...)
	return append(list, when(i.Broker != nil && bad(*i.Broker), pathBroker+element)...)
}

// validBuyerID does not check the digits of a resident number: those given
// since October 2020 are said to have no check digit (unconfirmed).
func validBuyerID(b Buyer) bool {
	switch b.IDKind {
	case BuyerBusiness:
		return ValidBusinessNumber(b.ID)
	case BuyerPerson:
		return len(b.ID) == len(ForeignerID) && digits(b.ID) && b.ID != ForeignerID
	case BuyerForeigner:
		return b.ID == ForeignerID
	}
	return true // the kind has a rule of its own
}
