package invoice

// partyRules are those of supplier, buyer and broker.
func partyRules() []Rule {
	return []Rule{
		{
			Code: "supplier_id", Sentence: "the supplier's business number must be ten digits with a right check digit",
			Source: "부가가치세법 32①1",
			broken: func(i *Invoice) []string { return when(!ValidBusinessNumber(i.Supplier.ID), pathSupplier+"ID") },
		},
		{
			Code: "supplier_name", Sentence: "the supplier must have a name", Source: "부가가치세법 32①1",
			broken: func(i *Invoice) []string { return when(i.Supplier.Name == "", pathSupplier+"NameText") },
		},
		{
			Code: "buyer_id_kind", Sentence: "the kind of the buyer's number must be 01, 02 or 03",
			Source: "KEC 3.0 BusinessTypeCode",
			broken: func(i *Invoice) []string {
				k := i.Buyer.IDKind
				bad := k != BuyerBusiness && k != BuyerPerson && k != BuyerForeigner
				return when(bad, pathBuyer+"SpecifiedOrganization/BusinessTypeCode")
			},
		},
		{
			Code: "buyer_id", Sentence: "the buyer's number must be of its kind: a business number, 13 digits, or 9999999999999",
			Source: "부가가치세법 32①2",
			broken: func(i *Invoice) []string { return when(!validBuyerID(i.Buyer), pathBuyer+"ID") },
		},
		{
			Code: "buyer_foreigner", Sentence: "a foreign buyer's passport or registration number must stand in the remarks",
			Source: "부가가치세법 시행령 67①", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				bad := i.Buyer.IDKind == BuyerForeigner && len(i.Document.Remarks) == 0
				return when(bad, pathDocument+"DescriptionText")
			},
		},
		{
			Code: "buyer_name", Sentence: "the buyer must have a name", Source: "KEC 3.0 InvoiceeParty",
			broken: func(i *Invoice) []string { return when(i.Buyer.Name == "", pathBuyer+"NameText") },
		},
		{
			Code: "representative", Sentence: "the parties must name their representative", Source: "KEC 3.0 SpecifiedPerson",
			Unconfirmed: true,
			broken: func(i *Invoice) []string {
				return append(when(i.Supplier.Representative == "", pathSupplier+"SpecifiedPerson/NameText"),
					when(i.Buyer.Representative == "", pathBuyer+"SpecifiedPerson/NameText")...)
			},
		},
		{
			Code: "broker", Sentence: "a consigned document must name the broker, any other none",
			Source: "부가가치세법 시행령 69",
			broken: func(i *Invoice) []string {
				return when(i.Document.Type.Consigned() != (i.Broker != nil), pathBroker[:len(pathBroker)-1])
			},
		},
		{
			Code: "broker_id", Sentence: "the broker must have a name and a business number with a right check digit",
			Source: "부가가치세법 시행령 69",
			broken: func(i *Invoice) []string {
				if i.Broker == nil {
					return nil
				}
				return append(when(!ValidBusinessNumber(i.Broker.ID), pathBroker+"ID"),
					when(i.Broker.Name == "", pathBroker+"NameText")...)
			},
		},
	}
}

// validBuyerID does not check the digits of a resident number: those given
// since October 2020 are said to have no check digit (unconfirmed).
func validBuyerID(b Buyer) bool {
	switch b.IDKind {
	case BuyerBusiness:
		return ValidBusinessNumber(b.ID)
	case BuyerPerson:
		return len(b.ID) == len(ForeignerID) && digits(b.ID)
	case BuyerForeigner:
		return b.ID == ForeignerID
	}
	return true // the kind has a rule of its own
}
