package invoice

import (
	"fmt"
	"log/slog"
	"strings"
)

// PrintedID is the buyer's number as a person may see it on paper or screen:
// 123-45-67890, a resident number with its last six digits hidden, or 외국인
// for a foreigner, whose own number stands in the remarks.
func (b Buyer) PrintedID() string {
	switch {
	case b.IDKind == BuyerForeigner || b.ID == ForeignerID:
		return "외국인"
	case b.IDKind == BuyerBusiness && len(b.ID) == 10:
		return b.ID[:3] + "-" + b.ID[3:5] + "-" + b.ID[5:]
	case len(b.ID) == len(ForeignerID):
		return b.ID[:6] + "-" + b.ID[6:7] + "******"
	}
	return strings.Repeat("*", len(b.ID))
}

// Format prints a buyer with its number as PrintedID, so that a resident
// number reaches no message by way of the fmt package.
func (b Buyer) Format(state fmt.State, verb rune) {
	type plain Buyer
	shown := plain(b)
	shown.ID = b.PrintedID()
	fmt.Fprintf(state, fmt.FormatString(state, verb), shown)
}

// LogValue is all that a log learns of a document.
func (i *Invoice) LogValue() slog.Value {
	return slog.GroupValue(slog.String("issue_id", i.Document.IssueID), slog.String("type", string(i.Document.Type)))
}

// LogValue is all that a log learns of a buyer.
func (b Buyer) LogValue() slog.Value { return slog.StringValue(b.PrintedID()) }
