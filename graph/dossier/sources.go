package dossier

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// sourceView is a document as the page shows it. Its texts are clean.
type sourceView struct {
	Number    int
	Anchor    string
	Title     string
	Publisher string
	Author    string
	Published string
	Text      string // title, publisher and date
	URL       address
	Archived  []archivedView
	Accessed  string
	Also      []string // other identifiers
	About     string   // its description
	SHA256    string
	ID        string
	Stances   string // how many facts it asserts, denies, doubts and repeats
	Facts     int

	lang   string
	id     schema.ID
	json   render.Document
	counts map[schema.Stance]map[schema.ID]bool
}

// address is a web address, or another text in its place. Only http and https addresses
// are links.
type address struct {
	Text string
	Link string // empty if the text is no http or https address
	Host string
}

// archivedView is an archived copy of a document.
type archivedView struct {
	address
	On string // the day on which it was made; empty if it is not known
}

// newAddress checks an address.
func newAddress(s string) address {
	a := address{Text: render.Clean(s)}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || a.Text != s || strings.ContainsAny(s, " \\") {
		return a
	}
	a.Link, a.Host = u.String(), u.Hostname()
	return a
}

// source returns the document of a piece of evidence. Its number is set by sortSources.
func (c *collector) source(ctx context.Context, e *render.Evidence) (*sourceView, error) {
	if s, ok := c.sources[e.Source.ID]; ok {
		return s, nil
	}
	d, err := c.graph.Document(ctx, e.Source.ID)
	if err != nil && !errors.Is(err, graph.ErrNotFound) {
		return nil, err
	}
	name, err := c.names.Source(ctx, e.Source.ID)
	if err != nil {
		return nil, err
	}
	s := &sourceView{
		Title: render.Clean(e.Source.Name), Publisher: render.Clean(d.Publisher), Author: render.Clean(d.Author), Text: render.Clean(name),
		About: render.Clean(d.Description), SHA256: d.SHA256, ID: render.Clean(string(e.Source.ID)),
		lang: languageOf(d.Language), id: e.Source.ID, json: e.Source, counts: map[schema.Stance]map[schema.ID]bool{},
	}
	if e.Source.Published != nil {
		s.Published = render.Clean(e.Source.Published.Text)
	}
	if e.Source.Accessed != nil {
		s.Accessed = render.Clean(e.Source.Accessed.Text)
	}
	s.addAddresses(d)
	c.sources[e.Source.ID] = s
	return s, nil
}

// addAddresses adds the addresses of a document and its other identifiers.
func (s *sourceView) addAddresses(d schema.Document) {
	original, copies, identifiers := d.Copies()
	s.URL = newAddress(original)
	for _, a := range copies {
		s.Archived = append(s.Archived, archivedView{newAddress(a.URL), render.Clean(a.Made())})
	}
	for _, id := range identifiers {
		s.Also = append(s.Also, render.Clean(id))
	}
}

// count adds a fact to the counts of each document that it cites.
func (c *collector) count(f *render.Fact) {
	for _, e := range f.Evidence {
		s := c.sources[e.Source.ID]
		if s == nil {
			continue
		}
		if s.counts[e.Stance] == nil {
			s.counts[e.Stance] = map[schema.ID]bool{}
		}
		s.counts[e.Stance][f.ID] = true
	}
}

// sortSources returns the documents by publisher, title and date, with numbers.
func (c *collector) sortSources() (sources []*sourceView) {
	for _, s := range c.sources {
		sources = append(sources, s)
	}
	slices.SortFunc(sources, func(a, b *sourceView) int {
		if order := strings.Compare(a.Text, b.Text); order != 0 {
			return order
		}
		return strings.Compare(string(a.id), string(b.id))
	})
	for i, s := range sources {
		s.Number, s.Anchor = i+1, anchor("source", i+1)
		s.setCounts()
	}
	return sources
}

// setCounts puts the counts of a document into words.
func (s *sourceView) setCounts() {
	verbs := map[schema.Stance]string{schema.Asserts: "asserts ", schema.Denies: "denies ", schema.Doubts: "doubts ", schema.Hearsay: "repeats as hearsay "}
	var words []string
	all := map[schema.ID]bool{}
	for _, stance := range schema.Stances() {
		if n := len(s.counts[stance]); n > 0 {
			words = append(words, verbs[stance]+counted(n, "fact", "facts"))
		}
		for id := range s.counts[stance] {
			all[id] = true
		}
	}
	s.Stances, s.Facts = list(words), len(all)
}
