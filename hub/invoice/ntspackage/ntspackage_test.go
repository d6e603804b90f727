package ntspackage_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"shopbox/hub/invoice/ntspackage"
	"shopbox/hub/invoice/refusal"
)

func file(tb testing.TB, name string) []byte {
	tb.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

// service is the tax service of these tests.
func service(tb testing.TB) (*x509.Certificate, *rsa.PrivateKey) {
	tb.Helper()
	block, _ := pem.Decode(file(tb, "cert.pem"))
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		tb.Fatal(err)
	}
	block, _ = pem.Decode(file(tb, "key.pem"))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		tb.Fatal(err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		tb.Fatalf("a key of %T", parsed)
	}
	return certificate, key
}

func items(tb testing.TB, documents ...string) []ntspackage.Item {
	tb.Helper()
	r := file(tb, "rvalue.bin")
	list := make([]ntspackage.Item, len(documents))
	for i, document := range documents {
		list[i] = ntspackage.Item{R: r, Document: []byte(document)}
	}
	return list
}

func numbered(tb testing.TB, count int) []ntspackage.Item {
	tb.Helper()
	documents := make([]string, count)
	for i := range documents {
		documents[i] = string(rune('a'+i%26)) + string(make([]byte, i+1))
	}
	return items(tb, documents...)
}

