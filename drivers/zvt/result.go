package zvt

import (
	"bytes"
	"encoding/hex"
	"strings"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// Error ids this driver tells apart (PA00P015 chapters 10 and 11).
const (
	codeOK               = 0x00
	codeWrongCurrency    = 0x6F
	codeNotPossible      = 0x83
	codeProtocol         = 0x9A
	codePleaseWait       = 0x9C
	codePartialIssue     = 0x9D
	codeReservation      = 0xB8
	codeReceiverNotReady = 0xA0
	codeCardInserted     = 0xDC
	codeCardNotRemoved   = 0xE1
	codeDayDue           = 0xF0
	codeSystemError      = 0xFF
)

// The reasons of drivers.Result.
const (
	reasonDeclined = "declined"
	reasonAborted  = "aborted"
	reasonTimeout  = "timeout"
	reasonCard     = "card"
	reasonLimit    = "limit"
	reasonExpired  = "expired"
	reasonHost     = "host"
)

// reasonOf maps a result code: up to decimal 99 the host's own (ISO 8583),
// above the terminal's.
func reasonOf(code byte) string {
	switch code {
	case 33, 54, 0x78:
		return reasonExpired
	case 51, 61, 65, 0x71, 0xC3, 0xC8, 0xC9:
		return reasonLimit
	case 68, 91, 92, 96, 0x7D, 0x9B, 0xA1, 0xA3:
		return reasonHost
	case 4, 14, 36, 41, 43, 62, 0x64, 0x65, 0x66, 0x67, 0x68, 0x6E, 0x72, 0x73, 0x76,
		0x79, 0x7A, 0x7B, 0x7C, 0x7E, 0xD2, 0xE9, 0xEA:
		return reasonCard
	case 0x6C:
		return reasonAborted
	case 0xA0, 0x9C:
		return reasonTimeout
	default:
		return reasonDeclined
	}
}

// progressOf maps an intermediate status (PA00P015 table 17). Those from 41 on
// ask for the card to be taken out besides.
func progressOf(code byte) drivers.Progress {
	switch code {
	case 0x0A, 0x2A:
		return drivers.ProgressInsertCard
	case 0x05, 0x45:
		return drivers.ProgressReversing
	case 0x0B, 0x66, 0x67:
		return drivers.ProgressRemoveCard
	case 0x01, 0x02, 0x15:
		return drivers.ProgressEnterPIN
	case 0x04, 0x06:
		return drivers.ProgressAskingHost
	case 0xC8:
		return drivers.ProgressSign
	}
	if code >= 0x41 && code <= 0x5D {
		return drivers.ProgressRemoveCard
	}
	return drivers.ProgressWait
}

func isApproved(fields Fields) bool {
	code, ok := fields.Byte(tagResult)
	return ok && code == codeOK
}

// ourCurrency: a terminal names the currency of an amount when it was told one.
func (t *Terminal) ourCurrency(fields Fields) bool {
	currency := fields.Bytes(tagCurrency)
	return currency == nil || t.takesAnyCurrency() || bytes.Equal(currency, t.ownCurrency())
}

// toResult reads 04 0F. Where the terminal names no amount, an approval is of
// the amount it was asked for.
func (t *Terminal) toResult(s *session, fields Fields, asked money.Won) drivers.Result {
	objects := fields.Objects()
	result := drivers.Result{
		Approved:  isApproved(fields),
		Reference: hex.EncodeToString(fields.Bytes(tagReceipt)),
		Trace:     traceOf(fields),
		Approval:  printable(fields.Bytes(tagApproval)),
		Card:      maskPAN(fields.Bytes(tagPAN)),
		Scheme:    maskDigits(s.decode(untilNUL(fields.Bytes(tagCardName)))),
		Merchant:  printable(fields.Bytes(tagMerchant)),
		Terminal:  hex.EncodeToString(fields.Bytes(tagTerminal)),
		At:        t.timeOf(fields),
		Text:      maskDigits(s.decode(fields.Bytes(tagText))),
	}
	if result.Scheme == "" {
		result.Scheme = maskDigits(s.decode(objects.Find(tlvApplication, tlvAppName)))
	}
	if result.Text == "" {
		result.Text = maskDigits(s.decode(objects.Find(tlvDisplayTexts, tlvText)))
	}
	if result.Terminal == "" {
		result.Terminal = t.terminalID()
	}
	amount, named := fields.Number(tagAmount)
	switch code, _ := fields.Byte(tagResult); {
	case !result.Approved:
		result.Reason = reasonOf(code)
	case named:
		result.Amount = money.Won(amount)
	default:
		result.Amount = asked
	}
	if tip, err := BCD(objects.Find(tlvTip)); err == nil && result.Approved {
		result.Tip = money.Won(tip)
	}
	if bits := objects.Find(tlvTransaction); len(bits) > 0 {
		result.Tippable = bits[0]&mayBeTipped != 0
	}
	how := objects.Find(tlvAuthentication)
	if how == nil {
		how = objects.Find(tlvPayment, tlvAuthentication)
	}
	if len(how) == 1 {
		result.Signature = how[0] == 1 || how[0] >= 5 && how[0] <= 7
	}
	return result
}

// mayBeTipped is a bit of tag 1F3B.
const mayBeTipped = 0x01

// korea is the zone of the shop's clock, and so of the terminal's.
const korea = 9 * 60 * 60

// timeOf reads date and time. The year, when the terminal sends none, is the
// one that brings the date nearest to now.
func (t *Terminal) timeOf(fields Fields) time.Time {
	date, ok := fields.Number(tagDate)
	clock, also := fields.Number(tagTime)
	if !ok || !also {
		return time.Time{}
	}
	zone := time.FixedZone("KST", korea)
	now := t.config.Now().In(zone)
	var nearest time.Time
	for year := now.Year() - 1; year <= now.Year()+1; year++ {
		at := time.Date(year, time.Month(date/100), int(date%100),
			int(clock/10000), int(clock/100%100), int(clock%100), 0, zone)
		if nearest.IsZero() || at.Sub(now).Abs() < nearest.Sub(now).Abs() {
			nearest = at
		}
	}
	return nearest
}

// printable is padded ASCII without its padding.
func printable(value []byte) string {
	return maskDigits(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, strings.TrimSpace(string(untilNUL(value)))))
}

func untilNUL(value []byte) []byte {
	before, _, _ := bytes.Cut(value, []byte{0})
	return before
}
