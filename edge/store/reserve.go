package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

// DefaultReserve is the room kept for the hour when the disk is full: some ten
// thousand sales.
const DefaultReserve = 64 << 20

// reserve is a file that holds disk room back, to be let go when the disk is
// full so that the shop goes on selling.
type reserve struct {
	path  string
	bytes int64

	mu   sync.Mutex
	held bool
}

func newReserve(folder string, bytes int64) *reserve {
	if bytes == 0 {
		bytes = DefaultReserve
	}
	return &reserve{path: filepath.Join(folder, "reserve"), bytes: bytes}
}

// build makes the file when there is room for it twice over, so that building
// it is never what fills the disk.
func (r *reserve) build() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bytes < 0 || r.held {
		return nil
	}
	if r.onDisk() {
		r.held = true
		return nil
	}
	free, err := freeBytes(filepath.Dir(r.path))
	if err != nil {
		return err
	}
	if free < 2*r.bytes {
		return fmt.Errorf("%w: %d bytes free", ErrDiskFull, free)
	}
	if err := r.fill(); err != nil {
		return errors.Join(err, r.remove())
	}
	r.held = true
	return nil
}

func (r *reserve) onDisk() bool {
	info, err := os.Stat(r.path)
	return err == nil && info.Size() == r.bytes
}

// found takes a file over that an earlier run left; it makes none.
func (r *reserve) found() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = r.bytes > 0 && r.onDisk()
	return r.held
}

func (r *reserve) fill() (err error) {
	file, err := os.OpenFile(r.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("disk reserve: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	err = unix.Fallocate(int(file.Fd()), 0, 0, r.bytes)
	if errors.Is(err, unix.EOPNOTSUPP) {
		err = fillByWriting(file, r.bytes)
	}
	if err != nil {
		return fmt.Errorf("disk reserve: %w", err)
	}
	return file.Sync()
}

func fillByWriting(file *os.File, bytes int64) error {
	block := make([]byte, 1<<20)
	for bytes > 0 {
		n, err := file.Write(block[:min(bytes, int64(len(block)))])
		if err != nil {
			return err
		}
		bytes -= int64(n)
	}
	return nil
}

// release lets the room go; false when there was none left.
func (r *reserve) release() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.held {
		return false
	}
	r.held = false
	return r.remove() == nil
}

func (r *reserve) remove() error {
	if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("disk reserve: %w", err)
	}
	return nil
}

// used reports whether the shop lives on the reserve, or has none left.
func (r *reserve) used() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bytes >= 0 && !r.held
}

// crampedBytes is less room than SQLite needs to open the file at all.
const crampedBytes = 1 << 20

// cramped reports whether a disk is as good as full.
func cramped(folder string) bool {
	free, err := freeBytes(folder)
	return err == nil && free < crampedBytes
}

func freeBytes(folder string) (int64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(folder, &stat); err != nil {
		return 0, fmt.Errorf("disk room: %w", err)
	}
	return int64(stat.Bavail) * stat.Bsize, nil
}
