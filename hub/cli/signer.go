package cli

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/npki"
	"shopbox/hub/invoice/refusal"
	"shopbox/hub/invoice/sign"
)

// What a folder of certificates can be refused for.
var (
	// ErrNoCertificate says that there is nothing to sign with.
	ErrNoCertificate = refusal.New("npki_folder_empty",
		"there is no signCert.der with signPri.key and no .p12 or .pfx file", "signCert.der와 signPri.key, .p12, .pfx 파일이 없습니다.")
	// ErrSeveral says that one of several must be chosen.
	ErrSeveral = refusal.New("npki_folder_several",
		"there are several certificates; name the folder or file of one", "인증서가 여러 개입니다. 하나의 폴더나 파일을 지정하세요.")
)

// signer is an opened certificate with its key.
type signer struct {
	key         *npki.Key
	certificate *x509.Certificate
}

// openSigner opens the one certificate in a folder (an NPKI tree or a part of
// it) or the .p12 or .pfx file of that name. The password is the first line of
// the input. The certificate must be in time.
func openSigner(name string, with Streams) (signer, error) {
	s, err := readSigner(name, with)
	if err == nil {
		err = npki.CheckTime(s.certificate, with.Now())
	}
	if err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	for _, remark := range append(s.key.Remarks(), npki.CertificateRemarks(s.certificate)...) {
		fmt.Fprintf(with.Remarks, "%s: %s: %s\n", name, remark, remark.Sentence())
	}
	return s, nil
}

func readSigner(name string, with Streams) (signer, error) {
	tree, folder, err := findSigner(name)
	if err != nil {
		return signer{}, err
	}
	password, err := readPassword(with.In)
	if err != nil {
		return signer{}, err
	}
	defer clear(password)
	if folder.Certificate == "" {
		file, err := fs.ReadFile(tree, folder.Path)
		if err != nil {
			return signer{}, err
		}
		key, certificate, err := npki.OpenPFX(file, password)
		return signer{key, certificate}, err
	}
	return openFolder(tree, folder, password)
}

func openFolder(tree fs.FS, folder npki.Folder, password []byte) (signer, error) {
	der, err := fs.ReadFile(tree, folder.Certificate)
	if err != nil {
		return signer{}, err
	}
	file, err := fs.ReadFile(tree, folder.Key)
	if err != nil {
		return signer{}, err
	}
	certificate, err := npki.Certificate(der)
	if err != nil {
		return signer{}, err
	}
	key, err := npki.Open(file, password)
	if err != nil {
		return signer{}, err
	}
	return signer{key, certificate}, key.CheckPair(certificate)
}

// findSigner finds the one certificate; an error about several names them.
func findSigner(name string) (fs.FS, npki.Folder, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, npki.Folder{}, err
	}
	if !info.IsDir() {
		return os.DirFS(filepath.Dir(name)), npki.Folder{Path: filepath.Base(name)}, nil
	}
	tree := os.DirFS(name)
	list, err := npki.Folders(tree)
	switch {
	case err != nil:
		return nil, npki.Folder{}, err
	case len(list) == 0:
		return nil, npki.Folder{}, ErrNoCertificate
	case len(list) > 1:
		var found strings.Builder
		for _, one := range list {
			found.WriteString("\n  " + filepath.Join(name, filepath.FromSlash(one.Path)))
		}
		return nil, npki.Folder{}, fmt.Errorf("%w:%s", ErrSeveral, found.String())
	}
	return tree, list[0], nil
}

// readPassword takes the first line, whatever ends it.
func readPassword(in io.Reader) ([]byte, error) {
	line, err := bufio.NewReader(io.LimitReader(in, npki.MaxPassword+2)).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read password: %w", err)
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// signerNumber is the number of who signs: the broker of a consigned sale, else
// the supplier.
func signerNumber(i *invoice.Invoice) string {
	if i.Document.Type.Consigned() && i.Broker != nil {
		return i.Broker.ID
	}
	return i.Supplier.ID
}

// remarkTime remarks a time of issue at which the certificate was not valid.
// The signature does not cover that time, so it proves nothing and refuses
// nothing.
func remarkTime(name string, i *invoice.Invoice, certificate *x509.Certificate, with Streams) {
	at, known := issuedAt(i)
	if !known {
		return
	}
	if err := npki.CheckTime(certificate, at); err != nil {
		fmt.Fprintf(with.Remarks, "%s: TaxInvoice/ExchangedDocument/IssueDateTime %s: %v\n", name, i.Exchange.IssuedAt, err)
	}
}

// remarkToday remarks a time of issue on another day than the signature, whose
// time it should be.
func remarkToday(name string, i *invoice.Invoice, with Streams) {
	at, known := issuedAt(i)
	if today := with.Now().In(at.Location()); known && at.Format(time.DateOnly) != today.Format(time.DateOnly) {
		fmt.Fprintf(with.Remarks, "%s: sign_time: TaxInvoice/ExchangedDocument/IssueDateTime: the document says that it was issued on %s, but it is signed on %s\n",
			name, at.Format(time.DateOnly), today.Format(time.DateOnly))
	}
}

// issuedAt is ExchangedDocument/IssueDateTime, the time of the signature as the
// document has it.
func issuedAt(i *invoice.Invoice) (time.Time, bool) {
	at, err := time.ParseInLocation("20060102150405", string(i.Exchange.IssuedAt), time.FixedZone("KST", 9*60*60))
	return at, err == nil
}

// checkR proves that an R value is that of the certificate that signed the
// document. A certificate without a VID proves nothing, which is a remark.
func checkR(name string, i *invoice.Invoice, good sign.Verified, r []byte, with Streams) error {
	err := npki.CheckOwner(good.Certificate, r, signerNumber(i))
	switch {
	case errors.Is(err, npki.ErrNoIdentity):
		fmt.Fprintf(with.Remarks, "%s: %v\n", name, err)
		return nil
	case errors.Is(err, npki.ErrWrongOwner):
		return ErrForeignR
	}
	return err
}
