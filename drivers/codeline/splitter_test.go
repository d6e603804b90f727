package codeline_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"shopbox/drivers/codeline"
)

// step is bytes, or a turn of silence for "".
func run(steps ...string) (codes []string, bad int) {
	var splitter codeline.Splitter
	for _, step := range steps {
		reads := splitter.Write([]byte(step))
		if step == "" {
			reads = splitter.Silence()
		}
		for _, read := range reads {
			if read.Err != nil {
				bad++
				continue
			}
			codes = append(codes, read.Scan.Code)
		}
	}
	return codes, bad
}

func TestSplitter(t *testing.T) {
	t.Parallel()
	silence := slices.Repeat([]string{""}, 11)
	for name, tt := range map[string]struct {
		steps []string
		codes []string
		bad   int
	}{
		"byte by byte":         {strings.Split("8801\r8802\n", ""), []string{"8801", "8802"}, 0},
		"many at once":         {[]string{"1\r\n2\r\n3\r\n"}, []string{"1", "2", "3"}, 0},
		"endings alone":        {[]string{"\r\n\r\n\x02\x03"}, nil, 0},
		"silence ends":         {[]string{"8801", "", "8802", ""}, []string{"8801", "8802"}, 0},
		"silence alone":        {silence, nil, 0},
		"cut short":            {[]string{"1\r", "8801", "", "043\r", "2\r"}, []string{"1", "2"}, 1},
		"noise long before":    {append(append([]string{"1\r", "x"}, silence...), "8801\r"), []string{"1", "8801"}, 1},
		"start without an end": {[]string{"88\x028801\x03"}, []string{"8801"}, 1},
		"just not too long":    {[]string{strings.Repeat("1", 512) + "\r"}, []string{strings.Repeat("1", 512)}, 0},
		"too long":             {[]string{strings.Repeat("1", 513) + "\r", "2\r"}, []string{"2"}, 1},
		"4 KB and silence":     {[]string{strings.Repeat("1", 4096), "", "2\r"}, []string{"2"}, 1},
		"binary":               {[]string{"88\x0001\r", "\xff\xfe\r", "88\x7f\r"}, nil, 3},
		"half of a character":  {[]string{"\xec\x83\r"}, nil, 1},
		"replacement sign":     {[]string{"\xef\xbf\xbd\r"}, nil, 1},
		"identifier alone":     {[]string{"]E0\r"}, nil, 1},
		"no identifier":        {[]string{"]-0a\r"}, []string{"]-0a"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if codes, bad := run(tt.steps...); !slices.Equal(codes, tt.codes) || bad != tt.bad {
				t.Errorf("codes %q, %d bad; want %q, %d", codes, bad, tt.codes, tt.bad)
			}
		})
	}
}

// However the bytes are cut into pieces, the codes are the same, and each is
// clean.
func FuzzSplitter(f *testing.F) {
	f.Add([]byte("8801043014809\r\n"), uint8(3))
	f.Add([]byte("\x02]d201088065720024331725061610HP04AA\x1d21HP04AA003122\x03\r"), uint8(1))
	f.Add(bytes.Repeat([]byte{0x80, '8'}, 400), uint8(7))
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		var whole, pieces codeline.Splitter
		want := append(whole.Write(data), whole.Silence()...)
		var got []codeline.Read
		for piece := range slices.Chunk(data, int(size)+1) {
			got = append(got, pieces.Write(piece)...)
		}
		got = append(got, pieces.Silence()...)
		if len(got) != len(want) {
			t.Fatalf("%d reads in pieces, %d at once", len(got), len(want))
		}
		for i, read := range got {
			if read.Scan != want[i].Scan || (read.Err == nil) != (want[i].Err == nil) {
				t.Errorf("read %d is %v in pieces, %v at once", i, read, want[i])
			}
			if read.Err == nil && (read.Scan.Code == "" || strings.ContainsAny(read.Scan.Code, "\r\n\x00\x02\x03\x1b")) {
				t.Errorf("unclean code %q", read.Scan.Code)
			}
		}
	})
}
