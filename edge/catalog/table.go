package catalog

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
)

// Table is the rows of a file as texts.
type Table [][]string

// The limits of a file that is read.
const (
	MaxFileBytes = 16 << 20
	MaxRows      = 100_000
	MaxColumns   = 60
	MaxCell      = 1000
	// maxUnzipped is the most an Excel workbook may weigh unpacked, all of it
	// in memory.
	maxUnzipped = 96 << 20
)

const bom = "\ufeff"

// ReadTable reads a CSV file (UTF-8 or CP949, with commas, semicolons or tabs)
// or the first sheet of an Excel workbook (xlsx). ErrFile when it is neither,
// ErrFileTooLarge when it is over the limits.
func ReadTable(file []byte) (Table, error) {
	if len(file) > MaxFileBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrFileTooLarge, len(file))
	}
	switch {
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return readWorkbook(file)
	case bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0")):
		return nil, ErrFileOld
	}
	return readCSV(file)
}

func readCSV(file []byte) (Table, error) {
	text, err := decode(file)
	if err != nil {
		return nil, err
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = delimiter(text)
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	var table Table
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return table, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		// The reader leaves empty lines out; the rows keep their numbers.
		for line, _ := reader.FieldPos(0); len(table) < line-1 && len(table) <= MaxRows; {
			table = append(table, nil)
		}
		if table, err = table.with(cells); err != nil {
			return nil, err
		}
	}
}

// decode is the text of a file in UTF-8 or, as Excel in Korea writes it, CP949.
func decode(file []byte) (string, error) {
	if bytes.HasPrefix(file, []byte("\xff\xfe")) {
		// Excel's "Unicode text".
		plain, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(file)
		if err != nil {
			return "", fmt.Errorf("%w: %w", ErrFile, err)
		}
		file = plain
	}
	if utf8.Valid(file) {
		text := strings.TrimPrefix(string(file), bom)
		if strings.ContainsRune(text, 0) {
			return "", fmt.Errorf("%w: binary", ErrFile)
		}
		return text, nil
	}
	text, err := korean.EUCKR.NewDecoder().Bytes(file)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) || bytes.ContainsRune(text, 0) {
		return "", fmt.Errorf("%w: neither UTF-8 nor CP949", ErrFile)
	}
	return string(text), nil
}

// delimiter is the mark that stands most often in the first line with any.
func delimiter(text string) rune {
	for line := range strings.Lines(text) {
		best, most := ',', 0
		for _, mark := range []rune{',', '\t', ';'} {
			if n := strings.Count(line, string(mark)); n > most {
				best, most = mark, n
			}
		}
		if most > 0 {
			return best
		}
	}
	return ','
}

func readWorkbook(file []byte) (Table, error) {
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	defer book.Close()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, fmt.Errorf("%w: no sheet", ErrFile)
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	defer rows.Close()
	var table Table
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		if table, err = table.with(cells); err != nil {
			return nil, err
		}
	}
	if err := rows.Error(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return table, nil
}

// with is the table with one more row, within the limits.
func (t Table) with(cells []string) (Table, error) {
	if len(t) >= MaxRows || len(cells) > MaxColumns {
		return nil, fmt.Errorf("%w: row %d has %d cells", ErrFileTooLarge, len(t)+1, len(cells))
	}
	for _, cell := range cells {
		if len(cell) > MaxCell {
			return nil, fmt.Errorf("%w: a cell of row %d", ErrFileTooLarge, len(t)+1)
		}
	}
	return append(t, cells), nil
}
