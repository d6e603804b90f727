package invoice

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ErrNumber says that a text is no approval number or its parts make none.
var ErrNumber = errors.New("invoice_number")

// maxSerial is the largest serial of eight digits.
const maxSerial = 99_999_999

// ApprovalNumber is the number of a document (승인번호, IssueID): 24
// characters, unique for ever. A document sent again keeps it.
type ApprovalNumber struct {
	// Date is the day the document is written on.
	Date Date
	// System is what the tax service gave the issuing system, eight characters.
	System string
	// Serial is the system's own part, eight characters.
	Serial string
}

// Numbering makes the approval numbers of one issuing system.
type Numbering struct {
	// System is the registration number the tax service gave the system:
	// eight digits or small letters.
	System string
	// Next gives the serial of a date's next document, from 0 to 99,999,999,
	// and never the same twice for one date. Its error ends the making.
	Next func(Date) (int, error)
}

// Number takes the next serial of the date.
func (n Numbering) Number(date Date) (ApprovalNumber, error) {
	serial, err := n.Next(date)
	if err != nil {
		return ApprovalNumber{}, err
	}
	return NewApprovalNumber(date, n.System, serial)
}

// NewApprovalNumber makes the number of the serial-th document of the date.
// Parts of a wrong length or outside their alphabet are ErrNumber.
func NewApprovalNumber(date Date, system string, serial int) (ApprovalNumber, error) {
	switch {
	case !date.Valid():
		return ApprovalNumber{}, fmt.Errorf("%w: the date is no day of eight digits", ErrNumber)
	case len(system) != 8:
		return ApprovalNumber{}, fmt.Errorf("%w: the registration number of the issuing system has not eight characters", ErrNumber)
	case serial < 0 || serial > maxSerial:
		return ApprovalNumber{}, fmt.Errorf("%w: the serial %d has not eight digits", ErrNumber, serial)
	}
	return ParseApprovalNumber(string(date) + system + fmt.Sprintf("%08d", serial))
}

// ParseApprovalNumber takes a number apart. The last sixteen characters are
// digits or small letters: so they are seen in real documents.
func ParseApprovalNumber(text string) (ApprovalNumber, error) {
	if len(text) != 24 {
		return ApprovalNumber{}, fmt.Errorf("%w: it has not 24 characters", ErrNumber)
	}
	n := ApprovalNumber{Date: Date(text[:8]), System: text[8:16], Serial: text[16:]}
	if !n.Date.Valid() {
		return ApprovalNumber{}, fmt.Errorf("%w: it does not begin with a date", ErrNumber)
	}
	for _, c := range n.System + n.Serial {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return ApprovalNumber{}, fmt.Errorf("%w: it holds other than digits and small letters", ErrNumber)
		}
	}
	return n, nil
}

// String is the number in its 24 characters.
func (n ApprovalNumber) String() string { return string(n.Date) + n.System + n.Serial }

// DateOf is the day of a time in its own location.
func DateOf(t time.Time) Date { return Date(t.Format("20060102")) }

// Time is the day at midnight UTC; ok is false when it does not exist.
func (d Date) Time() (day time.Time, ok bool) {
	day, err := time.Parse("20060102", string(d))
	return day, err == nil
}

// Valid reports whether the date exists in the calendar.
func (d Date) Valid() bool {
	_, ok := d.Time()
	return ok
}

// Valid reports whether the time exists.
func (m Moment) Valid() bool {
	_, err := time.Parse("20060102150405", string(m))
	return err == nil && len(m) == 14
}

// ValidBusinessNumber reports whether the check digit of a business
// registration number fits (weights 1 3 7 1 3 7 1 3 5, the last product also
// in tens).
func ValidBusinessNumber(id string) bool {
	if len(id) != 10 || !digits(id) {
		return false
	}
	sum := int(id[8]-'0') * 5 / 10
	for i, weight := range [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5} {
		sum += int(id[i]-'0') * weight
	}
	return (10-sum%10)%10 == int(id[9]-'0')
}

// String is the number as a decimal without needless zeros: 2, 1.5, -0.05.
func (h Hundredths) String() string {
	v, sign := int64(h), ""
	if v < 0 {
		v, sign = -v, "-"
	}
	text := sign + strconv.FormatInt(v/100, 10)
	if v%100 != 0 {
		text += "." + strings.TrimSuffix(strconv.FormatInt(100+v%100, 10)[1:], "0")
	}
	return text
}

func digits(text string) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
