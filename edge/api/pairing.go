package api

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// pairingLasts is how long a code holds after its page was last seen.
	pairingLasts = 2 * time.Minute
	// maxPairings is how many browsers may ask at once.
	maxPairings = 32
	codeDigits  = 6
)

// pairings are the browsers that ask to be a screen, by their secret as it is
// kept. They are forgotten when the box starts again: the page asks anew.
type pairings struct {
	mu  sync.Mutex
	now func() time.Time
	all map[string]pairing
}

type pairing struct {
	code  string
	until time.Time
}

func newPairings(now func() time.Time) *pairings {
	return &pairings{now: now, all: make(map[string]pairing)}
}

// begin gives a browser a code that no other one has.
func (p *pairings) begin(secret string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tidy()
	if len(p.all) >= maxPairings {
		return "", newProblem(http.StatusTooManyRequests, codeTooMany)
	}
	for {
		code, err := newCode()
		if err != nil {
			return "", err
		}
		if p.ofCode(code) == "" {
			p.all[secret] = pairing{code, p.now().Add(pairingLasts)}
			return code, nil
		}
	}
}

// seen is the code of a browser whose page is open, empty for none.
func (p *pairings) seen(secret string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tidy()
	waiting, is := p.all[secret]
	if !is {
		return ""
	}
	waiting.until = p.now().Add(pairingLasts)
	p.all[secret] = waiting
	return waiting.code
}

// take ends the waiting of the browser with a code and is its secret, empty
// for an unknown code.
func (p *pairings) take(code string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tidy()
	secret := p.ofCode(code)
	delete(p.all, secret)
	return secret
}

func (p *pairings) ofCode(code string) string {
	for secret, waiting := range p.all {
		if waiting.code == code {
			return secret
		}
	}
	return ""
}

func (p *pairings) tidy() {
	for secret, waiting := range p.all {
		if p.now().After(waiting.until) {
			delete(p.all, secret)
		}
	}
}

func newCode() (string, error) {
	number, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("pairing code: %w", err)
	}
	return fmt.Sprintf("%0*d", codeDigits, number), nil
}

// plainCode is a code as a person types it, without what stands between.
func plainCode(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
