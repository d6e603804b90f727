package escpos

import (
	"bytes"
	"fmt"

	"shopbox/drivers"
)

// answerKind is what a printer's bytes mean. Each kind has fixed bits of its
// own, so they can be told apart though nothing says which is which.
type answerKind uint8

const (
	// answerRealTime is a byte after DLE EOT: (x & 93) == 12.
	answerRealTime answerKind = iota
	// answerAutomatic is the four bytes of an automatic status: the first is
	// (x & 93) == 10.
	answerAutomatic
	// answerBarrier is the byte after GS r: (x & F0) == 00,
	// stricter than the reference, so that noise does not confirm a job.
	answerBarrier
	// answerProcessID is 37 22, four characters and 00 after GS ( H.
	answerProcessID
	// answerGarbage is a byte that is none of these.
	answerGarbage
)

type answer struct {
	kind answerKind
	data []byte
}

// nextAnswer finds the answer at the start of data and its size; 0 when bytes
// are missing.
func nextAnswer(data []byte) (answer, int) {
	if len(data) == 0 {
		return answer{}, 0
	}
	first := data[0]
	size := 1
	kind := answerGarbage
	switch {
	case first&0x93 == 0x12:
		kind = answerRealTime
	case first&0x93 == 0x10:
		kind, size = answerAutomatic, 4
	case first == 0x37:
		kind, size = answerProcessID, 7
	case first&0xF0 == 0x00:
		kind = answerBarrier
	}
	if len(data) < size {
		if kind == answerProcessID && !couldBeProcessID(data) {
			return answer{kind: answerGarbage, data: data[:1]}, 1
		}
		return answer{}, 0
	}
	found := answer{kind: kind, data: bytes.Clone(data[:size])}
	if kind == answerProcessID && !couldBeProcessID(found.data) {
		return answer{kind: answerGarbage, data: found.data[:1]}, 1
	}
	return found, size
}

func couldBeProcessID(data []byte) bool {
	if len(data) > 1 && data[1] != 0x22 {
		return false
	}
	return len(data) < 7 || data[6] == 0
}

// fault is what an automatic status says against printing; nil when nothing.
func (a answer) fault() error {
	switch {
	case a.kind != answerAutomatic:
		return nil
	case a.data[2]&0x0C != 0:
		return drivers.ErrPaperOut
	case a.data[0]&0x20 != 0:
		return drivers.ErrCoverOpen
	case a.data[1]&0x08 != 0:
		return drivers.ErrCutter
	case a.data[1]&0x64 != 0:
		return fmt.Errorf("%w: error bits %02x", drivers.ErrPrinterFault, a.data[1]&0x64)
	default:
		return nil
	}
}

// The questions of DLE EOT n, and the bits of their answers.
const (
	askPrinter = 1
	askOffline = 2
	askError   = 3
	askPaper   = 4

	bitDrawer    = 0x04
	bitOffline   = 0x08
	bitCover     = 0x04
	bitPaperStop = 0x20
	bitError     = 0x40
	bitCutter    = 0x08
	bitsNearEnd  = 0x0C
	bitsPaperEnd = 0x60
)

// offlineFault is what the answer to DLE EOT 2 says against printing; an
// error is a printer fault until DLE EOT 3 tells which.
func offlineFault(status byte) error {
	switch {
	case status&bitPaperStop != 0:
		return drivers.ErrPaperOut
	case status&bitCover != 0:
		return drivers.ErrCoverOpen
	case status&bitError != 0:
		return drivers.ErrPrinterFault
	default:
		return nil
	}
}

// errorFault is what the answer to DLE EOT 3 says of an error.
func errorFault(status byte) error {
	if status&bitCutter != 0 {
		return drivers.ErrCutter
	}
	return fmt.Errorf("%w: error bits %02x", drivers.ErrPrinterFault, status&0x64)
}

// paperFault is what the answer to DLE EOT 4 says against printing.
func paperFault(status byte) error {
	if status&bitsPaperEnd != 0 {
		return drivers.ErrPaperOut
	}
	return nil
}
