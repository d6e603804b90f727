// Package codeline cuts what a barcode scanner sends, byte by byte, into the
// codes that were read. The scanner drivers call it, whatever their bytes came
// over.
//
// What always holds: however the bytes are cut into pieces, the codes are the
// same, and each is clean text; what is not clearly a code is an error.
package codeline

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"shopbox/drivers"
)

const (
	stx = 0x02
	etx = 0x03
	// groupSeparator parts the fields of GS1 data.
	groupSeparator = 0x1D
	// longestCode is more than any code of a shop holds.
	longestCode = 512
	// deafFor is how many silent turns after a code that was cut short its
	// rest may still come.
	deafFor = 10
)

// ErrNoise says that bytes came that are no code. It is a drivers.ErrProtocol.
var ErrNoise = fmt.Errorf("%w: not a code", drivers.ErrProtocol)

// Read is what a Splitter found: a scan, or the error that says why the bytes
// were thrown away.
type Read struct {
	Scan drivers.Scan
	Err  error
}

// Splitter cuts the bytes of a scanner into codes. A code ends with CR, LF,
// CR LF or ETX; as long as the scanner never sent one of these, silence ends
// it too. The zero Splitter is ready.
type Splitter struct {
	frame []byte
	// overlong says that the frame is being thrown away for its length.
	overlong bool
	// ends says that this scanner ends its codes with a sign.
	ends bool
	// deaf is how many silent turns longer the rest of a code that was cut
	// short is thrown away.
	deaf int
}

// Write takes the next bytes and returns what is complete.
func (s *Splitter) Write(data []byte) []Read {
	var reads []Read
	for _, b := range data {
		switch b {
		case '\r', '\n', etx:
			s.ends = true
			reads = s.end(reads)
		case stx:
			// A new code begins; what came before it was never ended.
			if len(s.frame) > 0 && s.deaf == 0 {
				reads = append(reads, Read{Err: fmt.Errorf("%w: %d bytes without an end", ErrNoise, len(s.frame))})
			}
			s.clear()
		default:
			s.add(b)
		}
	}
	return reads
}

// Silence says that nothing came for one turn (100 ms unless the driver was
// told otherwise). It completes the code
// of a scanner that sends no ending sign. From one that does, half a code came:
// it is thrown away together with its rest, which would look like a code.
func (s *Splitter) Silence() []Read {
	if s.deaf > 0 {
		s.deaf--
		if s.deaf == 0 {
			s.clear()
		}
		return nil
	}
	if len(s.frame) == 0 {
		return nil
	}
	if !s.ends {
		return s.end(nil)
	}
	length := len(s.frame)
	s.clear()
	s.deaf = deafFor
	return []Read{{Err: fmt.Errorf("%w: cut short after %d bytes", ErrNoise, length)}}
}

func (s *Splitter) add(b byte) {
	if len(s.frame) >= longestCode {
		s.overlong = true
		return
	}
	s.frame = append(s.frame, b)
}

// end completes the frame; two ending signs in a row are one.
func (s *Splitter) end(reads []Read) []Read {
	if s.deaf == 0 && len(s.frame) > 0 {
		reads = append(reads, s.read())
	}
	s.clear()
	return reads
}

func (s *Splitter) clear() {
	s.frame, s.overlong, s.deaf = nil, false, 0
}

// read makes a scan of the frame.
func (s *Splitter) read() Read {
	if s.overlong {
		return Read{Err: fmt.Errorf("%w: longer than %d bytes", ErrNoise, longestCode)}
	}
	symbology, code := splitAIM(s.frame)
	if len(code) == 0 {
		return Read{Err: fmt.Errorf("%w: empty", ErrNoise)}
	}
	if at := firstNoise(code); at >= 0 {
		return Read{Err: fmt.Errorf("%w: byte %02x", ErrNoise, code[at])}
	}
	return Read{Scan: drivers.Scan{Code: string(code), Symbology: symbology}}
}

// Deliver hands what was found to the two functions of drivers.Scanner.Scans;
// bad may be nil.
func Deliver(reads []Read, each func(drivers.Scan), bad func(error)) {
	for _, read := range reads {
		switch {
		case read.Err == nil:
			each(read.Scan)
		case bad != nil:
			bad(read.Err)
		}
	}
}

// splitAIM takes the AIM identifier ("]E0") off a code.
func splitAIM(frame []byte) (symbology string, code []byte) {
	if len(frame) < 3 || frame[0] != ']' || !isLetter(frame[1]) || !isLetter(frame[2]) && !isDigit(frame[2]) {
		return "", frame
	}
	return string(frame[1:3]), frame[3:]
}

func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' }

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// firstNoise is where the first byte stands that is no part of a code: codes
// are printable text in ASCII or UTF-8, and GS1 separators. It is -1 for none.
func firstNoise(code []byte) int {
	return bytes.IndexFunc(code, func(r rune) bool {
		return r == utf8.RuneError || r != groupSeparator && !unicode.IsPrint(r)
	})
}
