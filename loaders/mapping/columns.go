package mapping

import (
	"errors"
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema"
)

var errNoField = errors.New("a condition without a field")

// columnKey is what a column's name is compared by.
func columnKey(name string) string {
	return strings.NewReplacer(" ", "-", "_", "-").Replace(schema.Fold(name))
}

func unknownColumn(name string) error { return fmt.Errorf("the table has no column %q", name) }

func columnHint(name string, header []string) string {
	if near := schema.Nearest(name, header, 3); len(near) > 0 {
		return schema.DidYouMean(near)
	}
	return "its columns are " + strings.Join(header, ", ")
}
