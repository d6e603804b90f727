package staff

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The reasons why a PIN is refused.
var (
	// ErrPINLength says that a PIN is not four to eight digits.
	ErrPINLength = errors.New("pin_length")
	// ErrPINWeak says that a PIN is the first anyone would try.
	ErrPINWeak = errors.New("pin_weak")
	// ErrPINWrong says that the PIN is not this person's.
	ErrPINWrong = errors.New("pin_wrong")
	// ErrPINHash says that the kept hash cannot be read.
	ErrPINHash = errors.New("pin_hash_malformed")
)

const (
	minPIN = 4
	maxPIN = 8
)

// CheckPIN refuses PINs that are no four to eight digits or too easy: one digit
// repeated, digits in a row, and a pair or half repeated.
func CheckPIN(pin string) error {
	if len(pin) < minPIN || len(pin) > maxPIN || strings.Trim(pin, "0123456789") != "" {
		return ErrPINLength
	}
	if inSteps(pin, 0) || inSteps(pin, 1) || inSteps(pin, 9) || repeats(pin, 2) || repeats(pin, len(pin)/2) {
		return ErrPINWeak
	}
	return nil
}

// inSteps reports whether each digit is the one before it plus the step, after
// 9 comes 0.
func inSteps(pin string, step byte) bool {
	for i := 1; i < len(pin); i++ {
		if (pin[i-1]-'0'+step)%10 != pin[i]-'0' {
			return false
		}
	}
	return true
}

// repeats reports whether the PIN is its first digits over and over.
func repeats(pin string, length int) bool {
	return len(pin)%length == 0 && strings.Repeat(pin[:length], len(pin)/length) == pin
}

// The cost of a guess: argon2id with 19 MiB, two passes, one lane (OWASP
// Password Storage Cheat Sheet).
const (
	memoryKiB = 19 << 10
	passes    = 2
	lanes     = 1
	saltBytes = 16
	hashBytes = 32
	hashHead  = "$argon2id$v=19$m=19456,t=2,p=1$"
)

// HashPIN turns a PIN into what is kept: argon2id over the PIN keyed with the
// box's own secret (pepper), so that a copied database alone cannot be
// searched. The text is in PHC form.
func HashPIN(pin string, pepper []byte) (string, error) {
	if err := CheckPIN(pin); err != nil {
		return "", err
	}
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	encode := base64.RawStdEncoding.EncodeToString
	return hashHead + encode(salt) + "$" + encode(stretch(pin, pepper, salt)), nil
}

// VerifyPIN is nil when the PIN is the one that was hashed, else ErrPINWrong;
// ErrPINHash when the hash itself is broken. It takes about 20 ms whatever the
// PIN.
func VerifyPIN(pin, hash string, pepper []byte) error {
	rest, known := strings.CutPrefix(hash, hashHead)
	saltText, sumText, two := strings.Cut(rest, "$")
	salt, saltErr := base64.RawStdEncoding.DecodeString(saltText)
	sum, sumErr := base64.RawStdEncoding.DecodeString(sumText)
	if !known || !two || saltErr != nil || sumErr != nil || len(salt) != saltBytes || len(sum) != hashBytes {
		return ErrPINHash
	}
	if subtle.ConstantTimeCompare(stretch(pin, pepper, salt), sum) != 1 {
		return ErrPINWrong
	}
	return nil
}

func stretch(pin string, pepper, salt []byte) []byte {
	keyed := hmac.New(sha256.New, pepper)
	keyed.Write([]byte(pin))
	return argon2.IDKey(keyed.Sum(nil), salt, passes, memoryKiB, lanes, hashBytes)
}
