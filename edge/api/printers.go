package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/devices"
	"shopbox/edge/staff"
)

func (s *Server) registerPrinters(api huma.API, device func(id, method, path, summary string) huma.Operation) {
	huma.Register(api, device("set-printer-duty", http.MethodPut, "/{id}/duty", "Say what a printer is for"), s.setDuty)
	huma.Register(api, device("read-drawer", http.MethodGet, "/{id}/drawer", "What the sensor of the cash drawer says now"), s.readDrawer)
}

type dutyInput struct {
	ByID
	Body DutyView
}

// setDuty leaves the printer open: what it prints now goes on.
func (s *Server) setDuty(ctx context.Context, in *dutyInput) (*bodyOf[DeviceView], error) {
	device, err := s.device(in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	duty := devices.Duty{
		Role: devices.Role(in.Body.Role), Backup: in.Body.Backup, Drawer: devices.DrawerSensor(in.Body.Drawer),
	}
	if err := s.Devices.CheckDuty(in.ID, duty); err != nil {
		return nil, s.refuse(ctx, err)
	}
	device.Duty = duty
	act := s.act(actor(ctx), staff.ActDeviceChanged, device.Name, string(duty.Role))
	if err := s.Adopted.SaveDevice(ctx, device.Adopted, act); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := s.Devices.SetDuty(in.ID, duty); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	view := viewDevice(device)
	view.Settings = s.shownSettings(device.Adopted)
	return answering(view, nil)
}

func (s *Server) readDrawer(ctx context.Context, in *ByID) (*bodyOf[DrawerPinView], error) {
	high, err := s.Devices.DrawerPin(ctx, in.ID)
	return answering(DrawerPinView{High: high}, s.refuse(ctx, err))
}
