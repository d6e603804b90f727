package seed_test

import (
	"bytes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"testing"

	"shopbox/hub/invoice/npki/seed"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The four vectors of RFC 4269 appendix B; OpenSSL's seed-ecb gives the same.
func TestVectors(t *testing.T) {
	for _, c := range []struct{ key, plain, secret string }{
		{"00000000000000000000000000000000", "000102030405060708090a0b0c0d0e0f", "5ebac6e0054e166819aff1cc6d346cdb"},
		{"000102030405060708090a0b0c0d0e0f", "00000000000000000000000000000000", "c11f22f20140505084483597e4370f43"},
		{"4706480851e61be85d74bfb3fd956185", "83a2f8a288641fb9a4e9a5cc2f131c7d", "ee54d13ebcae706d226bc3142cd40d4a"},
		{"28dbc3bc49ffd87dcfa509b11d422be7", "b41e6be2eba84a148e2eed84593c5ec7", "9b9b7bfcd1813cb95d0b3618f40f5122"},
	} {
		block, err := seed.New(unhex(t, c.key))
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, seed.BlockSize)
		block.Encrypt(got, unhex(t, c.plain))
		if hex.EncodeToString(got) != c.secret {
			t.Errorf("key %s: encrypted to %x, want %s", c.key, got, c.secret)
		}
		block.Decrypt(got, got)
		if hex.EncodeToString(got) != c.plain {
			t.Errorf("key %s: decrypted in place to %x, want %s", c.key, got, c.plain)
		}
	}
}

func TestCBCRoundTrip(t *testing.T) {
	block, err := seed.New([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	iv, plain := make([]byte, seed.BlockSize), bytes.Repeat([]byte("shopbox "), 10)
	text := bytes.Clone(plain)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, text)
	if !bytes.Equal(text, plain) {
		t.Errorf("got %q", text)
	}
}

func TestKeySize(t *testing.T) {
	for _, size := range []int{0, 15, 17, 32} {
		if _, err := seed.New(make([]byte, size)); !errors.Is(err, seed.ErrKeySize) {
			t.Errorf("%d bytes: got %v", size, err)
		}
	}
}
