package tl3x00

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/korean"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// The kinds of an answer, and "X" for a refused one.
const (
	kindCredit      = '1'
	kindReceipt     = '2'
	kindPrepaid     = '3'
	kindZeroPay     = '4'
	kindKakaoMoney  = '5'
	kindKakaoCredit = '6'
	kindNaver       = '8'
	kindRefused     = 'X'
)

// mediumIC is a card whose chip was read; the others are stripe, radio, bar
// code and typed.
const mediumIC = '1'

// The fields of the answers b, c and l, one behind the other.
const (
	cardSize     = 20
	amountSize   = 10
	taxSize      = 8
	monthsSize   = 2
	approvalSize = 12
	dateSize     = 8
	clockSize    = 6
	uniqueSize   = 12
	merchantSize = 15
	deviceSize   = 14
	houseSize    = 20 // code 4 and name 16
	answerSize   = 157
)

// Answer is the data of b, c and l.
type Answer struct {
	Kind   byte
	Medium byte
	// Card is masked here, whatever the terminal left readable.
	Card        string
	Amount, Tax money.Won
	Months      string
	Approval    string
	Date, Clock string
	Unique      string
	Merchant    string
	Device      string
	Issuer      string
	Acquirer    string
	// Code and Text are those of a refusal.
	Code, Text string
}

// ParseAnswer reads the 157 bytes; other sizes and amounts that are no numbers
// are drivers.ErrProtocol.
func ParseAnswer(data []byte) (Answer, error) {
	if len(data) != answerSize {
		return Answer{}, fmt.Errorf("%w: answer of %d bytes", drivers.ErrProtocol, len(data))
	}
	cut := cutter{rest: data[2:]}
	answer := Answer{Kind: data[0], Medium: data[1]}
	answer.Card = drivers.MaskNumber(cut.text(cardSize))
	answer.Amount = cut.won(amountSize)
	answer.Tax = cut.won(taxSize)
	cut.won(taxSize) // service charge
	answer.Months = cut.text(monthsSize)
	answer.Approval = drivers.MaskText(cut.text(approvalSize))
	answer.Date, answer.Clock = cut.text(dateSize), cut.text(clockSize)
	answer.Unique = drivers.MaskText(cut.text(uniqueSize))
	answer.Merchant, answer.Device = drivers.MaskText(cut.text(merchantSize)), drivers.MaskText(cut.text(deviceSize))
	issuer, acquirer := cut.text(houseSize), cut.text(houseSize)
	if answer.Kind == kindRefused {
		answer.Code, answer.Text = refusal(issuer, acquirer)
		return answer, nil
	}
	if cut.failed {
		return Answer{}, fmt.Errorf("%w: an amount is no number", drivers.ErrProtocol)
	}
	answer.Issuer, answer.Acquirer = house(issuer), house(acquirer)
	return answer, nil
}

// refusal finds "-XX" and the words behind it. One public code base reads them
// where the issuer stands, another where the acquirer stands.
func refusal(first, second string) (code, text string) {
	words := []string{}
	for _, field := range []string{first, second} {
		if rest, has := strings.CutPrefix(field, "-"); has && len(rest) >= 2 {
			code, field = rest[:2], rest[2:]
		}
		if field = strings.TrimSpace(field); field != "" {
			words = append(words, field)
		}
	}
	return code, drivers.MaskText(strings.Join(words, " "))
}

// house is an issuer's or acquirer's name without its code.
func house(field string) string {
	if len(field) <= 4 {
		return field
	}
	return drivers.MaskText(strings.TrimSpace(field[4:]))
}

// cutter takes fields of fixed size off a block that is long enough.
type cutter struct {
	rest   []byte
	failed bool
}

func (c *cutter) text(size int) string {
	field := c.rest[:size]
	c.rest = c.rest[size:]
	decoded, err := korean.EUCKR.NewDecoder().Bytes(field)
	if err != nil {
		decoded = nil
	}
	return strings.TrimSpace(strings.Trim(string(decoded), "\x00 "))
}

func (c *cutter) won(size int) money.Won {
	field := c.text(size)
	if field == "" {
		return 0
	}
	amount, err := strconv.ParseUint(field, 10, 63)
	if err != nil {
		c.failed = true
	}
	return money.Won(amount)
}

// at is the terminal's time of the sale; zero when it says none.
func (a Answer) at() time.Time {
	at, err := time.ParseInLocation(timeLayout, a.Date+a.Clock, seoul())
	if err != nil {
		return time.Time{}
	}
	return at
}

// approved: everything but a refusal, and never without an approval number.
func (a Answer) approved() bool { return a.Kind != kindRefused && a.Approval != "" }

// mark names a transaction; empty for an answer that names none.
func (a Answer) mark() string {
	if !a.approved() {
		return ""
	}
	return strings.Join([]string{string(a.Kind), a.Approval, a.Date + a.Clock, a.Unique}, "/")
}

// result translates an answer. Its Reference is what a cancel needs.
func (a Answer) result() drivers.Result {
	result := drivers.Result{
		Approved: a.approved(), Text: a.Text, Approval: a.Approval, Card: a.Card, Scheme: a.Issuer,
		Acquirer: a.Acquirer, Merchant: a.Merchant, Terminal: a.Device, At: a.at(),
	}
	if !result.Approved {
		result.Reason = reasonOf(a.Code)
		return result
	}
	result.Amount = a.Amount
	result.Reference = a.reference().String()
	return result
}

// reasonOf maps the refusal codes seen in public code.
func reasonOf(code string) string {
	switch code {
	case "6B":
		return "limit"
	case "6D", "69", "71", "74":
		return "card"
	case "0A", "0C":
		return "host"
	default:
		return "declined"
	}
}
