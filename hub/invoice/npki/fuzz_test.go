package npki_test

import (
	"bytes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/asn1"
	"errors"
	"testing"

	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/npki/seed"
)

// FuzzOpen holds that a key file of any bytes gives a key or one of the codes.
func FuzzOpen(f *testing.F) {
	for _, name := range []string{
		"signPri.pbes1-seed-sha1.key", "signPri.pbes2-seed-hmacsha1.key",
		"signPri.pbes2-seed-hmacsha256.key", "signPri.old-seed-pbkdf2.key", "signPri.aria256.key",
	} {
		f.Add(file(f, name), []byte(password))
	}
	known := []error{
		npki.ErrWrongPassword, npki.ErrKeyFile, npki.ErrAlgorithm, npki.ErrTooLarge, npki.ErrPrivateKey,
	}
	f.Fuzz(func(t *testing.T, content, password []byte) {
		key, err := npki.Open(content, password)
		if err == nil {
			if key.Private() == nil {
				t.Fatal("opened without a key")
			}
			return
		}
		for _, code := range known {
			if errors.Is(err, code) {
				return
			}
		}
		t.Fatalf("unknown error %v", err)
	})
}

// FuzzCertificate holds that reading a certificate's identity never breaks.
func FuzzCertificate(f *testing.F) {
	for _, name := range []string{"signCert.der", "noIdentityCert.der", "kmCert.der"} {
		f.Add(file(f, name))
	}
	key := opened(f, "signPri.pbes1-seed-sha1.key")
	f.Fuzz(func(t *testing.T, content []byte) {
		cert, err := npki.Certificate(content)
		if err != nil {
			return
		}
		if key.CheckOwner(cert, "2208162517") == nil {
			t.Fatal("a wrong owner was accepted")
		}
	})
}

// sealedWith makes a key file of 1.2.410.200004.1.15 around any content, with
// one iteration of PBKDF1.
func sealedWith(t *testing.T, content []byte) []byte {
	t.Helper()
	salt := []byte("saltsalt")
	derived := sha1.Sum(append([]byte(password), salt...))
	iv := sha1.Sum(derived[16:])
	block, err := seed.New(derived[:16])
	if err != nil {
		t.Fatal(err)
	}
	count := seed.BlockSize - len(content)%seed.BlockSize
	text := append(bytes.Clone(content), bytes.Repeat([]byte{byte(count)}, count)...)
	cipher.NewCBCEncrypter(block, iv[:16]).CryptBlocks(text, text)
	withSHA1 := asn1.ObjectIdentifier{1, 2, 410, 200004, 1, 15}
	return keyFile(t, algorithm{withSHA1, derivation{salt, 1}}, text)
}

// FuzzPrivateKeyInfo holds that whatever a key file had inside, it opens as a
// key whose R value is absent or of a sound size, or not at all.
func FuzzPrivateKeyInfo(f *testing.F) {
	f.Add(file(f, "privatekeyinfo-with-R.der"))
	f.Fuzz(func(t *testing.T, content []byte) {
		key, err := npki.Open(sealedWith(t, content), []byte(password))
		if err != nil {
			return
		}
		if size := len(key.R()); size != 0 && (size < 16 || size > 64) {
			t.Fatalf("an R value of %d bytes", size)
		}
	})
}
