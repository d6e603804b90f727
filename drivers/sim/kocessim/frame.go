package kocessim

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding/korean"

	"shopbox/drivers/sim/terminalsim"
)

const (
	stx = 0x02
	etx = 0x03
	eot = 0x04
	ack = 0x06
	nak = 0x15
)

// split takes a sign or a frame, right or wrong, off what was heard.
func split(heard []byte) (telegram []byte, size int) {
	switch heard[0] {
	case ack, nak, eot:
		return heard[:1], 1
	case stx:
		end := bytes.IndexByte(heard, etx)
		if end < 0 || end+2 > len(heard) {
			return nil, 0
		}
		return heard[:end+2], end + 2
	}
	return nil, 1
}

// unpack opens a frame; whole is false when it is none or its check sum is
// wrong.
func unpack(frame []byte) (body []byte, whole bool) {
	if len(frame) < 4 || frame[0] != stx {
		return nil, false
	}
	last := len(frame) - 1
	var sum byte
	for _, b := range frame[1:last] {
		sum ^= b
	}
	return frame[1 : last-1], frame[last] == sum
}

func pack(body []byte) []byte {
	frame := append(append([]byte{stx}, body...), etx)
	var sum byte
	for _, b := range frame[1:] {
		sum ^= b
	}
	return append(frame, sum)
}

// fit cuts or fills a field with blanks, in EUC-KR.
func fit(text string, size int) []byte {
	raw, err := korean.EUCKR.NewEncoder().Bytes([]byte(text))
	if err != nil {
		raw = nil
	}
	for len(raw) < size {
		raw = append(raw, ' ')
	}
	return raw[:size]
}

// said is what a result tells besides the transaction.
type said struct {
	telegram   string
	code, text string
	printed    string
	sums       [4]int64
	original   string
}

// fixed is a result of G120 or G130.
func (s *Simulator) fixed(what said, t terminalsim.Transaction) []byte {
	body := fmt.Appendf(nil, "%s%04d%s%s%02d%010d%09d%09d%09d", what.telegram, t.Number%10000, s.config.TID, "SIM01",
		t.Months, what.sums[0], what.sums[1], what.sums[2], what.sums[3])
	body = append(body, fit("", 8)...)
	body = append(body, fit(what.original, 12)...)
	body = append(body, s.now().Format("20060102150405")...)
	body = append(body, fit(what.code, 4)...)
	body = append(body, fit(what.text, 80)...)
	body = append(body, fit(what.printed, 40)...)
	body = append(body, fit(t.Approval, 12)...)
	body = append(body, fit(fmt.Sprintf("U%09d", t.Number), 20)...)
	body = append(body, fit("신용승인", 8)...)
	body = append(body, '1')
	body = append(body, fit("0101시험카드", 16)...)
	body = append(body, fit("0202시험매입", 16)...)
	body = append(body, fit("0012345678", 16)...)
	return append(body, fit("01", 40)...)
}

// list is a result of T180.
func (s *Simulator) list(what said, t terminalsim.Transaction) []byte {
	fields := [29]string{
		"A15", "KKO", s.config.TID, "SIM01", fmt.Sprintf("%02d", t.Months),
		fmt.Sprintf("%012d", what.sums[0]), fmt.Sprintf("%012d", what.sums[1]), fmt.Sprintf("%012d", what.sums[2]), fmt.Sprintf("%012d", what.sums[3]),
		"0", what.printed, what.code, what.text, t.Approval, "", fmt.Sprintf("U%09d", t.Number),
	}
	fields[21], fields[22], fields[23], fields[24], fields[25] = "0901", "시험페이", "0902", "시험페이매입", "0012345678"
	var joined strings.Builder
	for i, value := range fields {
		fmt.Fprintf(&joined, "S%02d=%s;", i+1, value)
	}
	words, err := korean.EUCKR.NewEncoder().Bytes([]byte(joined.String()))
	if err != nil {
		words = nil
	}
	return append(fmt.Appendf(nil, "T180%04d", len(words)), words...)
}

// zone is nine hours east.
const zone = 9 * 60 * 60

func (s *Simulator) now() time.Time { return s.config.Now().In(time.FixedZone("KST", zone)) }
