// Package ca is the hub's own small certificate authority: it certifies the
// hub's MQTT listener and the boxes. hub/app opens it; hub/tenant asks it for
// box certificates; hub/broker asks who a certificate belongs to.
//
// What always holds:
//
//   - The root key never leaves its file in the hub's data directory.
//   - A box certificate carries nothing from the request but its public key.
//   - Which certificates are revoked is the store's to know, not the CA's.
package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"shopbox/hub/tenant"
)

const (
	rootLife   = 20 * 365 * 24 * time.Hour
	serverLife = 90 * 24 * time.Hour
	// boxLife is how long a box certificate holds; a box renews after two
	// thirds.
	boxLife = 90 * 24 * time.Hour
	// backdate forgives clocks that are a little behind.
	backdate = time.Hour
	maxCSR   = 8 << 10
	// rootKeyFile and rootFile are the names in the data directory.
	rootKeyFile = "ca-key.pem"
	rootFile    = "ca.pem"
)

// Options are how an Authority is opened.
type Options struct {
	// Dir is the hub's data directory.
	Dir string
	// Names are the host names and addresses in the listener's certificate;
	// localhost and the loopback addresses are always in it.
	Names []string
	Now   func() time.Time
}

// Authority issues certificates. It is safe for use by many goroutines.
type Authority struct {
	names []string
	now   func() time.Time
	root  *x509.Certificate
	key   crypto.Signer
	pool  *x509.CertPool

	mutex  sync.Mutex
	server *tls.Certificate
}

// Open reads the authority from its directory, or makes a new one there.
func Open(options Options) (*Authority, error) {
	a := &Authority{names: options.Names, now: options.Now}
	if err := a.load(options.Dir); err != nil {
		return nil, fmt.Errorf("open certificate authority: %w", err)
	}
	a.pool = x509.NewCertPool()
	a.pool.AddCert(a.root)
	return a, nil
}

// load reads key and certificate, or makes what was never there. A key is
// never replaced, because all boxes trust it; a lost certificate is made anew
// from its key, and trusted like the first.
func (a *Authority) load(dir string) error {
	keyPEM, err := os.ReadFile(filepath.Join(dir, rootKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, rootFile)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there, but not its key %s", rootFile, rootKeyFile)
		}
		keyPEM, err = createKey(dir)
	}
	if err != nil {
		return err
	}
	rootPEM, err := os.ReadFile(filepath.Join(dir, rootFile))
	if errors.Is(err, fs.ErrNotExist) {
		rootPEM, err = a.createRoot(dir, keyPEM)
	}
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(rootPEM, keyPEM)
	if err != nil {
		return err
	}
	signer, ok := pair.PrivateKey.(crypto.Signer)
	if !ok {
		return fmt.Errorf("%s holds no signing key", rootKeyFile)
	}
	a.root, a.key = pair.Leaf, signer
	return nil
}

func createKey(dir string) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	keyPEM := encode("PRIVATE KEY", der)
	return keyPEM, writeSafely(filepath.Join(dir, rootKeyFile), keyPEM)
}

// createRoot makes the certificate of a key.
func (a *Authority) createRoot(dir string, keyPEM []byte) ([]byte, error) {
	block, _ := pem.Decode(keyPEM)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key", rootKeyFile)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s holds no signing key", rootKeyFile)
	}
	now := a.now()
	template := &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               pkix.Name{CommonName: "Shopbox hub"},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.Add(rootLife),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, signer.Public(), signer)
	if err != nil {
		return nil, err
	}
	rootPEM := encode("CERTIFICATE", der)
	return rootPEM, writeSafely(filepath.Join(dir, rootFile), rootPEM)
}

// writeSafely writes a file that is whole or not there, also after a power
// cut, readable only by the hub.
func writeSafely(path string, content []byte) error {
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// RootPEM is the certificate that boxes trust.
func (a *Authority) RootPEM() []byte { return encode("CERTIFICATE", a.root.Raw) }

// ServerTLS is the configuration of the listener where boxes connect: TLS
// 1.3, and no one without a certificate of this authority. The listener's own
// certificate is renewed while the hub runs.
func (a *Authority) ServerTLS() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS13,
		ClientAuth:     tls.RequireAndVerifyClientCert,
		ClientCAs:      a.pool,
		Time:           a.now,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return a.serverCertificate() },
		// A ticket would keep a session's certificates alive past their check
		// and costs memory; a handshake costs a millisecond.
		SessionTicketsDisabled: true,
	}
}

