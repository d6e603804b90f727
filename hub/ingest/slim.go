package ingest

import (
	"errors"
	"time"

	"shopbox/hub/packed"
	"shopbox/protocol/money"
)

// What a batch adds to the read models waits in memory as bytes: a seventh of
// what the batch weighs unpacked, and nothing for the garbage collector to
// look into.

// errSlim says that bytes of this file cannot be read back: a mistake here.
var errSlim = errors.New("slim sale unreadable")

// The bits of a sale and of a line.
const (
	bitRefund = 1 << iota
	bitCosted
	bitExempt
)

func appendSlim(out []byte, s *sale, sequence int64) []byte {
	bits := 0
	if s.refund {
		bits = bitRefund
	}
	out = packed.AppendNumber(packed.AppendNumber(out, sequence), bits)
	out = packed.AppendNumber(packed.AppendNumber(out, s.day), s.At.UnixMilli())
	out = packed.AppendText(packed.AppendText(out, s.hour), s.Number)
	out = packed.AppendText(packed.AppendNumber(out, s.Total), s.Original)
	out = packed.AppendNumber(out, len(s.Tenders))
	for i := range s.Tenders {
		out = packed.AppendNumber(packed.AppendText(out, s.Tenders[i].Kind), s.Tenders[i].Amount)
	}
	out = packed.AppendNumber(out, len(s.Lines))
	for i := range s.Lines {
		out = appendLine(out, &s.Lines[i])
	}
	return out
}

func appendLine(out []byte, l *line) []byte {
	bits := 0
	if l.VAT == money.Exempt {
		bits |= bitExempt
	}
	if l.Cost != nil {
		bits |= bitCosted
	}
	out = packed.AppendText(packed.AppendText(packed.AppendNumber(out, bits), l.Product), l.Name)
	out = packed.AppendNumber(packed.AppendNumber(out, l.Quantity), l.Amount)
	if l.Cost != nil {
		out = packed.AppendNumber(out, *l.Cost)
	}
	return out
}

// slimReader reads sales back, one after the other, into the same place.
type slimReader struct {
	packed.Reader
	sale sale
}

func newSlimReader(bytes []byte) *slimReader {
	return &slimReader{Reader: packed.NewReader(bytes)}
}

// next reads a sale and its record's number; it is good until the next call.
func (r *slimReader) next() (*sale, int64, error) {
	s := &r.sale
	sequence, bits := r.Number(), r.Number()
	*s = sale{refund: bits&bitRefund != 0, day: int(r.Number()), At: time.UnixMilli(r.Number()), Lines: s.Lines[:0], Tenders: s.Tenders[:0]}
	s.hour, s.Number = r.Text(), r.Text()
	s.Total, s.Original = money.Won(r.Number()), r.Text()
	for n := r.Number(); n > 0 && !r.Bad(); n-- {
		s.Tenders = append(s.Tenders, tender{Kind: r.Text(), Amount: money.Won(r.Number())})
	}
	for n := r.Number(); n > 0 && !r.Bad(); n-- {
		s.Lines = append(s.Lines, r.line())
	}
	if r.Bad() {
		return nil, 0, errSlim
	}
	return s, sequence, nil
}

func (r *slimReader) line() line {
	bits := r.Number()
	l := line{Product: r.Text(), Name: r.Text(), Quantity: money.Milli(r.Number()), Amount: money.Won(r.Number()), VAT: money.Taxable}
	if bits&bitExempt != 0 {
		l.VAT = money.Exempt
	}
	if bits&bitCosted != 0 {
		cost := money.Won(r.Number())
		l.Cost = &cost
	}
	return l
}
