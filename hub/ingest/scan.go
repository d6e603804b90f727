package ingest

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"shopbox/protocol"
	"shopbox/protocol/money"
)

// scanner reads the batches that boxes really write, several times faster
// than encoding/json. It takes only text it is sure to read as encoding/json
// would; at anything else it stops, and the batch is read the slow way, which
// alone decides what is wrong with it. FuzzScan holds the two together.
type scanner struct {
	text string
	at   int
	odd  bool
	// into is where a sale is read, one after the other, costs what its lines
	// point to. slim is the batch's sales as they are kept.
	into  sale
	costs []money.Won
	slim  []byte
}

// maxDepth bounds nesting; deeper text is left to the slow way.
const maxDepth = 32

// slimPart is about which part of its text a sale is in slim.
const slimPart = 5

// batch reads a batch whose every event is good; ok is false when it is not
// sure of that. The records keep nothing of the text.
func (s *scanner) batch(box, text string) (records []record, ok bool) {
	s.text, s.at, s.odd = text, 0, false
	s.slim = make([]byte, 0, len(text)/slimPart)
	var ends []int
	s.array(func() {
		if len(records) == protocol.MaxBatchEvents {
			s.odd = true
			return
		}
		records, ends = append(records, s.event(box)), append(ends, len(s.slim))
	})
	s.space()
	if s.odd || s.at != len(s.text) || !number(records) {
		return nil, false
	}
	begin := 0
	for i, end := range ends {
		if end > begin {
			records[i].slim = s.slim[begin:end:end]
		}
		begin = end
	}
	return records, true
}

// event reads one envelope with its data.
func (s *scanner) event(box string) record {
	var event protocol.Event
	var data string
	sold := false
	begin := s.at
	s.object(func(key string) bool {
		switch key {
		case "specversion":
			event.SpecVersion = s.string()
		case "id":
			event.ID = s.string()
		case "source":
			event.Source = s.string()
		case "type":
			event.Type = s.string()
		case "time":
			s.odd = event.Time.UnmarshalText([]byte(s.string())) != nil || s.odd
		case "sequence":
			s.odd = event.Sequence.UnmarshalText([]byte(s.string())) != nil || s.odd
		case "data":
			if sold = isSale(event.Type); sold {
				s.sale(event.Type == protocol.TypeSaleRefunded)
				break
			}
			data = s.raw()
		default:
			return false
		}
		return true
	})
	s.odd = s.odd || s.at-begin > protocol.MaxEventBytes || event.Check(box) != nil
	r := record{sequence: int64(event.Sequence)}
	if sold {
		s.slim = appendSlim(s.slim, &s.into, r.sequence)
		return r
	}
	s.other(&r, &event, data)
	return r
}

// other reads a record that is no sale. A sale whose type comes behind it is
// left to the slow way.
func (s *scanner) other(r *record, event *protocol.Event, data string) {
	if s.odd || isSale(event.Type) {
		s.odd = true
		return
	}
	event.Data = []byte(data)
	s.odd = r.readData(event) != nil || r.code != ""
}

func isSale(kind string) bool {
	return kind == protocol.TypeSaleClosed || kind == protocol.TypeSaleRefunded
}

// sale reads a sale, which is good unless the scanner became odd.
func (s *scanner) sale(refund bool) {
	into := &s.into
	*into = sale{refund: refund, Lines: into.Lines[:0], Tenders: into.Tenders[:0]}
	s.costs = s.costs[:0]
	s.object(func(key string) bool {
		switch key {
		case "number":
			into.Number = s.string()
		case "day":
			into.Day = s.string()
		case "at":
			s.odd = into.At.UnmarshalText([]byte(s.string())) != nil || s.odd
		case "total":
			into.Total = integer[money.Won](s)
		case "original":
			into.Original = s.string()
		case "lines":
			s.array(func() { into.Lines = append(into.Lines, s.line()) })
		case "tenders":
			s.array(func() { into.Tenders = append(into.Tenders, s.tender()) })
		default:
			return false
		}
		return true
	})
	s.odd = s.odd || into.check() != nil
}

func (s *scanner) line() line {
	var l line
	s.object(func(key string) bool {
		switch key {
		case "product":
			l.Product = s.string()
		case "name":
			l.Name = s.string()
		case "quantity":
			l.Quantity = integer[money.Milli](s)
		case "amount":
			l.Amount = integer[money.Won](s)
		case "vat":
			l.VAT = money.VAT(s.string())
		case "cost":
			s.costs = append(s.costs, integer[money.Won](s))
			l.Cost = &s.costs[len(s.costs)-1]
		default:
			return false
		}
		return true
	})
	return l
}

