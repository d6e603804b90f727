package tenant_test

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"shopbox/hub/ca"
	"shopbox/hub/store"
	"shopbox/hub/store/storetest"
	"shopbox/hub/tenant"
)

// clock is a clock the test sets.
type clock struct {
	mutex sync.Mutex
	at    time.Time
}

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.at = c.at.Add(d)
}

// kicks notes whose sessions were ended.
type kicks struct {
	mutex sync.Mutex
	boxes []string
}

func (k *kicks) Kick(box string) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.boxes = append(k.boxes, box)
}

// place is a service over a fresh database.
type place struct {
	*tenant.Service
	clock *clock
	kicks *kicks
	db    *store.DB
}

var ctx = context.Background() //nolint:gochecknoglobals // read only

func newPlace(t *testing.T, engine storetest.Engine) *place {
	t.Helper()
	p := &place{clock: &clock{at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}, kicks: &kicks{}, db: engine.Open(t)}
	authority, err := ca.Open(ca.Options{Dir: t.TempDir(), Now: p.clock.now})
	check(t, err)
	p.Service = tenant.New(tenant.Config{Store: p.db, Issuer: authority, Kicker: p.kicks, Log: slog.New(slog.DiscardHandler), Now: p.clock.now})
	return p
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v; want %v", err, want)
	}
}

const password = "correct horse"

func founding(number, login string) tenant.NewTenant {
	return tenant.NewTenant{
		Name: "가게 " + number, BusinessNumber: number, ShopName: "본점", ShopKind: "retail", Login: login, Password: password, OwnerName: "김",
	}
}

func (p *place) found(t *testing.T, number, login string) (tenant.Tenant, tenant.Shop) {
	t.Helper()
	founded, shop, err := p.Found(ctx, founding(number, login))
	check(t, err)
	return founded, shop
}

func TestTenants(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		for name, test := range map[string]func(*testing.T, *place){
			"founding": foundingRules, "signing in": signingIn, "session ends": sessionEnds, "guessing slows down": guessing, "guessing at once": guessingAtOnce, "odd text": oddText,
			"password change": passwordChange, "claim": claimOnce, "claim replaces": claimReplaces, "claim guessing": claimGuessing,
			"one claim for many boxes": claimRace, "other tenants": otherTenants,
			"renewal": renewal, "renewal refused": renewalRefused, "renewals slow down": manyRenewals,
			"two boxes for one shop": twoForOneShop, "renewal while revoked": renewalWhileRevoked,
		} {
			t.Run(engine.Name+"/"+name, func(t *testing.T) {
				t.Parallel()
				test(t, newPlace(t, engine))
			})
		}
	}
}

func foundingRules(t *testing.T, p *place) {
	t.Helper()
	first, shop := p.found(t, "120-81-47521", " Owner@Shop.kr ")
	if first.BusinessNumber != "1208147521" || shop.Tenant != first.ID {
		t.Errorf("founded %+v with %+v", first, shop)
	}
	for want, wanted := range map[error]tenant.NewTenant{
		tenant.ErrBusinessTaken:  founding("1208147521", "second@shop.kr"),
		tenant.ErrBusinessNumber: founding("1208147522", "second@shop.kr"),
		tenant.ErrLoginTaken:     founding("2208162517", "OWNER@shop.kr"),
		tenant.ErrInvalid:        founding("2208162517", "a b c d"),
	} {
		_, _, err := p.Found(ctx, wanted)
		is(t, err, want)
	}
	short := founding("2208162517", "second@shop.kr")
	short.Password = "1234567"
	_, _, err := p.Found(ctx, short)
	is(t, err, tenant.ErrPassword)
	p.found(t, "2208162517", "second@shop.kr") // nothing of the attempts is left
	_, err = p.CreateAccount(ctx, tenant.NewAccount{Login: "carrier", Password: password, Role: tenant.RoleOperator, Name: "관제"})
	check(t, err)
	_, err = p.CreateAccount(ctx, tenant.NewAccount{Login: "stray", Password: password, Role: tenant.RoleOwner})
	is(t, err, tenant.ErrInvalid)
	_, err = p.CreateAccount(ctx, tenant.NewAccount{Login: "stray", Password: password, Role: tenant.RoleOwner, Tenant: "nobody"})
	is(t, err, tenant.ErrNotFound)
}

