package cli_test

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"testing"

	"shopbox/edge/app"
	"shopbox/edge/cli"
)

func receiptOf(t *testing.T, in []byte, args ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := cli.Receipt(args, app.Encode, bytes.NewReader(in), &out); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out.Bytes()
}

// The bytes for the printer, read back, say what the receipt should say.
func TestReceiptSample(t *testing.T) {
	for columns, wide := range map[string]int{"48": 576, "42": 504, "32": 384} {
		sample := receiptOf(t, nil, "--sample", "--columns", columns)
		text := string(receiptOf(t, sample, "--text", "--columns", columns))
		for _, want := range []string{"달빛 상회", "124-81-00998", "아메리카노", "우유식빵", "상추", "12,217", "25,717", "1234-56**-****-7890", "4,283"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s columns: no %q on\n%s", columns, want, text)
			}
		}
		picture, err := png.Decode(bytes.NewReader(receiptOf(t, sample, "--png", "--columns", columns)))
		if err != nil || picture.Bounds().Dx() < wide {
			t.Errorf("%s columns: picture %v, %v", columns, picture.Bounds(), err)
		}
	}
	if english := string(receiptOf(t, receiptOf(t, nil, "--sample", "--english"), "--text")); !strings.Contains(english, "Total") {
		t.Errorf("English:\n%s", english)
	}
}

func TestReceiptUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"--sample", "--png"}, {"--png", "--text"}, {"--sample", "file"}, {"--sample", "--columns", "7"}} {
		if err := cli.Receipt(args, app.Encode, strings.NewReader(""), &bytes.Buffer{}); !errors.Is(err, cli.ErrReceiptUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
