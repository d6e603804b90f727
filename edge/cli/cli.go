package cli

import (
	"errors"
	"io"
)

// ErrUsage says how the commands are called.
var ErrUsage = errors.New("usage: edge pay [--explain] | edge withholding --month 2026-11")

// RunPay is Pay with the arguments after the command's name.
func RunPay(args []string, in io.Reader, out io.Writer) error {
	switch {
	case len(args) == 0:
		return Pay(in, out, false)
	case len(args) == 1 && args[0] == "--explain":
		return Pay(in, out, true)
	}
	return ErrUsage
}

// RunWithholding is Withholding with the arguments after the command's name.
func RunWithholding(args []string, out io.Writer) error {
	if len(args) == 2 && args[0] == "--month" {
		return Withholding(args[1], out)
	}
	return ErrUsage
}
