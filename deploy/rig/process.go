// Package rig builds and runs the real programs - a hub, a box, simulated
// devices - on loopback, and sets a shop up through their own HTTP doors. The
// demo, the browser tests, the crash test and the benchmark all stand on it.
//
// What always holds: every process listens on 127.0.0.1 only, is stopped by
// its own pid, and dies with the program that started it.
package rig

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Programs are the built programs.
type Programs struct {
	Box, Hub, Sim string
}

// Build builds the programs from the source tree at root into a folder.
func Build(ctx context.Context, root, folder string) (Programs, error) {
	programs := Programs{
		Box: filepath.Join(folder, "shopbox-edge"),
		Hub: filepath.Join(folder, "shopbox-hub"),
		Sim: filepath.Join(folder, "shopbox-sim"),
	}
	for path, source := range map[string]string{programs.Box: "./edge", programs.Hub: "./hub", programs.Sim: "./drivers/sim"} {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, source)
		build.Dir = root
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			return Programs{}, fmt.Errorf("build %s: %w\n%s", source, err, output)
		}
	}
	return programs, nil
}

// Root is the top of the source tree that holds the given folder.
func Root() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the source tree: %w", err)
	}
	for ; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
	}
	return "", errors.New("find the source tree: no go.mod above this folder")
}

// Process is a running program.
type Process struct {
	name  string
	cmd   *exec.Cmd
	stdin io.Closer
	ended chan struct{}
	err   error
	// Ready is the JSON line the program printed when it was ready.
	Ready map[string]string
}

const (
	readyWithin = 60 * time.Second
	stopWithin  = 15 * time.Second
)

// Command says what to start.
type Command struct {
	Path string
	Args []string
	Env  []string
	// Log takes what the program writes to its standard error; nil drops it.
	Log io.Writer
}

// Start starts a program and waits for its line of readiness.
func Start(command Command) (*Process, error) {
	process := &Process{name: filepath.Base(command.Path), ended: make(chan struct{})}
	process.cmd = exec.Command(command.Path, command.Args...) //nolint:noctx // our own programs; they outlive the call
	process.cmd.Env = append(os.Environ(), command.Env...)
	process.cmd.Stderr = command.Log
	// The kernel ends the program when this one dies, however it dies. Ctrl-C
	// is for this one alone, which then stops the others in their order.
	process.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	stdout, err := process.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", process.name, err)
	}
	if process.stdin, err = process.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start %s: %w", process.name, err)
	}
	if err := process.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", process.name, err)
	}
	lines := make(chan string, 1)
	go process.watch(stdout, lines)
	return process, process.await(lines)
}

func (p *Process) watch(stdout io.Reader, lines chan<- string) {
	reader := bufio.NewReader(stdout)
	if line, err := reader.ReadString('\n'); err == nil {
		lines <- line
	}
	_, _ = io.Copy(io.Discard, reader)
	p.err = p.cmd.Wait()
	close(p.ended)
}

func (p *Process) await(lines <-chan string) error {
	timer := time.NewTimer(readyWithin)
	defer timer.Stop()
	select {
	case line := <-lines:
		if err := json.Unmarshal([]byte(strings.TrimSpace(line)), &p.Ready); err != nil {
			_ = p.Kill()
			return fmt.Errorf("%s said %q instead of where it is: %w", p.name, line, err)
		}
		return nil
	case <-p.ended:
		return fmt.Errorf("%s ended before it was ready: %w", p.name, p.err)
	case <-timer.C:
		_ = p.Kill()
		return fmt.Errorf("%s was not ready within %s", p.name, readyWithin)
	}
}

// Pid is the process id.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Ended is closed when the process is gone.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Kill ends the process as a power cut would (SIGKILL) and waits until it is
// gone.
func (p *Process) Kill() error {
	err := p.cmd.Process.Kill()
	<-p.ended
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill %s: %w", p.name, err)
	}
	return nil
}

// Stop asks the process to end, and kills it when it does not.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.name, err)
	}
	_ = p.stdin.Close()
	timer := time.NewTimer(stopWithin)
	defer timer.Stop()
	select {
	case <-p.ended:
		return nil
	case <-timer.C:
		return errors.Join(fmt.Errorf("%s did not stop within %s", p.name, stopWithin), p.Kill())
	}
}
