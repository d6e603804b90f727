package zplsim

import (
	"bytes"
	"strconv"
	"strings"
)

// command is one command of a ZPL stream: its name with the sign before it,
// "^FO" or "~HS", and what stands behind.
type command struct {
	name string
	args string
}

// mostWaiting is how much may wait for the end of a command; more is noise.
const mostWaiting = 8 << 20

// lexer cuts a stream into commands as its bytes arrive. The zero lexer is
// ready.
type lexer struct{ rest []byte }

func (l *lexer) write(data []byte) { l.rest = append(l.rest, data...) }

// next is the next whole command; false when more bytes are needed. What
// stands between commands is left out.
func (l *lexer) next() (command, bool) {
	if len(l.rest) > mostWaiting {
		l.rest = nil
	}
	at := bytes.IndexAny(l.rest, "^~")
	if at < 0 {
		l.rest = nil
		return command{}, false
	}
	l.rest = l.rest[at:]
	name, known := nameOf(l.rest)
	if !known {
		return command{}, false
	}
	args, whole := argsOf(name, l.rest[len(name):])
	if !whole {
		return command{}, false
	}
	l.rest = l.rest[len(name)+len(args):]
	return command{name: name, args: string(args)}, true
}

// nameOf is the name of the command that data begins with: ^A has one letter,
// ~HQ its question behind it, all others two letters.
func nameOf(data []byte) (string, bool) {
	size := 3
	switch {
	case bytes.HasPrefix(data, []byte("^A")):
		size = 2
	case bytes.HasPrefix(data, []byte("~HQ")):
		size = 5
	}
	if len(data) < size {
		return "", false
	}
	return string(data[:size]), true
}

// argsOf is what belongs to a command. A question is answered at once, and the
// ends of fields and formats have nothing behind them; all others end where the
// next command begins, but for the bytes of a picture, which are counted.
func argsOf(name string, data []byte) (args []byte, whole bool) {
	switch name {
	case "~HS", "~HI", "~HQES", "^XA", "^XZ", "^FS", "~JA":
		return nil, true
	case "^GF":
		if size, is, known := binary(data); !known || is {
			return data[:min(size, len(data))], known && len(data) >= size
		}
	}
	end := bytes.IndexAny(data, "^~")
	if end < 0 {
		return nil, false
	}
	return data[:end], true
}

// binary reports whether ^GF is followed by bytes as they are, and how long all
// that follows is; known is false while its head has not come.
func binary(data []byte) (size int, is, known bool) {
	if len(data) == 0 {
		return 0, false, false
	}
	if data[0] != 'B' {
		return 0, false, true
	}
	fields := bytes.SplitN(data, []byte(","), 5)
	if len(fields) < 5 {
		// The head of a picture is short; a long one is something else.
		return 0, false, len(data) > 64
	}
	count, err := strconv.Atoi(string(fields[1]))
	if err != nil || count < 0 || count > mostWaiting {
		return 0, false, true
	}
	return len(data) - len(fields[4]) + count, true, true
}

// values are the parameters of a command.
type values []string

func (c command) values() values { return strings.Split(strings.TrimRight(c.args, "\r\n"), ",") }

func (v values) text(i int, fallback string) string {
	if i < len(v) && strings.TrimSpace(v[i]) != "" {
		return strings.TrimSpace(v[i])
	}
	return fallback
}

// number is a parameter between 0 and the most there may be; one that is
// missing, or none, is the fallback.
func (v values) number(i, fallback, most int) int {
	number, err := strconv.Atoi(v.text(i, ""))
	if err != nil {
		return fallback
	}
	return min(max(number, 0), most)
}
