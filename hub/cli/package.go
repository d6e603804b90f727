package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/ntspackage"
	"shopbox/hub/invoice/refusal"
	"shopbox/hub/invoice/sign"
)

// What documents can be refused for beside their signatures.
var (
	// ErrForeignR says that an R value and a document do not belong together.
	ErrForeignR = refusal.New("package_rvalue_foreign",
		"the R value is not of the certificate that signed the document, or that was issued to another number",
		"R값이 이 문서를 서명한 인증서의 것이 아니거나, 다른 사업자등록번호로 발급된 인증서입니다.")
	// ErrSameNumber says that two documents have one approval number.
	ErrSameNumber = refusal.New("package_number_twice",
		"the approval number is in the package twice", "승인번호가 같은 문서가 두 번 들어 있습니다.")
)

// packageFiles seals signed documents for the tax service. All must be signed
// by one certificate, whose R value proves to the tax service who its owner is;
// the R value lies in the signer's key and nowhere in the documents. Without
// it the package is whole, to be looked at or tried out, but the tax service
// takes no such package; a remark says so.
func packageFiles(_ context.Context, args []string, with Streams) error {
	flags := flag.NewFlagSet("package", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	service := flags.String("cert", "", "certificate of the tax service")
	from := rSource{}
	flags.StringVar(&from.folder, "npki", "", "folder or .p12 file of the signer's certificate")
	flags.BoolVar(&from.password, "password-stdin", false, "the password is the first line of standard input")
	flags.StringVar(&from.key, "key", "", "signer's key in PEM")
	flags.StringVar(&from.file, "rvalue", "", "file with the bytes of the R value")
	if flags.Parse(args) != nil || flags.NArg() == 0 || *service == "" || !from.sound() {
		return ErrUsage
	}
	to, err := readPEM(*service, sign.ParseCertificate)
	if err != nil {
		return err
	}
	if err := npki.CheckTime(to, with.Now()); err != nil {
		return fmt.Errorf("%s: %w", *service, err)
	}
	r, err := from.read(with)
	if err != nil {
		return err
	}
	items, err := collect(flags.Args(), r, with)
	if err != nil {
		return err
	}
	parcel, err := ntspackage.Seal(items, to)
	if err != nil {
		return err
	}
	_, err = with.Out.Write(parcel)
	return err
}

// errNoProof is the remark on a package without an R value.
var errNoProof = errors.New("package: no R value was given (--npki, --key or --rvalue), so the package proves no owner " +
	"and the tax service will refuse it; R값이 없어 국세청이 받지 않아요")

// rSource is where the R value comes from: one of three, or nowhere.
type rSource struct {
	folder   string
	password bool
	key      string
	file     string
}

func (r rSource) sound() bool {
	given := 0
	for _, one := range []string{r.folder, r.key, r.file} {
		if one != "" {
			given++
		}
	}
	return given <= 1 && r.password == (r.folder != "")
}

func (r rSource) read(with Streams) ([]byte, error) {
	switch {
	case r.file != "":
		return os.ReadFile(r.file)
	case r.key != "":
		key, err := readPEM(r.key, npki.ParsePEM)
		if err != nil {
			return nil, err
		}
		return rOf(r.key, key)
	case r.folder == "":
		_, err := fmt.Fprintln(with.Remarks, errNoProof)
		return []byte{}, err
	}
	s, err := openSigner(r.folder, with)
	if err != nil {
		return nil, err
	}
	return rOf(r.folder, s.key)
}

func rOf(name string, key *npki.Key) ([]byte, error) {
	if len(key.R()) == 0 {
		return nil, fmt.Errorf("%s: %w", name, npki.ErrNoR)
	}
	return key.R(), nil
}

// collect reads the documents; no two may have one approval number.
func collect(names []string, r []byte, with Streams) ([]ntspackage.Item, error) {
	if len(names) > ntspackage.MaxItems {
		return nil, ntspackage.ErrCount
	}
	items := make([]ntspackage.Item, len(names))
	seen := map[string]string{}
	for i, name := range names {
		document, content, err := signedFile(name, r, with)
		if err != nil {
			return nil, err
		}
		number := content.Document.IssueID
		if before, twice := seen[number]; twice {
			return nil, fmt.Errorf("%s: %s, as in %s: %w", name, number, before, ErrSameNumber)
		}
		seen[number] = name
		items[i] = ntspackage.Item{R: r, Document: document}
	}
	return items, nil
}

// signedFile is a document whose signature is good and fits the R value.
func signedFile(name string, r []byte, with Streams) ([]byte, *invoice.Invoice, error) {
	document, content, err := open(name, with)
	if err != nil {
		return nil, nil, err
	}
	good, err := sign.Verify(document)
	if err == nil && len(r) > 0 {
		err = checkR(name, content, good, r, with)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	remarkTime(name, content, good.Certificate, with)
	return document, content, nil
}
