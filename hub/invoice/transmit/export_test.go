package transmit

import "crypto/x509"

// ReadArchive lets the test hand in hostile archives.
func ReadArchive(archive []byte) ([]*x509.Certificate, error) { return readArchive(archive) }
