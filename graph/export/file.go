package export

import (
	"path/filepath"
	"slices"
	"strings"
)

// ForFile returns the format for which the extension of a file's name stands. ok is false
// if it stands for none, as .json for several, or for a format of several files.
func ForFile(name string) (f Format, ok bool) {
	extension := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	if f, ok = extensions()[extension]; !ok {
		f = Format(extension)
	}
	return f, slices.Contains(Formats(), f) && !HasFolder(f)
}

// extensions returns the formats whose names are not their extensions.
func extensions() map[string]Format {
	return map[string]Format{
		"gv": DOT, "nq": NQuads, "ttl": "turtle", "db": "sqlite", "sqlite3": "sqlite",
		"cyjs": Cytoscape, "mmd": "mermaid", "md": "markdown", "cql": "cypher", "cyp": "cypher",
	}
}
