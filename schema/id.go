package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is the kind of an entity.
type Kind string

// The kinds of entities. KindFact is the kind of a fact in another fact's role.
const (
	Person      Kind = "Person"
	Post        Kind = "Post"
	Institution Kind = "Institution"
	Group       Kind = "Group"
	Country     Kind = "Country"
	Place       Kind = "Place"
	Gathering   Kind = "Gathering"
	Doc         Kind = "Document"
	Thing       Kind = "Thing"
	KindFact    Kind = "Fact"
)

var prefixes = []struct {
	kind   Kind
	prefix string
}{
	{Person, "person"}, {Post, "post"}, {Institution, "institution"}, {Group, "group"},
	{Country, "country"}, {Place, "place"}, {Gathering, "gathering"}, {Doc, "doc"},
	{Thing, "thing"}, {KindFact, "fact"},
}

// Kinds lists the kinds of entities.
func Kinds() []Kind {
	kinds := make([]Kind, 0, len(prefixes)-1)
	for _, p := range prefixes[:len(prefixes)-1] {
		kinds = append(kinds, p.kind)
	}
	return kinds
}

// Prefix returns what ids of the kind begin with, without the colon; empty for
// no kind at all.
func (k Kind) Prefix() string {
	for _, p := range prefixes {
		if p.kind == k {
			return p.prefix
		}
	}
	return ""
}

// KindOf tells the kind of an id from its prefix; empty where it has none.
func KindOf(id ID) Kind {
	prefix, _, _ := strings.Cut(string(id), ":")
	for _, p := range prefixes {
		if p.prefix == prefix {
			return p.kind
		}
	}
	return ""
}

// ParseKind reads a kind as people write it: any case, "Document" or "doc".
func ParseKind(s string) (Kind, bool) {
	for _, p := range prefixes[:len(prefixes)-1] {
		if strings.EqualFold(s, string(p.kind)) || strings.EqualFold(s, p.prefix) {
			return p.kind, true
		}
	}
	return "", false
}

// ErrID is wrapped by the errors of ids that are not well formed.
var ErrID = errors.New("bad id")

// maxID bounds an id, in bytes.
const maxID = 512

// CheckID reports what is wrong with an id, or nil.
func CheckID(id ID) error {
	_, local, ok := strings.Cut(string(id), ":")
	switch {
	case !ok || local == "":
		return fmt.Errorf("%w %q: write kind:name, such as person:xie-feng", ErrID, id)
	case KindOf(id) == "":
		return fmt.Errorf("%w %q: no kind has this prefix", ErrID, id)
	case len(id) > maxID:
		return fmt.Errorf("%w: %d bytes, more than %d", ErrID, len(id), maxID)
	case !utf8.ValidString(string(id)):
		return fmt.Errorf("%w %q: not UTF-8", ErrID, id)
	}
	for _, r := range local {
		if !idRune(r) {
			return fmt.Errorf("%w %q: %q cannot stand in an id", ErrID, id, r)
		}
	}
	return nil
}

func idRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("-._~/:@()+,'", r)
}

// MakeID makes an id from a name: its folded letters and digits, joined by
// hyphens. It is empty where the name has neither.
func MakeID(kind Kind, name string) ID {
	words := strings.FieldsFunc(Fold(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	local := strings.Join(words, "-")
	if local == "" {
		return ""
	}
	if limit := maxID - len(kind.Prefix()) - 1; len(local) > limit {
		local = strings.ToValidUTF8(local[:limit], "")
	}
	return ID(kind.Prefix() + ":" + local)
}

// MakeDocumentID makes an id from what a document is cited by: its title,
// publisher and date. Titles alone are too often the same.
func MakeDocumentID(d Document) ID {
	return MakeID(Doc, strings.Join([]string{d.Label, d.Publisher, d.Published.Written}, " "))
}

func sortedIDs(ids []ID) []ID {
	if len(ids) == 0 {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}
