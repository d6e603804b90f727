package npki

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // old files are encrypted with it; nothing new is

	"shopbox/hub/invoice/npki/aria"
	"shopbox/hub/invoice/npki/rc2"
	"shopbox/hub/invoice/npki/seed"
)

// suite is a block cipher with the size of its key and block in bytes.
type suite struct {
	keySize, blockSize int
	cipher             func(key []byte) (cipher.Block, error)
}

// pbes2Suites are the ciphers in CBC mode that PBES2 may name: KISA's SEED (RFC
// 4010), ARIA (KISA's arc 1.2.410.200046; that Korean authorities use it is
// unconfirmed), AES (RFC 3565) and Triple DES (RFC 8018 appendix B.2.2).
var pbes2Suites = map[string]suite{
	oidSEED:                   {seed.KeySize, seed.BlockSize, seed.New},
	"1.2.410.200046.1.1.2":    {16, aria.BlockSize, aria.New},
	"1.2.410.200046.1.1.7":    {24, aria.BlockSize, aria.New},
	"1.2.410.200046.1.1.12":   {32, aria.BlockSize, aria.New},
	"2.16.840.1.101.3.4.1.2":  {16, aes.BlockSize, aes.NewCipher},
	"2.16.840.1.101.3.4.1.22": {24, aes.BlockSize, aes.NewCipher},
	"2.16.840.1.101.3.4.1.42": {32, aes.BlockSize, aes.NewCipher},
	"1.2.840.113549.3.7":      {24, des.BlockSize, des.NewTripleDESCipher},
}

// pkcs12Suites are the ciphers of PKCS#12's own scheme (RFC 7292 appendix C).
var pkcs12Suites = map[string]suite{
	"1.2.840.113549.1.12.1.3": {24, des.BlockSize, des.NewTripleDESCipher},
	"1.2.840.113549.1.12.1.5": {16, rc2.BlockSize, rc2.New},
	"1.2.840.113549.1.12.1.6": {5, rc2.BlockSize, rc2.New},
}
