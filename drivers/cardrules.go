package drivers

import (
	_ "embed"
	"encoding/json"
	"time"

	"shopbox/protocol/money"
)

// CardRules are the limits of the card trade in Korea as they stand on a day.
// Those of the card companies are their usage, not law; Confirmed says whether
// a primary source was seen.
type CardRules struct {
	// From is the first day they hold, "2016-01-01".
	From string `json:"from"`
	// SignatureOver is the amount above which the customer signs.
	SignatureOver money.Won `json:"signature_over"`
	// InstalmentsFrom is the smallest amount paid in months, LongestInstalments
	// the most months.
	InstalmentsFrom    money.Won `json:"instalments_from"`
	LongestInstalments int       `json:"longest_instalments"`
	// SelfIssueNumber is the holder of a cash receipt that nobody claimed.
	SelfIssueNumber string `json:"self_issue_number"`
	// SelfIssueFrom is the whole amount of a sale from which a business of a kind
	// obliged to issues a cash receipt unasked, within SelfIssueDays of being
	// paid. Whether a shop is of such a kind, the shop says.
	SelfIssueFrom money.Won `json:"self_issue_from"`
	SelfIssueDays int       `json:"self_issue_days"`
	Confirmed     bool      `json:"confirmed"`
	Source        string    `json:"source"`
}

//go:embed card_rules.json
var cardRules []byte

// CardRulesOn is what holds on a day. A day before all of them has the
// earliest.
func CardRulesOn(day time.Time) CardRules {
	var all []CardRules
	if err := json.Unmarshal(cardRules, &all); err != nil || len(all) == 0 {
		// The file is part of the program and its test reads it.
		return CardRules{}
	}
	held := all[0]
	for _, rules := range all[1:] {
		if rules.From <= day.Format(time.DateOnly) {
			held = rules
		}
	}
	return held
}

// Signs reports whether the customer signs for an amount.
func (r CardRules) Signs(amount money.Won) bool { return amount > r.SignatureOver }
