package koces

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/korean"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// Answer is a result of the terminal.
type Answer struct {
	Telegram string
	TID      string
	// Code is the host's answer, Text its words.
	Code, Text string
	amounts    amounts
	Approval   string
	SubNumber  string
	Unique     string
	// Card is masked here, whatever the terminal left readable; of a cash
	// receipt it is the holder.
	Card     string
	Issuer   string
	Acquirer string
	Merchant string
	// At is zero where the telegram names no time (T180).
	At time.Time
}

// ParseAnswer reads the body of a result; others are drivers.ErrProtocol.
func ParseAnswer(body []byte) (Answer, error) {
	switch {
	case len(body) < 4:
	case string(body[:4]) == telegramCredit, string(body[:4]) == telegramReceipt:
		return parseFixed(body)
	case string(body[:4]) == telegramWallet:
		return parseList(body)
	}
	return Answer{}, fmt.Errorf("%w: no result", drivers.ErrProtocol)
}

// fixedSize is how far the fields of G120 and G130 are read: behind the
// merchant's number. What follows is not trusted.
const fixedSize = 309

func parseFixed(body []byte) (Answer, error) {
	if len(body) < fixedSize {
		return Answer{}, fmt.Errorf("%w: a result of %d bytes", drivers.ErrProtocol, len(body))
	}
	rest := body
	cut := func(size int) string {
		field := decode(rest[:size])
		rest = rest[size:]
		return field
	}
	answer := Answer{Telegram: cut(4)}
	cut(4) // number of the telegram
	answer.TID = cut(10)
	cut(5) // version
	cut(2) // months
	sums := [4]string{cut(10), cut(9), cut(9), cut(9)}
	cut(8 + 12) // the original of a cancel
	at := cut(14)
	answer.Code, answer.Text = cut(4), drivers.MaskText(cut(80))
	answer.Card = maskPrinted(answer.Telegram, cut(40))
	answer.Approval, answer.Unique = drivers.MaskText(cut(12)), drivers.MaskText(cut(20))
	cut(8 + 1) // name and kind of the card
	cut(4)
	answer.Issuer = drivers.MaskText(cut(12))
	cut(4)
	answer.Acquirer, answer.Merchant = drivers.MaskText(cut(12)), drivers.MaskText(cut(16))
	answer.At, _ = time.ParseInLocation("20060102150405", at, seoul())
	return answer, answer.sum(sums)
}

// The places of the list of T180.
const (
	listTID      = 2
	listAmount   = 5
	listCard     = 10
	listCode     = 11
	listText     = 12
	listApproval = 13
	listSub      = 14
	listUnique   = 15
	listIssuer   = 22
	listAcquirer = 24
	listMerchant = 25
	listLeast    = 26
)

func parseList(body []byte) (Answer, error) {
	if len(body) < 8 {
		return Answer{}, fmt.Errorf("%w: a result of %d bytes", drivers.ErrProtocol, len(body))
	}
	fields := strings.Split(decode(body[8:]), ";")
	if len(fields) < listLeast {
		return Answer{}, fmt.Errorf("%w: a list of %d fields", drivers.ErrProtocol, len(fields))
	}
	value := func(place int) string {
		_, after, _ := strings.Cut(fields[place], "=")
		return strings.TrimSpace(after)
	}
	answer := Answer{
		Telegram: telegramWallet, TID: value(listTID), Code: value(listCode), Text: drivers.MaskText(value(listText)),
		Card: drivers.MaskNumber(value(listCard)), Approval: drivers.MaskText(value(listApproval)),
		SubNumber: drivers.MaskText(value(listSub)), Unique: drivers.MaskText(value(listUnique)),
		Issuer: drivers.MaskText(value(listIssuer)), Acquirer: drivers.MaskText(value(listAcquirer)),
		Merchant: drivers.MaskText(value(listMerchant)),
	}
	return answer, answer.sum([4]string{value(listAmount), value(listAmount + 1), value(listAmount + 2), value(listAmount + 3)})
}

// sum reads the four amounts.
func (a *Answer) sum(fields [4]string) error {
	for i, into := range []*money.Won{&a.amounts.net, &a.amounts.tax, &a.amounts.service, &a.amounts.free} {
		amount, ok := won(fields[i])
		if !ok {
			return fmt.Errorf("%w: an amount is no number", drivers.ErrProtocol)
		}
		*into = amount
	}
	return nil
}

// decode reads EUC-KR; half a character at the end of a field is dropped.
func decode(field []byte) string {
	text, err := korean.EUCKR.NewDecoder().Bytes(field)
	if err != nil {
		return ""
	}
	return strings.Trim(strings.ToValidUTF8(strings.ReplaceAll(string(text), "\uFFFD", ""), ""), " \x00")
}

// maskPrinted masks what is meant for the slip: the track of a card up to its
// "=", or the holder of a cash receipt.
func maskPrinted(telegram, printed string) string {
	number, _, _ := strings.Cut(printed, "=")
	if telegram == telegramReceipt {
		return drivers.CashReceipt{Holder: number}.Masked()
	}
	return drivers.MaskNumber(number)
}

// approved: the host agreed and named an approval.
func (a Answer) approved() bool {
	return slices.Contains([]string{"0000", "0001", "0002", "9901"}, a.Code) && a.Approval != ""
}

// amount is what moved. The public code does not show whether the amount of a
// result holds its tax, as that of a request does not: the reading that is the
// amount asked for counts, and otherwise the sum, which is then told.
func (a Answer) amount(asked money.Won) money.Won {
	if a.amounts.net == asked {
		return asked
	}
	return a.amounts.net + a.amounts.tax + a.amounts.service + a.amounts.free
}

// mark names a transaction.
func (a Answer) mark() string {
	at := ""
	if !a.At.IsZero() {
		at = a.At.Format("20060102150405")
	}
	return strings.Join([]string{a.Telegram, a.Approval, a.Unique, at}, "/")
}

// result translates an answer; now stands for the time where it names none.
func (a Answer) result(asked money.Won, now time.Time) drivers.Result {
	at := a.At
	if at.IsZero() {
		at = now
	}
	result := drivers.Result{
		Approved: a.approved(), Text: a.Text, Approval: a.Approval, Card: a.Card, Scheme: a.Issuer,
		Acquirer: a.Acquirer, Merchant: a.Merchant, Terminal: a.TID, At: at,
	}
	if !result.Approved {
		result.Reason = "declined"
		return result
	}
	result.Amount = a.amount(asked)
	result.Reference = reference{
		a.Telegram, at.In(seoul()).Format("20060102"), a.Approval, a.Unique, a.SubNumber,
	}.String()
	return result
}
