package cli

import (
	"fmt"
	"strconv"

	"golang.org/x/text/currency"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// purse is the currency a terminal's amounts are in. Amounts are always in its
// smallest unit: 2040 are 2,040 won, or 20.40 euro.
type purse struct {
	name   string // ISO 4217, "KRW"; the number when it is not known here
	digits int    // behind the point; -1 when not known
}

// currencies are the ISO 4217 letters of the numbers terminals come with.
var currencies = map[string]string{
	"036": "AUD", "124": "CAD", "156": "CNY", "203": "CZK", "208": "DKK", "348": "HUF", "392": "JPY", "410": "KRW",
	"578": "NOK", "643": "RUB", "702": "SGD", "752": "SEK", "756": "CHF", "826": "GBP", "840": "USD", "946": "RON",
	"949": "TRY", "975": "BGN", "978": "EUR", "985": "PLN",
}

// purseOf asks a terminal that may work in another currency than won.
func purseOf(terminal drivers.Terminal) purse {
	number := "410"
	if teller, may := terminal.(drivers.CurrencyTeller); may {
		number = teller.Currency()
	}
	unit, err := currency.ParseISO(currencies[number])
	if err != nil {
		return purse{number, -1}
	}
	digits, _ := currency.Standard.Rounding(unit)
	return purse{unit.String(), digits}
}

// unit is what an amount of 1 is: "1 KRW", "0.01 EUR".
func (p purse) unit() string {
	if p.digits < 0 {
		return "the smallest unit of currency " + p.name
	}
	return p.write(1)
}

// write is an amount as people write it: "2040 KRW", "20.40 EUR".
func (p purse) write(amount money.Won) string {
	if p.digits <= 0 {
		return strconv.FormatInt(int64(amount), 10) + " " + p.name
	}
	sign, digits := "", strconv.FormatInt(int64(amount), 10)
	if amount < 0 {
		sign, digits = "-", digits[1:]
	}
	digits = fmt.Sprintf("%0*s", p.digits+1, digits)
	point := len(digits) - p.digits
	return sign + digits[:point] + "." + digits[point:] + " " + p.name
}