func (s *scanner) tender() tender {
	var t tender
	s.object(func(key string) bool {
		switch key {
		case "kind":
			t.Kind = s.string()
		case "amount":
			t.Amount = integer[money.Won](s)
		default:
			return false
		}
		return true
	})
	return t
}

// object reads an object; field reads the value of a key, or returns false to
// have it skipped. Keys that encoding/json might match in another case, and
// keys that come twice, are odd.
func (s *scanner) object(field func(key string) bool) {
	if !s.take('{') {
		return
	}
	if s.next() == '}' {
		s.at++
		return
	}
	var seen [24]string
	for n := 0; !s.odd; n++ {
		key := s.string()
		for _, earlier := range seen[:min(n, len(seen))] {
			s.odd = s.odd || earlier == key
		}
		if s.odd = s.odd || n >= len(seen) || !plainKey(key); s.odd || !s.take(':') {
			return
		}
		seen[n] = key
		if !field(key) {
			s.skip(0)
		}
		if s.next() == '}' {
			s.at++
			return
		}
		s.take(',')
	}
}

func (s *scanner) array(element func()) {
	if !s.take('[') {
		return
	}
	if s.next() == ']' {
		s.at++
		return
	}
	for !s.odd {
		s.space()
		element()
		if s.next() == ']' {
			s.at++
			return
		}
		s.take(',')
	}
}

// plainKey is true for small ASCII letters, digits and underscores.
func plainKey(key string) bool {
	for i := range len(key) {
		c := key[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

func (s *scanner) space() {
	if s.at < len(s.text) && s.text[s.at] > ' ' {
		return
	}
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// next is the next byte that is not space, 0 at the end.
func (s *scanner) next() byte {
	s.space()
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	s.odd = true
	return 0
}

func (s *scanner) take(want byte) bool {
	if s.next() != want {
		s.odd = true
		return false
	}
	s.at++
	return true
}

// string reads a string without escapes; one with escapes is odd.
func (s *scanner) string() string {
	if !s.take('"') {
		return ""
	}
	rest := s.text[s.at:]
	ascii := true
	for i := range len(rest) {
		c := rest[i]
		if c == '"' {
			s.at += i + 1
			s.odd = s.odd || !ascii && !utf8.ValidString(rest[:i])
			return rest[:i]
		}
		if c == '\\' || c < ' ' {
			break
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	s.odd = true
	return ""
}

// integer reads a whole number of at most 18 digits.
func integer[N ~int64](s *scanner) N {
	s.space()
	begin := s.at
	s.number()
	text := s.text[begin:s.at]
	value, err := strconv.ParseInt(text, 10, 64)
	s.odd = s.odd || err != nil || len(text) > 18
	return N(value)
}

// raw skips a value and returns its text.
func (s *scanner) raw() string {
	s.space()
	begin := s.at
	s.skip(0)
	return s.text[begin:s.at]
}

// skip passes over a value that is not needed, checking that it is one.
func (s *scanner) skip(depth int) {
	if depth > maxDepth {
		s.odd = true
		return
	}
	switch c := s.next(); {
	case c == '"':
		s.skipString()
	case c == '{':
		s.skipObject(depth)
	case c == '[':
		s.array(func() { s.skip(depth + 1) })
	case c == '-' || c >= '0' && c <= '9':
		s.number()
	default:
		s.literal()
	}
}

func (s *scanner) skipObject(depth int) {
	s.at++
	if s.next() == '}' {
		s.at++
		return
	}
	for !s.odd {
		if s.next() != '"' {
			s.odd = true
			return
		}
		s.skipString()
		if !s.take(':') {
			return
		}
		s.skip(depth + 1)
		if s.next() == '}' {
			s.at++
			return
		}
		s.take(',')
	}
}

// skipString passes over a string; escapes other than of one character are
// odd.
func (s *scanner) skipString() {
	for i := s.at + 1; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			return
		case c == '\\':
			i++
			if i == len(s.text) || strings.IndexByte(`"\/bfnrt`, s.text[i]) < 0 {
				s.odd = true
				return
			}
		case c < ' ':
			s.odd = true
			return
		}
	}
	s.odd = true
}

func (s *scanner) literal() {
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(s.text[s.at:], word) {
			s.at += len(word)
			return
		}
	}
	s.odd = true
}

// number passes over a whole number; others are odd.
func (s *scanner) number() {
	begin := s.at
	if s.at < len(s.text) && s.text[s.at] == '-' {
		begin++
		s.at++
	}
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	digits := s.text[begin:s.at]
	if digits == "" || digits[0] == '0' && len(digits) > 1 {
		s.odd = true
	}
	if s.at < len(s.text) && strings.IndexByte(".eE", s.text[s.at]) >= 0 {
		s.odd = true
	}
}