func signingIn(t *testing.T, p *place) {
	t.Helper()
	founded, _ := p.found(t, "1208147521", "owner@shop.kr")
	token, session, err := p.SignIn(ctx, "Owner@shop.kr", password, "1.2.3.4")
	check(t, err)
	if session.Account.Tenant != founded.ID || session.Account.Role != tenant.RoleOwner || len(session.CSRF) < 32 || len(token) < 64 {
		t.Errorf("session %+v", session)
	}
	again, err := p.Session(ctx, token)
	if err != nil || again.CSRF != session.CSRF || again.Account.Login != "owner@shop.kr" {
		t.Errorf("session %+v, %v", again, err)
	}
	_, err = p.Session(ctx, token[1:]+"0")
	is(t, err, tenant.ErrSession)
	check(t, p.SignOut(ctx, token))
	_, err = p.Session(ctx, token)
	is(t, err, tenant.ErrSession)
	for _, pair := range [][2]string{{"owner@shop.kr", "wrong horse"}, {"nobody", password}, {"", ""}, {"owner@shop.kr", strings.Repeat("x", 1000)}} {
		_, _, err := p.SignIn(ctx, pair[0], pair[1], "1.2.3.4")
		is(t, err, tenant.ErrCredentials)
	}
}

func sessionEnds(t *testing.T, p *place) {
	t.Helper()
	p.found(t, "1208147521", "owner@shop.kr")
	token, _, err := p.SignIn(ctx, "owner@shop.kr", password, "a")
	check(t, err)
	for range 59 {
		p.clock.pass(12 * time.Hour)
		_, err := p.Session(ctx, token)
		check(t, err)
	}
	p.clock.pass(12*time.Hour + time.Second)
	_, err = p.Session(ctx, token)
	is(t, err, tenant.ErrSession)
	token, _, err = p.SignIn(ctx, "owner@shop.kr", password, "a")
	check(t, err)
	p.clock.pass(12*time.Hour + time.Second)
	_, err = p.Session(ctx, token)
	is(t, err, tenant.ErrSession)
}

func guessing(t *testing.T, p *place) {
	t.Helper()
	p.found(t, "1208147521", "owner@shop.kr")
	var waits []time.Duration
	for len(waits) < 4 {
		_, _, err := p.SignIn(ctx, "owner@shop.kr", "wrong horse", "6.6.6.6")
		if tooMany, ok := errors.AsType[*tenant.TooManyError](err); ok {
			waits = append(waits, tooMany.RetryAfter)
			p.clock.pass(tooMany.RetryAfter)
			continue
		}
		is(t, err, tenant.ErrCredentials)
	}
	if waits[0] != time.Second || waits[3] != 8*time.Second {
		t.Errorf("waits %v", waits)
	}
	_, _, err := p.SignIn(ctx, "owner@shop.kr", password, "6.6.6.6")
	check(t, err) // the wait is over
	_, _, err = p.SignIn(ctx, "owner@shop.kr", password, "1.1.1.1")
	check(t, err)
}

// Many tries at the same time are no way around the limit.
func guessingAtOnce(t *testing.T, p *place) {
	t.Helper()
	p.found(t, "1208147521", "owner@shop.kr")
	results := make(chan error, 40)
	for range cap(results) {
		go func() {
			_, _, err := p.SignIn(ctx, "owner@shop.kr", "wrong horse", "6.6.6.6")
			results <- err
		}()
	}
	guesses := 0
	for range cap(results) {
		if err := <-results; errors.Is(err, tenant.ErrCredentials) {
			guesses++
		} else {
			is(t, err, tenant.ErrTooMany)
		}
	}
	if guesses > 5 {
		t.Errorf("%d guesses at once", guesses)
	}
	p.clock.pass(time.Minute)
	for range 20 { // who knows the password is not held up by himself
		_, _, err := p.SignIn(ctx, "owner@shop.kr", password, "6.6.6.6")
		check(t, err)
	}
}

