package staff_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shopbox/edge/staff"
)

func TestPersonCheck(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		person staff.Person
		want   error
	}{
		"good":    {staff.Person{Name: "민지", Role: staff.Cashier}, nil},
		"no name": {staff.Person{Name: "  ", Role: staff.Cashier}, staff.ErrName},
		"long":    {staff.Person{Name: strings.Repeat("가", 41), Role: staff.Cashier}, staff.ErrName},
		"control": {staff.Person{Name: "a\nb", Role: staff.Cashier}, staff.ErrName},
		"role":    {staff.Person{Name: "민지", Role: "king"}, staff.ErrRole},
		"no role": {staff.Person{Name: "민지"}, staff.ErrRole},
	} {
		if err := tt.person.Check(); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		role  staff.Role
		right staff.Right
		want  bool
	}{
		{staff.Owner, staff.People, true},
		{staff.Owner, staff.Settings, true},
		{staff.Manager, staff.Refund, true},
		{staff.Manager, staff.SettlePayment, true},
		{staff.Manager, staff.People, false},
		{staff.Manager, staff.Settings, false},
		{staff.Cashier, staff.Discount, true},
		{staff.Cashier, staff.Park, true},
		{staff.Cashier, staff.DayOpen, true},
		{staff.Cashier, staff.Refund, false},
		{staff.Cashier, staff.PriceOverride, false},
		{staff.Cashier, staff.OpenDrawer, false},
		{"king", staff.Discount, false},
		{staff.Owner, "fly", false},
	} {
		person := staff.Person{Role: tt.role, Active: true}
		if got := person.May(tt.right); got != tt.want {
			t.Errorf("%s may %s: %v", tt.role, tt.right, got)
		}
		if err := person.Need(tt.right); (err == nil) != tt.want {
			t.Errorf("%s needs %s: %v", tt.role, tt.right, err)
		}
		person.Active = false
		if person.May(tt.right) {
			t.Errorf("a %s who left may %s", tt.role, tt.right)
		}
	}
}

func TestEachRoleMayAllThatTheNextMay(t *testing.T) {
	t.Parallel()
	roles := staff.Roles()
	for i, role := range roles[1:] {
		for _, right := range role.Rights() {
			if !roles[i].May(right) {
				t.Errorf("%s may %s, %s may not", role, right, roles[i])
			}
		}
		if role.MaxDiscount() > roles[i].MaxDiscount() {
			t.Errorf("%s may discount more than %s", role, roles[i])
		}
	}
	rights := staff.Cashier.Rights()
	rights[0] = staff.People
	if staff.Cashier.May(staff.People) {
		t.Error("the table of rights can be changed")
	}
}

func TestNeedDiscount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		role     staff.Role
		permille int64
		want     error
	}{
		{staff.Cashier, 100, nil},
		{staff.Cashier, 101, staff.ErrDiscountTooLarge},
		{staff.Manager, 500, nil},
		{staff.Manager, 501, staff.ErrDiscountTooLarge},
		{staff.Owner, 1000, nil},
		{"king", 0, staff.ErrRight},
	} {
		err := staff.Person{Role: tt.role, Active: true}.NeedDiscount(tt.permille)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s, %d: %v", tt.role, tt.permille, err)
		}
	}
}

