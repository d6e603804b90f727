package agent_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shopbox/edge/agent"
)

const day = 24 * time.Hour

// claimed is a box that was claimed by a hub whose certificates hold for 90
// days, and the clock of both.
type claimed struct {
	*agent.Agent
	folder string
	hub    *authority
	ahead  atomic.Int64
	serial atomic.Int64
	// answer is asked for each renewal's status, 0 for yes.
	answer atomic.Pointer[func() int]
	served sync.Mutex
}

func (c *claimed) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *claimed) pass(d time.Duration) { c.ahead.Add(int64(d)) }

func (c *claimed) say(answer func() int) { c.answer.Store(&answer) }

func newClaimed(t *testing.T) *claimed {
	t.Helper()
	c := &claimed{hub: newAuthority(t), folder: t.TempDir()}
	c.hub.change = func(_ map[string]any, certificate *x509.Certificate) {
		certificate.SerialNumber = big.NewInt(c.serial.Add(1))
		certificate.NotBefore, certificate.NotAfter = c.now(), c.now().Add(90*day)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.served.Lock()
		defer c.served.Unlock()
		if answer := c.answer.Load(); answer != nil && r.URL.Path != "/enroll" {
			if status := (*answer)(); status != 0 {
				w.WriteHeader(status)
				return
			}
		}
		c.hub.door = r.URL.Path
		c.hub.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c.open(t)
	must(t, c.ClaimWith(t.Context(), server.URL, "ABCD2345", "1"))
	<-c.Changed()
	return c
}

// open is a start of the box.
func (c *claimed) open(t *testing.T) {
	t.Helper()
	opened, err := agent.Open(c.folder, box, c.now)
	must(t, err)
	c.Agent = opened
}

// holds is the certificate the box connects with.
func (c *claimed) holds(t *testing.T) *x509.Certificate {
	t.Helper()
	config, _, err := c.TLS()
	must(t, err)
	certificate, err := x509.ParseCertificate(config.Certificates[0].Certificate[0])
	must(t, err)
	return certificate
}

func (c *claimed) renews(t *testing.T, want bool) {
	t.Helper()
	before := c.holds(t)
	renewed, err := c.RenewIfDue(t.Context())
	must(t, err)
	if renewed != want || want == c.holds(t).Equal(before) {
		t.Errorf("after %v: renewed %v, want %v", time.Duration(c.ahead.Load()), renewed, want)
	}
}

func TestRenewedAtTwoThirds(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	c.renews(t, false)
	c.pass(60*day - time.Hour)
	c.renews(t, false)
	c.pass(time.Hour)
	c.renews(t, true)
	select {
	case <-c.Changed():
	default:
		t.Error("the line was not told of the new certificate")
	}
	if asked := c.hub.asked; c.hub.door != "/enroll/renew" || asked["box"] != box || asked["csr"] == "" || len(asked) != 2 {
		t.Errorf("asked at %s: %v", c.hub.door, asked)
	}
	c.renews(t, false)
	held := c.holds(t)
	c.open(t)
	if !c.holds(t).Equal(held) {
		t.Error("after a restart the old certificate is back")
	}
	claim, err := c.Claim()
	must(t, err)
	if claim.Shop != "s1" || claim.MQTT != "hub.example.com:8883" {
		t.Errorf("the claim changed: %+v", claim)
	}
}

// A box that was off for more than a year renews at once.
func TestRenewedAfterYearsOff(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	c.pass(400 * day)
	c.open(t)
	c.keepRenewed(t, agent.Renewing{Look: time.Hour, Again: time.Hour})
	<-c.Changed()
	if left := c.holds(t).NotAfter.Sub(c.now()); left < 89*day {
		t.Errorf("holds for %v", left)
	}
}

// keepRenewed runs until the end of the test.
func (c *claimed) keepRenewed(t *testing.T, settings agent.Renewing) {
	t.Helper()
	settings.Log = slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.KeepRenewed(ctx, settings)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

func TestRenewalTriedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		off      time.Duration
		status   int
		settings agent.Renewing
	}{
		"refused":             {60 * day, http.StatusForbidden, agent.Renewing{Look: time.Hour, Again: time.Millisecond}},
		"broken hub":          {60 * day, http.StatusInternalServerError, agent.Renewing{Look: time.Hour, Again: time.Millisecond}},
		"run out, hub broken": {100 * day, http.StatusBadGateway, agent.Renewing{Look: time.Millisecond, Again: time.Hour}},
		"run out, refused":    {100 * day, http.StatusForbidden, agent.Renewing{Look: time.Hour, Again: time.Millisecond}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClaimed(t)
			before := c.holds(t)
			c.pass(test.off)
			tries := 0
			c.say(func() int {
				tries++
				if !c.holds(t).Equal(before) {
					t.Error("the old certificate was given up")
				}
				if tries <= 3 {
					return test.status
				}
				return 0
			})
			c.keepRenewed(t, test.settings)
			<-c.Changed()
			if c.holds(t).Equal(before) {
				t.Error("not renewed")
			}
		})
	}
}

