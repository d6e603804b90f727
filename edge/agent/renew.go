package agent

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"time"
)

// ErrRenewal says that the hub gives this box no further certificate: it was
// replaced or revoked there.
var ErrRenewal = errors.New("renewal_refused")

// Renewing is the patience of KeepRenewed. Zero values take the defaults.
type Renewing struct {
	// Look is how often the box looks whether it is time to renew, which costs
	// nothing (10 minutes). A box whose certificate ran out while it was off
	// or the hub was away also asks that often, because its records wait.
	Look time.Duration
	// Again is the wait after the hub was asked (a day), also when it said
	// yes: to a clock that is ahead the next certificate is old already.
	Again time.Duration
	Log   *slog.Logger
}

const (
	defaultLook  = 10 * time.Minute
	defaultAgain = 24 * time.Hour
)

// KeepRenewed gets the box's next certificate when two thirds of the
// current one's life are over, and also when it has run out, until ctx ends.
// The current one stays in use until the next is stored; then Changed is
// signalled. A hub that refuses is asked again every day: selling does not
// depend on it.
func (a *Agent) KeepRenewed(ctx context.Context, settings Renewing) {
	if settings.Look <= 0 {
		settings.Look = defaultLook
	}
	if settings.Again <= 0 {
		settings.Again = defaultAgain
	}
	for ctx.Err() == nil {
		renewed, err := a.RenewIfDue(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			settings.Log.WarnContext(ctx, "certificate not renewed", slog.Any("error", err))
		case renewed:
			settings.Log.InfoContext(ctx, "certificate renewed")
		}
		rest(ctx, a.nextLook(settings, renewed, err))
	}
}

// nextLook is when to look again after how the last look ended, drawn within
// a fifth so that a fleet does not ask at once.
func (a *Agent) nextLook(settings Renewing, renewed bool, err error) time.Duration {
	wait := settings.Look
	if renewed || err != nil && (a.usable() || errors.Is(err, ErrRenewal)) {
		wait = settings.Again
	}
	return wait*4/5 + rand.N(wait*2/5+1) //nolint:gosec // jitter is no secret
}

func rest(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// RenewIfDue asks the hub for the next certificate if it is time, and stores
// it. It reports whether there is a new one. ErrRenewal says that the hub
// refuses, ErrHubOffline that it did not answer, ErrClaimLater that it is
// asked too often, ErrHubAnswer that it answered something unintelligible.
func (a *Agent) RenewIfDue(ctx context.Context) (bool, error) {
	claim, err := a.Claim()
	if err != nil {
		return false, nil //nolint:nilerr // a box of no hub has nothing to renew
	}
	own, err := claim.certificate()
	if err != nil {
		return false, err
	}
	if life := own.NotAfter.Sub(own.NotBefore); a.now().Before(own.NotBefore.Add(life * 2 / 3)) {
		return false, nil
	}
	next, err := a.askRenewal(ctx, claim)
	if err != nil {
		return false, err
	}
	return a.succeed(claim, next)
}

// usable reports whether the hub still takes the box's certificate, as far as
// time goes.
func (a *Agent) usable() bool {
	claim, err := a.Claim()
	if err != nil {
		return false
	}
	own, err := claim.certificate()
	return err == nil && a.now().Before(own.NotAfter)
}

func (c Claim) certificate() (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(c.Certificate))
	if block == nil {
		return nil, errors.New("the claim's certificate cannot be read")
	}
	own, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read certificate: %w", err)
	}
	return own, nil
}

// renewal is what the box asks with: the request is signed by the key of its
// certificate, and so proves who asks.
type renewal struct {
	Box string `json:"box"`
	CSR string `json:"csr"`
}

// askRenewal returns the claim with the next certificate in it.
func (a *Agent) askRenewal(ctx context.Context, claim Claim) (Claim, error) {
	hub, err := url.Parse(claim.Hub)
	if err != nil {
		return Claim{}, fmt.Errorf("%w: %w", ErrHubAddress, err)
	}
	csr, err := a.csr()
	if err != nil {
		return Claim{}, err
	}
	text, err := json.Marshal(renewal{Box: a.box, CSR: csr})
	if err != nil {
		return Claim{}, fmt.Errorf("encode request: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, claimTimeout)
	defer cancel()
	answer, err := send(ctx, hub.JoinPath("enroll", "renew").String(), text, ErrRenewal)
	if err != nil {
		return Claim{}, err
	}
	claim.Certificate, claim.CA = answer.Certificate, answer.CA
	return claim, a.check(claim)
}

// succeed puts the next claim in the place of the last, unless the box was
// claimed anew while the hub was asked.
func (a *Agent) succeed(last, next Claim) (bool, error) {
	a.keeping.Lock()
	defer a.keeping.Unlock()
	if current, err := a.Claim(); err != nil || current != last {
		return false, err
	}
	if err := a.put(next); err != nil {
		return false, err
	}
	return true, nil
}
