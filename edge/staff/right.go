package staff

import "slices"

// Role is what a person is in the shop.
type Role string

// The roles.
const (
	Owner   Role = "owner"
	Manager Role = "manager"
	Cashier Role = "cashier"
)

// Right is something a role allows.
type Right string

// The rights. Selling itself needs none beyond being signed in.
const (
	// Discount allows discounts up to the role's limit.
	Discount Right = "discount"
	// PriceOverride allows another price than the catalogue's.
	PriceOverride Right = "price_override"
	// Refund allows taking goods back.
	Refund Right = "refund"
	// VoidLine allows taking a line out of the cart.
	VoidLine Right = "void_line"
	// Park allows putting carts aside.
	Park Right = "park"
	// OpenDrawer allows opening the drawer without a sale.
	OpenDrawer Right = "open_drawer"
	// Products allows changing the catalogue.
	Products Right = "products"
	// Stock allows counting, receiving and writing off goods.
	Stock Right = "stock"
	// SettlePayment allows deciding a payment nobody knows the outcome of.
	SettlePayment Right = "settle_payment"
	// DayOpen and DayClose allow opening and closing the business day.
	DayOpen  Right = "day_open"
	DayClose Right = "day_close"
	// People allows changing who works here and as what.
	People Right = "staff"
	// Devices allows adding and removing devices.
	Devices Right = "devices"
	// Settings allows changing the shop's particulars and settings.
	Settings Right = "settings"
	// AuditRead allows reading the record of acts.
	AuditRead Right = "audit_read"
)

// Roles lists the roles, the one that may most first.
func Roles() []Role { return []Role{Owner, Manager, Cashier} }

// rights is who may do what, the same in every shop.
var rights = map[Role][]Right{
	Owner: {
		Discount, PriceOverride, Refund, VoidLine, Park, OpenDrawer, Products, Stock, SettlePayment,
		DayOpen, DayClose, People, Devices, Settings, AuditRead,
	},
	Manager: {
		Discount, PriceOverride, Refund, VoidLine, Park, OpenDrawer, Products, Stock, SettlePayment,
		DayOpen, DayClose, Devices, AuditRead,
	},
	Cashier: {Discount, VoidLine, Park, DayOpen},
}

// Valid reports whether there is such a role.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// May reports whether the role has the right.
func (r Role) May(right Right) bool { return slices.Contains(rights[r], right) }

// Rights lists what the role may do.
func (r Role) Rights() []Right { return slices.Clone(rights[r]) }

// MaxDiscount is the largest discount the role may give, in thousandths.
func (r Role) MaxDiscount() int64 {
	switch r {
	case Owner:
		return 1000
	case Manager:
		return 500
	case Cashier:
		return 100
	}
	return 0
}
