package zvt_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"strings"
	"sync"
	"testing"

	"shopbox/drivers/zvt"
)

// script is a terminal that says to each command what it was told to say,
// telegram by telegram, and notes what it heard. It stands for terminals of
// other makes, with their captured telegrams.
type script struct {
	answers map[string][]string
	lines   sync.WaitGroup // connections that are open
	mu      sync.Mutex
	heard   []string
	// onAnswer, when set, is called once, after the first answer of the
	// register to the terminal.
	onAnswer func()
	once     sync.Once
}

// hangUp cuts the line; raw bytes are sent as they are.
const hangUp = "hang up"

// play listens; answers are by control field in hex: first what answers the
// command, then telegrams that the register must answer. A registration and a
// status enquiry go well unless told otherwise.
func play(t *testing.T, answers map[string][]string) (*script, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{answers: map[string][]string{
		"0600": {"80 00 00", "06 0F 0A 19 00 29 29 00 10 06 49 04 10"},
		"0501": {"80 00 00", "06 0F 01 00"},
	}}
	maps.Copy(s.answers, answers)
	var served sync.WaitGroup
	t.Cleanup(s.lines.Wait)
	t.Cleanup(served.Wait)
	t.Cleanup(func() { _ = listener.Close() })
	served.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.lines.Go(func() { s.serve(t, conn) })
		}
	})
	return s, listener.Addr().String()
}

func (s *script) serve(t *testing.T, conn net.Conn) {
	t.Helper()
	defer func() { _ = conn.Close() }()
	for {
		command, err := zvt.ReadAPDU(conn)
		if err != nil {
			return
		}
		s.note(command)
		for i, next := range s.answers[fmt.Sprintf("%04x", uint16(command.Command))] {
			if next == hangUp {
				return
			}
			if _, err := conn.Write(bytesOf(t, next)); err != nil {
				return
			}
			if i == 0 {
				continue
			}
			answer, err := zvt.ReadAPDU(conn)
			if err != nil {
				return
			}
			s.note(answer)
			if s.onAnswer != nil {
				s.once.Do(s.onAnswer)
			}
		}
	}
}

// telegram and object put the length before a value, all in hex.
func telegram(control, data string) string {
	data = strings.ReplaceAll(data, " ", "")
	return fmt.Sprintf("%s%02X%s", control, len(data)/2, data)
}

func object(tag, value string) string { return telegram(tag, value) }

func (s *script) note(telegram zvt.APDU) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, hex.EncodeToString(telegram.Append(nil)))
}

// quiet waits until the register has hung up and everything is noted.
func (s *script) quiet() { s.lines.Wait() }

// count is how many telegrams that begin so were heard.
func (s *script) count(prefix string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for _, telegram := range s.heard {
		if strings.HasPrefix(telegram, prefix) {
			count++
		}
	}
	return count
}

// contains reports whether a telegram with these bytes in it was heard.
func (s *script) contains(digits string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, telegram := range s.heard {
		raw, _ := hex.DecodeString(telegram)
		want, _ := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
		if bytes.Contains(raw, want) {
			return true
		}
	}
	return false
}
