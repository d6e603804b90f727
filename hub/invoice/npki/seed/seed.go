// Package seed is the SEED block cipher of RFC 4269, which Korean certificate
// authorities encrypt private keys with. Package npki calls it through
// crypto/cipher. A Block never changes after New and may be shared; its table
// look-ups are not constant in time, so it is for opening files, not for
// answering strangers.
package seed

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"math/bits"
)

// BlockSize and KeySize are in bytes; SEED has no other sizes (RFC 4269 section 1).
const (
	BlockSize = 16
	KeySize   = 16
)

const rounds = 16

// ErrKeySize tells that a key is not KeySize bytes long.
var ErrKeySize = errors.New("seed_key_size_invalid")

type block struct {
	keys [rounds][2]uint32
}

// New makes the cipher for a key of KeySize bytes, or returns ErrKeySize
// (key schedule of RFC 4269 section 2.3).
func New(key []byte) (cipher.Block, error) {
	if len(key) != KeySize {
		return nil, ErrKeySize
	}
	left, right := binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])
	constant := uint32(0x9e3779b9)
	b := &block{}
	for i := range rounds {
		b.keys[i][0] = mix(uint32(left>>32) + uint32(right>>32) - constant)
		b.keys[i][1] = mix(uint32(left) - uint32(right) + constant)
		if i%2 == 0 {
			left = bits.RotateLeft64(left, -8)
		} else {
			right = bits.RotateLeft64(right, 8)
		}
		constant = bits.RotateLeft32(constant, 1)
	}
	return b, nil
}

// BlockSize returns 16.
func (b *block) BlockSize() int { return BlockSize }

// Encrypt writes the cipher text of src's first block to dst.
func (b *block) Encrypt(dst, src []byte) {
	left, right := binary.BigEndian.Uint64(src), binary.BigEndian.Uint64(src[8:BlockSize])
	for i := range rounds {
		left, right = right, left^round(right, b.keys[i])
	}
	binary.BigEndian.PutUint64(dst[8:BlockSize], left)
	binary.BigEndian.PutUint64(dst, right)
}

// Decrypt writes the plain text of src's first block to dst.
func (b *block) Decrypt(dst, src []byte) {
	left, right := binary.BigEndian.Uint64(src), binary.BigEndian.Uint64(src[8:BlockSize])
	for i := range rounds {
		left, right = right, left^round(right, b.keys[rounds-1-i])
	}
	binary.BigEndian.PutUint64(dst[8:BlockSize], left)
	binary.BigEndian.PutUint64(dst, right)
}

// round is the function F of RFC 4269 section 2.1.
func round(half uint64, key [2]uint32) uint64 {
	c := uint32(half>>32) ^ key[0]
	d := mix(c ^ uint32(half) ^ key[1])
	c = mix(c + d)
	d = mix(c + d)
	return uint64(c+d)<<32 | uint64(d)
}

// mix is the function G of RFC 4269 section 2.2: each S-box's answer is copied
// into all four bytes and masked by the standard's m0 to m3.
func mix(x uint32) uint32 {
	const spread = 0x01010101
	return uint32(s0[byte(x)])*spread&0x3fcff3fc ^
		uint32(s1[byte(x>>8)])*spread&0xfc3fcff3 ^
		uint32(s0[byte(x>>16)])*spread&0xf3fc3fcf ^
		uint32(s1[byte(x>>24)])*spread&0xcff3fc3f
}