func (a *Authority) serverCertificate() (*tls.Certificate, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.server != nil && a.now().Before(a.server.Leaf.NotAfter.Add(-serverLife/3)) {
		return a.server, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("server key: %w", err)
	}
	template := a.template("Shopbox hub listener", serverLife, x509.ExtKeyUsageServerAuth)
	for _, name := range append([]string{"localhost", "127.0.0.1", "::1"}, a.names...) {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else if !slices.Contains(template.DNSNames, name) {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	leaf, err := a.sign(template, key.Public())
	if err != nil {
		return nil, fmt.Errorf("server certificate: %w", err)
	}
	a.server = &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
	return a.server, nil
}

func (a *Authority) template(name string, life time.Duration, use x509.ExtKeyUsage) *x509.Certificate {
	now := a.now()
	return &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.Add(life),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{use},
		BasicConstraintsValid: true,
	}
}

func (a *Authority) sign(template *x509.Certificate, public crypto.PublicKey) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, a.root, public, a.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func newSerial() *big.Int {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails, crypto/rand.Read
	random[0] = random[0]&0x7f | 0x40
	return new(big.Int).SetBytes(random[:])
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// boxURI is the identity in a box certificate (SPIFFE form).
func boxURI(box string) *url.URL {
	return &url.URL{Scheme: "spiffe", Host: "shopbox", Path: "/box/" + box}
}

// Issue signs a box certificate with the public key of a PEM request. What
// else the request holds is ignored. The error is tenant.ErrCertificate when
// the request or the id cannot be used.
func (a *Authority) Issue(box string, requestPEM []byte) (tenant.Certificate, error) {
	if !validBoxID(box) {
		return tenant.Certificate{}, fmt.Errorf("%w: box id", tenant.ErrCertificate)
	}
	key, err := requestKey(requestPEM)
	if err != nil {
		return tenant.Certificate{}, fmt.Errorf("%w: %w", tenant.ErrCertificate, err)
	}
	template := a.template(box, boxLife, x509.ExtKeyUsageClientAuth)
	template.URIs = []*url.URL{boxURI(box)}
	leaf, err := a.sign(template, key)
	if err != nil {
		return tenant.Certificate{}, fmt.Errorf("sign box certificate: %w", err)
	}
	return tenant.Certificate{
		PEM: encode("CERTIFICATE", leaf.Raw), Serial: Serial(leaf), PublicKey: fingerprint(leaf),
		NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter,
	}, nil
}

// fingerprint tells one public key from all others.
func fingerprint(certificate *x509.Certificate) string {
	sum := sha256.Sum256(certificate.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

func requestKey(requestPEM []byte) (*ecdsa.PublicKey, error) {
	if len(requestPEM) > maxCSR {
		return nil, errors.New("request too large")
	}
	block, _ := pem.Decode(requestPEM)
	if block == nil || block.Type != "CERTIFICATE REQUEST" {
		return nil, errors.New("not a certificate request in PEM")
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, err
	}
	if err := request.CheckSignature(); err != nil {
		return nil, err
	}
	key, ok := request.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("key is not ECDSA P-256")
	}
	return key, nil
}

// BoxOf is the box a verified certificate belongs to; tenant.ErrCertificate
// when it is not a box's.
func BoxOf(certificate *x509.Certificate) (string, error) {
	if len(certificate.URIs) == 1 && certificate.URIs[0].Scheme == "spiffe" && certificate.URIs[0].Host == "shopbox" {
		box, found := strings.CutPrefix(certificate.URIs[0].Path, "/box/")
		if found && validBoxID(box) && certificate.Subject.CommonName == box {
			return box, nil
		}
	}
	return "", fmt.Errorf("%w: names no box", tenant.ErrCertificate)
}

// Serial is a certificate's number as the hub writes it.
func Serial(certificate *x509.Certificate) string {
	return certificate.SerialNumber.Text(16)
}

// validBoxID takes UUIDs in their usual form, and nothing that could mean
// something in a topic or an address.
func validBoxID(box string) bool {
	if len(box) != 36 {
		return false
	}
	for i, r := range box {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := r >= '0' && r <= '9' || r >= 'a' && r <= 'f'
		if dash != (r == '-') || !dash && !hex {
			return false
		}
	}
	return true
}
