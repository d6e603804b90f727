// Package escpos drives receipt printers that speak ESC/POS (Epson, Bixolon,
// Sewoo, Citizen and most others) over TCP port 9100, a serial line or a USB
// printer's device file. drivers/all lists it; edge/devices runs it.
//
// What always holds: Encode is pure; nothing a document says can become a
// command; Print is nil only when the printer itself said so after the last
// byte.
package escpos

// Confirm is how a printer is asked whether everything came out.
type Confirm string

// The ways to ask, best first.
const (
	// ConfirmProcessID is GS ( H: the printer answers with the number of the
	// job after it was printed (Epson TM).
	ConfirmProcessID Confirm = "process_id"
	// ConfirmBarrier is GS r 1: the printer answers in order with the data, so
	// the answer comes after the cut (Bixolon, Sewoo, Citizen).
	ConfirmBarrier Confirm = "barrier"
	// ConfirmPoll is for printers that know neither: the status is asked until
	// the paper must long have come out. It is the weakest of the three.
	ConfirmPoll Confirm = "poll"
)

// Profile is what a printer can do.
type Profile struct {
	// Columns of the normal font: 48 or 42 on 80 mm paper, 32 on 58 mm.
	Columns int
	// Korean printers have Hangul in their ROM (CP949); on others what is not
	// ASCII becomes a question mark.
	Korean bool
	// Cutter says that there is one; without it the paper is fed to the edge.
	Cutter bool
	// QR says that the printer draws QR codes itself; else they are sent as
	// pictures.
	QR      bool
	Confirm Confirm
	// DrawerPin is the pin of the drawer's connector: 2 or 5.
	DrawerPin int
}

// dots is the printable width: characters of the normal font are 12 dots wide.
func (p Profile) dots() int { return p.Columns * 12 }
