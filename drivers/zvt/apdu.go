package zvt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrMalformed says that bytes are not ZVT.
var ErrMalformed = errors.New("malformed telegram")

// Command is the control field of an APDU: class and instruction.
type Command uint16

// The control fields this project speaks. Those of class 80 and 84 are
// answers; see APDU.Answer.
const (
	cmdStatusEnquiry       Command = 0x0501
	cmdRegistration        Command = 0x0600
	cmdAuthorisation       Command = 0x0601
	cmdLogOff              Command = 0x0602
	cmdTip                 Command = 0x060C
	cmdCompletion          Command = 0x060F
	cmdTurnoverTotals      Command = 0x0610
	cmdAborted             Command = 0x061E
	cmdRepeatReceipt       Command = 0x0620
	cmdReprint             Command = 0x0612
	cmdReserve             Command = 0x0622
	cmdPartialReversal     Command = 0x0623
	cmdBookTotal           Command = 0x0624
	cmdReservationReversal Command = 0x0625
	cmdReversal            Command = 0x0630
	cmdRefund              Command = 0x0631
	cmdEndOfDay            Command = 0x0650
	cmdDiagnosis           Command = 0x0670
	cmdSetTerminalTime     Command = 0x0691
	cmdAbort               Command = 0x06B0
	cmdPrintLine           Command = 0x06D1
	cmdPrintBlock          Command = 0x06D3
	cmdSetTime             Command = 0x0401
	cmdStatusInformation   Command = 0x040F
	cmdIntermediateStatus  Command = 0x04FF
	cmdPositive            Command = 0x8000
	cmdNegative            Command = 0x8400
)

// maxShort is the longest data block with a length field of one byte.
const maxShort = 254

// MaxData is the longest data block of an APDU.
const MaxData = 0xFFFF

// APDU is one telegram.
type APDU struct {
	Command Command
	Data    []byte
}

// Append appends the telegram's bytes; data beyond MaxData is an error of the
// caller and is cut.
func (a APDU) Append(dst []byte) []byte {
	data := a.Data[:min(len(a.Data), MaxData)]
	dst = binary.BigEndian.AppendUint16(dst, uint16(a.Command))
	if len(data) <= maxShort {
		dst = append(dst, byte(len(data)))
	} else {
		dst = binary.LittleEndian.AppendUint16(append(dst, 0xFF), uint16(len(data)))
	}
	return append(dst, data...)
}

// yes is the positive answer 80 00 00.
func yes() APDU { return APDU{Command: cmdPositive} }

// no is the negative answer 84 xx 00.
func no(code byte) APDU { return APDU{Command: cmdNegative | Command(code)} }

// Answer reports whether the telegram answers a command (class 80 or 84), and
// whether it agrees: 80 xx and 84 00 do (PA00P016 5.2.3).
func (a APDU) Answer() (isAnswer, agrees bool) {
	switch class := byte(a.Command >> 8); class {
	case 0x80:
		return true, true
	case 0x84:
		return true, a.Command == cmdNegative
	}
	return false, false
}

// longRefusal is the id of a negative answer that says more in its data.
const longRefusal = 0x1E

// Refusal is the error id of a negative answer. In 84 1E it stands in the data.
func (a APDU) Refusal() byte {
	if a.Command == cmdNegative|longRefusal && len(a.Data) > 0 {
		return a.Data[0]
	}
	return byte(a.Command)
}

// ReadAPDU reads one telegram however it was cut into packets. The end of the
// stream before the first byte is io.EOF; inside a telegram it is
// io.ErrUnexpectedEOF. A class that ZVT does not have is ErrMalformed at once,
// so that garbage is not taken for a length to wait for.
func ReadAPDU(r io.Reader) (APDU, error) {
	var head [3]byte
	if _, err := io.ReadFull(r, head[:1]); err != nil {
		return APDU{}, err
	}
	if !knownClass(head[0]) {
		return APDU{}, fmt.Errorf("%w: class %02X", ErrMalformed, head[0])
	}
	if _, err := io.ReadFull(r, head[1:]); err != nil {
		return APDU{}, cutShort(err)
	}
	size, err := readSize(r, head[2])
	if err != nil {
		return APDU{}, err
	}
	telegram := APDU{Command: Command(binary.BigEndian.Uint16(head[:2]))}
	if size == 0 {
		return telegram, nil
	}
	telegram.Data = make([]byte, size)
	_, err = io.ReadFull(r, telegram.Data)
	return telegram, cutShort(err)
}

func knownClass(class byte) bool {
	switch class {
	case 0x04, 0x05, 0x06, 0x08, 0x0F, 0x80, 0x84:
		return true
	}
	return false
}

func readSize(r io.Reader, short byte) (int, error) {
	if short != 0xFF {
		return int(short), nil
	}
	var long [2]byte
	if _, err := io.ReadFull(r, long[:]); err != nil {
		return 0, cutShort(err)
	}
	return int(binary.LittleEndian.Uint16(long[:])), nil
}

func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
