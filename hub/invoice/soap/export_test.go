package soap

import "shopbox/hub/invoice/xmltree"

// ReadUnsigned reads the fields behind the signature, which no mutation of a
// signed message gets to.
func ReadUnsigned(text []byte) (*Message, error) {
	root, err := xmltree.Parse(text)
	if err != nil {
		return nil, err
	}
	head, body, err := split(root)
	if err != nil || head == nil {
		return nil, err
	}
	var r reader
	m := r.message(head, body)
	return m, r.err
}
