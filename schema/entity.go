package schema

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrEntity is wrapped by the errors of malformed entities.
var ErrEntity = errors.New("bad entity")

// CheckEntity returns the first error in an entity, or nil. Errors wrap
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
	if err := checkNames(e); err != nil {
		return err
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

// maxName is the limit of a name, in bytes.
const maxName = 1024

func checkNames(e Entity) error {
	for _, a := range append([]Text{{Value: e.Label}}, e.Aliases...) {
		switch {
		case !utf8.ValidString(a.Value):
			return fmt.Errorf("%w %s: %q is not UTF-8", ErrEntity, e.ID, a.Value)
		case len(a.Value) > maxName:
			return fmt.Errorf("%w: a name of %d bytes, more than %d: %q", ErrEntity, len(a.Value), maxName, a.Value[:40]+"...")
		case strings.ContainsAny(a.Value, "\n\r\u2028\u2029"):
			return fmt.Errorf("%w %s: a name stands on one line: %q", ErrEntity, e.ID, a.Value)
		case a.Lang != "" && !IsLanguage(a.Lang):
			return fmt.Errorf("%w %s: %q is no language tag such as en or zh-Hant", ErrEntity, e.ID, a.Lang)
		}
	}
	if !utf8.ValidString(e.Description) {
		return fmt.Errorf("%w %s: %q is not UTF-8", ErrEntity, e.ID, e.Description)
	}
	return nil
}

var (
	languageTag = lazyRegexp(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)
	sha256Hex   = lazyRegexp(`^[0-9A-Fa-f]{64}$`)
)

// IsLanguage reports whether a tag has the form of a BCP 47 language tag.
func IsLanguage(tag string) bool { return languageTag().MatchString(tag) }

// isAddress reports whether a text is the address of a document.
func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && slices.Contains([]string{"http", "https", "urn", "doi", "ftp", "file"}, u.Scheme)
}

// CheckDocument returns the first error in the properties of a document that
// [CheckEntity] does not check. Errors wrap [ErrEntity] or [ErrDate].
func CheckDocument(d Document) error {
	switch {
	case d.SHA256 != "" && !sha256Hex().MatchString(d.SHA256):
		return fmt.Errorf("%w %s: %q is no SHA-256 in hexadecimal", ErrEntity, d.ID, d.SHA256)
	case d.Language != "" && !IsLanguage(d.Language):
		return fmt.Errorf("%w %s: %q is no language tag such as en or zh-Hant", ErrEntity, d.ID, d.Language)
	case d.URL != "" && !isAddress(d.URL):
		return fmt.Errorf("%w %s: %q is no address such as https://example.org/page", ErrEntity, d.ID, d.URL)
	}
	_, err := d.Published.Span(Interaction)
	return cmp.Or(err, d.checkCopies())
}
