package escpos

import (
	"strconv"

	"shopbox/drivers"
)

var (
	_ drivers.Printer = (*Printer)(nil)
	_ drivers.Drawer  = (*Printer)(nil)
)

// Factory is the driver for the registry. It was tested against simulators
// and published byte sequences, not on real hardware.
func Factory() drivers.Factory {
	yesNo := []string{"yes", "no"}
	return drivers.Factory{
		Name:  "escpos",
		Kind:  drivers.KindPrinter,
		Title: "ESC/POS receipt printer",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "columns", Default: "48", Choices: []string{"48", "42", "32"}},
			{Name: "confirm", Default: string(ConfirmBarrier), Choices: []string{
				string(ConfirmProcessID), string(ConfirmBarrier), string(ConfirmPoll),
			}},
			{Name: "korean", Default: "yes", Choices: yesNo},
			{Name: "cutter", Default: "yes", Choices: yesNo},
			{Name: "qr", Default: "yes", Choices: yesNo},
			{Name: "drawer", Default: "2", Choices: []string{"2", "5"}},
		},
		New: func(settings drivers.Settings) (any, error) {
			printer, err := New(configFrom(settings))
			if err != nil {
				return nil, err
			}
			return printer, nil
		},
		Suits: suits,
		Probe: probe,
	}
}

// configFrom reads settings that the registry has checked; a number that is
// none is 0, which New refuses.
func configFrom(settings drivers.Settings) Config {
	columns, _ := strconv.Atoi(settings.Get("columns", "48"))
	pin, _ := strconv.Atoi(settings.Get("drawer", "2"))
	return Config{
		Address: settings.Get("addr", ""),
		Profile: Profile{
			Columns:   columns,
			Korean:    settings.Get("korean", "yes") == "yes",
			Cutter:    settings.Get("cutter", "yes") == "yes",
			QR:        settings.Get("qr", "yes") == "yes",
			Confirm:   Confirm(settings.Get("confirm", string(ConfirmBarrier))),
			DrawerPin: pin,
		},
	}
}
