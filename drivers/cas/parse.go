package cas

import (
	"bytes"
	"fmt"
	"strings"

	"shopbox/drivers"
)

// The frame of an answer.
const (
	soh = 0x01
	stx = 0x02
	etx = 0x03
	eot = 0x04
)

// A line of the stream: "ST,GS,", id, lamp, ",", eight signs of weight, a
// blank, the unit and CR LF.
const (
	streamLength = 22
	lampAt       = 7
	lampHold     = 0x10
	weightAt     = 9
	unitAt       = 17
	unitEnd      = 20
)

// ParseStream reads one line of the stream with its CR LF. A scale that moves
// is drivers.ErrUnstable, one with too much on it drivers.ErrOverload, one
// below zero drivers.ErrBelowZero; everything else that is no line is
// drivers.ErrProtocol.
func ParseStream(line []byte) (drivers.Weight, error) {
	if len(line) != streamLength || !bytes.HasSuffix(line, []byte("\r\n")) || line[2] != ',' || line[5] != ',' || line[8] != ',' {
		return drivers.Weight{}, fmt.Errorf("%w: line %q", drivers.ErrProtocol, line)
	}
	// A weight on hold is not what lies there now.
	if line[lampAt]&lampHold != 0 {
		return drivers.Weight{}, drivers.ErrUnstable
	}
	tared := string(line[3:5]) == "NT"
	if !tared && string(line[3:5]) != "GS" {
		return drivers.Weight{}, fmt.Errorf("%w: line %q", drivers.ErrProtocol, line)
	}
	switch string(line[:2]) {
	case "ST":
		return weightOf(string(line[weightAt:unitAt]), string(line[unitAt:unitEnd]), tared)
	case "US":
		return drivers.Weight{}, drivers.ErrUnstable
	case "OL":
		return drivers.Weight{}, drivers.ErrOverload
	}
	return drivers.Weight{}, fmt.Errorf("%w: line %q", drivers.ErrProtocol, line)
}

// An answer: SOH STX, then S or U, a blank or minus, six signs of weight and
// the unit, then their XOR, ETX EOT.
const (
	answerData   = 10
	answerLength = 2 + answerData + 3
)

// ParseAnswer reads the answer to DC1; errors as ParseStream.
func ParseAnswer(frame []byte) (drivers.Weight, error) {
	if start := bytes.IndexByte(frame, soh); start > 0 {
		frame = frame[start:]
	}
	if len(frame) != answerLength || frame[0] != soh || frame[1] != stx || frame[13] != etx || frame[14] != eot {
		return drivers.Weight{}, fmt.Errorf("%w: answer % X", drivers.ErrProtocol, frame)
	}
	data := frame[2 : 2+answerData]
	sum := frame[2+answerData]
	for _, sign := range data {
		sum ^= sign
	}
	if sum != 0 {
		return drivers.Weight{}, fmt.Errorf("%w: checksum of % X", drivers.ErrProtocol, frame)
	}
	switch data[0] {
	case 'S':
		return weightOf(string(data[1:8]), string(data[8:]), false)
	case 'U':
		return drivers.Weight{}, drivers.ErrUnstable
	}
	return drivers.Weight{}, fmt.Errorf("%w: answer % X", drivers.ErrProtocol, frame)
}

// weightOf is a stable weight in its unit.
func weightOf(text, unit string, tared bool) (drivers.Weight, error) {
	if strings.TrimSpace(unit) != "kg" {
		return drivers.Weight{}, fmt.Errorf("%w: unit %q", drivers.ErrProtocol, unit)
	}
	net, err := drivers.ParseKilograms(text)
	if err != nil {
		return drivers.Weight{}, err
	}
	if net < 0 {
		return drivers.Weight{}, drivers.ErrBelowZero
	}
	return drivers.Weight{Net: net, Tared: tared}, nil
}
