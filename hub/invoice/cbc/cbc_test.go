package cbc_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"testing"

	"shopbox/hub/invoice/cbc"
)

func block(t *testing.T) cipher.Block {
	t.Helper()
	b, err := aes.NewCipher(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryLengthComesBack(t *testing.T) {
	b, iv := block(t), make([]byte, aes.BlockSize)
	for size := range 50 {
		plain := bytes.Repeat([]byte{7}, size)
		text := cbc.Seal(b, iv, plain)
		if len(text) <= size {
			t.Fatalf("%d bytes became %d", size, len(text))
		}
		kept := bytes.Clone(text)
		got, ok := cbc.Open(b, iv, text)
		if !ok || !bytes.Equal(got, plain) || !bytes.Equal(text, kept) {
			t.Errorf("%d bytes: got %x, %v", size, got, ok)
		}
	}
}

func TestWrongPadding(t *testing.T) {
	b, iv := block(t), make([]byte, aes.BlockSize)
	for name, last := range map[string][]byte{
		"none":       bytes.Repeat([]byte{0}, 16),
		"too long":   bytes.Repeat([]byte{17}, 16),
		"uneven":     append(bytes.Repeat([]byte{1}, 14), 3, 2),
		"first byte": append([]byte{1}, bytes.Repeat([]byte{16}, 15)...),
	} {
		text := bytes.Clone(last)
		cipher.NewCBCEncrypter(b, iv).CryptBlocks(text, text)
		if got, ok := cbc.Open(b, iv, text); ok {
			t.Errorf("%s: opened as %x", name, got)
		}
	}
	for name, text := range map[string][]byte{"nothing": nil, "a part of a block": make([]byte, 17)} {
		if _, ok := cbc.Open(b, iv, text); ok {
			t.Errorf("%s was opened", name)
		}
	}
	if _, ok := cbc.Open(b, iv[:8], make([]byte, 16)); ok {
		t.Error("a short vector was taken")
	}
}
