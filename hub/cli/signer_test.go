package cli_test

import (
	"bytes"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shopbox/hub/cli"
	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/ntspackage"
	"shopbox/hub/invoice/sign"
)

const (
	keys        = "../invoice/npki/testdata/"
	serviceCert = "../invoice/ntspackage/testdata/cert.pem"
	serviceKey  = "../invoice/ntspackage/testdata/key.pem"
	secret      = "test1234!@\n"
)

// later is when the certificates of the tests are valid.
var later = time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// drive lays certificate and key out as the authorities' programs do.
func drive(t *testing.T, users map[string][2]string) string {
	t.Helper()
	root := t.TempDir()
	for user, files := range users {
		folder := filepath.Join(root, "NPKI", "yessign", "USER", user)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"signCert.der", "signPri.key"} {
			if err := os.WriteFile(filepath.Join(folder, name), read(t, keys+files[i]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func one(t *testing.T, certificate, key string) string {
	t.Helper()
	return drive(t, map[string][2]string{"cn=shop,ou=x,c=kr": {certificate, key}})
}

func TestSignWithNPKI(t *testing.T) {
	for name, folder := range map[string]string{
		"a tree":          one(t, "signCert.der", "signPri.pbes1-seed-sha1.key"),
		"its last folder": filepath.Join(one(t, "signCert.der", "signPri.pbes2-seed-hmacsha256.key"), "NPKI/yessign/USER/cn=shop,ou=x,c=kr"),
		"a .p12 file":     keys + "seed.p12",
	} {
		signed, remarks, err := runAt(t, later, secret, "sign", "--npki", folder, "--password-stdin", unsigned)
		if err != nil || !strings.Contains(remarks, "sign_time: TaxInvoice/ExchangedDocument/IssueDateTime: the document says that it was issued on 2026-11-23, but it is signed on 2026-12-01") {
			t.Fatalf("%s: %v, %s", name, err, remarks)
		}
		out, remarks, err := run(t, "verify", write(t, "signed.xml", []byte(signed)))
		if err != nil || !strings.Contains(out, "valid, signed by") {
			t.Errorf("%s: got %q, %v", name, out, err)
		}
		if !strings.Contains(remarks, "IssueDateTime 20261123104500: npki_certificate_not_yet_valid") {
			t.Errorf("%s: the time before the certificate is not remarked: %q", name, remarks)
		}
	}
}

func TestSignWithNPKIRefuses(t *testing.T) {
	good := one(t, "signCert.der", "signPri.pbes1-seed-sha1.key")
	two := drive(t, map[string][2]string{
		"cn=a": {"signCert.der", "signPri.no-r.key"}, "cn=b": {"signCert.der", "signPri.no-r.key"},
	})
	other := write(t, "other.xml", bytes.ReplaceAll(content(t), []byte("1234567891"), []byte("2208162517")))
	for name, c := range map[string]struct {
		now      time.Time
		password string
		folder   string
		document string
		want     error
	}{
		"a wrong password":    {later, "test1234\n", good, unsigned, npki.ErrWrongPassword},
		"no password":         {later, "", good, unsigned, npki.ErrWrongPassword},
		"an endless password": {later, strings.Repeat("x", 1<<20), good, unsigned, npki.ErrWrongPassword},
		"another's document":  {later, secret, good, other, npki.ErrWrongOwner},
		"an early clock":      {signingDay, secret, good, unsigned, npki.ErrNotYet},
		"a late clock":        {later.AddDate(200, 0, 0), secret, good, unsigned, npki.ErrExpired},
		"no R value":          {later, secret, one(t, "signCert.der", "signPri.no-r.key"), unsigned, npki.ErrNoR},
		"no VID":              {later, secret, one(t, "noIdentityCert.der", "signPri.pbes1-seed-sha1.key"), unsigned, npki.ErrNoIdentity},
		"another's key":       {later, secret, one(t, "otherCert.der", "signPri.pbes1-seed-sha1.key"), unsigned, npki.ErrPair},
		"not for signing":     {later, secret, one(t, "kmCert.der", "signPri.pbes1-seed-sha1.key"), unsigned, npki.ErrPurpose},
		"an empty folder":     {later, secret, t.TempDir(), unsigned, cli.ErrNoCertificate},
		"two certificates":    {later, secret, two, unsigned, cli.ErrSeveral},
		"a file of any kind":  {later, secret, unsigned, unsigned, npki.ErrKeyFile},
		"nothing there":       {later, secret, "none", unsigned, os.ErrNotExist},
	} {
		out, _, err := runAt(t, c.now, c.password, "sign", "--npki", c.folder, "--password-stdin", c.document)
		if !errors.Is(err, c.want) || out != "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, _, err := runAt(t, later, secret, "sign", "--npki", two, "--password-stdin", unsigned)
	if err == nil || !strings.Contains(err.Error(), filepath.Join(two, "NPKI/yessign/USER/cn=b")) {
		t.Errorf("the choices are not named: %v", err)
	}
	for _, args := range [][]string{
		{"sign", "--npki", good, unsigned},
		{"sign", "--npki", good, "--password-stdin", "--key", "a", unsigned},
		{"sign", "--key", "a", "--cert", "b", "--password-stdin", unsigned},
		{"package", unsigned},
		{"package", "--cert", serviceCert, "--npki", good, unsigned},
		{"package", "--cert", serviceCert, "--rvalue", "a", "--key", "b", unsigned},
		{"package", "--cert", serviceCert, "--rvalue", "a"},
	} {
		if _, _, err := run(t, args...); !errors.Is(err, cli.ErrUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestPersonalCertificateIsRemarked(t *testing.T) {
	folder := one(t, "personalCert.der", "signPri.pbes1-seed-sha1.key")
	_, remarks, err := runAt(t, later, secret, "sign", "--npki", folder, "--password-stdin", unsigned)
	if !errors.Is(err, npki.ErrNoIdentity) || !strings.Contains(remarks, "npki_certificate_of_a_person: the certificate is a person's") {
		t.Errorf("got %q, %v", remarks, err)
	}
}

// signedFiles are documents of the test's shop, each with its own number.
func signedFiles(t *testing.T, count int) []string {
	t.Helper()
	folder := one(t, "signCert.der", "signPri.pbes1-seed-sha1.key")
	list := make([]string, count)
	for i := range list {
		numbered := bytes.Replace(content(t), []byte("0001</IssueID>"), []byte("000"+string(rune('1'+i))+"</IssueID>"), 1)
		signed, _, err := runAt(t, later, secret, "sign", "--npki", folder, "--password-stdin", write(t, "unsigned.xml", numbered))
		if err != nil {
			t.Fatal(err)
		}
		list[i] = write(t, "signed.xml", []byte(signed))
	}
	return list
}

func opened(t *testing.T, parcel string) []ntspackage.Item {
	t.Helper()
	certificate, err := sign.ParseCertificate(read(t, serviceCert))
	if err != nil {
		t.Fatal(err)
	}
	key, err := sign.ParseKey(read(t, serviceKey))
	if err != nil {
		t.Fatal(err)
	}
	items, err := ntspackage.Open([]byte(parcel), certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func TestPackage(t *testing.T) {
	files := signedFiles(t, 3)
	for name, from := range map[string][]string{
		"a folder":    {"--npki", one(t, "signCert.der", "signPri.pbes1-seed-sha1.key"), "--password-stdin"},
		"a .p12 file": {"--npki", keys + "legacy.p12", "--password-stdin"},
		"a plain key": {"--key", keys + "plain-with-R.pem"},
		"a file":      {"--rvalue", keys + "rvalue.bin"},
	} {
		args := append(append([]string{"package", "--cert", serviceCert}, from...), files...)
		parcel, _, err := runAt(t, later, secret, args...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		items := opened(t, parcel)
		if len(items) != len(files) {
			t.Fatalf("%s: %d documents", name, len(items))
		}
		for _, item := range items {
			if _, err := sign.Verify(item.Document); err != nil || !bytes.Equal(item.R, read(t, keys+"rvalue.bin")) {
				t.Errorf("%s: R %x, %v", name, item.R, err)
			}
		}
	}
}

// Without an R value the package is whole, and said to prove nothing.
func TestPackageWithoutR(t *testing.T) {
	files := signedFiles(t, 2)
	parcel, remarks, err := runAt(t, later, "", append([]string{"package", "--cert", serviceCert}, files...)...)
	if err != nil || !strings.Contains(remarks, "no R value") {
		t.Fatalf("got %q, %v", remarks, err)
	}
	for _, item := range opened(t, parcel) {
		if _, err := sign.Verify(item.Document); err != nil || len(item.R) != 0 {
			t.Errorf("R %x, %v", item.R, err)
		}
	}
	if _, _, err := runAt(t, later, "", "package", "--cert", serviceCert, unsigned); err == nil {
		t.Error("an unsigned document was packed")
	}
}

// A certificate without a VID proves no R value; that is said, not refused.
func TestPackageWithoutIdentity(t *testing.T) {
	key, _, certificate := pair(t)
	signed, _, err := run(t, "sign", "--key", key, "--cert", certificate, unsigned)
	if err != nil {
		t.Fatal(err)
	}
	parcel, remarks, err := runAt(t, later, "", "package", "--cert", serviceCert, "--rvalue", keys+"rvalue.bin", write(t, "signed.xml", []byte(signed)))
	if err != nil || !strings.Contains(remarks, "npki_identity_missing") || len(opened(t, parcel)) != 1 {
		t.Errorf("got %q, %v", remarks, err)
	}
}

// The broker signs a consigned sale.
func TestBrokerSigns(t *testing.T) {
	consigned := bytes.Replace(content(t), []byte("<TypeCode>0101<"), []byte("<TypeCode>0103<"), 1)
	supplied := bytes.Replace(consigned, []byte("1234567891"), []byte("2208162517"), 1)
	brokered := bytes.Replace(supplied, []byte("</InvoiceeParty>"),
		[]byte("</InvoiceeParty><BrokerParty><ID>1234567891</ID><NameText>b</NameText><SpecifiedPerson><NameText>c</NameText></SpecifiedPerson></BrokerParty>"), 1)
	folder := one(t, "signCert.der", "signPri.pbes1-seed-sha1.key")
	if _, _, err := runAt(t, later, secret, "sign", "--npki", folder, "--password-stdin", write(t, "b.xml", brokered)); err != nil {
		t.Error(err)
	}
	if _, _, err := runAt(t, later, secret, "sign", "--npki", folder, "--password-stdin", write(t, "s.xml", supplied)); !errors.Is(err, npki.ErrWrongOwner) {
		t.Errorf("without the broker: %v", err)
	}
}

func TestPackageRefuses(t *testing.T) {
	files := signedFiles(t, 2)
	changed := write(t, "changed.xml", bytes.Replace(read(t, files[1]), []byte(">11000<"), []byte(">12000<"), 1))
	der, _ := pem.Decode(read(t, serviceCert))
	broken := write(t, "broken.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der.Bytes[1:]}))
	r := []string{"--rvalue", keys + "rvalue.bin"}
	many := make([]string, 101)
	for i := range many {
		many[i] = files[0]
	}
	for name, c := range map[string]struct {
		service string
		from    []string
		files   []string
		want    string
	}{
		"an unsigned one":          {serviceCert, r, []string{files[0], unsigned}, unsigned + ": sign_no_signature"},
		"a changed one":            {serviceCert, r, []string{files[0], changed}, changed + ": sign_digest"},
		"one twice":                {serviceCert, r, []string{files[0], files[0]}, files[0] + ": 202611231234567800000001, as in " + files[0] + ": package_number_twice"},
		"101 of them":              {serviceCert, r, many, "package_count"},
		"another's R value":        {serviceCert, []string{"--rvalue", keys + "otherCert.der"}, files, files[0] + ": package_rvalue_foreign"},
		"a key without R":          {serviceCert, []string{"--npki", keys + "openssl.p12", "--password-stdin"}, files, keys + "openssl.p12: npki_rvalue_missing"},
		"no key":                   {serviceCert, []string{"--key", serviceCert}, files, serviceCert + ": npki_key_file_invalid"},
		"no certificate":           {keys + "plain-with-R.pem", r, files, keys + "plain-with-R.pem: sign_certificate"},
		"a broken certificate":     {broken, r, files, broken + ": sign_certificate"},
		"a document of no kind":    {serviceCert, r, []string{keys + "README.md"}, keys + "README.md: xml_malformed"},
		"a certificate and no key": {serviceCert, []string{"--npki", keys + "no-key.p12", "--password-stdin"}, files, keys + "no-key.p12: npki_key_missing"},
	} {
		args := append(append([]string{"package", "--cert", c.service}, c.from...), c.files...)
		out, _, err := runAt(t, later, secret, args...)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || out != "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	args := append([]string{"package", "--cert", serviceCert, "--rvalue", keys + "rvalue.bin"}, files...)
	if _, _, err := runAt(t, later.AddDate(200, 0, 0), "", args...); !errors.Is(err, npki.ErrExpired) {
		t.Errorf("an expired service: %v", err)
	}
}
