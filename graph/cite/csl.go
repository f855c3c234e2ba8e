package cite

import (
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/schema"
)

// cslItem is an item of CSL-JSON 1.0.2 (csl-data.json of citation-style-language/schema).
type cslItem struct {
	ID              string    `json:"id"`
	Type            string    `json:"type"`
	Title           string    `json:"title"`
	Author          []cslName `json:"author,omitempty"`
	Publisher       string    `json:"publisher,omitempty"`
	Issued          *cslDate  `json:"issued,omitempty"`
	Accessed        *cslDate  `json:"accessed,omitempty"`
	URL             string    `json:"URL,omitempty"`
	DOI             string    `json:"DOI,omitempty"`
	ISBN            string    `json:"ISBN,omitempty"`
	Language        string    `json:"language,omitempty"`
	Archive         string    `json:"archive,omitempty"`
	ArchiveLocation string    `json:"archive_location,omitempty"`
	Note            string    `json:"note,omitempty"`
	Annote          string    `json:"annote,omitempty"`
	Custom          cslCustom `json:"custom"`
}

// cslName is a name in one piece: which part of it is the family name is not known.
type cslName struct {
	Literal string `json:"literal"`
}

// cslCustom is what CSL has no variables for.
type cslCustom struct {
	ID       schema.ID                     `json:"id,omitempty"` // of the document in the graph
	SHA256   string                        `json:"sha256,omitempty"`
	Archived []cslArchive                  `json:"archived,omitempty"`
	Locators []string                      `json:"locators,omitempty"`
	Facts    map[schema.Stance]int         `json:"facts"` // how many it asserts, denies and so on
	Of       map[schema.Stance][]schema.ID `json:"fact-ids,omitempty"`
}

type cslArchive struct {
	URL string   `json:"url"`
	On  *cslDate `json:"on,omitempty"`
}

func (b *Bibliography) writeCSL(w io.Writer, o Options) error {
	items := make([]cslItem, 0, len(b.References))
	for _, r := range b.References {
		items = append(items, newCSLItem(r, o))
	}
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(items); err != nil {
		return err
	}
	_, err := io.WriteString(w, escapeControls(text.String()))
	return err
}

// escapeControls escapes the characters of a JSON text that could steer a terminal.
func escapeControls(text string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&15])
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func newCSLItem(r *Reference, o Options) cslItem {
	d := r.Document
	item := cslItem{ID: r.Key, Type: r.cslType(), Title: r.title(), Publisher: d.Publisher, Issued: newCSLDate(d.Published),
		Accessed: newCSLDate(schema.When{Written: d.Accessed}), URL: r.webURL(), DOI: r.doi(), ISBN: r.identifier("isbn:"), Language: d.Language,
		Note: r.note(), Annote: r.annotation(), Custom: newCSLCustom(r, o)}
	if d.Author != "" {
		item.Author = []cslName{{d.Author}}
	}
	if len(r.Archived) > 0 {
		item.ArchiveLocation = r.Archived[0].URL
		item.Archive = hostOf(item.ArchiveLocation)
	}
	return item
}

func newCSLCustom(r *Reference, o Options) cslCustom {
	c := cslCustom{ID: r.Document.ID, SHA256: r.Document.SHA256, Locators: r.Locators, Facts: map[schema.Stance]int{}}
	for _, a := range r.Archived {
		c.Archived = append(c.Archived, cslArchive{a.URL, newCSLDate(schema.When{Written: a.Made()})})
	}
	for stance, uses := range r.uses {
		c.Facts[stance] = len(uses)
	}
	if o.Facts {
		c.Of = map[schema.Stance][]schema.ID{}
		for stance := range r.uses {
			c.Of[stance] = r.Facts(stance)
		}
	}
	return c
}

// cslType returns the type of a document: what it is beyond a page of the web is not
// known.
func (r *Reference) cslType() string {
	switch {
	case r.File != "" || r.source.document == "":
		return "dataset"
	case strings.HasPrefix(r.Document.URL, "http"):
		return "webpage"
	}
	return "document"
}

// hostOf returns the host of an address, or the address if it has none.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return address
}
