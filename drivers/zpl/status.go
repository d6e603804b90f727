package zpl

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"shopbox/drivers"
)

// The signs around each line of an answer.
const (
	stx = 0x02
	etx = 0x03
)

// The questions a printer answers at once, whatever it prints.
const (
	askStatus   = "~HS"
	askErrors   = "~HQES"
	askIdentity = "~HI"
)

// errAnswer says that bytes are no answer to the question.
var errAnswer = errors.New("no such answer")

// status is what ~HS tells.
type status struct {
	paperOut, paused, headOpen, ribbonOut bool
	corruptRAM, cold, hot                 bool
	// formats wait in the buffer; partial says that half a one came.
	formats int
	partial bool
	// labels are left of the format being printed.
	labels int
	// told is a fault told in another way, nil for none.
	told error
}

// idle reports whether nothing waits for paper.
func (s status) idle() bool { return s.formats == 0 && !s.partial && s.labels == 0 }

// fault is what keeps the printer from printing; nil when nothing.
func (s status) fault() error {
	switch {
	case s.told != nil:
		return s.told
	case s.headOpen:
		return drivers.ErrCoverOpen
	case s.paperOut:
		return drivers.ErrPaperOut
	case s.ribbonOut:
		return drivers.ErrRibbonOut
	case s.corruptRAM:
		return fmt.Errorf("%w: its memory is damaged", drivers.ErrPrinterFault)
	case s.cold, s.hot:
		return fmt.Errorf("%w: its head is too hot or too cold", drivers.ErrPrinterFault)
	case s.paused:
		return drivers.ErrPaused
	}
	return nil
}

// statusLines is how many lines answer ~HS.
const statusLines = 3

// lines are the whole lines between STX and ETX; what stands between them is
// left out.
func lines(heard []byte) []string {
	var found []string
	for {
		_, rest, begun := bytes.Cut(heard, []byte{stx})
		line, after, ended := bytes.Cut(rest, []byte{etx})
		if !begun || !ended {
			return found
		}
		found = append(found, string(line))
		heard = after
	}
}

// readStatus reads the answer to ~HS: "aaa,b,c,dddd,eee,f,g,h,iii,j,k,l",
// "mmm,n,o,p,q,r,s,t,uuuuuuuu,v,www" and "xxxx,y" (ZPL II Programming Guide,
// ~HS).
func readStatus(lines []string) (status, error) {
	if len(lines) != statusLines {
		return status{}, fmt.Errorf("%w: %d lines", errAnswer, len(lines))
	}
	first, second := strings.Split(lines[0], ","), strings.Split(lines[1], ",")
	if len(first) < 12 || len(second) < 9 {
		return status{}, fmt.Errorf("%w: %d and %d values", errAnswer, len(first), len(second))
	}
	var s status
	var err error
	for _, flag := range []struct {
		text string
		into *bool
	}{
		{first[1], &s.paperOut},
		{first[2], &s.paused},
		{first[7], &s.partial},
		{first[9], &s.corruptRAM},
		{first[10], &s.cold},
		{first[11], &s.hot},
		{second[2], &s.headOpen},
		{second[3], &s.ribbonOut},
	} {
		text := strings.TrimSpace(flag.text)
		if text != "0" && text != "1" {
			err = fmt.Errorf("%w: flag %q", errAnswer, flag.text)
		}
		*flag.into = text == "1"
	}
	var bad [2]error
	s.formats, bad[0] = count(first[4])
	s.labels, bad[1] = count(second[8])
	return s, errors.Join(err, bad[0], bad[1])
}

func count(text string) (int, error) {
	number, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errAnswer, err)
	}
	return int(number), nil
}

// readErrors reads the answer to ~HQES, "ERRORS: f gggggggg gggggggg" and the
// same for warnings: a flag and two groups of bits in hex, the second with the
// common faults. It sets the fault, nil for none, and reports whether that line
// has come whole.
func readErrors(heard []byte, fault *error) bool {
	_, rest, found := bytes.Cut(heard, []byte("ERRORS:"))
	line, _, ended := bytes.Cut(rest, []byte("\n"))
	if !found || !ended {
		return false
	}
	values := strings.Fields(string(line))
	if len(values) != 3 {
		return false
	}
	bits, err := strconv.ParseUint(values[2], 16, 64)
	*fault = faultOf(bits, values[0] != "0")
	return err == nil
}

// The bits of the common faults.
const (
	bitMedia  = 0x01
	bitRibbon = 0x02
	bitHead   = 0x04
	bitCutter = 0x08
)

func faultOf(bits uint64, some bool) error {
	switch {
	case bits&bitHead != 0:
		return drivers.ErrCoverOpen
	case bits&bitMedia != 0:
		return drivers.ErrPaperOut
	case bits&bitRibbon != 0:
		return drivers.ErrRibbonOut
	case bits&bitCutter != 0:
		return drivers.ErrCutter
	case bits != 0 || some:
		return fmt.Errorf("%w: error bits %x", drivers.ErrPrinterFault, bits)
	}
	return nil
}

// resolutions are the printers' dots an inch by the dots in a millimetre that
// ~HI tells.
func resolutions() map[string]string {
	return map[string]string{"6": "152", "8": "203", "12": "300", "24": "600"}
}

// readIdentity reads the answer to ~HI, "model,version,dots,memory", and returns
// the printer's dots an inch.
func readIdentity(line string) (resolution string, err error) {
	values := strings.Split(line, ",")
	if len(values) < 4 || strings.TrimSpace(values[0]) == "" {
		return "", fmt.Errorf("%w: %q", errAnswer, line)
	}
	dots := strings.TrimSpace(values[2])
	// Some write "8dpmm" or "8 DOTS".
	if end := strings.IndexFunc(dots, func(r rune) bool { return r < '0' || r > '9' }); end > 0 {
		dots = dots[:end]
	}
	resolution, known := resolutions()[dots]
	if !known {
		return "", fmt.Errorf("%w: %q dots in a millimetre", errAnswer, values[2])
	}
	return resolution, nil
}
