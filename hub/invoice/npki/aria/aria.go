// Package aria is the ARIA block cipher of RFC 5794, which newer Korean key
// files may be encrypted with. Package npki calls it through crypto/cipher. A
// Block never changes after New and may be shared; its table look-ups are not
// constant in time, so it is for opening files, not for answering strangers.
package aria

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"math/bits"
)

// BlockSize is in bytes; keys have 16, 24 or 32 (RFC 5794 section 2.1).
const BlockSize = 16

const maxRounds = 16

// ErrKeySize tells that a key has neither 16, 24 nor 32 bytes.
var ErrKeySize = errors.New("aria_key_size_invalid")

type state [BlockSize]byte

type block struct {
	encrypt, decrypt [maxRounds + 1]state
	rounds           int
}

// constants are CK1 to CK3 of section 2.2 for a 128-bit key; longer keys begin
// further on.
var constants = [3]state{
	{0x51, 0x7c, 0xc1, 0xb7, 0x27, 0x22, 0x0a, 0x94, 0xfe, 0x13, 0xab, 0xe8, 0xfa, 0x9a, 0x6e, 0xe0},
	{0x6d, 0xb1, 0x4a, 0xcc, 0x9e, 0x21, 0xc8, 0x20, 0xff, 0x28, 0xb1, 0xd5, 0xef, 0x5d, 0xe2, 0xb0},
	{0xdb, 0x92, 0x37, 0x1d, 0x21, 0x26, 0xe9, 0x70, 0x03, 0x24, 0x97, 0x75, 0x04, 0xe8, 0xc9, 0x0e},
}

// diffusion tells for each byte of A(x) which bytes of x are summed (section
// 2.4.3); the highest bit is x0.
var diffusion = [16]uint16{
	0b0001101011000110, 0b0010010111001001, 0b0100101000111001, 0b1000010100110110,
	0b1010010010010011, 0b0101100001100011, 0b1010000101101100, 0b0101001010011100,
	0b1100100100100101, 0b1100011000011010, 0b0011011010000101, 0b0011100101001010,
	0b0110001101011000, 0b1001001110100100, 0b1001110001010010, 0b0110110010100001,
}

// New makes the cipher for a key, or returns ErrKeySize (key schedule of
// section 2.2).
func New(key []byte) (cipher.Block, error) {
	if len(key) != 16 && len(key) != 24 && len(key) != 32 {
		return nil, ErrKeySize
	}
	first := len(key)/8 - 2
	b := &block{rounds: 12 + 2*first}
	ck := func(i int) state { return constants[(first+i)%3] }
	var left, right state
	copy(right[:], key[copy(left[:], key):])
	w := [4]state{left}
	w[1] = odd(left, ck(0)).xor(right)
	w[2] = even(w[1], ck(1)).xor(w[0])
	w[3] = odd(w[2], ck(2)).xor(w[1])
	for i := range b.rounds + 1 {
		turn := [...]int{128 - 19, 128 - 31, 61, 31, 19}[i/4]
		one, other := w[i%4], w[(i+1)%4]
		if i%4 == 3 {
			other, one = w[3], w[0]
			b.encrypt[i] = one.rotate(turn).xor(other)
			continue
		}
		b.encrypt[i] = one.xor(other.rotate(turn))
	}
	for i := range b.rounds + 1 {
		b.decrypt[i] = b.encrypt[b.rounds-i]
		if i > 0 && i < b.rounds {
			b.decrypt[i] = b.decrypt[i].diffuse()
		}
	}
	return b, nil
}

// BlockSize returns 16.
func (b *block) BlockSize() int { return BlockSize }

// Encrypt writes the cipher text of src's first block to dst.
func (b *block) Encrypt(dst, src []byte) { b.run(&b.encrypt, dst, src) }

// Decrypt writes the plain text of src's first block to dst.
func (b *block) Decrypt(dst, src []byte) { b.run(&b.decrypt, dst, src) }

// run is section 2.3: the last round has the second key in place of the
// diffusion.
func (b *block) run(keys *[maxRounds + 1]state, dst, src []byte) {
	s := state(src[:BlockSize])
	for i := range b.rounds - 1 {
		if i%2 == 0 {
			s = odd(s, keys[i])
		} else {
			s = even(s, keys[i])
		}
	}
	s = s.xor(keys[b.rounds-1]).substitute(&sb3, &sb4, &sb1, &sb2).xor(keys[b.rounds])
	copy(dst[:BlockSize], s[:])
}

// odd and even are the round functions FO and FE of section 2.4.1.
func odd(s, key state) state  { return s.xor(key).substitute(&sb1, &sb2, &sb3, &sb4).diffuse() }
func even(s, key state) state { return s.xor(key).substitute(&sb3, &sb4, &sb1, &sb2).diffuse() }

func (s state) xor(other state) state {
	var out state
	for i := range s {
		out[i] = s[i] ^ other[i]
	}
	return out
}

func (s state) substitute(boxes ...*[256]byte) state {
	var out state
	for i, b := range s {
		out[i] = boxes[i%len(boxes)][b]
	}
	return out
}

func (s state) diffuse() state {
	var out state
	for i, mask := range diffusion {
		for ; mask != 0; mask &= mask - 1 {
			out[i] ^= s[BlockSize-1-bits.TrailingZeros16(mask)]
		}
	}
	return out
}

// rotate turns all 128 bits to the left.
func (s state) rotate(count int) state {
	high, low := binary.BigEndian.Uint64(s[:8]), binary.BigEndian.Uint64(s[8:])
	if count >= 64 {
		high, low, count = low, high, count-64
	}
	var out state
	binary.BigEndian.PutUint64(out[:8], high<<count|low>>(64-count))
	binary.BigEndian.PutUint64(out[8:], low<<count|high>>(64-count))
	return out
}
