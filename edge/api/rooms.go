package api

import (
	"context"
	"image"
	"time"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/devices"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/stock"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// Rooms are what the API calls. edge/app fills them.
type Rooms struct {
	Till     Till
	Shop     Shop
	People   People
	Sessions Sessions
	Screens  Screens
	Products Products
	Goods    Goods
	Ledger   Ledger
	Devices  Devices
	Finder   Finder
	Adopted  Adopted
	Prints   Prints
	Audit    Audit
	Hub      Hub
	Health   Health
	Clock    Clock
	Door     Door
}

// Till is the script of the sale; edge/till is it.
type Till interface {
	Screen
	Basket
	Parking
	Payments
	Copies
	CashReceipts
	Days
}

// Screen is what the till shows.
type Screen interface {
	Snapshot() till.Snapshot
	Subscribe(ctx context.Context) <-chan till.Snapshot
	Touch()
}

// Basket changes the open cart.
type Basket interface {
	ScanBy(ctx context.Context, actor staff.Person, code string) (till.Scanned, error)
	AddProduct(ctx context.Context, actor staff.Person, request till.AddRequest) (string, error)
	AddFree(ctx context.Context, actor staff.Person, free till.FreeAmount) (string, error)
	Update(ctx context.Context, actor staff.Person, line string, change sale.Change) error
	Remove(ctx context.Context, actor staff.Person, line string) error
	Undo(ctx context.Context, actor staff.Person) error
	Discount(ctx context.Context, actor staff.Person, discount sale.Discount) error
	Note(ctx context.Context, actor staff.Person, note string) error
}

// Parking puts carts aside.
type Parking interface {
	Park(ctx context.Context, actor staff.Person, name string) error
	Resume(ctx context.Context, actor staff.Person, cart string) error
	DropParked(ctx context.Context, actor staff.Person, cart string) error
	Clear(ctx context.Context, actor staff.Person) error
}

// CashReceipts issues and cancels them at the terminal.
type CashReceipts interface {
	IssueCashReceipt(ctx context.Context, actor staff.Person, request till.CashReceiptRequest) (till.Answer, error)
	CancelCashReceipt(ctx context.Context, actor staff.Person, request till.CancelCashReceiptRequest) (till.Answer, error)
	// Abilities is what the terminal to pay at can do today; ok is false
	// without one.
	Abilities() (able drivers.Abilities, rules drivers.CardRules, ok bool)
}

// Payments moves money.
type Payments interface {
	// UsesTerminal reports whether a payment is at the terminal, or has no known
	// outcome there.
	UsesTerminal(id string) bool
	Pay(ctx context.Context, actor staff.Person, request till.PayRequest) (till.Answer, error)
	Refund(ctx context.Context, actor staff.Person, request till.RefundRequest) (till.Answer, error)
	GiveBack(ctx context.Context, actor staff.Person, request till.GiveBackRequest) (till.Answer, error)
	CancelPayment(ctx context.Context) error
	AskAgain(attempt string) error
	SettlePayment(ctx context.Context, actor staff.Person, request till.SettleRequest) (till.Answer, error)
}

// Copies are slips printed again, marked as what they are.
type Copies interface {
	Reprint(ctx context.Context, actor staff.Person, number string) (int64, error)
	// PrintAgain prints the slip of a job again, marked as a copy.
	PrintAgain(ctx context.Context, actor staff.Person, job int64) (int64, error)
}

// Days opens and closes the business day.
type Days interface {
	OpenDay(ctx context.Context, actor staff.Person, float money.Won) error
	CloseDay(ctx context.Context, actor staff.Person, request till.CloseDayRequest) (till.Day, error)
	DayReport(ctx context.Context) (till.DayReport, error)
}

// Shop keeps the shop's particulars and settings. Changes are written together
// with the record of the act, here and in what follows.
type Shop interface {
	// Shop is till.ErrNotFound before the shop was set up.
	Shop(ctx context.Context) (catalog.Shop, till.Settings, error)
	// SetUp is ErrTaken when the shop is set up already.
	SetUp(ctx context.Context, setUp till.SetUp) error
	SaveShop(ctx context.Context, shop catalog.Shop, settings till.Settings, acts ...staff.AuditEvent) error
	// Logo is the picture at the head of receipts, nil for none; SaveLogo of nil
	// takes it away.
	Logo(ctx context.Context) (image.Image, error)
	SaveLogo(ctx context.Context, picture image.Image, acts ...staff.AuditEvent) error
}

// People keeps who works in the shop.
type People interface {
	People(ctx context.Context) ([]staff.Person, error)
	Person(ctx context.Context, id string) (staff.Person, error)
	// SavePerson ends the sessions of someone who left.
	SavePerson(ctx context.Context, person staff.Person, acts ...staff.AuditEvent) error
	PINAttempts(ctx context.Context, person string) (staff.Attempts, error)
	SavePINAttempts(ctx context.Context, person string, attempts staff.Attempts, acts ...staff.AuditEvent) error
}

// Sessions keeps who is signed in on which screen.
type Sessions interface {
	// Session is a session and its person, or till.ErrNotFound.
	Session(ctx context.Context, id string) (staff.Session, staff.Person, error)
	// SaveSession writes a session that begins, or the touch of one that did
	// not end in the meantime.
	SaveSession(ctx context.Context, session staff.Session, acts ...staff.AuditEvent) error
	EndSession(ctx context.Context, id string, acts ...staff.AuditEvent) error
}

// Screens keeps the browsers that face the customer, by their secret as it is
// kept.
type Screens interface {
	Screens(ctx context.Context) ([]staff.Screen, error)
	// Screen is till.ErrNotFound for a browser that is none.
	Screen(ctx context.Context, secret string) (staff.Screen, error)
	SaveScreen(ctx context.Context, screen staff.Screen, acts ...staff.AuditEvent) error
	RemoveScreen(ctx context.Context, id string, acts ...staff.AuditEvent) error
}

// Products keeps what the shop sells.
type Products interface {
	Products(ctx context.Context, query catalog.Query) ([]catalog.Listed, error)
	// CountProducts is how many there are in all, without limit and offset.
	CountProducts(ctx context.Context, query catalog.Query) (int, error)
	ProductWithStock(ctx context.Context, id string) (catalog.Listed, error)
	// Known is everything an import is compared with.
	Known(ctx context.Context) (catalog.Known, error)
	// ChangeCatalog is ErrTaken when another product has a barcode or a key.
	ChangeCatalog(ctx context.Context, change catalog.Change, by sale.Person, acts ...staff.AuditEvent) error
	// Import writes a long list in parts, between which sales pass, and reports
	// how many products are in, also when it breaks off.
	Import(ctx context.Context, change catalog.Change, by sale.Person, acts ...staff.AuditEvent) (int, error)
	Move(ctx context.Context, movements []stock.Movement, by sale.Person, acts ...staff.AuditEvent) error
	Count(ctx context.Context, product string, counted money.Milli, by sale.Person, acts ...staff.AuditEvent) error
}

// Goods are categories and the product keys.
type Goods interface {
	Categories(ctx context.Context) ([]catalog.Category, error)
	// Keys are the products with a place among the keys.
	Keys(ctx context.Context) ([]catalog.Product, error)
	// CatalogVersion grows with every change of products, categories and keys.
	CatalogVersion(ctx context.Context) (int64, error)
}

// Ledger is the finished sales and days.
type Ledger interface {
	Sale(ctx context.Context, number string) (till.Record, error)
	Sales(ctx context.Context, query till.SaleQuery) ([]till.SaleRow, error)
	// CountSales is how many there are in all, without limit and offset.
	CountSales(ctx context.Context, query till.SaleQuery) (int, error)
	// Days are the latest business days, the newest first.
	Days(ctx context.Context, limit, offset int) ([]till.Day, error)
}

// Devices are the shop's devices; edge/devices holds them.
type Devices interface {
	List() []devices.View
	Adopt(adopted devices.Adopted) error
	Forget(id string)
	Printers
	// Weigh is the stable weight on the shop's scale.
	Weigh(ctx context.Context) (drivers.Weight, error)
	// Serve has a service of a card terminal done, and tells the totals of an
	// end of day.
	Serve(ctx context.Context, id string, service devices.Service) (drivers.TerminalTotals, error)
	Wake()
}

// Finder finds devices that are not adopted; edge/devices does.
type Finder interface {
	// Found are devices that are plugged in and not adopted; Search also asks
	// them who they are and looks on the network, or only at an address.
	Found() []devices.Suggestion
	Search(ctx context.Context, address string) ([]devices.Suggestion, error)
	// Try opens a device once and reports how it is.
	Try(ctx context.Context, driver string, settings drivers.Settings) error
	// Identify is what the device to be adopted says of itself on USB.
	Identify(wanted devices.Adopted) drivers.USB
}

// Printers print, and have their duties.
type Printers interface {
	OpenDrawer(ctx context.Context) error
	TestPrint(ctx context.Context, id string, slip drivers.Document) error
	// SetDuty is devices.ErrDuty when the printer cannot have it, as is what
	// CheckDuty says before.
	SetDuty(id string, duty devices.Duty) error
	CheckDuty(id string, duty devices.Duty) error
	// Labellers are the printers for labels, the best first; Labeller is the one
	// of that id, the best for an empty one, or devices.ErrNoDevice.
	Labellers() []devices.Labeller
	Labeller(id string) (devices.Labeller, error)
	// DrawerPin is what the sensor of the cash drawer says now.
	DrawerPin(ctx context.Context, id string) (high bool, err error)
}

// Adopted keeps which devices the shop took on and how they were.
type Adopted interface {
	SaveDevice(ctx context.Context, device devices.Adopted, acts ...staff.AuditEvent) error
	RemoveDevice(ctx context.Context, id string, acts ...staff.AuditEvent) error
	// DeviceEvents is the changes of a device's state, the newest first.
	DeviceEvents(ctx context.Context, id string, limit int) ([]devices.State, error)
}

// Prints is the print queue.
type Prints interface {
	// PrintJobs lists jobs, the newest first.
	PrintJobs(ctx context.Context, limit, offset int) ([]printing.Job, error)
	PrintJob(ctx context.Context, id int64) (printing.Job, error)
	// PrintState is a job's kind and state; it is quick, however long the slip.
	PrintState(ctx context.Context, id int64) (printing.Kind, printing.State, error)
	Enqueue(ctx context.Context, job printing.Job) (int64, error)
	// PrintLabels puts labels into the queue and remembers their size; LabelSize
	// is the size of the last, empty before.
	PrintLabels(ctx context.Context, size string, jobs []printing.Job, acts ...staff.AuditEvent) error
	LabelSize(ctx context.Context) (string, error)
	// GiveUpPrintJob takes a job out of the queue that is not printed.
	GiveUpPrintJob(ctx context.Context, id int64) error
	// PrinterLoads is what waits for each printer, "" for slips that name none.
	PrinterLoads(ctx context.Context) (map[string]printing.Load, error)
}

// Audit is the record of acts.
type Audit interface {
	Audit(ctx context.Context, limit, offset int) ([]staff.AuditEvent, error)
	Audited(ctx context.Context, acts ...staff.AuditEvent) error
}

// Hub is the line to the hub.
type Hub interface {
	Line(ctx context.Context) (Line, error)
	Claim(ctx context.Context, address, code string) error
	// TryNow ends the wait before the hub is tried again.
	TryNow()
}

// Line is how the line to the hub is.
type Line struct {
	// State is "unclaimed", "online" or "offline".
	State        string
	Since        time.Time
	URL          string
	Unsent       int64
	OldestUnsent time.Time
}

// Health is how the box itself is.
type Health interface {
	DiskFull() bool
	ClockDoubt() bool
	// Alive is nil when the box can do its work: its database takes a write.
	Alive(ctx context.Context) error
}

// Door is where the box is reached.
type Door interface {
	// Addresses are those on the shop's network, as host:port; none when only
	// the box's own machine can reach it.
	Addresses() []string
}

// Clock is the box's time.
type Clock interface {
	// SetTime takes a person's word for the time. It is ErrTimeKept when the
	// network keeps it right, ErrTime when that cannot be the time.
	SetTime(ctx context.Context, at time.Time) error
}
