package cli

import (
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"os"

	"shopbox/hub/invoice/sign"
)

func verify(name string, with Streams) error {
	document, err := open(name, with)
	if err != nil {
		return err
	}
	good, err := sign.Verify(document)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
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
	if flags.Parse(args) != nil || flags.NArg() != 1 || *keyFile == "" || *certificateFile == "" {
		return ErrUsage
	}
	key, err := readPEM(*keyFile, sign.ParseKey)
	if err != nil {
		return err
	}
	certificate, err := readPEM(*certificateFile, sign.ParseCertificate)
	if err != nil {
		return err
	}
	document, err := open(flags.Arg(0), with)
	if err != nil {
		return err
	}
	signed, err := sign.Sign(document, key, certificate)
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
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
