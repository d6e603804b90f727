// Package staff is who works in the shop: people, what their role lets them
// do, the PIN they sign in with, and the record of acts that need a right.
// edge/till asks for rights, edge/api signs people in, edge/store keeps them.
//
// What always holds: a PIN is never kept or compared in the clear; wrong PINs
// make the next try wait; a shop always has an active owner; nothing here does
// I/O or reads a clock.
package staff

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The reasons why something about people is refused.
var (
	// ErrRight says that the person's role does not allow it.
	ErrRight = errors.New("right_missing")
	// ErrDiscountTooLarge says that the discount is above the role's limit.
	ErrDiscountTooLarge = errors.New("discount_above_limit")
	// ErrLastOwner says that the shop would be left without an active owner.
	ErrLastOwner = errors.New("last_owner")
	// ErrName says that a name is missing or too long.
	ErrName = errors.New("name_invalid")
	// ErrRole says that there is no such role.
	ErrRole = errors.New("role_unknown")
	// ErrInactive says that the person does not work here any more.
	ErrInactive = errors.New("person_inactive")
)

// Person is someone who works in the shop.
type Person struct {
	ID   string
	Name string
	Role Role
	// PINHash is the PIN as HashPIN wrote it.
	PINHash string
	// Active is false for people who left; their sales keep their name.
	Active bool
}

// MaxName is how many letters a name may have.
const MaxName = 40

// Check reports whether the person can be kept.
func (p Person) Check() error {
	name := strings.TrimSpace(p.Name)
	switch {
	case name == "" || utf8.RuneCountInString(name) > MaxName || strings.ContainsFunc(name, unicode.IsControl):
		return ErrName
	case !p.Role.Valid():
		return ErrRole
	}
	return nil
}

// May reports whether the person has the right.
func (p Person) May(right Right) bool { return p.Active && p.Role.May(right) }

// Need is nil when the person has the right, else ErrRight.
func (p Person) Need(right Right) error {
	if !p.May(right) {
		return ErrRight
	}
	return nil
}

// NeedDiscount is nil when the person may give a discount of so many
// thousandths.
func (p Person) NeedDiscount(permille int64) error {
	switch {
	case !p.May(Discount):
		return ErrRight
	case permille > p.Role.MaxDiscount():
		return ErrDiscountTooLarge
	}
	return nil
}

// KeepsOwner is ErrLastOwner when the people, with one of them changed or
// added, have no active owner.
func KeepsOwner(people []Person, changed Person) error {
	if changed.Active && changed.Role == Owner {
		return nil
	}
	if slices.ContainsFunc(people, func(p Person) bool {
		return p.ID != changed.ID && p.Active && p.Role == Owner
	}) {
		return nil
	}
	return ErrLastOwner
}
