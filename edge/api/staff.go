package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/staff"
)

func (s *Server) registerStaff(api huma.API) {
	huma.Register(api, needs(staff.People, huma.Operation{
		OperationID: "list-staff", Method: http.MethodGet, Path: "/api/staff", Tags: []string{"staff"}, Summary: "Everyone who works or worked here",
	}), s.listStaff)
	huma.Register(api, needs(staff.People, huma.Operation{
		OperationID: "add-staff", Method: http.MethodPost, Path: "/api/staff", Tags: []string{"staff"}, Summary: "Add a person",
	}), s.addStaff)
	huma.Register(api, needs(staff.People, huma.Operation{
		OperationID: "change-staff", Method: http.MethodPut, Path: "/api/staff/{id}", Tags: []string{"staff"}, Summary: "Change a person",
	}), s.changeStaff)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "set-pin", Method: http.MethodPost, Path: "/api/staff/{id}/pin", Tags: []string{"staff"},
		Summary: "Give a person a new PIN; everyone may change their own", DefaultStatus: http.StatusNoContent,
	}), s.setPIN)
}

func (s *Server) listStaff(ctx context.Context, _ *none) (*bodyOf[[]StaffView], error) {
	people, err := s.People.People(ctx)
	views := make([]StaffView, len(people))
	for i, person := range people {
		views[i] = viewStaff(person)
	}
	return answering(views, s.refuse(ctx, err))
}

// newPerson is a person with a new id.
func (s *Server) newPerson(wanted NewStaff) (staff.Person, error) {
	id, err := newID()
	if err != nil {
		return staff.Person{}, err
	}
	person := staff.Person{ID: id, Name: strings.TrimSpace(wanted.Name), Role: staff.Role(wanted.Role), Active: wanted.Active == nil || *wanted.Active}
	if err := person.Check(); err != nil {
		return staff.Person{}, err
	}
	if wanted.PIN != "" {
		person.PINHash, err = staff.HashPIN(wanted.PIN, s.Pepper)
	}
	return person, err
}

func (s *Server) addStaff(ctx context.Context, in *struct{ Body NewStaff }) (*bodyOf[StaffView], error) {
	person, err := s.newPerson(in.Body)
	if err == nil {
		err = s.People.SavePerson(ctx, person, s.act(actor(ctx), staff.ActPersonChanged, person.Name, "+ "+string(person.Role)))
	}
	return answering(viewStaff(person), s.refuse(ctx, err))
}

type changeStaffInput struct {
	ByID
	Body StaffView
}

func (s *Server) changeStaff(ctx context.Context, in *changeStaffInput) (*bodyOf[StaffView], error) {
	people, err := s.People.People(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	person, err := s.People.Person(ctx, in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	before := person
	person.Name, person.Role, person.Active = strings.TrimSpace(in.Body.Name), staff.Role(in.Body.Role), in.Body.Active
	if err := person.Check(); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := staff.KeepsOwner(people, person); err != nil {
		return nil, s.refuse(ctx, err)
	}
	act := s.act(actor(ctx), staff.ActPersonChanged, before.Name, describe(before)+" -> "+describe(person))
	if err := s.People.SavePerson(ctx, person, act); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	return answering(viewStaff(person), nil)
}

func describe(person staff.Person) string {
	if !person.Active {
		return person.Name + " (-)"
	}
	return person.Name + " (" + string(person.Role) + ")"
}

type setPINInput struct {
	ByID
	Body PINRequest
}

// setPIN ends the person's sessions, for the old PIN may be known to someone;
// only the screen where people change their own stays signed in.
func (s *Server) setPIN(ctx context.Context, in *setPINInput) (*none, error) {
	who := visitorOf(ctx)
	if in.ID != who.person.ID {
		if err := who.person.Need(staff.People); err != nil {
			return nil, s.refuse(ctx, err)
		}
	}
	person, err := s.People.Person(ctx, in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if person.PINHash, err = staff.HashPIN(in.Body.PIN, s.Pepper); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := s.People.SavePerson(ctx, person, s.act(who.person, staff.ActPINChanged, person.Name, "")); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if in.ID == who.person.ID {
		// A new PIN signs the person out everywhere; this screen may stay.
		now := s.Now()
		if err := s.Sessions.SaveSession(ctx, staff.Session{ID: who.session, Person: in.ID, Since: now, Seen: now}); err != nil {
			return nil, s.refuse(ctx, err)
		}
	}
	if err := s.People.SavePINAttempts(ctx, person.ID, staff.Attempts{}); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if in.ID != who.person.ID {
		return nil, nil
	}
	now := s.Now()
	return nil, s.refuse(ctx, s.Sessions.SaveSession(ctx, staff.Session{ID: who.session, Person: person.ID, Since: now, Seen: now}))
}
