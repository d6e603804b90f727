package catalog

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// keySeparator stands between the parts of a search key; nobody can type it.
const keySeparator = "\x1f"

// SearchKey is what the store indexes of a product's name: the name without
// case and spaces, and the initial consonants (초성) of its syllables, so that
// "ㅇㅁㄹㅋㄴ" finds 아메리카노.
func SearchKey(name string) string {
	plain := fold(name)
	return plain + keySeparator + initials(plain)
}

// SearchTerm is a query in the form of SearchKey: a name matches when its key
// contains the term. A query with initial consonants in it becomes initial
// consonants throughout; Matches then tells exactly. It is empty when there is
// nothing to look for.
func SearchTerm(query string) string {
	plain := splitClusters(fold(query))
	if strings.ContainsFunc(plain, consonant) {
		return initials(plain)
	}
	return plain
}

// Matches reports whether a name contains the query, where a consonant stands
// for any syllable that begins with it: "아메ㄹ" finds 아메리카노.
func Matches(name, query string) bool {
	runes, wanted := []rune(fold(name)), []rune(splitClusters(fold(query)))
	for from := 0; from+len(wanted) <= len(runes); from++ {
		if matchesAt(runes[from:], wanted) {
			return true
		}
	}
	return false
}

func matchesAt(name, wanted []rune) bool {
	for i, want := range wanted {
		if name[i] != want && (!consonant(want) || initial(name[i]) != want) {
			return false
		}
	}
	return true
}

// fold takes case, width, spaces and the way of composing out of a text.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Fold.String(norm.NFC.String(text)))
}

// The Hangul syllables of Unicode stand in order of initial, vowel and final.
const (
	firstSyllable = '가'
	lastSyllable  = '힣'
	perInitial    = 21 * 28
)

// initialConsonants are the initials in the order of the syllables.
const initialConsonants = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"

// initial is the consonant a syllable begins with; any other letter is itself.
func initial(r rune) rune {
	if r < firstSyllable || r > lastSyllable {
		return r
	}
	return []rune(initialConsonants)[(r-firstSyllable)/perInitial]
}

func initials(text string) string { return strings.Map(initial, text) }

func consonant(r rune) bool { return strings.ContainsRune(initialConsonants, r) }

// splitClusters takes apart what a Korean keyboard joins while initials are
// typed one after the other: ㄱ and ㅅ become ㄳ.
func splitClusters(text string) string {
	return strings.NewReplacer(
		"ㄳ", "ㄱㅅ", "ㄵ", "ㄴㅈ", "ㄶ", "ㄴㅎ", "ㄺ", "ㄹㄱ", "ㄻ", "ㄹㅁ", "ㄼ", "ㄹㅂ",
		"ㄽ", "ㄹㅅ", "ㄾ", "ㄹㅌ", "ㄿ", "ㄹㅍ", "ㅀ", "ㄹㅎ", "ㅄ", "ㅂㅅ",
	).Replace(text)
}