func TestKeepsOwner(t *testing.T) {
	t.Parallel()
	owner := staff.Person{ID: "o", Role: staff.Owner, Active: true}
	second := staff.Person{ID: "o2", Role: staff.Owner, Active: true}
	cashier := staff.Person{ID: "c", Role: staff.Cashier, Active: true}
	left, demoted := owner, owner
	left.Active, demoted.Role = false, staff.Manager
	for name, tt := range map[string]struct {
		people  []staff.Person
		changed staff.Person
		want    error
	}{
		"first person":       {nil, owner, nil},
		"first is a cashier": {nil, cashier, staff.ErrLastOwner},
		"owner leaves":       {[]staff.Person{owner, cashier}, left, staff.ErrLastOwner},
		"owner steps down":   {[]staff.Person{owner, cashier}, demoted, staff.ErrLastOwner},
		"one of two leaves":  {[]staff.Person{owner, second}, left, nil},
		"cashier joins":      {[]staff.Person{owner}, cashier, nil},
	} {
		if err := staff.KeepsOwner(tt.people, tt.changed); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckPIN(t *testing.T) {
	t.Parallel()
	for pin, want := range map[string]error{
		"2580": nil, "48151623": nil, "19840": nil, "7391": nil,
		"": staff.ErrPINLength, "123": staff.ErrPINLength, "123456789": staff.ErrPINLength,
		"12a4": staff.ErrPINLength, "１２３４": staff.ErrPINLength, "-123": staff.ErrPINLength,
		"0000": staff.ErrPINWeak, "777777": staff.ErrPINWeak, "1234": staff.ErrPINWeak, "7890": staff.ErrPINWeak,
		"4321": staff.ErrPINWeak, "0987": staff.ErrPINWeak, "1212": staff.ErrPINWeak, "123123": staff.ErrPINWeak,
		"25802580": staff.ErrPINWeak, "474747": staff.ErrPINWeak,
	} {
		if err := staff.CheckPIN(pin); !errors.Is(err, want) {
			t.Errorf("%q: %v; want %v", pin, err, want)
		}
	}
}

func TestHashAndVerify(t *testing.T) {
	t.Parallel()
	pepper := []byte("secret of the box")
	hash, err := staff.HashPIN("2580", pepper)
	if err != nil {
		t.Fatal(err)
	}
	again, err := staff.HashPIN("2580", pepper)
	if err != nil {
		t.Fatal(err)
	}
	if hash == again || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hashes %q and %q", hash, again)
	}
	for name, tt := range map[string]struct {
		pin, hash string
		pepper    []byte
		want      error
	}{
		"right":        {"2580", hash, pepper, nil},
		"wrong":        {"2581", hash, pepper, staff.ErrPINWrong},
		"empty":        {"", hash, pepper, staff.ErrPINWrong},
		"other pepper": {"2580", hash, []byte("other"), staff.ErrPINWrong},
		"no hash":      {"2580", "", pepper, staff.ErrPINHash},
		"cut hash":     {"2580", hash[:len(hash)-2], pepper, staff.ErrPINHash},
		"other cost":   {"2580", strings.Replace(hash, "t=2", "t=1", 1), pepper, staff.ErrPINHash},
		"bad salt":     {"2580", strings.Replace(hash, "p=1$", "p=1$!", 1), pepper, staff.ErrPINHash},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := staff.VerifyPIN(tt.pin, tt.hash, tt.pepper); !errors.Is(err, tt.want) {
				t.Errorf("%v; want %v", err, tt.want)
			}
		})
	}
	if _, err := staff.HashPIN("1234", pepper); !errors.Is(err, staff.ErrPINWeak) {
		t.Errorf("a weak PIN: %v", err)
	}
}

func TestAttemptsDelayGrows(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)
	var attempts staff.Attempts
	wants := []time.Duration{
		0, 0, 0, 0, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 15 * time.Minute,
	}
	for i, want := range wants {
		if err := attempts.Check(now); err != nil {
			t.Fatalf("try %d: %v", i+1, err)
		}
		attempts = attempts.Fail(now)
		if got := attempts.Delay(); got != want {
			t.Errorf("after %d wrong PINs the next waits %s; want %s", i+1, got, want)
		}
		if want > 0 {
			checkLocked(t, attempts, now.Add(want))
		}
		now = now.Add(want)
	}
}

// checkLocked checks that the next try must wait until exactly then.
func checkLocked(t *testing.T, attempts staff.Attempts, until time.Time) {
	t.Helper()
	var locked *staff.LockedError
	err := attempts.Check(until.Add(-time.Millisecond))
	if !errors.As(err, &locked) || !locked.Until.Equal(until) || locked.Code() != "pin_locked" {
		t.Errorf("a moment before %s: %v", until, err)
	}
	if locked != nil && !strings.HasPrefix(locked.Error(), "pin_locked until 2026") {
		t.Errorf("says %q", locked.Error())
	}
}

func TestAttemptsSurviveAWrongClock(t *testing.T) {
	t.Parallel()
	attempts := staff.Attempts{Failed: 9, Last: time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)}
	if err := attempts.Check(time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Errorf("locked for decades: %v", err)
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)
	session := staff.Session{ID: "s", Person: "p", Since: now, Seen: now}
	if session.Expired(now.Add(staff.DefaultIdle), staff.DefaultIdle) || session.Expired(now.Add(-time.Hour), staff.DefaultIdle) {
		t.Error("expired too soon")
	}
	if !session.Expired(now.Add(staff.DefaultIdle+1), staff.DefaultIdle) {
		t.Error("never expires")
	}
	touched := session.Touch(now.Add(time.Minute))
	if touched.Expired(now.Add(staff.DefaultIdle+time.Second), staff.DefaultIdle) || !touched.Since.Equal(now) {
		t.Errorf("touched %+v", touched)
	}
}

func TestActsAreDistinct(t *testing.T) {
	t.Parallel()
	acts := staff.Acts()
	slices.Sort(acts)
	if distinct := len(slices.Compact(acts)); distinct != len(staff.Acts()) {
		t.Errorf("%d acts, %d of them distinct", len(staff.Acts()), distinct)
	}
}
