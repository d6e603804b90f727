package correction

import "shopbox/protocol/money"

// Posting is a correction as the books take it: edge/books books pay and the
// employer's share by the same parts, below nothing when money goes back.
type Posting struct {
	Gross    money.Won
	Withheld []Part
	Net      money.Won
	Employer []Part
}

// Part is an amount withheld or owed, by the name the books know it by.
type Part struct {
	Due    string
	Amount money.Won
}

// Posting sums the entries by what is owed to whom; long-term care is paid
// together with health insurance.
func (c Correction) Posting() Posting {
	posting := Posting{Gross: c.Sum(Earning), Net: c.Net()}
	for _, entry := range c.Entries {
		switch entry.Kind {
		case Earning:
		case Deduction:
			posting.Withheld = add(posting.Withheld, due(entry.Name), entry.Difference())
		case Employer:
			posting.Employer = add(posting.Employer, due(entry.Name), entry.Difference())
		}
	}
	return posting
}

// due is the name of what an item is owed as.
func due(item string) string {
	switch item {
	case "ltc", "employer_ltc", "employer_health":
		return "health"
	case "employer_pension":
		return "pension"
	case "employer_employment":
		return "employment"
	}
	return item
}

func add(parts []Part, due string, amount money.Won) []Part {
	for i := range parts {
		if parts[i].Due == due {
			parts[i].Amount += amount
			return parts
		}
	}
	return append(parts, Part{Due: due, Amount: amount})
}
