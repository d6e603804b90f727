package ntspackage

import (
	"bytes"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	tags "golang.org/x/crypto/cryptobyte/asn1"
)

// Encode writes the TaxInvoicePackage in DER. The documents come out in the
// order of their encodings (X.690 section 11.6), whatever order they came in.
func Encode(items []Item) ([]byte, error) {
	if err := check(items); err != nil {
		return nil, err
	}
	encoded := make([][]byte, len(items))
	for i, item := range items {
		var err error
		if encoded[i], err = item.encode(); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(encoded, bytes.Compare)
	var out cryptobyte.Builder
	out.AddASN1(tags.SEQUENCE, func(whole *cryptobyte.Builder) {
		whole.AddASN1Int64(int64(len(encoded)))
		whole.AddASN1(tags.SET, func(set *cryptobyte.Builder) {
			for _, one := range encoded {
				set.AddBytes(one)
			}
		})
	})
	return out.Bytes()
}

func (i Item) encode() ([]byte, error) {
	var out cryptobyte.Builder
	out.AddASN1(tags.SEQUENCE, func(data *cryptobyte.Builder) {
		data.AddASN1OctetString(i.R)
		data.AddASN1OctetString(i.Document)
	})
	return out.Bytes()
}

// check holds items to the bounds; an error names the item, counted from 1.
func check(items []Item) error {
	if len(items) == 0 || len(items) > MaxItems {
		return ErrCount
	}
	total := 0
	seen := map[string]bool{}
	for i, item := range items {
		if err := item.check(); err != nil {
			return fmt.Errorf("document %d: %w", i+1, err)
		}
		if seen[string(item.Document)] {
			return fmt.Errorf("document %d: %w", i+1, ErrTwice)
		}
		seen[string(item.Document)] = true
		if total += len(item.Document); total > MaxPackage {
			return ErrTooLarge
		}
	}
	return nil
}

func (i Item) check() error {
	if len(i.Document) == 0 || len(i.Document) > MaxDocument {
		return ErrDocument
	}
	if len(i.R) != 0 && (len(i.R) < minR || len(i.R) > maxR) {
		return ErrR
	}
	return nil
}

// Decode reads what Encode writes and nothing else. The items share memory
// with der.
func Decode(der []byte) ([]Item, error) {
	whole, err := outer(der)
	if err != nil {
		return nil, err
	}
	var set cryptobyte.String
	var count int64
	if !whole.ReadASN1Integer(&count) || !whole.ReadASN1(&set, tags.SET) || !whole.Empty() {
		return nil, ErrMalformed
	}
	items, err := readSet(set)
	if err != nil {
		return nil, err
	}
	if int64(len(items)) != count {
		return nil, ErrNumber
	}
	return items, check(items)
}

// outer takes the SEQUENCE off that is the whole input.
func outer(der []byte) (cryptobyte.String, error) {
	if len(der) > MaxPackage+maxOverhead {
		return nil, ErrTooLarge
	}
	if len(der) > 1 && der[1] == 0x80 {
		return nil, ErrIndefinite
	}
	input := cryptobyte.String(der)
	var whole cryptobyte.String
	if !input.ReadASN1(&whole, tags.SEQUENCE) {
		return nil, ErrMalformed
	}
	if !input.Empty() {
		return nil, ErrTrailing
	}
	return whole, nil
}

func readSet(set cryptobyte.String) ([]Item, error) {
	var items []Item
	var before cryptobyte.String
	for !set.Empty() {
		if len(items) == MaxItems {
			return nil, ErrCount
		}
		var element, data cryptobyte.String
		if !set.ReadASN1Element(&element, tags.SEQUENCE) {
			return nil, ErrMalformed
		}
		if bytes.Compare(before, element) > 0 {
			return nil, ErrOrder
		}
		before = element
		var item Item
		if !element.ReadASN1(&data, tags.SEQUENCE) ||
			!data.ReadASN1Bytes(&item.R, tags.OCTET_STRING) ||
			!data.ReadASN1Bytes(&item.Document, tags.OCTET_STRING) || !data.Empty() {
			return nil, ErrMalformed
		}
		items = append(items, item)
	}
	return items, nil
}