// Text that a database cannot hold is refused, not an error of the hub.
func oddText(t *testing.T, p *place) {
	t.Helper()
	const odd = "own\x00er"
	_, _, err := p.SignIn(ctx, odd, password, "a")
	is(t, err, tenant.ErrCredentials)
	is(t, p.ChangePassword(ctx, odd, password, password), tenant.ErrCredentials)
	_, _, err = p.Found(ctx, founding("1208147521", odd))
	is(t, err, tenant.ErrInvalid)
	for _, name := range []string{odd, "own\xffer", strings.Repeat("x", 1000)} {
		wanted := founding("1208147521", "owner")
		wanted.OwnerName = name
		_, _, err = p.Found(ctx, wanted)
		is(t, err, tenant.ErrInvalid)
	}
}

func passwordChange(t *testing.T, p *place) {
	t.Helper()
	p.found(t, "1208147521", "owner@shop.kr")
	token, _, err := p.SignIn(ctx, "owner@shop.kr", password, "a")
	check(t, err)
	is(t, p.ChangePassword(ctx, "owner@shop.kr", "wrong horse", "battery staple"), tenant.ErrCredentials)
	is(t, p.ChangePassword(ctx, "owner@shop.kr", password, "short"), tenant.ErrPassword)
	check(t, p.ChangePassword(ctx, "owner@shop.kr", password, "battery staple"))
	_, err = p.Session(ctx, token)
	is(t, err, tenant.ErrSession)
	_, _, err = p.SignIn(ctx, "owner@shop.kr", password, "a")
	is(t, err, tenant.ErrCredentials)
	_, _, err = p.SignIn(ctx, "owner@shop.kr", "battery staple", "a")
	check(t, err)
}

