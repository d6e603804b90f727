package transmit

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"slices"

	"shopbox/hub/invoice/soap"
)

// zipFile is the FileType of a zip archive.
const zipFile = "1"

// Bounds of an archive of certificates.
const (
	maxFiles       = 32
	maxCertificate = 16 << 10 // bytes
)

// ErrArchive says that an archive of certificates holds none or is hostile.
var ErrArchive = errors.New("transmit_certificate_archive")

// Certificates asks the tax service for its certificates. The answer proves
// only that one of them signed it: whoever sits on the line could have put
// their own there, so a person compares them once.
func (l *Line) Certificates(ctx context.Context) ([]*x509.Certificate, error) {
	answer, err := l.post(ctx, soap.Message{
		Operation: soap.Certificate,
		Body:      soap.Body{BusinessID: l.config.Sender.ID, RegistrationNo: l.config.Registration, FileType: zipFile},
	})
	if err != nil {
		return nil, err
	}
	if answer.Operation != soap.CertificateAck {
		return nil, fmt.Errorf("%w: %s in answer to %s", ErrAnswer, answer.Operation, soap.Certificate)
	}
	list, err := readArchive(answer.Attachment)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(list, answer.Signer.Equal) {
		return nil, unknownSigner(answer.Signer)
	}
	return list, nil
}

// readArchive reads a zip of certificates in DER or PEM; other files in it are
// left alone.
func readArchive(archive []byte) ([]*x509.Certificate, error) {
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	if len(files.File) > maxFiles {
		return nil, fmt.Errorf("%w: it holds more than %d files", ErrArchive, maxFiles)
	}
	var list []*x509.Certificate
	for _, file := range files.File {
		certificate, err := readCertificate(file)
		if err != nil {
			return nil, err
		}
		if certificate != nil {
			list = append(list, certificate)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: it holds no certificate", ErrArchive)
	}
	return list, nil
}

func readCertificate(file *zip.File) (*x509.Certificate, error) {
	reader, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	defer reader.Close()
	content, err := io.ReadAll(io.LimitReader(reader, maxCertificate+1))
	if err != nil || len(content) > maxCertificate {
		return nil, fmt.Errorf("%w: a file in it is damaged or too large", ErrArchive)
	}
	if block, _ := pem.Decode(content); block != nil {
		content = block.Bytes
	}
	if certificate, err := x509.ParseCertificate(content); err == nil {
		return certificate, nil
	}
	return nil, nil // another kind of file
}
