package ntspackage_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"shopbox/hub/invoice/ntspackage"
)

func openssl(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, words bytes.Buffer
	command := exec.CommandContext(t.Context(), "openssl", args...)
	command.Stdout, command.Stderr = &out, &words
	if err := command.Run(); err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, words.String())
	}
	return out.Bytes()
}

// OpenSSL, which knows nothing of this package, opens the parcel and reads the
// structure of both layers.
func TestOpenSSLReadsIt(t *testing.T) {
	certificate, _ := service(t)
	list := numbered(t, 3)
	parcel, err := ntspackage.Seal(list, certificate)
	if err != nil {
		t.Fatal(err)
	}
	sealed, plain := filepath.Join(t.TempDir(), "cms"), filepath.Join(t.TempDir(), "package")
	if err := os.WriteFile(sealed, parcel, 0o600); err != nil {
		t.Fatal(err)
	}
	opened := openssl(t, "cms", "-decrypt", "-binary", "-inform", "DER", "-in", sealed,
		"-recip", "testdata/cert.pem", "-inkey", "testdata/key.pem")
	want, err := ntspackage.Encode(list)
	if err != nil || !bytes.Equal(opened, want) {
		t.Fatalf("OpenSSL sees other bytes, %v", err)
	}
	if err := os.WriteFile(plain, opened, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, kinds := range map[string][]string{
		sealed: {
			"SEQUENCE", "OBJECT :pkcs7-envelopedData", "cont [ 0 ]", "SEQUENCE", "INTEGER :00",
			"SET", "SEQUENCE", "INTEGER :00", "SEQUENCE",
		},
		plain: {
			"SEQUENCE", "INTEGER :03", "SET",
			"SEQUENCE", "OCTET STRING", "OCTET STRING", "SEQUENCE", "OCTET STRING", "OCTET STRING",
		},
	} {
		got := kindsOf(string(openssl(t, "asn1parse", "-inform", "DER", "-in", name)))
		for i, kind := range kinds {
			if i >= len(got) || !strings.HasPrefix(got[i], kind) {
				t.Fatalf("%d is not %s in\n%s", i, kind, strings.Join(got, "\n"))
			}
		}
	}
}

// kindsOf is the tag and value of each line of asn1parse.
func kindsOf(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		_, after, _ := strings.Cut(line, ": ")
		list = append(list, strings.Join(strings.Fields(strings.TrimSpace(after)), " "))
	}
	return list
}
