// Package storetest starts real databases for tests and benchmarks: a fresh
// SQLite file, or a database in a private PostgreSQL cluster of its own,
// durable as in production. Tests of the hub, deploy/e2e, deploy/bench and
// deploy/torture call it. A cluster is stopped by its own process id.
package storetest

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	// The driver that creates databases.
	_ "github.com/jackc/pgx/v5/stdlib"
)

// Cluster is a running PostgreSQL of our own.
type Cluster struct {
	command *exec.Cmd
	data    string
	address string
	ended   chan error
}

// startTime bounds how long a cluster may take to start.
const startTime = time.Minute

// ErrNoPostgres says that PostgreSQL is not installed.
var ErrNoPostgres = errors.New("postgresql is not installed: no initdb in PATH or /usr/lib/postgresql")

// StartPostgres makes a cluster in a temporary directory and starts it on a
// free loopback port. Stop removes the directory.
func StartPostgres() (*Cluster, error) {
	bin, err := findPostgres()
	if err != nil {
		return nil, err
	}
	owner, err := postgresUser()
	if err != nil {
		return nil, err
	}
	data, err := os.MkdirTemp("", "shopbox-postgres")
	if err != nil {
		return nil, err
	}
	cluster, err := startIn(data, bin, owner)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(data))
	}
	return cluster, nil
}

func startIn(data, bin string, owner *syscall.Credential) (*Cluster, error) {
	if owner != nil {
		if err := os.Chown(data, int(owner.Uid), int(owner.Gid)); err != nil {
			return nil, err
		}
	}
	// Only the making of the files skips fsync; the server does not.
	initdb := command(owner, data, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	server := command(owner, data, filepath.Join(bin, "postgres"), "-D", data, "-k", "", "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "log_min_messages=log", "-c", "max_wal_size=4GB", "-c", "shared_buffers=256MB")
	return start(server, data, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
}

func command(owner *syscall.Credential, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), name, args...) //nolint:gosec // our own arguments
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Pdeathsig: syscall.SIGQUIT}
	return cmd
}

func start(server *exec.Cmd, data, address string) (*Cluster, error) {
	output, err := server.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	cluster := &Cluster{command: server, data: data, address: address, ended: make(chan error, 1)}
	ready := make(chan string, 1)
	go cluster.watch(output, ready)
	select {
	case log := <-ready:
		if log != "" {
			return nil, fmt.Errorf("postgres did not start: %s", log)
		}
		return cluster, nil
	case <-time.After(startTime):
		return nil, errors.Join(errors.New("postgres did not start in time"), cluster.Stop())
	}
}

// watch reads the server's log to its end; ready gets "" when the server
// accepts connections, or the log when it ended instead.
func (c *Cluster) watch(output io.Reader, ready chan<- string) {
	var log strings.Builder
	lines := bufio.NewScanner(output)
	accepted := false
	for lines.Scan() {
		if !accepted {
			log.WriteString(lines.Text() + "\n")
			if accepted = strings.Contains(lines.Text(), "ready to accept connections"); accepted {
				ready <- ""
			}
		}
	}
	err := c.command.Wait()
	if !accepted {
		ready <- log.String() + "ended"
	}
	c.ended <- err
}

// Address is the postgres:// address of a database in the cluster.
func (c *Cluster) Address(database string) string {
	return "postgres://postgres@" + c.address + "/" + database + "?sslmode=disable"
}

// CreateDatabase makes an empty database and returns its address.
func (c *Cluster) CreateDatabase(ctx context.Context, name string) (string, error) {
	db, err := sql.Open("pgx", c.Address("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `CREATE DATABASE "`+strings.ReplaceAll(name, `"`, "")+`"`); err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	return c.Address(name), nil
}

// Stop ends the server, connections or not, waits for its end and removes its
// directory.
func (c *Cluster) Stop() error {
	if err := c.command.Process.Signal(syscall.SIGINT); err != nil {
		return fmt.Errorf("stop postgres: %w", err)
	}
	return errors.Join(<-c.ended, os.RemoveAll(c.data))
}

// findPostgres finds the directory of the server's programs, the newest when
// there are several.
func findPostgres() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrNoPostgres
	}
	best := found[0]
	for _, path := range found {
		if version(path) > version(best) {
			best = path
		}
	}
	return filepath.Dir(best), nil
}

func version(initdb string) int {
	number, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return number
}

// postgresUser is who runs the server when we are root, which PostgreSQL
// refuses to be; nil when we are not.
func postgresUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // nil is "as myself"
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("postgresql does not run as root: %w", err)
	}
	uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func freePort() (int, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.New("no TCP address")
	}
	return address.Port, nil
}
