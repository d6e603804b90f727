package vfdsim

import "golang.org/x/text/encoding/korean"

// The display's size.
const (
	columns = 20
	rows    = 2
)

// screen is two lines and what is known of a command in the making.
type screen struct {
	cells  [rows][columns]byte
	row    int
	column int
	// away: another device on the line is selected.
	away bool
	// begun is a command that is not whole yet; typing is the row that ESC Q
	// fills, or -1.
	begun   []byte
	typing  int
	unknown int
}

func newScreen() screen {
	s := screen{typing: -1}
	s.clear()
	return s
}

func (s *screen) clear() {
	for row := range s.cells {
		for column := range s.cells[row] {
			s.cells[row][column] = ' '
		}
	}
	s.row, s.column = 0, 0
}

func (s *screen) text(row int) string {
	text, err := korean.EUCKR.NewDecoder().Bytes(s.cells[row][:])
	if err != nil {
		return string(s.cells[row][:])
	}
	return string(text)
}

// The bytes that begin a command.
const (
	esc = 0x1B
	us  = 0x1F
	can = 0x18
	clr = 0x0C
	hom = 0x0B
	ret = 0x0D
)

// take works on one byte.
func (s *screen) take(sign byte) {
	switch {
	case len(s.begun) > 0:
		s.begun = append(s.begun, sign)
		s.command()
	case sign == esc || sign == us:
		s.begun = []byte{sign}
	case s.away:
	case sign == clr:
		s.clear()
	case sign == hom:
		s.row, s.column = 0, 0
	case sign == can:
		for column := range s.cells[s.row] {
			s.cells[s.row][column] = ' '
		}
	case sign == ret && s.typing >= 0:
		s.typing = -1
	case sign < ' ':
		s.unknown++
	default:
		s.put(sign)
	}
}

// put writes a character; behind the last one nothing is shown.
func (s *screen) put(sign byte) {
	if s.column >= columns {
		s.unknown++
		return
	}
	s.cells[s.row][s.column] = sign
	s.column++
}

// command runs the command begun when it is whole.
func (s *screen) command() {
	c := s.begun
	if length := commandLength(c); len(c) < length {
		return
	} else if length == 0 {
		s.unknown += len(c)
		s.begun = nil
		return
	}
	s.begun = nil
	switch {
	case c[0] == esc && c[1] == '=':
		s.away = c[2]&2 == 0
	case s.away:
	case c[0] == esc && c[1] == '@':
		s.clear()
		s.typing = -1
	case c[0] == esc && c[1] == 'Q':
		s.typing, s.row, s.column = int(c[2]-'A'), int(c[2]-'A'), 0
		for column := range s.cells[s.row] {
			s.cells[s.row][column] = ' '
		}
	case c[0] == us && c[1] == '$':
		s.move(int(c[2]), int(c[3]))
	}
}

func (s *screen) move(column, row int) {
	if column < 1 || column > columns || row < 1 || row > rows {
		s.unknown++
		return
	}
	s.column, s.row = column-1, row-1
}

// commandLength is how long the command is that begins so, 0 for one that the
// display does not know.
func commandLength(c []byte) int {
	if len(c) < 2 {
		return 2
	}
	length := lengths[[2]byte(c)]
	if c[0] == esc && c[1] == 'Q' && len(c) == length && c[2] != 'A' && c[2] != 'B' {
		return 0
	}
	return length
}

// lengths are the commands with what follows them.
var lengths = map[[2]byte]int{
	{esc, '@'}: 2,
	{esc, 'Q'}: 3, {esc, '='}: 3, {esc, 't'}: 3,
	{us, 1}: 2, {us, 2}: 2, {us, 3}: 2,
	{us, 'C'}: 3, {us, 'X'}: 3, {us, 'E'}: 3,
	{us, '$'}: 4,
}
