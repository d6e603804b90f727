package store

import (
	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

// wireSale is a sale or refund as the hub is told.
func wireSale(done sale.Sale) protocol.Record {
	common := protocol.Sale{
		Number: done.Number, Day: done.Day, At: done.At, ClockDoubt: done.ClockDoubt, By: wirePerson(done.By),
		Lines: make([]protocol.Line, len(done.Lines)), Total: done.Total, Supply: done.Supply, VAT: done.VAT, Exempt: done.Exempt,
		Tenders: make([]protocol.Tender, len(done.Tenders)), Note: done.Note,
	}
	for i, line := range done.Lines {
		common.Lines[i] = wireLine(line)
	}
	for i, tender := range done.Tenders {
		common.Tenders[i] = wireTender(tender)
	}
	if done.Kind == sale.Refunded {
		return protocol.SaleRefunded{Sale: common, Original: done.Original, Reason: done.Reason}
	}
	return protocol.SaleClosed{Sale: common}
}

func wirePerson(person sale.Person) protocol.Person {
	return protocol.Person{ID: person.ID, Name: person.Name}
}

func wireLine(line sale.SoldLine) protocol.Line {
	return protocol.Line{
		ID: line.ID, Product: line.Item.Product, Name: line.Item.Name, Category: line.Item.Category, Barcode: line.Item.Barcode,
		Quantity: line.Quantity, Unit: line.Unit, Discount: line.Discount, Amount: line.Amount, VAT: line.Item.VAT,
		Cost: line.Cost(), Note: line.Note,
	}
}

func wireTender(tender sale.Tender) protocol.Tender {
	wire := protocol.Tender{
		Kind: string(tender.Kind), Amount: tender.Amount, Received: tender.Received, Change: tender.Change, Attempt: tender.Attempt,
	}
	if slip := tender.Slip; slip != nil {
		wire.Card = &protocol.Card{
			Number: slip.Number, Scheme: slip.Scheme, Acquirer: slip.Acquirer, Approval: slip.Approval,
			Reference: slip.Reference, Terminal: slip.Terminal, Instalments: slip.Instalments,
		}
	}
	return wire
}

func wireDayClosed(day till.Day) protocol.DayClosed {
	record := protocol.DayClosed{
		Day: day.Day, At: day.ClosedAt, By: wirePerson(day.ClosedBy), Float: day.Float, Sales: day.Sales, Refunds: day.Refunds,
		Total: day.Total, Taxable: day.Supply, Exempt: day.Exempt, VAT: day.VAT, Tenders: make(map[string]money.Won),
		Expected: day.Expected(), Counted: day.Counted, Difference: day.Difference(), Note: day.Note,
		FirstNumber: day.FirstNumber, LastNumber: day.LastNumber,
	}
	for _, tender := range day.Tenders {
		record.Tenders[string(tender.Kind)] = tender.Sum
	}
	return record
}

func wireProduct(product catalog.Product) protocol.ProductChanged {
	return protocol.ProductChanged{
		Product: product.ID, Name: product.Name, Category: product.Category, Price: product.Price, Cost: product.Cost,
		VAT: product.VAT, Barcodes: product.Barcodes, Archived: product.Archived,
	}
}

func wireShop(shop catalog.Shop) protocol.ShopChanged {
	return protocol.ShopChanged{
		Name: shop.Name, BusinessNumber: shop.BusinessNumber, Representative: shop.Representative,
		Address: shop.Address, Phone: shop.Phone, Kind: shop.Kind,
	}
}
