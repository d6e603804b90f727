package catalog_test

import (
	"strings"
	"testing"

	"shopbox/edge/catalog"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query string
		want        bool
	}{
		{"아메리카노", "아메", true},
		{"아메리카노", "ㅇㅁㄹㅋㄴ", true},
		{"아이스 아메리카노", "ㅇㅁㄹ", true},
		{"아메리카노", "아메ㄹ", true},
		{"아메리카노", "ㅇㅁㅋ", false},
		{"아메리카노", "어ㅁ", false},
		{"떡볶이", "ㄸㅂㅇ", true},
		{"떡볶이", "ㄷㅂㅇ", false},
		{"각설탕", "ㄳㅌ", true},
		{"Coca-Cola 제로", "COLA ㅈ", true},
		{"Coca-Cola 제로", "coca", true},
		{"코카 콜라", "코카콜라", true},
		{"코카콜라", "코카 콜라", true},
		{"ＡＢＣ 초콜릿", "abc", true},
		{"아메리카노", "\u110b\u1161\u1106\u1166", true},
		{"라떼", "아메", false},
		{"라떼", "라떼라떼", false},
	} {
		key, term := catalog.SearchKey(tt.name), catalog.SearchTerm(tt.query)
		if got := catalog.Matches(tt.name, tt.query); got != tt.want {
			t.Errorf("%q matches %q: %v", tt.name, tt.query, got)
		}
		if tt.want && !strings.Contains(key, term) {
			t.Errorf("the key %q of %q does not contain the term %q of %q", key, tt.name, term, tt.query)
		}
	}
	if got := catalog.SearchTerm(" \t"); got != "" {
		t.Errorf("the term of nothing is %q", got)
	}
}

func FuzzSearch(f *testing.F) {
	f.Add("아메리카노", "ㅇㅁ")
	f.Add("Ａ b", "ab")
	f.Add("각", "ㄳ")
	f.Fuzz(func(t *testing.T, name, query string) {
		if catalog.Matches(name, query) && !strings.Contains(catalog.SearchKey(name), catalog.SearchTerm(query)) {
			t.Errorf("%q matches %q, but its key does not contain the term", name, query)
		}
	})
}
