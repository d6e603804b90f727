package zvt

import "fmt"

// AppendBCD appends n as packed decimals of size bytes; digits that do not fit
// are cut at the left.
func AppendBCD(dst []byte, n uint64, size int) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, size)...)
	for i := len(dst) - 1; i >= start; i-- {
		dst[i] = byte(n%10) | byte(n/10%10)<<4
		n /= 100
	}
	return dst
}

// BCD reads packed decimals of at most nine bytes.
func BCD(packed []byte) (uint64, error) {
	if len(packed) > 9 {
		return 0, fmt.Errorf("%w: %d bytes of decimals", ErrMalformed, len(packed))
	}
	var n uint64
	for _, b := range packed {
		high, low := b>>4, b&0x0F
		if high > 9 || low > 9 {
			return 0, fmt.Errorf("%w: %02X is not decimal", ErrMalformed, b)
		}
		n = n*100 + uint64(high)*10 + uint64(low)
	}
	return n, nil
}
