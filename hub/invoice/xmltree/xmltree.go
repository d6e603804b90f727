// Package xmltree reads XML written by others into a small tree and writes
// canonical XML (Canonical XML 1.0, W3C REC-xml-c14n-20010315, without
// comments). The reader of tax invoices and the signer call it. What always
// holds: a tree has no document type, no unresolved prefix, and is bounded in
// size and depth.
package xmltree

import "strings"

// Node is an element, or a piece of text when Local is empty.
type Node struct {
	// Prefix, Space and Local are the name; Space is the namespace's URI.
	Prefix, Space, Local string
	// Bindings are the namespaces declared on this element.
	Bindings []Binding
	// Attributes are the others, in the order of the file.
	Attributes []Attribute
	// Children are elements and texts in order.
	Children []*Node
	// Text is the content of a text node.
	Text string
	// Parent is nil at the root.
	Parent *Node
}

// Binding declares a namespace; an empty prefix is the default one.
type Binding struct{ Prefix, Space string }

// Attribute is one attribute with its resolved name.
type Attribute struct{ Prefix, Space, Local, Value string }

// IsElement tells an element from a text.
func (n *Node) IsElement() bool { return n.Local != "" }

// Is reports whether n is the element of that namespace and name.
func (n *Node) Is(space, local string) bool { return n.Local == local && n.Space == space }

// QName is the name as written, with its prefix.
func (n *Node) QName() string {
	if n.Prefix == "" {
		return n.Local
	}
	return n.Prefix + ":" + n.Local
}

// Path names the element from the root down: "TaxInvoice/ExchangedDocument".
func (n *Node) Path() string {
	if n == nil {
		return ""
	}
	if n.Parent == nil {
		return n.QName()
	}
	return n.Parent.Path() + "/" + n.QName()
}

// Lookup finds the namespace of a prefix in scope at n. No default namespace
// is found as the empty one.
func (n *Node) Lookup(prefix string) (space string, found bool) {
	if prefix == "xml" {
		return xmlSpace, true
	}
	for at := n; at != nil; at = at.Parent {
		for _, b := range at.Bindings {
			if b.Prefix == prefix {
				return b.Space, true
			}
		}
	}
	return "", prefix == ""
}

// Elements are the child elements in order.
func (n *Node) Elements() []*Node {
	list := make([]*Node, 0, len(n.Children))
	for _, child := range n.Children {
		if child.IsElement() {
			list = append(list, child)
		}
	}
	return list
}

// Content is the text of n and all below it.
func (n *Node) Content() string {
	var b strings.Builder
	n.collect(&b)
	return b.String()
}

func (n *Node) collect(b *strings.Builder) {
	b.WriteString(n.Text)
	for _, child := range n.Children {
		child.collect(b)
	}
}

// Attribute is the value of an attribute without namespace.
func (n *Node) Attribute(local string) (value string, found bool) {
	for _, a := range n.Attributes {
		if a.Space == "" && a.Local == local {
			return a.Value, true
		}
	}
	return "", false
}
