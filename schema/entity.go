package schema

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrEntity is wrapped by the errors of entities that cannot be taken in.
var ErrEntity = errors.New("bad entity")

// CheckEntity reports what is wrong with an entity, or nil. Errors wrap
// [ErrEntity], [ErrID], [ErrKind] or [ErrDate].
func CheckEntity(e Entity) error {
	if err := CheckID(e.ID); err != nil {
		return err
	}
	if kind := KindOf(e.ID); e.Kind != kind || kind == KindFact {
		return fmt.Errorf("%w: %s cannot be a %s", ErrKind, e.ID, e.Kind)
	}
	if strings.TrimSpace(e.Label) == "" {
		return fmt.Errorf("%w %s: it has no name", ErrEntity, e.ID)
	}
	names := []string{e.Label, e.Description}
	for _, a := range e.Aliases {
		names = append(names, a.Value, a.Lang)
	}
	for _, name := range names {
		if !utf8.ValidString(name) {
			return fmt.Errorf("%w %s: %q is not UTF-8", ErrEntity, e.ID, name)
		}
	}
	if e.Country != "" && KindOf(e.Country) != Country {
		return fmt.Errorf("%w: the country of %s is %s", ErrKind, e.ID, e.Country)
	}
	if e.Born != "" {
		_, err := When{Written: e.Born}.Span(Interaction)
		return err
	}
	return nil
}
