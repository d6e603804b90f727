package zvt

import "shopbox/drivers"

// maskPAN reads bitmap 22: packed digits, E for a masked one, F for padding,
// D before what is no number any more. Whatever the terminal left readable in
// the middle is masked here.
func maskPAN(packed []byte) string {
	var digits []byte
read:
	for _, b := range packed {
		for _, nibble := range [2]byte{b >> 4, b & 0x0F} {
			switch {
			case nibble <= 9:
				digits = append(digits, '0'+nibble)
			case nibble == 0x0D:
				break read
			case nibble != 0x0F:
				digits = append(digits, '*')
			}
		}
	}
	return drivers.MaskNumber(string(digits))
}

// maskDigits guards texts of the terminal.
func maskDigits(text string) string { return drivers.MaskText(text) }
