package graph

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
)

// folder is the folder of a graph, with symbolic links resolved. It is empty for a
// temporary graph.
type folder string

func (g *Graph) folderOf() folder {
	if g.original != "" {
		return g.original
	}
	if g.willMove || g.Dir() == "" {
		return ""
	}
	return folder(realPath(g.Dir()))
}

// setOrigin sets the origin of a note, relative to the folder if possible.
func (f folder) setOrigin(n *note, origin string) {
	n.Origin, n.Home = comparableOrigin(origin), ""
	if f == "" || !filepath.IsAbs(n.Origin) {
		return
	}
	if relative, err := filepath.Rel(string(f), n.Origin); err == nil {
		n.Origin, n.Home = filepath.ToSlash(relative), string(f)
	}
}

// resolve returns the origin of a note: an address, an absolute path, or an empty
// string. If the graph's folder has moved, a relative path starts at the new folder,
// unless the file exists only at the old one.
func (f folder) resolve(n note) string {
	if n.Home == "" {
		return n.Origin
	}
	here, then := joinOrigin(cmp.Or(string(f), n.Home), n.Origin), joinOrigin(n.Home, n.Origin)
	if !pathExists(here) && pathExists(then) {
		return then
	}
	return here
}

// isAt reports whether the note has the origin.
func (f folder) isAt(n note, origin string) bool {
	was, is := f.resolve(n), comparableOrigin(origin)
	return was == is || filepath.IsAbs(was) && realPath(was) == is
}

// afterMove returns the note for a copy of the graph in folder f. The path of an
// existing input is kept.
func (f folder) afterMove(n note) note {
	if then := joinOrigin(n.Home, n.Origin); n.Home != "" && pathExists(then) {
		f.setOrigin(&n, then)
	}
	return n
}

func joinOrigin(dir, origin string) string { return filepath.Join(dir, filepath.FromSlash(origin)) }

func pathExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// comparableOrigin returns the form of an origin in comparisons: an address
// unchanged, and a path absolute with symbolic links resolved.
func comparableOrigin(origin string) string {
	if origin == "" || strings.Contains(origin, "://") {
		return origin
	}
	return realPath(origin)
}

// realPath resolves the symbolic links in the part of a path that exists.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	rest := ""
	for at := abs; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest)
		}
		if at == filepath.Dir(at) {
			return abs
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}
