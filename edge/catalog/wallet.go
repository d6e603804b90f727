package catalog

import "strings"

// WalletCode reports whether a scanned text looks like the code a customer's
// phone shows to pay with: a QR code that is not of GS1, or 16 to 24 digits
// beginning with 25 to 30 (Alipay) or 10 to 15 (WeChat Pay) that no symbol calls
// an article number. The digits are common knowledge of the trade and the
// payload of Korean wallets is not published, so neither is confirmed: only
// who knows that a payment is on its way may take the code for one. Such a code
// is worth money for minutes; it is not shown, stored or logged.
func WalletCode(scanned string) bool {
	symbol, code := cutAIM(strings.TrimSpace(scanned))
	if gs1Symbol(symbol) {
		return false
	}
	if strings.HasPrefix(symbol, "]Q") {
		return true
	}
	if len(code) < 16 || len(code) > 24 || !digits(code) {
		return false
	}
	head := code[:2]
	return head >= "25" && head <= "30" || head >= "10" && head <= "15"
}
