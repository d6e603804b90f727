// Package cli holds the commands of the hub program that work on files instead
// of serving: the electronic tax invoice. The main program calls it. What
// always holds: results go to the first writer, remarks to the second, and an
// error means that the exit status must tell.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/kecxml"
)

// ErrUsage says that the arguments name no command; its text shows how they are called.
var ErrUsage = errors.New("usage")

// Streams are where a command reads and writes.
type Streams struct {
	// In gives what may stand in no list of processes, such as a password.
	In io.Reader
	// Out takes the result.
	Out io.Writer
	// Remarks takes what a person should know about it.
	Remarks io.Writer
	// Now tells the time, by which certificates expire.
	Now func() time.Time
}

// command is a word after "hub invoice". Its run returns ErrUsage when the
// arguments after the word are not its own.
type command struct {
	name      string
	arguments string
	run       func(ctx context.Context, args []string, with Streams) error
}

// commands are all, in the order in which the usage shows them.
func commands() []command {
	return []command{
		{"verify", "FILE", ofFile(verify)},
		{"digest", "FILE", ofFile(digest)},
		{"sign", "{--key KEY.pem --cert CERT.pem | --npki DIR --password-stdin} FILE", signFile},
		{"package", "--cert NTS.pem [--npki DIR --password-stdin | --key KEY.pem | --rvalue FILE] FILE...", packageFiles},
		{"pdf", "[--copy supplier|buyer|both] FILE", printFile},
		{"ubl", "FILE", ofFile(exportUBL)},
		{"send", "--to URL {--npki DIR --password-stdin | --key KEY.pem --cert CERT.pem} [--tax-cert NTS.pem] FILE...", send},
		{"simulator", "--listen 127.0.0.1:PORT [--shop NUMBER] [--dir DIR] [--faults POINT.NAME,...]", simulate},
	}
}

// Invoice runs one command on a tax invoice:
//
//	verify FILE  checks the signature and names the signer
//	digest FILE  writes the digest of the signed parts in base64
//	sign --key KEY.pem --cert CERT.pem FILE
//	sign --npki DIR --password-stdin FILE
//	             writes the signed document. DIR holds signCert.der and
//	             signPri.key, somewhere in the tree NPKI/<authority>/USER/<name>,
//	             or is a .p12 or .pfx file. The password is the first line of
//	             standard input; the certificate must be the supplier's
//	package --cert NTS.pem [--npki DIR --password-stdin] FILE...
//	             writes the signed documents of one signer as the parcel that
//	             the tax service takes: CMS for the certificate NTS.pem. The
//	             signer's R value comes from his certificate, from --key
//	             KEY.pem (PKCS#8 in the clear) or from --rvalue FILE (bytes);
//	             without it the package is only good to be looked at
//	pdf [--copy supplier|buyer|both] FILE
//	             writes the document as PDF in its legal form, both copies by default
//	ubl FILE     writes the document as invoice or credit note of EN 16931 in UBL 2.1
//	send --to URL --npki DIR --password-stdin FILE...
//	             signs what is not signed yet, sends it all to the tax service,
//	             waits and writes one line of JSON for each file with its state
//	             and code. Only documents in state accepted are there. The same
//	             files can be sent again: each number counts once
//	simulator --listen 127.0.0.1:PORT --shop NUMBER
//	             runs a simulated tax service, and makes a certificate for the
//	             business number to try with
//
// A file that is refused or a signature that is not good is an error with a
// code and the element. A broken rule of the standard is only a remark, since
// the documents of other systems are looked at, too.
func Invoice(ctx context.Context, args []string, with Streams) error {
	for _, known := range commands() {
		if len(args) == 0 || args[0] != known.name {
			continue
		}
		err := known.run(ctx, args[1:], with)
		if errors.Is(err, ErrUsage) {
			return usage(known)
		}
		return err
	}
	return usage(commands()...)
}

func usage(of ...command) error {
	var lines strings.Builder
	for _, known := range of {
		lines.WriteString("\n  hub invoice " + known.name + " " + known.arguments)
	}
	return fmt.Errorf("%w:%s", ErrUsage, lines.String())
}

// ofFile is a command whose only argument is a file.
func ofFile(run func(name string, with Streams) error) func(context.Context, []string, Streams) error {
	return func(_ context.Context, args []string, with Streams) error {
		if len(args) != 1 {
			return ErrUsage
		}
		return run(args[0], with)
	}
}

// open reads a document and remarks the rules it breaks.
func open(name string, with Streams) ([]byte, *invoice.Invoice, error) {
	document, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	content, err := kecxml.Read(document)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	remarkRules(name, content, with)
	return document, content, nil
}

func remarkRules(name string, content *invoice.Invoice, with Streams) {
	for _, found := range invoice.Validate(content) {
		remark := ""
		if found.Unconfirmed {
			remark = " (rule not confirmed by the standard's text)"
		}
		fmt.Fprintf(with.Remarks, "%s: %s: %s: %s%s\n", name, found.Code, found.Element, found.Sentence, remark)
	}
}
