package xmltree

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// The characters Canonical XML 1.0 section 2.3 writes as references.
var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;",
		"\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

// WriteCanonical writes n as the top of a document subset: every namespace in
// scope stands on it (section 2.3). Attributes of ancestors in the xml:
// namespace are not inherited; callers refuse them.
func (n *Node) WriteCanonical(out *bytes.Buffer) {
	n.write(out, n.inScope())
}

// WriteCanonicalInside writes n as if its parent's namespaces stood already
// in the output.
func (n *Node) WriteCanonicalInside(out *bytes.Buffer) {
	if !n.IsElement() {
		_, _ = textEscapes.WriteString(out, n.Text) // a buffer never fails
		return
	}
	n.write(out, n.newHere())
}

// WriteNamespaces writes only the declarations in scope at n, each with its
// leading blank, the default one first and then by prefix.
func (n *Node) WriteNamespaces(out *bytes.Buffer) { writeBindings(out, n.inScope()) }

func (n *Node) write(out *bytes.Buffer, bindings []Binding) {
	name := n.QName()
	out.WriteByte('<')
	out.WriteString(name)
	writeBindings(out, bindings)
	n.writeAttributes(out)
	out.WriteByte('>')
	for _, child := range n.Children {
		child.WriteCanonicalInside(out)
	}
	out.WriteString("</")
	out.WriteString(name)
	out.WriteByte('>')
}

func (n *Node) writeAttributes(out *bytes.Buffer) {
	sorted := n.Attributes
	if len(sorted) > 1 {
		sorted = slices.SortedFunc(slices.Values(sorted), func(a, b Attribute) int {
			return cmp.Or(strings.Compare(a.Space, b.Space), strings.Compare(a.Local, b.Local))
		})
	}
	for _, a := range sorted {
		name := a.Local
		if a.Prefix != "" {
			name = a.Prefix + ":" + a.Local
		}
		writePair(out, name, a.Value)
	}
}

func writeBindings(out *bytes.Buffer, bindings []Binding) {
	for _, b := range bindings {
		name := "xmlns"
		if b.Prefix != "" {
			name = "xmlns:" + b.Prefix
		}
		writePair(out, name, b.Space)
	}
}

func writePair(out *bytes.Buffer, name, value string) {
	out.WriteByte(' ')
	out.WriteString(name)
	out.WriteString(`="`)
	_, _ = attributeEscapes.WriteString(out, value) // a buffer never fails
	out.WriteByte('"')
}

// newHere are the declarations on n that say something its parent does not.
func (n *Node) newHere() []Binding {
	var list []Binding
	for _, b := range n.Bindings {
		if space, found := n.Parent.Lookup(b.Prefix); !found || space != b.Space {
			list = append(list, b)
		}
	}
	return sortBindings(list)
}

func (n *Node) inScope() []Binding {
	var list []Binding
	seen := map[string]bool{}
	for at := n; at != nil; at = at.Parent {
		for _, b := range at.Bindings {
			if !seen[b.Prefix] && b.Space != "" {
				list = append(list, b)
			}
			seen[b.Prefix] = true
		}
	}
	return sortBindings(list)
}

func sortBindings(list []Binding) []Binding {
	slices.SortFunc(list, func(a, b Binding) int { return strings.Compare(a.Prefix, b.Prefix) })
	return list
}