func csr(t *testing.T) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, newKey(t))
	check(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

func boxID(n int) string { return fmt.Sprintf("019b7d00-0000-7000-8000-%012x", n) }

func (p *place) code(t *testing.T, shop tenant.Shop) string {
	t.Helper()
	code, err := p.NewClaimCode(ctx, shop.Tenant, shop.ID)
	check(t, err)
	return code.Code
}

func (p *place) claim(t *testing.T, code string, box int) (tenant.Claimed, error) {
	t.Helper()
	return p.Claim(ctx, tenant.ClaimRequest{Code: code, Box: boxID(box), Version: "1.0.0", CSR: csr(t), Remote: "shop"})
}

func claimOnce(t *testing.T, p *place) {
	t.Helper()
	founded, shop := p.found(t, "1208147521", "owner@shop.kr")
	code := p.code(t, shop)
	if !regexp.MustCompile(`^[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{4}$`).MatchString(code) {
		t.Errorf("code %q", code)
	}
	claimed, err := p.claim(t, " "+strings.ToLower(strings.Replace(code, "-", " ", 1)), 1)
	check(t, err)
	if claimed.Shop.ID != shop.ID || claimed.Tenant.ID != founded.ID || len(claimed.Replaced) != 0 {
		t.Errorf("claimed %+v", claimed)
	}
	if good, err := p.db.Admit(ctx, boxID(1), claimed.Certificate.Serial); !good || err != nil {
		t.Errorf("not admitted: %v", err)
	}
	_, err = p.claim(t, code, 1)
	is(t, err, tenant.ErrClaimCode)
	old := p.code(t, shop)
	p.clock.pass(10 * time.Minute)
	_, err = p.claim(t, old, 2)
	is(t, err, tenant.ErrClaimCode)
	code = p.code(t, shop)
	_, err = p.Claim(ctx, tenant.ClaimRequest{Code: code, Box: boxID(2), CSR: []byte("x")})
	is(t, err, tenant.ErrCertificate)
	_, err = p.claim(t, code, 1) // a bad request does not use the code up
	check(t, err)
}

func claimReplaces(t *testing.T, p *place) {
	t.Helper()
	founded, shop := p.found(t, "1208147521", "owner@shop.kr")
	first, err := p.claim(t, p.code(t, shop), 1)
	check(t, err)
	again, err := p.claim(t, p.code(t, shop), 1)
	check(t, err)
	second, err := p.claim(t, p.code(t, shop), 2)
	check(t, err)
	if len(again.Replaced) != 0 || len(second.Replaced) != 1 || second.Replaced[0] != boxID(1) || strings.Join(p.kicks.boxes, " ") != strings.Join([]string{boxID(1), boxID(1), boxID(2), boxID(1)}, " ") {
		t.Errorf("replaced %v then %v, ended %v", again.Replaced, second.Replaced, p.kicks.boxes)
	}
	for box, want := range map[string]bool{first.Certificate.Serial: false, again.Certificate.Serial: false, second.Certificate.Serial: true} {
		id := boxID(1)
		if want {
			id = boxID(2)
		}
		if good, err := p.db.Admit(ctx, id, box); good != want || err != nil {
			t.Errorf("admitted %v; want %v (%v)", good, want, err)
		}
	}
	if good, err := p.db.Admit(ctx, boxID(1), second.Certificate.Serial); good || err != nil {
		t.Error("a certificate lets another box in")
	}
	_, err = p.claim(t, p.code(t, shop), 1)
	is(t, err, tenant.ErrBoxTaken)
	other, err := p.CreateShop(ctx, founded.ID, "둘째", "retail")
	check(t, err)
	code := p.code(t, other)
	_, err = p.claim(t, code, 2)
	is(t, err, tenant.ErrBoxTaken)
	_, err = p.claim(t, code, 3) // the refused claim did not use the code up
	check(t, err)
}

func claimGuessing(t *testing.T, p *place) {
	t.Helper()
	_, shop := p.found(t, "1208147521", "owner@shop.kr")
	var err error
	for range 10 {
		_, err = p.claim(t, "AAAA-AAAA", 1)
		is(t, err, tenant.ErrClaimCode)
	}
	_, err = p.claim(t, p.code(t, shop), 1)
	is(t, err, tenant.ErrTooMany)
	p.clock.pass(time.Second)
	_, err = p.claim(t, p.code(t, shop), 1)
	check(t, err)
}

func claimRace(t *testing.T, p *place) {
	t.Helper()
	_, shop := p.found(t, "1208147521", "owner@shop.kr")
	code := p.code(t, shop)
	results := make(chan error, 8)
	for box := range cap(results) {
		request := tenant.ClaimRequest{Code: code, Box: boxID(box), CSR: csr(t), Remote: fmt.Sprint(box)}
		go func() {
			_, err := p.Claim(ctx, request)
			results <- err
		}()
	}
	won := 0
	for range cap(results) {
		if err := <-results; err == nil {
			won++
		} else {
			is(t, err, tenant.ErrClaimCode)
		}
	}
	if won != 1 {
		t.Errorf("%d boxes got in by one code", won)
	}
}

// What belongs to another tenant does not exist.
func otherTenants(t *testing.T, p *place) {
	t.Helper()
	mine, shop := p.found(t, "1208147521", "owner@shop.kr")
	other, _ := p.found(t, "2208162517", "other@shop.kr")
	_, err := p.claim(t, p.code(t, shop), 1)
	check(t, err)
	_, err = p.Shop(ctx, other.ID, shop.ID)
	is(t, err, tenant.ErrNotFound)
	_, err = p.NewClaimCode(ctx, other.ID, shop.ID)
	is(t, err, tenant.ErrNotFound)
	is(t, p.RevokeBox(ctx, other.ID, boxID(1)), tenant.ErrNotFound)
	if shops, err := p.Shops(ctx, other.ID); err != nil || len(shops) != 1 || shops[0].ID == shop.ID {
		t.Errorf("shops of the other: %+v, %v", shops, err)
	}
	if len(p.kicks.boxes) != 1 {
		t.Errorf("ended %v", p.kicks.boxes)
	}
	_, err = p.CreateShop(ctx, "nobody", "가게", "retail")
	is(t, err, tenant.ErrNotFound)
	check(t, p.RevokeBox(ctx, mine.ID, boxID(1)))
}