func TestRevokedBoxStaysOut(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	before := c.holds(t)
	c.pass(60 * day)
	c.say(func() int { return http.StatusForbidden })
	for range 3 {
		if _, err := c.RenewIfDue(t.Context()); !errors.Is(err, agent.ErrRenewal) {
			t.Errorf("renewal: %v", err)
		}
		c.pass(30 * day)
	}
	if !c.holds(t).Equal(before) {
		t.Error("the certificate changed")
	}
}

// What the box could not connect with, or cannot store, changes nothing.
func TestRenewalThatFails(t *testing.T) {
	t.Parallel()
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	for name, spoil := range map[string]func(c *claimed){
		"another key": func(c *claimed) {
			c.hub.change = func(_ map[string]any, certificate *x509.Certificate) { certificate.PublicKey = &other.PublicKey }
		},
		"another box": func(c *claimed) {
			c.hub.change = func(_ map[string]any, certificate *x509.Certificate) { certificate.Subject.CommonName = "x" }
		},
		"no root": func(c *claimed) {
			c.hub.change = func(answer map[string]any, _ *x509.Certificate) { answer["ca"] = "" }
		},
		"too often": func(c *claimed) { c.say(func() int { return http.StatusTooManyRequests }) },
		"no disk":   func(c *claimed) { must(t, os.RemoveAll(c.folder)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClaimed(t)
			before := c.holds(t)
			c.pass(60 * day)
			spoil(c)
			if renewed, err := c.RenewIfDue(t.Context()); renewed || err == nil {
				t.Errorf("renewed %v, %v", renewed, err)
			}
			if !c.holds(t).Equal(before) {
				t.Error("the old certificate is gone")
			}
		})
	}
}

// A box that is claimed anew while the hub is asked keeps the new claim.
func TestClaimedWhileRenewing(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	second := newAuthority(t)
	server := httptest.NewServer(second)
	t.Cleanup(server.Close)
	c.pass(60 * day)
	c.say(func() int {
		if err := c.ClaimWith(context.Background(), server.URL, "ABCD2345", "1"); err != nil {
			t.Error(err)
		}
		return 0
	})
	if renewed, err := c.RenewIfDue(t.Context()); renewed || err != nil {
		t.Errorf("renewed %v, %v", renewed, err)
	}
	if claim, err := c.Claim(); err != nil || claim.Hub != server.URL {
		t.Errorf("claim %+v, %v", claim, err)
	}
}

func TestUnclaimedRenewsNothing(t *testing.T) {
	t.Parallel()
	own := open(t, filepath.Join(t.TempDir(), "identity"))
	if renewed, err := own.RenewIfDue(t.Context()); renewed || err != nil {
		t.Errorf("renewed %v, %v", renewed, err)
	}
}