func TestAnotherProgramsPackage(t *testing.T) {
	certificate, key := service(t)
	got, err := ntspackage.Open(file(t, "two.cms.der"), certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || !bytes.Equal(got[0].R, file(t, "rvalue.bin")) || !bytes.HasPrefix(got[1].Document, []byte("<?xml")) {
		t.Errorf("got %d documents", len(got))
	}
	slices.Reverse(got)
	der, err := ntspackage.Encode(got)
	if err != nil || !bytes.Equal(der, file(t, "two.der")) {
		t.Errorf("written again it differs, %v", err)
	}
}

func TestSealedComesBack(t *testing.T) {
	certificate, key := service(t)
	for _, count := range []int{1, 2, 100} {
		want := numbered(t, count)
		parcel, err := ntspackage.Seal(want, certificate)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ntspackage.Seal(want, certificate)
		if err != nil || bytes.Equal(parcel, again) {
			t.Errorf("two parcels are the same, %v", err)
		}
		got, err := ntspackage.Open(parcel, certificate, key)
		if err != nil {
			t.Fatal(err)
		}
		equal := func(a, b ntspackage.Item) bool { return bytes.Equal(a.Document, b.Document) && bytes.Equal(a.R, b.R) }
		if len(got) != count || !slices.ContainsFunc(got, func(i ntspackage.Item) bool { return equal(i, want[count-1]) }) {
			t.Errorf("%d documents came back as %d", count, len(got))
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	short := items(t, "a")
	short[0].R = short[0].R[:15]
	long := items(t, "a")
	long[0].R = make([]byte, 65)
	large := numbered(t, 9)
	for i := range large {
		large[i].Document = make([]byte, ntspackage.MaxDocument-i)
	}
	for name, c := range map[string]struct {
		items []ntspackage.Item
		want  error
	}{
		"nothing":            {nil, ntspackage.ErrCount},
		"101 documents":      {numbered(t, 101), ntspackage.ErrCount},
		"an empty document":  {items(t, "a", ""), ntspackage.ErrDocument},
		"a huge document":    {items(t, string(make([]byte, ntspackage.MaxDocument+1))), ntspackage.ErrDocument},
		"too much in all":    {large, ntspackage.ErrTooLarge},
		"a short R value":    {short, ntspackage.ErrR},
		"a long R value":     {long, ntspackage.ErrR},
		"one document twice": {items(t, "a", "b", "a"), ntspackage.ErrTwice},
	} {
		if _, err := ntspackage.Encode(c.items); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// parts of TaxInvoicePackage as the standard library writes them, in any order.
type data struct{ R, Document []byte }

func der(t *testing.T, value any) []byte {
	t.Helper()
	out, err := asn1.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func set(elements ...[]byte) asn1.RawValue {
	return asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(elements, nil)}
}

func TestDecodeRefuses(t *testing.T) {
	r := file(t, "rvalue.bin")
	a, b := der(t, data{r, []byte("a")}), der(t, data{r, []byte("b")})
	whole := func(count int, elements ...[]byte) []byte {
		return der(t, struct {
			Count int
			Set   asn1.RawValue
		}{count, set(elements...)})
	}
	good := whole(2, a, b)
	if got, err := ntspackage.Decode(good); err != nil || len(got) != 2 {
		t.Fatalf("got %d, %v", len(got), err)
	}
	many := make([][]byte, 101)
	for i := range many {
		many[i] = der(t, data{r, []byte{byte(i)}})
	}
	for name, c := range map[string]struct {
		der  []byte
		want error
	}{
		"nothing":            {nil, ntspackage.ErrMalformed},
		"no documents":       {whole(0), ntspackage.ErrCount},
		"101 documents":      {whole(101, many...), ntspackage.ErrCount},
		"another count":      {whole(3, a, b), ntspackage.ErrNumber},
		"a negative count":   {whole(-2, a, b), ntspackage.ErrNumber},
		"another order":      {whole(2, b, a), ntspackage.ErrOrder},
		"one twice":          {whole(2, a, a), ntspackage.ErrTwice},
		"bytes at the end":   {append(bytes.Clone(good), 0), ntspackage.ErrTrailing},
		"cut off":            {good[:len(good)-1], ntspackage.ErrMalformed},
		"open lengths":       {append([]byte{0x30, 0x80}, good[2:]...), ntspackage.ErrIndefinite},
		"a third field":      {whole(1, der(t, struct{ A, B, C []byte }{r, r, r})), ntspackage.ErrMalformed},
		"a sequence instead": {der(t, struct{ A, B []int }{[]int{1}, []int{1}}), ntspackage.ErrMalformed},
		"a long length":      {[]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, ntspackage.ErrMalformed},
		"a padded length":    {append([]byte{0x30, 0x81}, good[1:]...), ntspackage.ErrMalformed},
		"huge":               {make([]byte, ntspackage.MaxPackage+1<<20), ntspackage.ErrTooLarge},
	} {
		if _, err := ntspackage.Decode(c.der); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func replaced(t *testing.T, parcel []byte, before, after string) []byte {
	t.Helper()
	out := bytes.Replace(parcel, []byte(before), []byte(after), 1)
	if bytes.Equal(out, parcel) {
		t.Fatalf("%x is not in the parcel", before)
	}
	return out
}

func TestOpenRefusesTheOutside(t *testing.T) {
	certificate, key := service(t)
	parcel := file(t, "two.cms.der")
	pkcs7, rsaName := "\x2a\x86\x48\x86\xf7\x0d\x01\x07", "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
	cipher := "\x06\x08\x2a\x86\x48\x86\xf7\x0d\x03\x07"
	for name, c := range map[string]struct {
		parcel []byte
		want   error
	}{
		"nothing":               {nil, ntspackage.ErrMalformed},
		"signed data":           {replaced(t, parcel, pkcs7+"\x03", pkcs7+"\x02"), ntspackage.ErrContentType},
		"something in it":       {replaced(t, parcel, pkcs7+"\x01", pkcs7+"\x05"), ntspackage.ErrContentType},
		"RSA-OAEP":              {replaced(t, parcel, rsaName, rsaName[:10]+"\x07"), ntspackage.ErrAlgorithm},
		"RC2":                   {replaced(t, parcel, cipher, cipher[:9]+"\x02"), ntspackage.ErrAlgorithm},
		"another version":       {replaced(t, parcel, "\x02\x01\x00\x31", "\x02\x01\x02\x31"), ntspackage.ErrVersion},
		"another reader's form": {replaced(t, parcel, "\x02\x01\x00\x30", "\x02\x01\x02\x30"), ntspackage.ErrVersion},
		"another reader":        {replaced(t, parcel, "NTS test", "nts test"), ntspackage.ErrRecipient},
		"a short vector":        {replaced(t, parcel, cipher+"\x04\x08", cipher+"\x05\x08"), ntspackage.ErrMalformed},
		"bytes at the end":      {append(bytes.Clone(parcel), 0), ntspackage.ErrTrailing},
		"cut off":               {parcel[:len(parcel)-8], ntspackage.ErrMalformed},
		"open lengths":          {append([]byte{0x30, 0x80}, parcel[4:]...), ntspackage.ErrIndefinite},
	} {
		if _, err := ntspackage.Open(c.parcel, certificate, key); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]*rsa.PrivateKey{"another key": other, "no key": nil} {
		if _, err := ntspackage.Open(parcel, certificate, key); !errors.Is(err, ntspackage.ErrPair) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Whatever is changed behind the encryption, the answer is one and the same,
// unless the change lies within a document, where only its signature can tell.
func TestOpenIsNoOracle(t *testing.T) {
	certificate, key := service(t)
	parcel := file(t, "two.cms.der")
	refused := 0
	for _, at := range []int{-1, -8, -9, -16, -17, -4000, -len(parcel) + 200, -len(parcel) + 300} {
		for bit := range 8 {
			changed := bytes.Clone(parcel)
			changed[len(changed)+at] ^= 1 << bit
			_, err := ntspackage.Open(changed, certificate, key)
			if err != nil && !errors.Is(err, ntspackage.ErrOpen) {
				t.Errorf("byte %d bit %d: got %v", at, bit, err)
			}
			if err != nil {
				refused++
			}
		}
	}
	if refused < 32 {
		t.Errorf("only %d changed parcels were refused", refused)
	}
}

func TestSealRefusesCertificates(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := func(public, private any) *x509.Certificate {
		template := x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "NTS"},
			NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
		}
		raw, err := x509.CreateCertificate(rand.Reader, &template, &template, public, private)
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := x509.ParseCertificate(raw)
		if err != nil {
			t.Fatal(err)
		}
		return certificate
	}
	for name, certificate := range map[string]*x509.Certificate{
		"none": nil, "a weak key": made(weak.Public(), weak), "a curve": made(curve.Public(), curve),
	} {
		if _, err := ntspackage.Seal(items(t, "a"), certificate); !errors.Is(err, ntspackage.ErrCertificate) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func coded(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*refusal.Error](err); !ok {
		t.Fatalf("an error without a code: %v", err)
	}
}

// FuzzOpen holds that any bytes are opened or refused with a code, and that
// what was opened can be sealed again.
func FuzzOpen(f *testing.F) {
	certificate, key := service(f)
	f.Add(file(f, "two.cms.der"))
	sealed, err := ntspackage.Seal(items(f, "a"), certificate)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Fuzz(func(t *testing.T, parcel []byte) {
		got, err := ntspackage.Open(parcel, certificate, key)
		if err != nil {
			coded(t, err)
			return
		}
		if _, err := ntspackage.Seal(got, certificate); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzDecode holds that any bytes are refused with a code or are exactly what
// Encode writes.
func FuzzDecode(f *testing.F) {
	f.Add(file(f, "two.der"))
	one, err := ntspackage.Encode(items(f, "a", "bb"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(one)
	f.Fuzz(func(t *testing.T, der []byte) {
		got, err := ntspackage.Decode(der)
		if err != nil {
			coded(t, err)
			return
		}
		if again, err := ntspackage.Encode(got); err != nil || !bytes.Equal(again, der) {
			t.Fatalf("%x became %x, %v", der, again, err)
		}
	})
}
