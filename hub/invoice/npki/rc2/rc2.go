// Package rc2 is the RC2 block cipher of RFC 2268, broken for long, which old
// PKCS#12 files hide their certificates with. Package npki calls it to read
// such files; nothing is ever encrypted with it. A Block never changes after
// New and may be shared.
package rc2

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"math/bits"
)

// BlockSize is in bytes.
const BlockSize = 8

// ErrKeySize tells that a key has no bytes or more than 128.
var ErrKeySize = errors.New("rc2_key_size_invalid")

// words is the state R of four 16-bit words.
type words [4]uint16

type block struct{ keys [64]uint16 }

// rotations are the s[i] of RFC 2268 section 3.1.
var rotations = [4]int{1, 2, 3, 5}

// New makes the cipher for a key of 1 to 128 bytes whose strength is all its
// bits (key expansion of section 2), or returns ErrKeySize.
func New(key []byte) (cipher.Block, error) {
	if len(key) == 0 || len(key) > 128 {
		return nil, ErrKeySize
	}
	var l [128]byte
	size := copy(l[:], key)
	for i := size; i < len(l); i++ {
		l[i] = pi[l[i-1]+l[i-size]]
	}
	l[128-size] = pi[l[128-size]]
	for i := 127 - size; i >= 0; i-- {
		l[i] = pi[l[i+1]^l[i+size]]
	}
	b := &block{}
	for i := range b.keys {
		b.keys[i] = binary.LittleEndian.Uint16(l[2*i:])
	}
	return b, nil
}

// BlockSize returns 8.
func (b *block) BlockSize() int { return BlockSize }

// Encrypt writes the cipher text of src's first block to dst (section 3).
func (b *block) Encrypt(dst, src []byte) {
	r := load(src)
	for i, key := range b.keys {
		at := i % 4
		r[at] = bits.RotateLeft16(r[at]+key+r.choose(at), rotations[at])
		if i == 19 || i == 43 {
			for j := range r {
				r[j] += b.keys[r[(j+3)%4]%64]
			}
		}
	}
	r.store(dst)
}

// Decrypt writes the plain text of src's first block to dst (section 4).
func (b *block) Decrypt(dst, src []byte) {
	r := load(src)
	for i := len(b.keys) - 1; i >= 0; i-- {
		if i == 19 || i == 43 {
			for j := 3; j >= 0; j-- {
				r[j] -= b.keys[r[(j+3)%4]%64]
			}
		}
		at := i % 4
		r[at] = bits.RotateLeft16(r[at], -rotations[at]) - b.keys[i] - r.choose(at)
	}
	r.store(dst)
}

// choose picks each bit by the word before from the two words before that.
func (w *words) choose(at int) uint16 {
	by := w[(at+3)%4]
	return by&w[(at+2)%4] + ^by&w[(at+1)%4]
}

func load(src []byte) words {
	var r words
	for i := range r {
		r[i] = binary.LittleEndian.Uint16(src[2*i : 2*i+2])
	}
	return r
}

func (w *words) store(dst []byte) {
	for i, word := range w {
		binary.LittleEndian.PutUint16(dst[2*i:2*i+2], word)
	}
}
