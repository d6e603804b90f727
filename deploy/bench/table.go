package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one line of the report: what was measured, and against what.
type row struct {
	What string `json:"what"`
	// Value is in Unit: "ms", "1/s", "KB", "MB" ...
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Peer is what a neutral program did in the same run, Ratio is Value to
	// Peer; 0 when there is none.
	PeerName string  `json:"peer_name,omitempty"`
	Peer     float64 `json:"peer,omitempty"`
	Ratio    float64 `json:"ratio,omitempty"`
	// Aim is what should be reached, in words; Met is nil without an aim.
	Aim  string `json:"aim,omitempty"`
	Met  *bool  `json:"met,omitempty"`
	Note string `json:"note,omitempty"`
}

// against sets a neutral peer beside the value.
func (r row) against(name string, value float64) row {
	r.PeerName, r.Peer = name, value
	if value > 0 {
		r.Ratio = r.Value / value
	}
	return r
}

// aim says what should be reached and whether it was.
func (r row) aim(words string, met bool) row {
	r.Aim, r.Met = words, &met
	return r
}

func (r row) note(format string, args ...any) row {
	r.Note = fmt.Sprintf(format, args...)
	return r
}

func millis(span time.Duration) float64 { return float64(span.Microseconds()) / 1000 }

// report is everything of one run.
type report struct {
	Machine string    `json:"machine"`
	At      time.Time `json:"at"`
	Took    string    `json:"took"`
	Rows    []row     `json:"rows"`
}

func (r *report) add(rows ...row) { r.Rows = append(r.Rows, rows...) }

func (r *report) json(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

func (r *report) table(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "MEASURED\tVALUE\tAGAINST\tRATIO\tAIM\t\tNOTE")
	for _, line := range r.Rows {
		peer, ratio := "", ""
		if line.PeerName != "" {
			peer, ratio = line.PeerName+" "+figure(line.Peer)+" "+line.Unit, fmt.Sprintf("%.2f", line.Ratio)
		}
		fmt.Fprintf(table, "%s\t%s %s\t%s\t%s\t%s\t%s\t%s\n", line.What, figure(line.Value), line.Unit, peer, ratio, line.Aim, line.verdict(), line.Note)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s, %s, took %s\n", r.Machine, r.At.Format("2006-01-02 15:04"), r.Took)
	return err
}

func (r row) verdict() string {
	switch {
	case r.Met == nil:
		return ""
	case *r.Met:
		return "reached"
	}
	return "missed"
}

// figure is a number as one reads it: 35,120 or 12.3 or 0.47.
func figure(value float64) string {
	switch {
	case value < 10:
		return strconv.FormatFloat(value, 'f', 2, 64)
	case value < 1000:
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
	digits := strconv.FormatInt(int64(value), 10)
	var grouped strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			grouped.WriteByte(',')
		}
		grouped.WriteRune(digit)
	}
	return grouped.String()
}
