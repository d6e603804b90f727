package tenant

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The cost of a password hash: the second recommended setting of RFC 9106
// scaled to 19 MiB and two passes, as OWASP's cheat sheet has it.
const (
	argonTime    = 2
	argonMemory  = 19 * 1024
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
	// parallelHashes bounds the memory to about 76 MiB.
	parallelHashes = 4
)

const (
	minPassword = 8
	maxPassword = 200
)

// decoyHash is the hash of a password nobody has.
const decoyHash = "$argon2id$v=19$m=19456,t=2,p=1$c2hvcGJveC1kZWNveS1zYQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (s *Service) hashPassword(ctx context.Context, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return "", ErrPassword
	}
	var salt [argonSalt]byte
	_, _ = rand.Read(salt[:]) // never fails, crypto/rand.Read
	key, err := s.derive(ctx, password, salt[:])
	if err != nil {
		return "", err
	}
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, encode(salt[:]), encode(key)), nil
}

func (s *Service) verifyPassword(ctx context.Context, hash, password string) (bool, error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || utf8.RuneCountInString(password) > maxPassword {
		return false, nil
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("read password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("read password hash: %w", err)
	}
	got, err := s.derive(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func (s *Service) derive(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case s.hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("hash password: %w", ctx.Err())
	}
	defer func() { <-s.hashing }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey), nil
}

func cleanLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// loginText reports whether a login is made of what logins may hold.
func loginText(login string) bool {
	return utf8.ValidString(login) && !strings.ContainsFunc(login, isSpaceOrControl)
}

func isSpaceOrControl(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

func validName(name string) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(name))
	return n >= 1 && n <= 100 && utf8.ValidString(name) && !strings.ContainsFunc(name, unicode.IsControl)
}

// cleanBusinessNumber takes the dashes out of a business number and checks
// its last digit (weights 1 3 7 1 3 7 1 3 5 of the National Tax Service).
func cleanBusinessNumber(text string) (string, error) {
	number := strings.NewReplacer("-", "", " ", "").Replace(text)
	if len(number) != 10 || strings.Trim(number, "0123456789") != "" || number == "0000000000" {
		return "", ErrBusinessNumber
	}
	weights := [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5}
	sum := 0
	for i, weight := range weights {
		sum += int(number[i]-'0') * weight
	}
	sum += int(number[8]-'0') * 5 / 10
	if (10-sum%10)%10 != int(number[9]-'0') {
		return "", ErrBusinessNumber
	}
	return number, nil
}
