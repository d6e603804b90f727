package invoice

import "unicode/utf8"

type sized struct {
	path, text string
	most       int
}

// lengthRule holds every text to its length. Whether the tax service counts
// characters or bytes is not confirmed; characters are counted here.
func lengthRule() Rule {
	return Rule{
		Code: "length", Sentence: "the text must not be longer than the standard allows",
		Source: "KEC 3.0 element table", Unconfirmed: true,
		broken: func(i *Invoice) []string {
			var bad []string
			for _, s := range texts(i) {
				bad = append(bad, when(utf8.RuneCountInString(s.text) > s.most, s.path)...)
			}
			return bad
		},
	}
}

func texts(i *Invoice) []sized {
	list := []sized{
		{pathExchange + "ID", i.Exchange.ID, 24},
		{pathExchange + "ReferencedDocument/ID", i.Exchange.ReferencedID, 24},
	}
	for _, remark := range i.Document.Remarks {
		list = append(list, sized{pathDocument + "DescriptionText", remark, 150})
	}
	if d := i.Document.Import; d != nil {
		list = append(list, sized{pathDocument + "ReferencedImportDocument/ID", d.ID, 15},
			sized{pathDocument + "ReferencedImportDocument/ItemQuantity", d.Quantity, 6})
	}
	list = append(list, partyTexts(pathSupplier, i.Supplier, "DefinedContact")...)
	list = append(list, partyTexts(pathBuyer, i.Buyer.Party, "PrimaryDefinedContact")...)
	list = append(list, contactTexts(pathBuyer+"SecondaryDefinedContact/", i.Buyer.Second)...)
	if i.Broker != nil {
		list = append(list, partyTexts(pathBroker, *i.Broker, "DefinedContact")...)
	}
	for n, line := range i.Lines {
		list = append(list, sized{linePath(n, "SequenceNumeric"), line.Sequence, 2},
			sized{linePath(n, "DescriptionText"), line.Remark, 100},
			sized{linePath(n, "InformationText"), line.Specification, 60},
			sized{linePath(n, "NameText"), line.Name, 100})
	}
	return list
}

func partyTexts(path string, p Party, contact string) []sized {
	return append([]sized{
		{path + "TypeCode", p.BusinessType, 40},
		{path + "NameText", p.Name, 70},
		{path + "ClassificationCode", p.Item, 40},
		{path + "SpecifiedOrganization/TaxRegistrationID", p.Branch, 4},
		{path + "SpecifiedPerson/NameText", p.Representative, 30},
		{path + "SpecifiedAddress/LineOneText", p.Address, 150},
	}, contactTexts(path+contact+"/", p.Contact)...)
}

func contactTexts(path string, c Contact) []sized {
	return []sized{
		{path + "DepartmentNameText", c.Department, 40},
		{path + "PersonNameText", c.Person, 30},
		{path + "TelephoneCommunication", c.Telephone, 20},
		{path + "URICommunication", c.Email, 40},
	}
}
