package ubl

import (
	"strings"

	"shopbox/hub/invoice"
)

// mail is the scheme of an electronic address (CEF EAS).
const mail = "EM"

// supplier is BG-4.
func (m mapping) supplier() party {
	p := business(m.Supplier)
	var about []string
	for _, fact := range [][2]string{{"업태", m.Supplier.BusinessType}, {"종목", m.Supplier.Item}, {"대표자", m.Supplier.Representative}} {
		if fact[1] != "" {
			about = append(about, fact[0]+" "+fact[1])
		}
	}
	p.Legal.Form = strings.Join(about, ", ") // BT-33
	return p
}

// buyer is BG-7. Only a business gives its number. The country must be named
// (BR-11); a foreigner is supplied in Korea, too.
func (m mapping) buyer() party {
	if m.Buyer.IDKind == invoice.BuyerBusiness {
		return business(m.Buyer.Party)
	}
	return person(m.Buyer.Party)
}

func business(from invoice.Party) party {
	p := person(from)
	p.Legal.ID = from.ID
	p.Tax = &partyTax{ID: country + from.ID, Scheme: vat()}
	if from.Branch != "" {
		p.Branch = &identification{ID: from.ID + "-" + from.Branch} // BT-29, BT-46
	}
	return p
}

func person(from invoice.Party) party {
	p := party{
		Address: address{Street: from.Address, Country: country},
		Legal:   legal{Name: from.Name},
	}
	if from.Contact.Email != "" {
		p.Endpoint = &endpoint{Scheme: mail, Value: from.Contact.Email}
	}
	contact := contact{
		Name:      strings.TrimSpace(from.Contact.Department + " " + from.Contact.Person),
		Telephone: from.Contact.Telephone, Mail: from.Contact.Email,
	}
	if contact.Name+contact.Telephone+contact.Mail != "" {
		p.Contact = &contact
	}
	return p
}
