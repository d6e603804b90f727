package catalog

import "strings"

// WalletCode reports whether a scanned text looks like the code a customer's
// phone shows to pay with, and returns it as the terminal wants it: a QR code
// that is not of GS1 and no address of a web page, or 16 to 24 digits beginning
// with 25 to 30 (Alipay) or 10 to 15 (WeChat Pay) that no symbol calls an article
// number. The digits are common knowledge of the trade and the payload of Korean
// wallets is not published, so neither is confirmed: goods that have such a code
// go before. It is worth money for minutes; it is not shown, stored or logged.
func WalletCode(scanned string) (code string, is bool) {
	symbol, code := cutAIM(strings.TrimSpace(scanned))
	switch {
	case gs1Symbol(symbol), strings.Contains(code, "://"):
		return "", false
	case strings.HasPrefix(symbol, "]Q"):
		return code, code != ""
	case len(code) < 16 || len(code) > 24 || !digits(code):
		return "", false
	}
	head := code[:2]
	return code, head >= "25" && head <= "30" || head >= "10" && head <= "15"
}
