package npki_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/refusal"
)

func TestOpenPFX(t *testing.T) {
	for name, hasR := range map[string]bool{
		"legacy.p12": true, "aes.p12": true, "seed.p12": true, "no-mac.p12": true,
		"openssl.p12": false, "openssl-legacy.p12": false,
	} {
		t.Run(name, func(t *testing.T) {
			key, cert, err := npki.OpenPFX(file(t, name), []byte(password))
			if err != nil {
				t.Fatal(err)
			}
			if !cert.Equal(certificate(t, "signCert.der")) {
				t.Errorf("got the certificate of %s", cert.Subject)
			}
			want := npki.ErrNoR
			if hasR {
				want = nil
			}
			if err := key.CheckOwner(cert, owner); !errors.Is(err, want) {
				t.Errorf("owner: got %v", err)
			}
			for _, wrong := range []string{"", "test1234!", "틀린비번", "\xff"} {
				if _, _, err := npki.OpenPFX(file(t, name), []byte(wrong)); !errors.Is(err, npki.ErrWrongPassword) {
					t.Errorf("wrong password %q: got %v", wrong, err)
				}
			}
		})
	}
}

func TestOpenPFXRefuses(t *testing.T) {
	whole := file(t, "legacy.p12")
	edited := func(old, replacement string) []byte {
		out := bytes.Replace(whole, []byte(old), []byte(replacement), 1)
		if bytes.Equal(out, whole) {
			t.Fatalf("%x is not in the file", old)
		}
		return out
	}
	changed := bytes.Clone(whole)
	changed[len(changed)/2] ^= 1
	pkcs7 := "\x2a\x86\x48\x86\xf7\x0d\x01\x07"
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":               {nil, npki.ErrKeyFile},
		"a key file":            {file(t, "signPri.no-r.key"), npki.ErrKeyFile},
		"bytes at the end":      {append(bytes.Clone(whole), 0), npki.ErrKeyFile},
		"open lengths":          {append([]byte{0x30, 0x80}, whole[4:]...), npki.ErrIndefinite},
		"a huge file":           {make([]byte, npki.MaxPFX+1), npki.ErrTooLarge},
		"version 2":             {edited("\x02\x01\x03", "\x02\x01\x02"), npki.ErrKeyFile},
		"signed by a key":       {edited(pkcs7+"\x01", pkcs7+"\x02"), npki.ErrAlgorithm},
		"a changed content":     {changed, npki.ErrWrongPassword},
		"an MD5 check":          {edited("\x2b\x0e\x03\x02\x1a", "\x2b\x0e\x03\x02\x1b"), npki.ErrAlgorithm},
		"endless rounds":        {append(whole[:len(whole)-2:len(whole)-2], 0xff, 0xff), npki.ErrKeyFile},
		"no key":                {file(t, "no-key.p12"), npki.ErrNoKey},
		"no certificate":        {file(t, "no-cert.p12"), npki.ErrNoCertificate},
		"another's certificate": {file(t, "other-cert.p12"), npki.ErrPair},
		"not for signing":       {file(t, "km-only.p12"), npki.ErrPurpose},
	} {
		if _, _, err := npki.OpenPFX(c.file, []byte(password)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestParsePEM(t *testing.T) {
	key, err := npki.ParsePEM(file(t, "plain-with-R.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if err := key.CheckOwner(certificate(t, "signCert.der"), owner); err != nil {
		t.Errorf("owner: %v", err)
	}
	for name, c := range map[string]struct {
		text []byte
		want error
	}{
		"no PEM":       {file(t, "privatekeyinfo-with-R.der"), npki.ErrKeyFile},
		"nothing in":   {[]byte("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"), npki.ErrKeyFile},
		"a huge file":  {make([]byte, npki.MaxFile+1), npki.ErrTooLarge},
		"a locked key": {[]byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"), npki.ErrKeyFile},
	} {
		if _, err := npki.ParsePEM(c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCheckTime(t *testing.T) {
	cert := certificate(t, "signCert.der")
	for _, c := range []struct {
		at   time.Time
		want error
	}{
		{cert.NotBefore.Add(-time.Second), npki.ErrNotYet},
		{cert.NotBefore, nil},
		{cert.NotAfter, nil},
		{cert.NotAfter.Add(time.Second), npki.ErrExpired},
	} {
		if err := npki.CheckTime(cert, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", c.at, err)
		}
	}
}

func TestCertificateRemarks(t *testing.T) {
	for name, want := range map[string][]npki.Remark{
		"signCert.der": nil, "personalCert.der": {npki.RemarkPersonal},
	} {
		if got := npki.CertificateRemarks(certificate(t, name)); !slices.Equal(got, want) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestFolders(t *testing.T) {
	some := &fstest.MapFile{Data: []byte{1}}
	user := "NPKI/yessign/USER/cn=shop(a),ou=b,c=kr"
	tree := fstest.MapFS{
		user + "/signCert.der": some, user + "/signPri.key": some,
		user + "/kmCert.der": some, user + "/kmPri.key": some,
		"NPKI/KICA/USER/cn=x/SIGNCERT.DER": some, "NPKI/KICA/USER/cn=x/SIGNPRI.KEY": some,
		"NPKI/KICA/USER/cn=y/signCert.der": some,
		"shop.PFX":                         some,
		"a/b/c/d/e/f/g/h/signCert.der":     some, "a/b/c/d/e/f/g/h/signPri.key": some,
	}
	got, err := npki.Folders(tree)
	want := []npki.Folder{
		{"NPKI/KICA/USER/cn=x", "NPKI/KICA/USER/cn=x/SIGNCERT.DER", "NPKI/KICA/USER/cn=x/SIGNPRI.KEY"},
		{user, user + "/signCert.der", user + "/signPri.key"},
		{Path: "shop.PFX"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = npki.Folders(fstest.MapFS{"signCert.der": some, "signPri.key": some})
	if err != nil || !slices.Equal(got, []npki.Folder{{".", "signCert.der", "signPri.key"}}) {
		t.Errorf("got %v, %v", got, err)
	}
}

// FuzzOpenPFX holds that a .p12 of any bytes gives a pair for signing or a code.
func FuzzOpenPFX(f *testing.F) {
	for _, name := range []string{"legacy.p12", "aes.p12", "seed.p12", "no-mac.p12", "no-key.p12"} {
		f.Add(file(f, name), []byte(password))
	}
	f.Fuzz(func(t *testing.T, content, password []byte) {
		key, cert, err := npki.OpenPFX(content, password)
		if err != nil {
			if _, ok := errors.AsType[*refusal.Error](err); !ok {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		if err := key.CheckPair(cert); err != nil {
			t.Fatal(err)
		}
	})
}
