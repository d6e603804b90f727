package aria_test

import (
	"encoding/hex"
	"errors"
	"testing"

	"shopbox/hub/invoice/npki/aria"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The three vectors of RFC 5794 appendix A; OpenSSL's aria-*-ecb gives the same.
func TestVectors(t *testing.T) {
	const plain = "00112233445566778899aabbccddeeff"
	for _, c := range []struct{ key, secret string }{
		{"000102030405060708090a0b0c0d0e0f", "d718fbd6ab644c739da95f3be6451778"},
		{"000102030405060708090a0b0c0d0e0f1011121314151617", "26449c1805dbe7aa25a468ce263a9e79"},
		{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "f92bd7c79fb72e2f2b8f80c1972d24fc"},
	} {
		block, err := aria.New(unhex(t, c.key))
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, aria.BlockSize)
		block.Encrypt(got, unhex(t, plain))
		if hex.EncodeToString(got) != c.secret {
			t.Errorf("key %s: encrypted to %x, want %s", c.key, got, c.secret)
		}
		block.Decrypt(got, got)
		if hex.EncodeToString(got) != plain {
			t.Errorf("key %s: decrypted in place to %x", c.key, got)
		}
	}
}

func TestKeySize(t *testing.T) {
	for _, size := range []int{0, 15, 17, 33} {
		if _, err := aria.New(make([]byte, size)); !errors.Is(err, aria.ErrKeySize) {
			t.Errorf("%d bytes: got %v", size, err)
		}
	}
}
