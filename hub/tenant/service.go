package tenant

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"log/slog"
	"time"
)

// Config is what a Service needs. Zero durations take the defaults.
type Config struct {
	Store  Store
	Issuer Issuer
	Kicker Kicker
	Log    *slog.Logger
	Now    func() time.Time
	// ClaimLife is how long a claim code works (10 minutes).
	ClaimLife time.Duration
	// SessionIdle and SessionLife end a session (12 hours unused, 30 days).
	SessionIdle time.Duration
	SessionLife time.Duration
}

const (
	defaultClaimLife   = 10 * time.Minute
	defaultSessionIdle = 12 * time.Hour
	defaultSessionLife = 30 * 24 * time.Hour
)

// Service is the domain of tenants. It is safe for use by many goroutines.
type Service struct {
	config   Config
	signIns  *limiter
	claims   *limiter
	renewals *limiter
	// hashing bounds how much memory password hashes take at once.
	hashing chan struct{}
}

// New makes the service.
func New(config Config) *Service {
	orDefault(&config.ClaimLife, defaultClaimLife)
	orDefault(&config.SessionIdle, defaultSessionIdle)
	orDefault(&config.SessionLife, defaultSessionLife)
	return &Service{
		config:   config,
		signIns:  newLimiter(config.Now),
		claims:   newLimiter(config.Now),
		renewals: newLimiter(config.Now),
		hashing:  make(chan struct{}, parallelHashes),
	}
}

func orDefault(value *time.Duration, fallback time.Duration) {
	if *value <= 0 {
		*value = fallback
	}
}

// newID is a random id of 12 characters (60 bits), short because it stands in
// every key of the hub's tables.
func newID() string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails, crypto/rand.Read
	return idEncoding.EncodeToString(random[:])[:12]
}

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newToken is 256 random bits.
func newToken() string {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails, crypto/rand.Read
	return hex.EncodeToString(random[:])
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
