package invoice

import (
	"strings"
	"unicode/utf8"
)

// MaxRemarks is how many remarks a document may have, each of at most
// MaxRemark characters.
const (
	MaxRemarks = 3
	MaxRemark  = 150
)

type sized struct {
	path, text string
	most       int
}

// textRules hold every text of the document.
func textRules() []Rule {
	return []Rule{
		{
			// Whether the tax service counts characters or bytes is not
			// confirmed; characters are counted here.
			Code: "length", Sentence: "the text must not be longer than the standard allows",
			Korean: "글자 수가 표준의 한도를 넘습니다", Source: "KEC 3.0 element table", Unconfirmed: true,
			broken: eachText(func(s sized) bool { return utf8.RuneCountInString(s.text) > s.most }),
		},
		{
			Code: "text_character", Sentence: "the text must hold only characters that XML can carry",
			Korean: "XML에 담을 수 없는 문자(제어 문자)가 들어 있습니다. 지우고 다시 적으십시오", Source: "W3C REC-xml 2.2",
			broken: eachText(func(s sized) bool { return !utf8.ValidString(s.text) || strings.ContainsFunc(s.text, unprintable) }),
		},
	}
}

// unprintable is what is no character of XML 1.0.
func unprintable(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
}

func eachText(bad func(sized) bool) func(*Invoice) []string {
	return func(i *Invoice) []string {
		var list []string
		for _, s := range texts(i) {
			list = append(list, when(bad(s), s.path)...)
		}
		return list
	}
}

func texts(i *Invoice) []sized {
	list := []sized{
		{pathExchange + "ID", i.Exchange.ID, 24},
		{pathExchange + "ReferencedDocument/ID", i.Exchange.ReferencedID, 24},
	}
	for _, remark := range i.Document.Remarks {
		list = append(list, sized{pathDocument + "DescriptionText", remark, MaxRemark})
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
