package cli

import (
	"errors"
	"io"

	"shopbox/edge/payroll"
)

// ErrUsage says how the commands are called.
var ErrUsage = errors.New("usage: edge pay [--explain] | edge withholding --month 2026-11 | edge slip [--json] FILE.json")

// RunPay is Pay by the built-in rates with the arguments after the command's name.
func RunPay(args []string, in io.Reader, out io.Writer) error {
	explain := len(args) == 1 && args[0] == "--explain"
	if len(args) > 0 && !explain {
		return ErrUsage
	}
	rates, err := payroll.BuiltIn()
	if err != nil {
		return err
	}
	return Pay(&rates, in, out, explain)
}

// RunWithholding is Withholding with the arguments after the command's name.
func RunWithholding(args []string, out io.Writer) error {
	if len(args) == 2 && args[0] == "--month" {
		return Withholding(args[1], out)
	}
	return ErrUsage
}
