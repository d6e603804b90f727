// Package cli holds the commands of the hub program that work on files instead
// of serving: the electronic tax invoice. The main program calls it. What
// always holds: results go to the first writer, remarks to the second, and an
// error means that the exit status must tell.
package cli

import (
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/sign"
)

// ErrUsage says that the arguments name no command.
var ErrUsage = errors.New(`usage: hub invoice verify FILE
       hub invoice digest FILE
       hub invoice sign --key KEY.pem --cert CERT.pem FILE`)

// Streams are where a command writes.
type Streams struct {
	// Out takes the result.
	Out io.Writer
	// Remarks takes what a person should know about it.
	Remarks io.Writer
}

// Invoice runs one command on a tax invoice:
//
//	verify FILE  checks the signature and names the signer
//	digest FILE  writes the digest of the signed parts in base64
//	sign --key KEY.pem --cert CERT.pem FILE
//	             writes the signed document
//
// A file that is refused or a signature that is not good is an error with a
// code and the element. A broken rule of the standard is only a remark, since
// the documents of other systems are looked at, too.
func Invoice(args []string, to Streams) error {
	switch {
	case len(args) == 2 && args[0] == "verify":
		return verify(args[1], to)
	case len(args) == 2 && args[0] == "digest":
		return digest(args[1], to)
	case len(args) > 1 && args[0] == "sign":
		return signFile(args[1:], to)
	}
	return ErrUsage
}

func verify(name string, to Streams) error {
	document, err := open(name, to)
	if err != nil {
		return err
	}
	good, err := sign.Verify(document)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = fmt.Fprintf(to.Out, "%s: valid, signed by %s, digest %s\n",
		name, good.Certificate.Subject, base64.StdEncoding.EncodeToString(good.Digest[:]))
	return err
}

func digest(name string, to Streams) error {
	document, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	sum, err := sign.Digest(document)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = fmt.Fprintln(to.Out, base64.StdEncoding.EncodeToString(sum[:]))
	return err
}

func signFile(args []string, to Streams) error {
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
	document, err := open(flags.Arg(0), to)
	if err != nil {
		return err
	}
	signed, err := sign.Sign(document, key, certificate)
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
	}
	_, err = to.Out.Write(signed)
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

// open reads a document and remarks the rules it breaks.
func open(name string, to Streams) ([]byte, error) {
	document, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	read, err := kecxml.Read(document)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, found := range invoice.Validate(read) {
		remark := ""
		if found.Unconfirmed {
			remark = " (rule not confirmed by the standard's text)"
		}
		fmt.Fprintf(to.Remarks, "%s: %s: %s: %s%s\n", name, found.Code, found.Element, found.Sentence, remark)
	}
	return document, nil
}
