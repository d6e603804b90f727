package npki

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // PKCS#12's old schemes are defined over SHA-1
	"hash"
	"math/big"
	"unicode/utf16"
	"unicode/utf8"
)

// What PKCS#12 derives a key for (RFC 7292 appendix B.3).
const (
	forKey    = 1
	forVector = 2
	forMAC    = 3
)

// pkcs12 is the scheme of RFC 7292 appendix C.
func (s salted) pkcs12(of suite) func([]byte) ([]byte, []byte, error) {
	return func(password []byte) ([]byte, []byte, error) {
		typed, ok := bmp(password)
		if !ok {
			return nil, nil, ErrWrongPassword
		}
		key := s.derivePKCS12(sha1.New, typed, forKey, of.keySize)
		iv := s.derivePKCS12(sha1.New, typed, forVector, of.blockSize)
		clear(typed)
		return key, iv, nil
	}
}

// bmp is a password as PKCS#12 takes it, two bytes a character and a zero at
// the end (RFC 7292 appendix B.1).
func bmp(password []byte) ([]byte, bool) {
	if !utf8.Valid(password) {
		return nil, false
	}
	var out []byte
	for _, unit := range utf16.Encode([]rune(string(password))) {
		out = append(out, byte(unit>>8), byte(unit))
	}
	return append(out, 0, 0), true
}

// derivePKCS12 is RFC 7292 appendix B.2; its letters are kept.
func (s salted) derivePKCS12(digest func() hash.Hash, password []byte, id byte, size int) []byte {
	h := digest()
	v := h.BlockSize()
	d := bytes.Repeat([]byte{id}, v)
	i := append(fill(s.salt, v), fill(password, v)...)
	var out []byte
	for {
		h.Reset()
		h.Write(d)
		h.Write(i)
		a := h.Sum(nil)
		for range s.iterations - 1 {
			h.Reset()
			h.Write(a)
			a = h.Sum(a[:0])
		}
		out = append(out, a...)
		if len(out) >= size {
			return out[:size]
		}
		addToBlocks(i, fill(a, v), v)
	}
}

// fill repeats text up to a whole number of blocks.
func fill(text []byte, size int) []byte {
	if len(text) == 0 {
		return nil
	}
	whole := (len(text) + size - 1) / size * size
	return bytes.Repeat(text, whole/len(text)+1)[:whole]
}

// addToBlocks adds b and one to each block of i, as numbers.
func addToBlocks(i, b []byte, size int) {
	one := new(big.Int).Add(new(big.Int).SetBytes(b), big.NewInt(1))
	limit := new(big.Int).Lsh(big.NewInt(1), uint(8*size))
	for at := 0; at < len(i); at += size {
		block := i[at : at+size]
		sum := new(big.Int).Add(new(big.Int).SetBytes(block), one)
		sum.Mod(sum, limit).FillBytes(block)
	}
}
