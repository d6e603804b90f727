package api

import (
	"cmp"
	"time"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/devices"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/till"
	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

func viewShop(shop catalog.Shop) ShopView {
	return ShopView(shop)
}

func readShop(view ShopView) catalog.Shop {
	shop := catalog.Shop(view)
	shop.BusinessNumber = catalog.PlainBusinessNumber(shop.BusinessNumber)
	return shop
}

func viewSettings(settings till.Settings) OptionsView {
	view := OptionsView{
		Language: settings.Language, LeftHanded: settings.LeftHanded, Volume: settings.Volume,
		QuickDiscounts: append([]int64{}, settings.QuickDiscounts...), ReceiptFoot: settings.ReceiptFoot,
		Codes: []CodeRuleView{}, CashReceiptDuty: settings.CashReceiptDuty,
	}
	for _, rule := range settings.Codes {
		view.Codes = append(view.Codes, CodeRuleView{
			Prefix: rule.Prefix, ItemDigits: rule.ItemDigits, ValueDigits: rule.ValueDigits,
			Kind: string(rule.Value), Decimals: rule.Decimals, ValueCheck: rule.ValueCheck,
		})
	}
	return view
}

func readSettings(view OptionsView) (till.Settings, error) {
	settings := till.Settings{
		Language: view.Language, LeftHanded: view.LeftHanded, Volume: view.Volume,
		QuickDiscounts: view.QuickDiscounts, ReceiptFoot: view.ReceiptFoot, CashReceiptDuty: view.CashReceiptDuty,
	}
	for _, rule := range view.Codes {
		read := vertical.CodeRule{
			Prefix: rule.Prefix, ItemDigits: rule.ItemDigits, ValueDigits: rule.ValueDigits,
			Value: vertical.LabelValue(rule.Kind), Decimals: rule.Decimals, ValueCheck: rule.ValueCheck,
		}
		if err := read.Check(); err != nil {
			return till.Settings{}, err
		}
		settings.Codes = append(settings.Codes, read)
	}
	return settings, nil
}

func viewDay(day *till.Day) DayView {
	if day == nil {
		return DayView{}
	}
	return DayView{Open: true, Day: day.Day, OpenedAt: day.OpenedAt, OpenedBy: day.OpenedBy.Name}
}

func emptyCart() CartView {
	return CartView{Lines: []LineView{}, Tenders: []TenderView{}, Notes: []money.Won{}}
}

func viewCart(cart till.Cart, now time.Time) CartView {
	totals := cart.Totals()
	view := emptyCart()
	view.ID, view.Version, view.Note, view.Locked, view.Blocked = cart.ID, cart.Version, cart.Cart.Note, cart.Locked(), cart.Blocked
	view.Gross, view.Discount, view.Total = totals.Gross, totals.Discount, totals.Total
	view.VAT, view.Exempt, view.Paid, view.Due = totals.VAT, totals.Exempt, totals.Paid, totals.Due
	view.WholePermille, view.WholeAmount = cart.Discount.Permille, cart.Discount.Amount
	for i, line := range cart.Lines {
		view.Lines = append(view.Lines, viewLine(line, totals.Lines[i]))
	}
	view.Tenders = viewTenders(cart.Tenders)
	if cart.CanUndo(now) {
		view.UndoUntil, view.UndoName = cart.Undo.At.Add(sale.UndoFor), cart.Undo.Line.Item.Name
	}
	view.Notes = notesFor(totals.Due)
	return view
}

func viewLine(line sale.Line, total sale.LineTotal) LineView {
	return LineView{
		ID: line.ID, Product: line.Item.Product, Name: line.Item.Name, Quantity: line.Quantity, ByWeight: line.Item.ByWeight,
		Unit: line.Unit, List: line.Item.Price, Discount: total.Own, Permille: line.Discount.Permille,
		Amount: total.Gross - total.Own, VAT: line.Item.VAT, Note: line.Note,
	}
}

func viewTenders(tenders []sale.Tender) []TenderView {
	views := make([]TenderView, len(tenders))
	for i, tender := range tenders {
		views[i] = TenderView{
			Kind: string(tender.Kind), Amount: tender.Amount, Received: tender.Received, Change: tender.Change, Attempt: tender.Attempt,
		}
		if slip := tender.Slip; slip != nil {
			views[i].Card, views[i].Scheme, views[i].Approval = slip.Number, slip.Scheme, slip.Approval
			views[i].Instalments, views[i].Signature = slip.Instalments, slip.Signature
		}
	}
	return views
}

// notesFor are the amounts a customer may hand over for what is due: exactly,
// then rounded up to the notes and coins in use, each once.
func notesFor(due money.Won) []money.Won {
	if due <= 0 {
		return []money.Won{}
	}
	notes := []money.Won{due}
	for _, note := range []money.Won{1_000, 5_000, 10_000, 50_000} {
		up := (due + note - 1) / note * note
		if up > notes[len(notes)-1] {
			notes = append(notes, up)
		}
	}
	return notes
}

func viewParked(cart till.Cart) ParkedView {
	return ParkedView{
		ID: cart.ID, Name: cart.Name, Total: cart.Totals().Total, Lines: len(cart.Lines), At: cart.At, By: cart.By.Name,
		Blocked: cart.Blocked,
	}
}

func viewPayment(payment *till.Payment) *PaymentView {
	if payment == nil {
		return nil
	}
	return &PaymentView{
		Attempt: payment.Attempt, Purpose: string(payment.Purpose), Amount: payment.Amount, State: string(payment.State),
		Instalments: payment.Instalments, Wallet: payment.Wallet, Progress: string(payment.Progress), Reason: payment.Reason, Text: payment.Text, CanCancel: payment.CanCancel,
		Since: payment.Since,
	}
}

func viewNotice(notice *till.Notice) *NoticeView {
	if notice == nil {
		return nil
	}
	view := &NoticeView{Number: notice.Number, Code: notice.Code, Level: string(notice.Level), Subject: notice.Subject}
	switch notice.Code {
	case till.ErrUnknownCode.Error():
		view.Code = codeUnknownCode
	case "receipt_scanned":
		view.Code = "receipt"
	}
	return view
}

// nameOfScanner tells several scanners apart; the only one needs no name.
func nameOfScanner(devices []DeviceView, id string) string {
	name, scanners := "", 0
	for _, device := range devices {
		if device.Kind != string(drivers.KindScanner) {
			continue
		}
		scanners++
		if device.ID == id {
			name = device.Name
		}
	}
	if scanners < 2 {
		return ""
	}
	return name
}

func viewAsk(ask *till.Ask) *AskView {
	if ask == nil {
		return nil
	}
	return &AskView{Product: ask.Product, Name: ask.Name, Code: ask.Code, Prompts: viewPrompts(ask.Prompts)}
}

func viewPrompts(prompts []vertical.Prompt) []PromptView {
	views := make([]PromptView, len(prompts))
	for i, prompt := range prompts {
		views[i] = PromptView{Kind: string(prompt.Kind), Age: prompt.Minimum, Label: prompt.Label}
	}
	return views
}

func viewFinished(finished till.Finished, printed string) *DoneView {
	return &DoneView{
		Number: finished.Number, Refund: finished.Kind == sale.Refunded, Total: finished.Total, Change: finished.Change,
		Received: finished.Received, Tenders: viewTenders(finished.Tenders), Print: printed, Cash: viewCash(finished.Cash),
	}
}

// viewDevices shows the devices. Slips that name no printer wait for the first
// receipt printer.
func viewDevices(list []devices.View, loads map[string]printing.Load) []DeviceView {
	views := make([]DeviceView, len(list))
	rest := loads[""]
	for i, device := range list {
		views[i] = viewDevice(device)
		if device.Kind != drivers.KindPrinter {
			continue
		}
		load := loads[device.ID]
		if cmp.Or(device.Duty.Role, devices.ReceiptRole) == devices.ReceiptRole {
			load.Waiting, load.LostOrders = load.Waiting+rest.Waiting, load.LostOrders+rest.LostOrders
			rest = printing.Load{}
		}
		views[i].Waiting, views[i].LostOrders = load.Waiting, load.LostOrders
	}
	return views
}

func viewDevice(device devices.View) DeviceView {
	view := DeviceView{
		ID: device.ID, Kind: string(device.Kind), Driver: device.Driver, Name: device.Name,
		State: string(device.State.Level), Code: device.State.Code, Since: device.State.Since, Verified: device.Verified,
	}
	for _, service := range device.Services {
		view.Services = append(view.Services, string(service))
	}
	if device.Kind == drivers.KindPrinter {
		view.Duty = &DutyView{
			Role: string(cmp.Or(device.Duty.Role, devices.ReceiptRole)), Backup: device.Duty.Backup, Drawer: string(device.Duty.Drawer),
			LabelsOnly: device.LabelsOnly,
		}
	}
	return view
}

func viewHub(line Line) HubView {
	return HubView{State: line.State, Unsent: line.Unsent, OldestUnsent: line.OldestUnsent, URL: line.URL, Since: line.Since}
}

func viewStaff(person staff.Person) StaffView {
	return StaffView{ID: person.ID, Name: person.Name, Role: string(person.Role), Active: person.Active}
}

func viewSession(person staff.Person) SessionView {
	view := SessionView{Staff: viewStaff(person), Rights: []string{}, MaxDiscount: person.Role.MaxDiscount()}
	for _, right := range person.Role.Rights() {
		view.Rights = append(view.Rights, string(right))
	}
	return view
}

// promptsOf is what a product asks at the counter of this kind of shop.
func (s *Server) promptsOf(shop catalog.Shop, product catalog.Product) []vertical.Prompt {
	kind, known := s.Kinds[shop.Kind]
	if !known {
		return product.Goods(catalog.Code{}, false).Questions()
	}
	return kind.Prompts(product.Goods(catalog.Code{}, false))
}
