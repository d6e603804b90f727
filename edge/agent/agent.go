// Package agent is the box's own identity: the key made on the box that never
// leaves it, and the certificate the hub gave for it when the box was claimed
// with a code, renewed there in time. edge/app opens it; edge/uplink connects
// with it.
//
// What always holds: the private key exists only in its file, readable by the
// box's user alone; a claim that fails changes nothing; files are replaced
// whole and synced, so a power cut leaves the old identity or the new one.
package agent

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrUnclaimed says that the box belongs to no hub yet.
var ErrUnclaimed = errors.New("unclaimed")

const (
	keyFile   = "key.pem"
	claimFile = "claim.json"
)

// Claim is what the hub told the box when it was claimed.
type Claim struct {
	// Hub is the address of the hub's web pages.
	Hub string `json:"hub"`
	// MQTT is host:port of the hub's broker.
	MQTT   string `json:"mqtt"`
	Shop   string `json:"shop"`
	Tenant string `json:"tenant"`
	// Certificate is the box's certificate, renewed in time, CA the hub's own root; both PEM.
	Certificate string `json:"certificate"`
	CA          string `json:"ca"`
}

// Agent holds the identity. It is safe for use by many goroutines.
type Agent struct {
	folder string
	box    string
	now    func() time.Time
	key    *ecdsa.PrivateKey
	aside  []error

	// keeping is held while the claim's file is replaced, mu while the claim
	// is read or set.
	keeping sync.Mutex
	mu      sync.Mutex
	claim   *Claim
	changed chan struct{}
}

// Open reads the identity of a box from its folder, and makes the key at the
// first start.
func Open(folder, box string, now func() time.Time) (*Agent, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("identity folder: %w", err)
	}
	agent := &Agent{folder: folder, box: box, now: now, changed: make(chan struct{}, 1)}
	var err error
	if agent.key, err = openKey(filepath.Join(folder, keyFile)); err != nil {
		if err = agent.newKey(err); err != nil {
			return nil, err
		}
	}
	if agent.claim, err = readClaim(filepath.Join(folder, claimFile)); err != nil {
		return agent, agent.putAside(claimFile, err)
	}
	return agent, nil
}

// newKey replaces a key that cannot be read. A claim made with the old one is
// worth nothing without it and goes too.
func (a *Agent) newKey(why error) error {
	if err := a.putAside(keyFile, why); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(a.folder, claimFile)); err == nil {
		if err := a.putAside(claimFile, errors.New("its key is lost")); err != nil {
			return err
		}
	}
	var err error
	a.key, err = makeKey(filepath.Join(a.folder, keyFile))
	return err
}

// putAside renames a file that cannot be read. A shop must be able to sell
// with a damaged identity; the box is then claimed anew.
func (a *Agent) putAside(name string, why error) error {
	path := filepath.Join(a.folder, name)
	if err := os.Rename(path, path+".unreadable"); err != nil {
		return errors.Join(why, err)
	}
	a.aside = append(a.aside, fmt.Errorf("put aside %s: %w", name, why))
	return nil
}

// PutAside tells the files that could not be read at the start, and why.
func (a *Agent) PutAside() error { return errors.Join(a.aside...) }

// Box is the box's id.
func (a *Agent) Box() string { return a.box }

// Claim is the claim in force, or ErrUnclaimed.
func (a *Agent) Claim() (Claim, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.claim == nil {
		return Claim{}, ErrUnclaimed
	}
	return *a.claim, nil
}

// Changed is signalled when the box was claimed anew, or its certificate was
// renewed.
func (a *Agent) Changed() <-chan struct{} { return a.changed }

// TLS is how to connect to the hub's broker, and its address.
func (a *Agent) TLS() (*tls.Config, string, error) {
	claim, err := a.Claim()
	if err != nil {
		return nil, "", err
	}
	own, err := claim.certificate()
	if err != nil {
		return nil, "", err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(claim.CA)) {
		return nil, "", errors.New("the claim's root cannot be read")
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		// A box that wakes in 1970 must still reach its hub: no moment before
		// its own certificate was made can be now.
		Time:         func() time.Time { return later(a.now(), own.NotBefore) },
		RootCAs:      roots,
		Certificates: []tls.Certificate{{Certificate: [][]byte{own.Raw}, PrivateKey: a.key}},
	}, claim.MQTT, nil
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func (a *Agent) keep(claim Claim) error {
	a.keeping.Lock()
	defer a.keeping.Unlock()
	return a.put(claim)
}

// put stores a claim and then uses it; keeping is held.
func (a *Agent) put(claim Claim) error {
	text, err := json.Marshal(claim)
	if err != nil {
		return fmt.Errorf("encode claim: %w", err)
	}
	if err := replaceFile(filepath.Join(a.folder, claimFile), text); err != nil {
		return err
	}
	a.mu.Lock()
	a.claim = &claim
	a.mu.Unlock()
	select {
	case a.changed <- struct{}{}:
	default:
	}
	return nil
}

func openKey(path string) (*ecdsa.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the key file holds no key")
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	return key, nil
}

func makeKey(path string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return key, replaceFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

func readClaim(path string) (*Claim, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no claim yet is a state of its own
	}
	if err != nil {
		return nil, fmt.Errorf("read claim: %w", err)
	}
	var claim Claim
	if err := json.Unmarshal(text, &claim); err != nil {
		return nil, fmt.Errorf("read claim: %w", err)
	}
	return &claim, nil
}

// replaceFile writes a file whole: to a new name, synced, renamed, and the
// folder synced, so that a power cut leaves the old text or the new.
func replaceFile(path string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
