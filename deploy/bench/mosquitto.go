package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"shopbox/hub/ca"
)

// mosquitto is the neutral peer: the broker of the Debian package with a
// configuration of its own, on loopback, storing nothing.
type mosquitto struct {
	cmd   *exec.Cmd
	plain string
	tls   string
}

// errNoMosquitto says that the package is not installed.
var errNoMosquitto = errors.New("mosquitto is not installed; run deploy/check/system.sh mosquitto")

func findMosquitto() (string, error) {
	for _, path := range []string{"mosquitto", "/usr/sbin/mosquitto"} {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	return "", errNoMosquitto
}

// startMosquitto starts it with the certificates of a hub's authority.
func startMosquitto(ctx context.Context, folder, authority string) (*mosquitto, error) {
	program, err := findMosquitto()
	if err != nil {
		return nil, err
	}
	if err := writeListener(folder, authority); err != nil {
		return nil, err
	}
	m := &mosquitto{}
	for _, address := range []*string{&m.plain, &m.tls} {
		if *address, err = freeAddress(ctx); err != nil {
			return nil, err
		}
	}
	settings := filepath.Join(folder, "mosquitto.conf")
	if err := os.WriteFile(settings, []byte(m.settings(folder)), 0o600); err != nil {
		return nil, fmt.Errorf("mosquitto settings: %w", err)
	}
	m.cmd = exec.CommandContext(ctx, program, "-c", settings)
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := m.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start mosquitto: %w", err)
	}
	if err := reachable(ctx, m.plain); err != nil {
		return nil, errors.Join(fmt.Errorf("start mosquitto: %w", err), m.stop())
	}
	return m, nil
}

func (m *mosquitto) settings(folder string) string {
	lines := []string{"per_listener_settings true", "persistence false", "log_dest none", "max_packet_size 300000"}
	if os.Getuid() == 0 {
		lines = append(lines, "user root") // or it cannot read the key
	}
	listener := func(address string, more ...string) {
		host, port, _ := net.SplitHostPort(address)
		lines = append(append(lines, "listener "+port+" "+host, "allow_anonymous true"), more...)
	}
	listener(m.plain)
	file := func(name string) string { return filepath.Join(folder, name) }
	listener(m.tls, "cafile "+file("ca.pem"), "certfile "+file("server.pem"), "keyfile "+file("server-key.pem"),
		"require_certificate true", "tls_version tlsv1.3")
	return strings.Join(lines, "\n") + "\n"
}

// writeListener writes the certificate of the listener, as the hub's own
// listener has it.
func writeListener(folder, authority string) error {
	issuer, err := ca.Open(ca.Options{Dir: authority, Now: time.Now})
	if err != nil {
		return err
	}
	certificate, err := issuer.ServerTLS().GetCertificate(&tls.ClientHelloInfo{})
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		return fmt.Errorf("mosquitto key: %w", err)
	}
	for name, content := range map[string][]byte{
		"ca.pem":         issuer.RootPEM(),
		"server.pem":     encodePEM("CERTIFICATE", certificate.Certificate[0]),
		"server-key.pem": encodePEM("PRIVATE KEY", key),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return fmt.Errorf("mosquitto files: %w", err)
		}
	}
	return nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// reachable waits until someone listens at the address.
func reachable(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			return conn.Close()
		}
		if ctx.Err() != nil {
			return err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// pause waits, unless ctx ends before.
func pause(ctx context.Context, span time.Duration) error {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (m *mosquitto) stop() error {
	if err := m.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop mosquitto: %w", err)
	}
	if err := m.cmd.Wait(); err != nil {
		return fmt.Errorf("stop mosquitto: %w", err)
	}
	return nil
}

// rival is what the broker did, and what a message cost its processor.
type rival struct {
	result
	cost time.Duration
}

// publish measures messages as large as the hub's, by as many clients, each
// waiting for its PUBACK before the next.
func (m *mosquitto) publish(ctx context.Context, line *connectOrder, run *runOrder) (outcome rival, err error) {
	crowd, err := startCrowd(ctx)
	if err != nil {
		return rival{}, err
	}
	defer func() { err = errors.Join(err, crowd.stop()) }()
	if _, err := crowd.do(order{Connect: line}); err != nil {
		return rival{}, fmt.Errorf("mosquitto: %w", err)
	}
	outcome.result, outcome.cost, err = crowd.measure(m.cmd.Process.Pid, run, func() error { return nil })
	if err != nil {
		return rival{}, fmt.Errorf("mosquitto: %w", err)
	}
	return outcome, nil
}
