// Package ui carries the built counter web app inside the box's binary.
//
// edge/api serves it. The files come from `make ui`; a binary built before
// that is valid but has no pages, which Files reports.
package ui

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the web app with index.html at its root, and whether it was
// built before this binary was.
func Files() (files fs.FS, built bool) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist, false
	}
	_, err = fs.Stat(files, "index.html")
	return files, err == nil
}
