package api

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/drivers"
	"shopbox/edge/devices"
	"shopbox/edge/staff"
	"shopbox/edge/till"
)

// historyShown is how many changes of a device's state are shown.
const historyShown = 50

func (s *Server) registerDevices(api huma.API) {
	device := func(id, method, path, summary string) huma.Operation {
		return needs(staff.Devices, huma.Operation{OperationID: id, Method: method, Path: "/api/devices" + path, Tags: []string{"devices"}, Summary: summary})
	}
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "list-devices", Method: http.MethodGet, Path: "/api/devices", Tags: []string{"devices"}, Summary: "The shop's devices and how they are",
	}), s.listDevices)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "weigh", Method: http.MethodGet, Path: "/api/scale", Tags: []string{"devices"}, Summary: "What lies on the scale",
	}), s.weigh)
	huma.Register(api, device("list-drivers", http.MethodGet, "/drivers", "The drivers a device can be adopted with"), s.listDrivers)
	huma.Register(api, device("find-devices", http.MethodGet, "/found", "Devices that are plugged in and not adopted"), s.findDevices)
	huma.Register(api, device("search-devices", http.MethodPost, "/search", "Ask plugged-in devices who they are, and look on the network"), s.searchDevices)
	try := device("try-device", http.MethodPost, "/try", "Ask a device how it is before it is adopted")
	try.DefaultStatus = http.StatusNoContent
	huma.Register(api, try, s.tryDevice)
	huma.Register(api, device("adopt-device", http.MethodPost, "", "Adopt a device"), s.adoptDevice)
	huma.Register(api, device("change-device", http.MethodPut, "/{id}", "Change a device"), s.changeDevice)
	forget := device("remove-device", http.MethodDelete, "/{id}", "Let a device go")
	forget.DefaultStatus = http.StatusNoContent
	huma.Register(api, forget, s.removeDevice)
	s.registerPrinters(api, device)
	s.registerServices(api, device)
	test := device("test-device", http.MethodPost, "/{id}/test", "Print a test slip; other devices tell how they are")
	huma.Register(api, test, s.testDevice)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "device-history", Method: http.MethodGet, Path: "/api/devices/{id}/history", Tags: []string{"devices"}, Summary: "How a device was, the latest first",
	}), s.deviceHistory)
}

