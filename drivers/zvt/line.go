package zvt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// line carries whole telegrams to and from a terminal. Above it TCP and
// serial are alike.
type line interface {
	// send sends a telegram whole; sent is false only when not one byte of it
	// left the box.
	send(telegram APDU, wait time.Duration) (sent bool, err error)
	// receive waits for the next telegram. Bytes that are none are
	// ErrMalformed.
	receive(deadline time.Time) (APDU, error)
	// close may be called twice and while another goroutine reads.
	close()
}

// parseAddress reads where a terminal is: tcp://host:port, host:port alone, or
// serial:///dev/ttyUSB0?baud=9600. A serial line has two stop bits unless told
// otherwise (PA00P016 chapter 4).
func parseAddress(text string) (port.Address, error) {
	switch scheme, rest, found := strings.Cut(text, "://"); {
	case !found:
		text = "tcp://" + text
	case scheme == "serial":
		path, query, _ := strings.Cut(rest, "?")
		settings, err := url.ParseQuery(query)
		if err == nil && !settings.Has("stop") {
			settings.Set("stop", "2")
			text = "serial://" + path + "?" + settings.Encode()
		}
	case scheme != "tcp":
		return port.Address{}, fmt.Errorf("%w: a ZVT terminal is at tcp:// or serial://, not %q", drivers.ErrSettings, text)
	}
	return port.Parse(text)
}

// openLine connects to the terminal.
func openLine(ctx context.Context, config Config, address port.Address) (line, error) {
	reaching, cancel := context.WithTimeout(ctx, config.T3)
	defer cancel()
	opened, err := address.Open(reaching)
	if err != nil {
		return nil, err
	}
	if address.Serial() {
		return newSerialLine(opened, config), nil
	}
	return &tcpLine{port: opened}, nil
}

// tcpLine carries telegrams as they are (PA00P016 chapter 3).
type tcpLine struct {
	port     port.Port
	deadline time.Time
}

func (l *tcpLine) close() { _ = l.port.Close() }

func (l *tcpLine) send(telegram APDU, wait time.Duration) (sent bool, err error) {
	n, err := l.port.Write(telegram.Append(nil), wait)
	return n > 0, err
}

func (l *tcpLine) receive(deadline time.Time) (APDU, error) {
	l.deadline = deadline
	return ReadAPDU(l)
}

// Read reads up to the deadline of receive.
func (l *tcpLine) Read(p []byte) (int, error) { return l.port.Read(p, time.Until(l.deadline)) }

// ParseAPDU reads the one telegram that a block holds. A block that is longer
// or shorter than its telegram's length says is ErrMalformed.
func ParseAPDU(block []byte) (APDU, error) {
	rest := bytes.NewReader(block)
	telegram, err := ReadAPDU(rest)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return APDU{}, fmt.Errorf("%w: %d bytes are too few", ErrMalformed, len(block))
	case err != nil:
		return APDU{}, err
	case rest.Len() > 0:
		return APDU{}, fmt.Errorf("%w: %d bytes too many", ErrMalformed, rest.Len())
	}
	return telegram, nil
}
