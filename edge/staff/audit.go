package staff

import "time"

// Act is something that needs a right, or that someone may ask about later.
type Act string

// The acts that are recorded.
const (
	ActSetUp         Act = "set_up"
	ActSignedIn      Act = "signed_in"
	ActSignedOut     Act = "signed_out"
	ActPINFailed     Act = "pin_failed"
	ActPINChanged    Act = "pin_changed"
	ActPersonChanged Act = "person_changed"
	ActDiscount      Act = "discount"
	ActPriceOverride Act = "price_override"
	ActLineVoided    Act = "line_voided"
	ActCartDropped   Act = "cart_dropped"
	ActRefund        Act = "refund"
	// ActTenderGivenBack is cash handed back before a sale was finished.
	ActTenderGivenBack Act = "tender_given_back"
	ActReprint         Act = "reprint"
	ActDrawerOpened    Act = "drawer_opened"
	// ActDrawerUnasked is a drawer that opened without the box, by its key or by
	// force.
	ActDrawerUnasked  Act = "drawer_unasked"
	ActAgeChecked     Act = "age_checked"
	ActExpiredSold    Act = "expired_sold"
	ActPaymentSettled Act = "payment_settled"
	ActDayOpened      Act = "day_opened"
	ActDayClosed      Act = "day_closed"
	ActProductChanged Act = "product_changed"
	ActImport         Act = "products_imported"
	ActStockMoved     Act = "stock_moved"
	ActLabels         Act = "labels_printed"
	ActDeviceChanged  Act = "device_changed"
	ActSettings       Act = "settings_changed"
	ActLogo           Act = "logo_changed"
	ActClaimed        Act = "box_claimed"
	ActTimeSet        Act = "time_set"
)

// Acts lists every act, for the words on the screen.
func Acts() []Act {
	return []Act{
		ActSetUp, ActSignedIn, ActSignedOut, ActPINFailed, ActPINChanged, ActPersonChanged,
		ActDiscount, ActPriceOverride, ActLineVoided, ActCartDropped, ActRefund, ActTenderGivenBack, ActReprint,
		ActDrawerOpened, ActDrawerUnasked, ActAgeChecked, ActExpiredSold, ActPaymentSettled, ActDayOpened, ActDayClosed,
		ActProductChanged, ActImport, ActStockMoved, ActLabels, ActDeviceChanged, ActSettings, ActLogo, ActClaimed, ActTimeSet,
	}
}

// AuditEvent is one act, recorded for ever.
type AuditEvent struct {
	At time.Time
	// Person and Name are who did it, as they were called then; empty for the
	// box itself.
	Person, Name string
	Act          Act
	// Subject is what it was done to: a receipt number, a product's name.
	Subject string
	// Detail says how: "4500 -> 4000". Never a PIN or a card number.
	Detail string
}
