package escpos

import (
	"strconv"

	"shopbox/drivers"
)

var (
	_ drivers.Printer = (*Printer)(nil)
	_ drivers.Drawer  = (*Printer)(nil)
	_ drivers.Encoder = (*Printer)(nil)

	_ drivers.Labeller = (*Printer)(nil)
)

// Factory is the driver for the registry. It was tested against simulators
// and published byte sequences, not on real hardware.
//
// The model describes the printer; a single setting besides it corrects the
// description, so an empty one means "as the model has it".
func Factory() drivers.Factory {
	yesNo := []string{"yes", "no"}
	return drivers.Factory{
		Name:  "escpos",
		Kind:  drivers.KindPrinter,
		Title: "ESC/POS receipt printer",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "model", Default: defaultModel, Choices: modelNames()},
			{Name: "columns", Choices: []string{"48", "42", "32"}},
			{Name: "confirm", Choices: []string{
				string(ConfirmProcessID), string(ConfirmBarrier), string(ConfirmPoll),
			}},
			{Name: "status", Choices: []string{string(StatusAutomatic), string(StatusAsked)}},
			{Name: "korean", Choices: yesNo},
			{Name: "cutter", Choices: yesNo},
			{Name: "qr", Choices: yesNo},
			{Name: "drawer", Choices: []string{"2", "5"}},
		},
		New: func(settings drivers.Settings) (any, error) {
			config, err := configFrom(settings)
			if err != nil {
				return nil, err
			}
			printer, err := New(config)
			if err != nil {
				return nil, err
			}
			return printer, nil
		},
		Suits: suits,
		Probe: probe,
	}
}

// modelNames are the choices of the setting; a list that cannot be read, which
// a test rules out, leaves none, and then New says why.
func modelNames() []string {
	models, _ := Models()
	names := make([]string, len(models))
	for i, model := range models {
		names[i] = model.Name
	}
	return names
}

// configFrom reads settings that the registry has checked; a number that is
// none is 0, which New refuses.
func configFrom(settings drivers.Settings) (Config, error) {
	model, err := modelOf(settings.Get("model", defaultModel))
	if err != nil {
		return Config{}, err
	}
	profile := model.Profile
	if text := settings["columns"]; text != "" && text != strconv.Itoa(profile.Columns) {
		profile.Columns, _ = strconv.Atoi(text)
		profile.Dots = 0
	}
	if text := settings["drawer"]; text != "" {
		profile.DrawerPin, _ = strconv.Atoi(text)
	}
	for name, ability := range map[string]*bool{"korean": &profile.Korean, "cutter": &profile.Cutter, "qr": &profile.QR} {
		if text := settings[name]; text != "" {
			*ability = text == "yes"
		}
	}
	profile.Confirm = Confirm(settings.Get("confirm", string(profile.Confirm)))
	profile.Status = StatusSupport(settings.Get("status", string(profile.Status)))
	return Config{Address: settings.Get("addr", ""), Profile: profile}, nil
}
