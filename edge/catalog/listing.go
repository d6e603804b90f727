package catalog

import "shopbox/protocol/money"

// Query asks for products of the shop, in the order of their names.
type Query struct {
	// Text is a part of the name (see SearchTerm) or a whole barcode.
	Text string
	// Category limits the list to a category, when set.
	Category string
	// Archived lists archived products instead of the others.
	Archived bool
	Limit    int
	Offset   int
}

// Listed is a product in a list, with how much of it there is.
type Listed struct {
	Product

	Stock money.Milli
}

// Change is products and categories as they are from now on. Products and
// categories that are not named stay as they are.
type Change struct {
	Products   []Product
	Categories []Category
	// Gone are categories to remove; their products stay, without one.
	Gone []string
	// Counted is how much there is of products, by id.
	Counted map[string]money.Milli
}
