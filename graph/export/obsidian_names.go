package export

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// noteNames gives notes names that are safe on every system and in links, and that differ
// in more than case.
type noteNames struct {
	taken map[string]bool
	next  map[string]int // the number to try next for a name
}

func newNoteNames() *noteNames {
	return &noteNames{taken: map[string]bool{"index": true}, next: map[string]int{}}
}

// add returns the name of a note for an entity, without folder and extension. Entities of
// the same name are numbered.
func (n *noteNames) add(label string, id schema.ID) string {
	name := fileName(label)
	if name == "" {
		name = fileName(string(id))
	}
	key := folded(name)
	for i := max(1, n.next[key]); ; i++ {
		numbered := name
		if i > 1 {
			numbered += " (" + strconv.Itoa(i) + ")"
		}
		if k := folded(numbered); !n.taken[k] {
			n.taken[k], n.next[key] = true, i+1
			return numbered
		}
	}
}

// folded returns a name without differences that some file systems ignore.
func folded(name string) string {
	return norm.NFKC.String(strings.ToLower(strings.ToUpper(norm.NFKC.String(name))))
}

var (
	reservedName  = pattern.New(`(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$`)
	fileExtension = pattern.New(`\.([A-Za-z0-9]{2,6})$`)
)

// fileNameBytes is the length of a name, apart from a number and the extension.
const fileNameBytes = 100

// fileName makes a file name of a label. Characters that a file system refuses, or that
// mean something in a link, are spaces; a name that Windows keeps for a device gets a
// word more. It is empty if the label has no character for a name.
func fileName(label string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || strings.ContainsRune("[]|#^\\/:*?\"<>%`", r):
			return ' '
		case r == unicode.ReplacementChar || !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, norm.NFC.String(shown(label)))
	name := strings.Trim(strings.Join(strings.Fields(clean), " "), ". ")
	name = strings.TrimRight(cut(name, fileNameBytes), ". ")
	name = fileExtension().ReplaceAllString(name, " $1") // else it looks like another kind of file
	if reservedName().MatchString(name) {
		name += " (name)"
		name = strings.Replace(name, ".", " ", 1)
	}
	return name
}

// cut returns the beginning of a text with at most limit bytes, without a part of a
// character or of its marks.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for ; limit > 0; limit-- {
		if r, _ := utf8.DecodeRuneInString(s[limit:]); utf8.RuneStart(s[limit]) && !unicode.IsMark(r) {
			break
		}
	}
	return s[:limit]
}

// noteLink returns a link to a note that shows a label: a link of Obsidian, or if the
// label has signs that could be read as a part of one, a link of Markdown.
func noteLink(folder, name, label string) string {
	switch {
	case name == label && isPlainLabel(label):
		return "[[" + name + "]]"
	case isPlainLabel(label):
		return "[[" + name + "|" + label + "]]"
	}
	return "[" + markdownText(label) + "](<../" + url.PathEscape(folder) + "/" + url.PathEscape(name) + ".md>)"
}

// isPlainLabel reports whether a label shows as it is in a link of Obsidian.
func isPlainLabel(label string) bool {
	if label != strings.Join(strings.Fields(shown(label)), " ") || label == "" {
		return false
	}
	return !strings.ContainsFunc(label, func(r rune) bool {
		return r < 0x80 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -.,'()", r)
	})
}
