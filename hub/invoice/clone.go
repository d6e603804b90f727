package invoice

import "slices"

// Clone is a copy that shares nothing with the document.
func (i *Invoice) Clone() *Invoice {
	c := *i
	c.Document.Remarks = slices.Clone(i.Document.Remarks)
	c.Document.Import = clone(i.Document.Import)
	c.Broker = clone(i.Broker)
	c.Payments = slices.Clone(i.Payments)
	c.Totals.Tax = clone(i.Totals.Tax)
	c.Lines = slices.Clone(i.Lines)
	for n, line := range c.Lines {
		c.Lines[n].Charge, c.Lines[n].Tax = clone(line.Charge), clone(line.Tax)
		c.Lines[n].Quantity, c.Lines[n].UnitPrice = clone(line.Quantity), clone(line.UnitPrice)
	}
	return &c
}

func clone[T any](value *T) *T {
	if value == nil {
		return nil
	}
	c := *value
	return &c
}
