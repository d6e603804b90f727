package npki

import (
	"io/fs"
	"path"
	"strings"
)

// The names in a folder of one certificate; programs differ in upper and lower
// case.
const (
	certificateName = "signCert.der"
	keyName         = "signPri.key"
)

// maxDepth reaches from a drive's root down: NPKI/<authority>/USER/<name>.
const maxDepth = 6

// Folder is where one certificate lies.
type Folder struct {
	// Path is the folder, or the file of a .p12 or .pfx.
	Path string
	// Certificate and Key are the files in it; both are empty when Path is a
	// .p12 or .pfx file.
	Certificate, Key string
}

// Folders finds the certificates in a tree laid out as NPKI/<authority>/USER/
// <distinguished name>/signCert.der and signPri.key, in the order of their
// paths. The tree may begin at any of these folders. A .p12 or .pfx file counts
// too.
func Folders(tree fs.FS) ([]Folder, error) {
	var list []Folder
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.Count(name, "/") >= maxDepth:
			return fs.SkipDir
		case entry.IsDir():
			return addFolder(tree, name, &list)
		case isPFX(name):
			list = append(list, Folder{Path: name})
		}
		return nil
	})
	return list, err
}

func isPFX(name string) bool {
	extension := strings.ToLower(path.Ext(name))
	return extension == ".p12" || extension == ".pfx"
}

func addFolder(tree fs.FS, name string, list *[]Folder) error {
	entries, err := fs.ReadDir(tree, name)
	if err != nil {
		return err
	}
	found := Folder{Path: name}
	for _, entry := range entries {
		switch {
		case strings.EqualFold(entry.Name(), certificateName):
			found.Certificate = path.Join(name, entry.Name())
		case strings.EqualFold(entry.Name(), keyName):
			found.Key = path.Join(name, entry.Name())
		}
	}
	if found.Certificate != "" && found.Key != "" {
		*list = append(*list, found)
	}
	return nil
}
