package mapping

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Rename is another name of a column for a key of entente's own format.
type Rename struct{ Column, Key string }

// ParseRenames returns a mapping for tables that are of entente's own format but for the
// names of some columns: each argument is COLUMN=KEY, or several of these with
// commas between. Columns that are neither renamed nor known are not read.
func ParseRenames(args []string) (*Mapping, error) {
	m := &Mapping{Name: "--map", Rows: &RowPath{}, SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(args, ","))))}
	for _, arg := range args {
		for _, pair := range splitPairs(arg) {
			i := strings.LastIndexByte(pair, '=')
			r := Rename{strings.TrimSpace(pair[:i]), columnKey(pair[i+1:])}
			if r.Column == "" || r.Key == "" {
				return nil, withHint(fmt.Errorf("%q has no column, or no key", pair), "write COLUMN=KEY, as in Who=actor")
			}
			m.Renames = append(m.Renames, r)
		}
	}
	return m, nil
}

// splitPairs divides an argument at its commas, if there is a pair on each side.
// Names of columns may have commas.
func splitPairs(arg string) []string {
	pairs := strings.Split(arg, ",")
	for _, p := range pairs {
		if strings.Count(p, "=") != 1 {
			return []string{arg}
		}
	}
	return pairs
}

// RenameColumns returns the header of a table with keys in place of the renamed
// columns. A column that the table lacks is an error.
func (m *Mapping) RenameColumns(header []string) ([]string, error) {
	names := append([]string(nil), header...)
	for _, r := range m.Renames {
		found := false
		for i, h := range header {
			if columnKey(h) == columnKey(r.Column) {
				names[i], found = r.Key, true
			}
		}
		if !found {
			return nil, schema.WithHint(fmt.Errorf("--map %s=%s: %w", r.Column, r.Key, unknownColumn(r.Column)),
				func() string { return columnHint(r.Column, header) })
		}
	}
	return names, nil
}
