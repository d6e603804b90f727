package rig

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// SmallDisk puts the box's data on a disk of its own of some megabytes, before
// the box is started; the returned function takes it away again. It needs the
// right to mount.
func (w *World) SmallDisk(megabytes int) (end func(), err error) {
	folder := w.BoxFolder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("box folder: %w", err)
	}
	if err := syscall.Mount("shopbox", folder, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		return nil, fmt.Errorf("a disk that can be filled is mounted at %s, which only root may do (run as root or in a container): %w", folder, err)
	}
	return func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) }, nil
}

// filler is the file that takes all that is left on the small disk.
const filler = "someone-elses-file"

// FillDisk takes all space that is left on the box's small disk.
func (w *World) FillDisk() error {
	file, err := os.OpenFile(filepath.Join(w.BoxFolder(), filler), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("fill the disk: %w", err)
	}
	defer file.Close()
	const most = 1 << 30
	_, err = io.CopyN(file, zeros{}, most)
	if !errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("fill the disk: it took a gigabyte and is no small disk: %w", err)
	}
	return nil
}

// EmptyDisk gives the space back.
func (w *World) EmptyDisk() error {
	if err := os.Remove(filepath.Join(w.BoxFolder(), filler)); err != nil {
		return fmt.Errorf("empty the disk: %w", err)
	}
	return nil
}

// zeros is an endless file of nothing.
type zeros struct{}

func (zeros) Read(into []byte) (int, error) {
	clear(into)
	return len(into), nil
}
