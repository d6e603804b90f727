package rc2_test

import (
	"encoding/hex"
	"errors"
	"testing"

	"shopbox/hub/invoice/npki/rc2"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The vectors of RFC 2268 section 5 whose strength is that of the key's bits.
func TestVectors(t *testing.T) {
	for _, c := range []struct{ key, plain, secret string }{
		{"ffffffffffffffff", "ffffffffffffffff", "278b27e42e2f0d49"},
		{"3000000000000000", "1000000000000001", "30649edf9be7d2c2"},
		{"88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "2269552ab0f85ca6"},
	} {
		block, err := rc2.New(unhex(t, c.key))
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, rc2.BlockSize)
		block.Encrypt(got, unhex(t, c.plain))
		if hex.EncodeToString(got) != c.secret {
			t.Errorf("key %s: encrypted to %x, want %s", c.key, got, c.secret)
		}
		block.Decrypt(got, got)
		if hex.EncodeToString(got) != c.plain {
			t.Errorf("key %s: decrypted in place to %x", c.key, got)
		}
	}
}

func TestKeySize(t *testing.T) {
	for _, size := range []int{0, 129} {
		if _, err := rc2.New(make([]byte, size)); !errors.Is(err, rc2.ErrKeySize) {
			t.Errorf("%d bytes: got %v", size, err)
		}
	}
}
