package vfd

import "strings"

// The letters of Hangul in Latin script, after the Revised Romanization of
// Korean (Ministry of Culture notice 2000-8), letter by letter without the
// changes of sound between syllables: a name on a display is recognised, not
// read aloud.
var (
	leading  = [...]string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	vowels   = [...]string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	trailing = [...]string{"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"}
)

// The syllables of Hangul in Unicode (chapter 3.12).
const (
	firstSyllable = 0xAC00
	lastSyllable  = 0xD7A3
)

// romanize writes Hangul in Latin letters and everything else that is not
// ASCII as a question mark.
func romanize(text string) string {
	var out strings.Builder
	for _, sign := range text {
		switch {
		case sign < 0x80:
			out.WriteRune(sign)
		case sign >= firstSyllable && sign <= lastSyllable:
			index := int(sign - firstSyllable)
			tails := len(trailing)
			out.WriteString(leading[index/(len(vowels)*tails)])
			out.WriteString(vowels[index/tails%len(vowels)])
			out.WriteString(trailing[index%tails])
		default:
			out.WriteByte('?')
		}
	}
	return out.String()
}
