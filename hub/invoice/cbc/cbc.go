// Package cbc is cipher block chaining with the padding of RFC 5652 section 6.3
// (PKCS#7), as Korean key files and the tax service's package use it. Packages
// npki and ntspackage call it. What always holds: the input is never written
// to, and a wrong padding is told from a right one by the answer only, not by
// the time it takes.
package cbc

import (
	"bytes"
	"crypto/cipher"
	"crypto/subtle"
)

// Seal pads and encrypts; iv has the size of one block.
func Seal(block cipher.Block, iv, plain []byte) []byte {
	count := block.BlockSize() - len(plain)%block.BlockSize()
	text := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(count)}, count)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	return text
}

// fits reports whether text can be what Seal returned: one or more whole blocks.
func fits(block cipher.Block, iv, text []byte) bool {
	size := block.BlockSize()
	return len(iv) == size && len(text) > 0 && len(text)%size == 0
}

// Open decrypts and takes the padding off. It returns false for a wrong
// padding and for what does not fit.
func Open(block cipher.Block, iv, text []byte) ([]byte, bool) {
	if !fits(block, iv, text) {
		return nil, false
	}
	plain := make([]byte, len(text))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, text)
	return unpad(plain, block.BlockSize())
}

func unpad(plain []byte, size int) ([]byte, bool) {
	count := int(plain[len(plain)-1])
	good := subtle.ConstantTimeLessOrEq(1, count) & subtle.ConstantTimeLessOrEq(count, size)
	tail := plain[len(plain)-size:]
	for i, b := range tail {
		inside := subtle.ConstantTimeLessOrEq(size-i, count)
		good &= subtle.ConstantTimeSelect(inside, subtle.ConstantTimeByteEq(b, byte(count)), 1)
	}
	if good != 1 {
		return nil, false
	}
	return plain[:len(plain)-count], true
}
