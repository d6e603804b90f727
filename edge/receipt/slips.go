package receipt

import (
	"shopbox/drivers"
	"shopbox/edge/sale"
)

// MerchantCopies are the shop's copies (가맹점용) of the card payments of a sale
// or refund that the customer must sign.
func (r *Renderer) MerchantCopies(done sale.Sale, options Options) []drivers.Document {
	var copies []drivers.Document
	for _, tender := range done.Tenders {
		if tender.Slip != nil && tender.Slip.Signature {
			copies = append(copies, r.merchantCopy(done, tender, options))
		}
	}
	return copies
}

func (r *Renderer) merchantCopy(done sale.Sale, tender sale.Tender, options Options) drivers.Document {
	s := r.slip(options.Language)
	s.head(options.Shop)
	s.heading(s.words["merchant_copy"])
	s.named("number", done.Number)
	s.named("date", s.words.moment(done.At))
	s.named("staff", done.By.Name)
	s.add(drivers.Rule{})
	s.tender(tender, done.Kind)
	s.add(
		drivers.Rule{},
		drivers.Feed{Lines: 2},
		drivers.Text{Text: s.words["signature"] + " ____________________", Align: drivers.Right},
	)
	return drivers.Document{Blocks: s.blocks}
}

// CashReceipt is the slip of a cash receipt or of its cancellation. The holder
// stands there masked, with the tax office's number and telephone.
func (r *Renderer) CashReceipt(issued CashReceipt, options Options) drivers.Document {
	s := r.slip(options.Language)
	s.logo(options.Logo)
	s.head(options.Shop)
	s.heading(s.words.cashReceipt(issued))
	s.named("number", issued.Number)
	s.named("date", s.words.moment(issued.At))
	s.named("staff", issued.By.Name)
	s.add(drivers.Rule{})
	s.issued(issued)
	return drivers.Document{Blocks: s.blocks}
}

// issued tells the particulars of a cash receipt.
func (s *slip) issued(issued CashReceipt) {
	s.named("holder", issued.Holder)
	s.named("approval", issued.Approval)
	s.named("terminal", issued.Terminal)
	if supply := issued.Amount - issued.VAT - issued.TaxFree; supply != 0 {
		s.amount("supply", supply)
		s.amount("vat", issued.VAT)
	}
	if issued.TaxFree != 0 {
		s.amount("exempt", issued.TaxFree)
	}
	key := "cash_receipt_amount"
	if issued.Cancelled {
		key = "cash_receipt_back"
	}
	s.add(
		drivers.Columns{Left: s.words[key], Right: issued.Amount.String(), Bold: true},
		drivers.Text{Text: s.words["tax_office"], Align: drivers.Centre},
	)
}

// cashReceipt is the title of a cash receipt with its purpose.
func (w words) cashReceipt(issued CashReceipt) string {
	title := w["cash_receipt"]
	if issued.Cancelled {
		title = w["cash_receipt_cancel"]
	}
	return title + " (" + w[issued.Purpose] + ")"
}
