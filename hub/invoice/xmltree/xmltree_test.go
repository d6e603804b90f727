package xmltree_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"shopbox/hub/invoice/xmltree"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty element", `<a/>`, `<a></a>`},
		{"attributes in order", `<a z="1" y='"'  xmlns:b="urn:b" b:c="&lt;"/>`, `<a xmlns:b="urn:b" y="&quot;" z="1" b:c="&lt;"></a>`},
		{"declared again", `<a xmlns="u"><b xmlns="u"/><c xmlns=""/></a>`, `<a xmlns="u"><b></b><c xmlns=""></c></a>`},
		{"line ends", "<a>\r\n&#13;\r</a>", "<a>\n&#xD;\n</a>"},
		{"literal data", `<a><![CDATA[<&>]]>&gt;</a>`, `<a>&lt;&amp;&gt;&gt;</a>`},
		{"comments go", `<!-- x --><a>1<!-- y -->2</a>`, `<a>12</a>`},
		{"white space in a value", "<a b='1\n2'/>", `<a b="1 2"></a>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, err := xmltree.Parse([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			root.WriteCanonical(&out)
			if out.String() != c.want {
				t.Errorf("got %s, want %s", out.String(), c.want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, in, code, path string }{
		{"entities", `<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>`, xmltree.CodeDTD, ""},
		{"a file from outside", `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`, xmltree.CodeDTD, ""},
		{"an unknown entity", `<a>&b;</a>`, xmltree.CodeMalformed, "a"},
		{"EUC-KR declared", `<?xml version="1.0" encoding="EUC-KR"?><a/>`, xmltree.CodeEncoding, ""},
		{"EUC-KR undeclared", "<a>\xb0\xa1</a>", xmltree.CodeEncoding, ""},
		{"UTF-16", "\xff\xfe<\x00a\x00/\x00>\x00", xmltree.CodeEncoding, ""},
		{"a late declaration", `<a/><?xml version="1.0"?>`, xmltree.CodeMalformed, ""},
		{"an instruction", `<a><?b c?></a>`, xmltree.CodeMalformed, "a"},
		{"another version", `<?xml version="1.1"?><a/>`, xmltree.CodeMalformed, ""},
		{"no root", ` `, xmltree.CodeMalformed, ""},
		{"two roots", `<a/><b/>`, xmltree.CodeMalformed, ""},
		{"text outside", `<a/>b`, xmltree.CodeMalformed, ""},
		{"an open end", `<a><b></b>`, xmltree.CodeMalformed, "a"},
		{"crossed tags", `<a><b></a></b>`, xmltree.CodeMalformed, "a/b"},
		{"unknown prefix", `<a><b:c/></a>`, xmltree.CodeNamespace, "a/b:c"},
		{"unknown attribute prefix", `<a b:c="1"/>`, xmltree.CodeNamespace, "a"},
		{"reserved prefix", `<a xmlns:xml="urn:b"/>`, xmltree.CodeNamespace, "a"},
		{"no namespace", `<a xmlns:b=""/>`, xmltree.CodeNamespace, "a"},
		{"twice", `<a b="1" b="2"/>`, xmltree.CodeAttribute, "a"},
		{"twice by namespace", `<a xmlns:b="u" xmlns:c="u" b:d="1" c:d="2"/>`, xmltree.CodeAttribute, "a"},
		{"declared twice", `<a xmlns="1" xmlns="2"/>`, xmltree.CodeAttribute, "a"},
		{"controls in a value", "<a b='&#10;\n'/>", xmltree.CodeAttribute, "a"},
		{"too deep", strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40), xmltree.CodeTooDeep, strings.TrimSuffix(strings.Repeat("a/", 33), "/a/")},
		{"too many", "<a>" + strings.Repeat("<b/>", 30_000) + "</a>", xmltree.CodeTooMany, "a"},
		{"too many attributes", "<a " + strings.Repeat(`b="" `, 65) + "/>", xmltree.CodeTooMany, "a"},
		{"too large", "<a>" + strings.Repeat(" ", xmltree.MaxBytes) + "</a>", xmltree.CodeTooLarge, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := xmltree.Parse([]byte(c.in))
			var refused *xmltree.Error
			if !errors.As(err, &refused) || refused.Code != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			if !strings.HasPrefix(refused.Path, c.path) || c.path == "" && refused.Path != "" {
				t.Errorf("in %q, want %q", refused.Path, c.path)
			}
		})
	}
}

// FuzzParse holds that what was read, written canonically and read again is
// the same bytes.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><a xmlns:b="u" b:c="&#10;"><![CDATA[<]]><!-- d --><b:e/></a>`))
	f.Add([]byte(`<!DOCTYPE a><a xmlns="u">&#13;<b xmlns=""/></a>`))
	f.Fuzz(func(t *testing.T, file []byte) {
		root, err := xmltree.Parse(file)
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		root.WriteCanonical(&first)
		again, err := xmltree.Parse(first.Bytes())
		if err != nil {
			var refused *xmltree.Error
			if errors.As(err, &refused) && (refused.Code == xmltree.CodeTooLarge || refused.Code == xmltree.CodeTooMany || refused.Code == xmltree.CodeAttribute) {
				return // it grew by its references
			}
			t.Fatalf("%v\n%q", err, first.String())
		}
		again.WriteCanonical(&second)
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("%q became %q", first.String(), second.String())
		}
	})
}
