package graph

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
)

// folder is the folder of a graph, with no symbolic link on its way; empty for a
// graph that does not stay.
type folder string

func (g *Graph) folderOf() folder {
	if g.passing || g.Dir() == "" {
		return ""
	}
	return folder(realPath(g.Dir()))
}

// setPlace notes a place, which is relative to the folder where it can be.
func (f folder) setPlace(n *note, origin string) {
	n.Place, n.Home = placeOf(origin), ""
	if f == "" || !filepath.IsAbs(n.Place) {
		return
	}
	if relative, err := filepath.Rel(string(f), n.Place); err == nil {
		n.Place, n.Home = filepath.ToSlash(relative), string(f)
	}
}

// resolve is the place of a note: an address, an absolute path, or nothing. Where
// the graph lies in another folder than it did, its inputs have come along with
// it, unless they are only where they were.
func (f folder) resolve(n note) string {
	if n.Home == "" {
		return n.Place
	}
	here, then := joinPlace(cmp.Or(string(f), n.Home), n.Place), joinPlace(n.Home, n.Place)
	if !isThere(here) && isThere(then) {
		return then
	}
	return here
}

// isAt reports whether the place of a note is the one given.
func (f folder) isAt(n note, origin string) bool {
	was, is := f.resolve(n), placeOf(origin)
	return was == is || filepath.IsAbs(was) && realPath(was) == is
}

// afterMove is the note for a graph that is made from another one: its inputs stay
// where they are, if they are there.
func (f folder) afterMove(n note) note {
	if then := joinPlace(n.Home, n.Place); n.Home != "" && isThere(then) {
		f.setPlace(&n, then)
	}
	return n
}

func joinPlace(dir, place string) string { return filepath.Join(dir, filepath.FromSlash(place)) }

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// placeOf is an origin as places are compared: an address as it is, and a path
// absolute, with no symbolic link on its way.
func placeOf(origin string) string {
	if origin == "" || strings.Contains(origin, "://") {
		return origin
	}
	return realPath(origin)
}

// realPath follows symbolic links as far as there is something.
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