func (s *Server) listDevices(ctx context.Context, _ *none) (*bodyOf[[]DeviceView], error) {
	loads, err := s.Prints.PrinterLoads(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	list := s.Devices.List()
	views := viewDevices(list, loads)
	for i, device := range list {
		views[i].Settings = s.shownSettings(device.Adopted)
	}
	return answering(views, nil)
}

// shownSettings leaves the secret ones out.
func (s *Server) shownSettings(device devices.Adopted) map[string]string {
	shown := make(map[string]string, len(device.Settings))
	for _, field := range s.Drivers[device.Driver].Fields {
		if value, given := device.Settings[field.Name]; given && !field.Secret {
			shown[field.Name] = value
		}
	}
	return shown
}

func (s *Server) listDrivers(context.Context, *none) (*bodyOf[[]DriverView], error) {
	views := []DriverView{}
	for _, kind := range drivers.Kinds() {
		for _, name := range s.Drivers.Names(kind) {
			views = append(views, viewDriver(s.Drivers[name]))
		}
	}
	return answering(views, nil)
}

func viewDriver(driver drivers.Factory) DriverView {
	view := DriverView{
		Name: driver.Name, Kind: string(driver.Kind), Title: driver.Title, Verified: driver.Verified, Fields: make([]FieldView, len(driver.Fields)),
	}
	for i, field := range driver.Fields {
		view.Fields[i] = FieldView{
			Name: field.Name, Default: field.Default, Required: field.Required, Choices: append([]string{}, field.Choices...), Secret: field.Secret,
		}
	}
	return view
}

func (s *Server) findDevices(context.Context, *none) (*bodyOf[[]FoundView], error) {
	return answering(s.viewFound(s.Finder.Found()), nil)
}

func (s *Server) searchDevices(ctx context.Context, in *struct{ Body SearchRequest }) (*bodyOf[[]FoundView], error) {
	found, err := s.Finder.Search(ctx, strings.TrimSpace(in.Body.Address))
	return answering(s.viewFound(found), s.refuse(ctx, err))
}

func (s *Server) viewFound(suggestions []devices.Suggestion) []FoundView {
	views := make([]FoundView, len(suggestions))
	for i, found := range suggestions {
		views[i] = FoundView{Name: found.Name, Bus: string(found.Bus), Place: cmp.Or(found.Path, found.Host)}
		for _, offer := range found.Offers {
			views[i].Offers = append(views[i].Offers, OfferView{
				Driver: offer.Driver, Kind: string(s.Drivers[offer.Driver].Kind), Sure: sureness(offer.Score), Settings: offer.Settings,
			})
		}
	}
	return views
}

func sureness(score drivers.Score) string {
	switch score {
	case drivers.ScoreSure:
		return "sure"
	case drivers.ScoreLikely:
		return "likely"
	case drivers.ScoreGuess:
		return "guess"
	default:
		return "possible"
	}
}

func (s *Server) tryDevice(ctx context.Context, in *struct{ Body TryRequest }) (*none, error) {
	return nil, s.refuse(ctx, s.Finder.Try(ctx, in.Body.Driver, in.Body.Settings))
}

func (s *Server) adoptDevice(ctx context.Context, in *struct{ Body DeviceRequest }) (*bodyOf[DeviceView], error) {
	id, err := newID()
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return s.saveDevice(ctx, devices.Adopted{
		ID: id, Driver: in.Body.Driver, Name: strings.TrimSpace(in.Body.Name), Settings: in.Body.Settings,
	})
}

type changeDeviceInput struct {
	ByID
	Body DeviceRequest
}

func (s *Server) changeDevice(ctx context.Context, in *changeDeviceInput) (*bodyOf[DeviceView], error) {
	before, err := s.device(in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	wanted := devices.Adopted{ID: in.ID, Driver: in.Body.Driver, Name: strings.TrimSpace(in.Body.Name), Settings: in.Body.Settings}
	if wanted.Driver == before.Driver {
		s.keepSecrets(&wanted, before.Adopted)
	}
	// A payment is cleared up with the terminal that made it, nowhere else.
	moved := wanted.Driver != before.Driver || !maps.Equal(wanted.Settings, before.Settings)
	if moved && s.Till.UsesTerminal(in.ID) {
		return nil, s.refuse(ctx, till.ErrPaymentUnknown)
	}
	wanted.Duty = before.Duty
	return s.saveDevice(ctx, wanted)
}

// keepSecrets takes secret settings over that the screen was never shown.
func (s *Server) keepSecrets(wanted *devices.Adopted, before devices.Adopted) {
	for _, field := range s.Drivers[wanted.Driver].Fields {
		if old, had := before.Settings[field.Name]; field.Secret && had && wanted.Settings[field.Name] == "" {
			wanted.Settings[field.Name] = old
		}
	}
}

func (s *Server) device(id string) (devices.View, error) {
	list := s.Devices.List()
	at := slices.IndexFunc(list, func(device devices.View) bool { return device.ID == id })
	if at < 0 {
		return devices.View{}, devices.ErrUnknownDevice
	}
	return list[at], nil
}

// saveDevice tries the settings first; only a device that can be made is
// written down.
func (s *Server) saveDevice(ctx context.Context, wanted devices.Adopted) (*bodyOf[DeviceView], error) {
	if wanted.Settings == nil {
		wanted.Settings = drivers.Settings{}
	}
	if _, err := s.Drivers.New(wanted.Driver, wanted.Settings); err != nil {
		return nil, s.refuse(ctx, err)
	}
	wanted.USB = s.Finder.Identify(wanted)
	if err := s.Adopted.SaveDevice(ctx, wanted, s.act(actor(ctx), staff.ActDeviceChanged, wanted.Name, wanted.Driver)); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := s.Devices.Adopt(wanted); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	device, err := s.device(wanted.ID)
	view := viewDevice(device)
	view.Settings = s.shownSettings(wanted)
	return answering(view, s.refuse(ctx, err))
}

func (s *Server) removeDevice(ctx context.Context, in *ByID) (*none, error) {
	device, err := s.device(in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if s.Till.UsesTerminal(in.ID) {
		return nil, s.refuse(ctx, till.ErrPaymentUnknown)
	}
	if err := s.Adopted.RemoveDevice(ctx, in.ID, s.act(actor(ctx), staff.ActDeviceChanged, device.Name, "-")); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Devices.Forget(in.ID)
	s.Changed()
	return nil, nil
}

func (s *Server) testDevice(ctx context.Context, in *ByID) (*bodyOf[DeviceView], error) {
	device, err := s.device(in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if device.Kind == drivers.KindPrinter {
		slip, err := s.testSlip(ctx, device)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		if err := s.Devices.TestPrint(ctx, in.ID, slip); err != nil {
			return nil, s.refuse(ctx, err)
		}
	}
	device, err = s.device(in.ID)
	return answering(viewDevice(device), s.refuse(ctx, err))
}

// testSlip is what a printer prints for a test: a label when those are its duty.
func (s *Server) testSlip(ctx context.Context, device devices.View) (drivers.Document, error) {
	options, err := s.paperOptions(ctx)
	if err != nil || device.Duty.Role != devices.LabelRole {
		return s.Paper.Test(s.Now(), options), err
	}
	return s.testLabel(ctx, device.ID)
}

// weigh answers a moving scale with the code alone: a screen asks again in a
// moment, and nothing went wrong.
func (s *Server) weigh(ctx context.Context, _ *none) (*bodyOf[WeightView], error) {
	weight, err := s.Devices.Weigh(ctx)
	switch code := drivers.Code(err); code {
	case drivers.ErrUnstable.Error(), drivers.ErrOverload.Error(), drivers.ErrBelowZero.Error():
		return answering(WeightView{Code: code}, nil)
	}
	return answering(WeightView{Grams: int64(weight.Net), Tared: weight.Tared}, s.refuse(ctx, err))
}

func (s *Server) deviceHistory(ctx context.Context, in *ByID) (*bodyOf[[]FaultView], error) {
	states, err := s.Adopted.DeviceEvents(ctx, in.ID, historyShown)
	views := make([]FaultView, len(states))
	for i, state := range states {
		views[i] = FaultView{State: string(state.Level), Code: state.Code, At: state.Since}
	}
	return answering(views, s.refuse(ctx, err))
}
