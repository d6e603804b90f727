// Package escpos drives receipt printers that speak ESC/POS (Epson, Bixolon,
// Sewoo, Citizen and most others) over TCP port 9100, a serial line or a USB
// printer's device file. drivers/all lists it; edge/devices runs it.
//
// What always holds: Encode is pure; nothing a document says can become a
// command; Print is nil only when the printer itself said so after the last
// byte.
package escpos

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"

	"shopbox/drivers"
)

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

// StatusSupport is how a printer tells what keeps it from printing.
type StatusSupport string

// The kinds of status.
const (
	// StatusAutomatic tells changes unasked (GS a) and when asked (DLE EOT).
	StatusAutomatic StatusSupport = "automatic"
	// StatusAsked only tells when asked; it may print GS a as characters.
	StatusAsked StatusSupport = "asked"
)

// Profile is what a printer can do.
type Profile struct {
	// Columns of the normal font: 48 or 42 on 80 mm paper, 32 on 58 mm.
	Columns int `json:"columns"`
	// Dots is the printable width; zero is 12 dots a column.
	Dots int `json:"dots"`
	// DPI is the dots in an inch; zero is 203.
	DPI int `json:"dpi"`
	// Korean printers have Hangul in their ROM (CP949); on others every line
	// that is not ASCII is sent as a picture.
	Korean bool `json:"korean"`
	// Cutter says that there is one; without it the paper is fed to the edge.
	Cutter bool `json:"cutter"`
	// QR says that the printer draws QR codes itself; else they are sent as
	// pictures.
	QR bool `json:"qr"`
	// Status is StatusAutomatic when empty.
	Status  StatusSupport `json:"status"`
	Confirm Confirm       `json:"confirm"`
	// DrawerPin is the pin of the drawer's connector: 2 or 5.
	DrawerPin int `json:"drawer"`
}

// dots is the printable width; characters of the normal font are 12 dots wide.
func (p Profile) dots() int {
	if p.Dots > 0 {
		return p.Dots
	}
	return p.Columns * 12
}

// resolution is in dots an inch.
func (p Profile) resolution() int {
	if p.DPI > 0 {
		return p.DPI
	}
	return 203
}

// defaultModel is the printer of settings that name none.
const defaultModel = "generic-80"

//go:embed models.json
var modelFile []byte

// Model is a printer by name, as models.json describes it.
type Model struct {
	// Name is the value of the setting "model".
	Name  string `json:"model"`
	Title string `json:"title"`
	Profile
	// Source says where the description is from. None was checked on hardware.
	Source string `json:"source"`
}

// Models reads the list of printer models, the generic ones first.
func Models() ([]Model, error) {
	decoder := json.NewDecoder(bytes.NewReader(modelFile))
	decoder.DisallowUnknownFields()
	var models []Model
	if err := decoder.Decode(&models); err != nil {
		return nil, fmt.Errorf("printer models: %w", err)
	}
	return models, nil
}

// modelOf is the model of that name.
func modelOf(name string) (Model, error) {
	models, err := Models()
	if err != nil {
		return Model{}, err
	}
	for _, model := range models {
		if model.Name == name {
			return model, nil
		}
	}
	return Model{}, fmt.Errorf("%w: no printer model %q", drivers.ErrSettings, name)
}

// check says what is wrong with a profile; it is drivers.ErrSettings.
func (p Profile) check() error {
	switch p.Confirm {
	case ConfirmProcessID, ConfirmBarrier, ConfirmPoll:
	default:
		return fmt.Errorf("%w: confirm %q", drivers.ErrSettings, p.Confirm)
	}
	switch p.Status {
	case StatusAutomatic, StatusAsked, "":
	default:
		return fmt.Errorf("%w: status %q", drivers.ErrSettings, p.Status)
	}
	if p.Columns < 20 || p.Columns > 128 {
		return fmt.Errorf("%w: %d columns", drivers.ErrSettings, p.Columns)
	}
	if p.DPI < 0 || p.DPI > 600 {
		return fmt.Errorf("%w: %d dots an inch", drivers.ErrSettings, p.DPI)
	}
	if p.Dots < 0 || p.Dots > 2048 {
		return fmt.Errorf("%w: %d dots", drivers.ErrSettings, p.Dots)
	}
	return nil
}
