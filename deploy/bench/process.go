package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"shopbox/deploy/rig"
)

// buildRelease builds the hub, and the box with its simulators when they are
// wanted, as they are released: without symbols.
func buildRelease(ctx context.Context, folder string, box bool) (rig.Programs, error) {
	root, err := rig.Root()
	if err != nil {
		return rig.Programs{}, err
	}
	folder = filepath.Join(root, folder)
	programs := rig.Programs{Hub: filepath.Join(folder, "shopbox-hub")}
	sources := map[string]string{programs.Hub: "./hub"}
	if box {
		programs.Box, programs.Sim = filepath.Join(folder, "shopbox-edge"), filepath.Join(folder, "shopbox-sim")
		sources[programs.Box], sources[programs.Sim] = "./edge", "./drivers/sim"
	}
	for path, source := range sources {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags", "nomsgpack", "-ldflags", "-s -w", "-o", path, source)
		build.Dir = root
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			return rig.Programs{}, fmt.Errorf("build %s: %w\n%s", source, err, output)
		}
	}
	return programs, nil
}

// residentBytes is how much memory of a process is in RAM now.
func residentBytes(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("memory of %d: %w", pid, err)
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmRSS:"); found {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("memory of %d: not told", pid)
}

// ticks is how Linux counts processor time, in every build of it.
const ticks = 100

// processorTime is what a process has used of the processors until now.
func processorTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("processor time of %d: %w", pid, err)
	}
	// The name in brackets may hold spaces; what follows it does not.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const user, system = 11, 12
	if len(fields) <= system {
		return 0, fmt.Errorf("processor time of %d: not told", pid)
	}
	var total time.Duration
	for _, field := range fields[user : system+1] {
		count, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("processor time of %d: %w", pid, err)
		}
		total += time.Duration(count) * time.Second / ticks
	}
	return total, nil
}

// crowd is the process with the simulated boxes.
type crowd struct {
	cmd     *exec.Cmd
	orders  io.WriteCloser
	answers *json.Decoder
}

// startCrowd starts this program again as the load.
func startCrowd(ctx context.Context) (*crowd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("start load: %w", err)
	}
	c := &crowd{cmd: exec.CommandContext(ctx, self, loadArgument)}
	c.cmd.Stderr = os.Stderr
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if c.orders, err = c.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start load: %w", err)
	}
	output, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start load: %w", err)
	}
	c.answers = json.NewDecoder(bufio.NewReader(output))
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start load: %w", err)
	}
	return c, nil
}

// do gives an order and waits for the answer.
func (c *crowd) do(next order) (result, error) {
	if err := json.NewEncoder(c.orders).Encode(next); err != nil {
		return result{}, fmt.Errorf("order to the load: %w", err)
	}
	var answer result
	if err := c.answers.Decode(&answer); err != nil {
		return result{}, fmt.Errorf("answer of the load: %w", err)
	}
	if answer.Error != "" {
		return result{}, errors.New(answer.Error)
	}
	return answer, nil
}

// measure does a run, and tells what a message cost the processor of the
// program at the other end, with what it does afterwards until rest returns.
func (c *crowd) measure(pid int, run *runOrder, rest func() error) (outcome result, cost time.Duration, err error) {
	before, err := processorTime(pid)
	if err != nil {
		return outcome, 0, err
	}
	if outcome, err = c.do(order{Run: run}); err != nil {
		return outcome, 0, err
	}
	if err := rest(); err != nil {
		return outcome, 0, err
	}
	after, err := processorTime(pid)
	return outcome, (after - before) / time.Duration(max(1, outcome.Total)), err
}

// stop ends the load: its input ends, so it does.
func (c *crowd) stop() error {
	return errors.Join(c.orders.Close(), c.cmd.Wait())
}
