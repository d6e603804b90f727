package cli

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"os"

	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/sign"
)

func verify(name string, with Streams) error {
	document, content, err := open(name, with)
	if err != nil {
		return err
	}
	good, err := sign.Verify(document)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	remarkTime(name, content, good.Certificate, with)
	_, err = fmt.Fprintf(with.Out, "%s: valid, signed by %s, digest %s\n",
		name, good.Certificate.Subject, base64.StdEncoding.EncodeToString(good.Digest[:]))
	return err
}

func digest(name string, with Streams) error {
	document, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	sum, err := sign.Digest(document)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = fmt.Fprintln(with.Out, base64.StdEncoding.EncodeToString(sum[:]))
	return err
}

func signFile(_ context.Context, args []string, with Streams) error {
	flags := flag.NewFlagSet("sign", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	keyFile := flags.String("key", "", "RSA key in PEM")
	certificateFile := flags.String("cert", "", "certificate in PEM")
	folder := flags.String("npki", "", "folder or .p12 file of the signer's certificate")
	password := flags.Bool("password-stdin", false, "the password is the first line of standard input")
	if flags.Parse(args) != nil || flags.NArg() != 1 {
		return ErrUsage
	}
	name := flags.Arg(0)
	switch {
	case *folder != "" && *password && *keyFile == "" && *certificateFile == "":
		return signNPKI(name, *folder, with)
	case *folder == "" && !*password && *keyFile != "" && *certificateFile != "":
		return signPEM(name, *keyFile, *certificateFile, with)
	}
	return ErrUsage
}

func signPEM(name, keyFile, certificateFile string, with Streams) error {
	key, err := readPEM(keyFile, sign.ParseKey)
	if err != nil {
		return err
	}
	certificate, err := readPEM(certificateFile, sign.ParseCertificate)
	if err != nil {
		return err
	}
	if err := npki.CheckTime(certificate, with.Now()); err != nil {
		return fmt.Errorf("%s: %w", certificateFile, err)
	}
	document, content, err := open(name, with)
	if err != nil {
		return err
	}
	remarkToday(name, content, with)
	return writeSigned(name, document, key, certificate, with)
}

// signNPKI signs when the certificate was issued to the number that signs.
func signNPKI(name, folder string, with Streams) error {
	document, content, err := open(name, with)
	if err != nil {
		return err
	}
	s, err := openSigner(folder, with)
	if err != nil {
		return err
	}
	if err := s.key.CheckOwner(s.certificate, signerNumber(content)); err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	remarkToday(name, content, with)
	return writeSigned(name, document, s.key.Private(), s.certificate, with)
}

func writeSigned(name string, document []byte, key crypto.Signer, certificate *x509.Certificate, with Streams) error {
	signed, err := sign.Sign(document, key, certificate)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = with.Out.Write(signed)
	return err
}

func readPEM[T any](name string, parse func([]byte) (T, error)) (T, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		var none T
		return none, err
	}
	parsed, err := parse(text)
	if err != nil {
		return parsed, fmt.Errorf("%s: %w", name, err)
	}
	return parsed, nil
}
