package loaders

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// settleDocuments drops repeats and ties sources that are described where they
// are cited to the ones that are declared. Those that say most come first, so
// that the order of the files does not matter.
func (c *collector) settleDocuments() {
	slices.SortStableFunc(c.documents, func(a, b *rawDocument) int { return cmp.Compare(b.rank(), a.rank()) })
	for _, d := range c.documents {
		c.source = d.source
		if d.mention {
			c.tie(d)
		}
		if d.err != nil || d.elsewhere {
			continue
		}
		i, again := c.docByID[d.document.ID]
		if !again {
			c.docByID[d.document.ID] = len(c.cited)
			c.cited = append(c.cited, &d.document)
			c.names.Add(d.document.Entity)
			c.index(&d.document)
			continue
		}
		c.repeatedDocument(d, c.cited[i])
	}
}

// rank puts what is declared, or has a key, before what is described where it is
// cited.
func (d *rawDocument) rank() int {
	if !d.mention {
		return 8
	}
	return 4*btoi(d.keyed) + btoi(d.document.Publisher != "") + btoi(d.document.Published.Written != "")
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c *collector) repeatedDocument(d *rawDocument, first *schema.Document) {
	same := d.twice // its key is blamed already
	if !d.mention {
		again := d.document
		again.Pos = first.Pos
		same = same || reflect.DeepEqual(again, *first)
	} else if same = agrees(d.document, *first); same {
		c.fill(first, d.document)
	}
	if same {
		return
	}
	d.err = withHint(fmt.Errorf("%q is declared twice with different content: first at %v", first.ID, first.Pos),
		"give one of them another id, or leave one out")
	if d.mention {
		return // each fact that cites it tells
	}
	c.reject(&located{d.document.Pos, d.err}, d.source.excerpt(d.document.Pos, int(d.last)))
}

// tie gives a source that is described where it is cited the id of the one that
// it names by key, id or title.
func (c *collector) tie(d *rawDocument) {
	if !d.document.FromName {
		return
	}
	name := strings.TrimSuffix(strings.TrimPrefix(d.document.Label, "<"), ">")
	if len(c.sources[name]) > 0 {
		id, err := c.keyedSource(name)
		if d.err = err; err == nil {
			d.document.ID = id
		}
		return
	}
	if id := schema.ID(name); schema.KindOf(id) == schema.Doc && c.scope.has(id) {
		d.document.ID = id
		d.elsewhere = !c.names.has(id)
		return
	}
	c.tieByTitle(d)
}

// tieByTitle looks for the one source of a title that says all that d does. One
// of another input is known by its title alone.
func (c *collector) tieByTitle(d *rawDocument) {
	if _, ok := c.docByID[d.document.ID]; ok {
		return
	}
	key := schema.NameKey(d.document.Label)
	found := c.titled(key, d)
	switch known := c.scope.known.ofKinds(key, sources); {
	case len(found) == 1:
		d.document.ID = found[0]
	case len(found) > 1:
		d.err = c.ambiguous(d.document.Label, found)
	case d.onlyTitle() && len(known) == 1 && known[0] != d.document.ID:
		d.document.ID, d.elsewhere = known[0], true
	}
}

// titled returns the sources that d may be a mention of.
func (c *collector) titled(key string, d *rawDocument) []schema.ID {
	say := saying{key, d.document.Publisher, d.document.Published.Written, strings.Join(details(&d.document), "\x00")}
	all := c.byTitle[title{say.title, say.publisher, say.published}]
	if before, ok := c.titledBefore[say]; ok && before.of == len(all) && before.fills == c.fills {
		return before.found
	}
	var found []schema.ID
	for _, id := range all {
		if agrees(d.document, *c.cited[c.docByID[id]]) {
			found = append(found, id)
		}
	}
	c.titledBefore[say] = titledBefore{found, len(all), c.fills}
	return found
}

// title is what narrows a mention down; an empty publisher or date stands for any.
type title struct{ title, publisher, published string }

// saying is all that a mention says.
type saying struct{ title, publisher, published, details string }

// titledBefore is what was found for a mention among so many sources, after so
// many had got more from mentions.
type titledBefore struct {
	found     []schema.ID
	of, fills int
}

// index makes a source known by its names, and by what may stand beside them,
// where it was not known so before.
func (c *collector) index(d *schema.Document, before ...title) {
	for _, t := range titles(d) {
		if !slices.Contains(before, t) {
			c.byTitle[t] = append(c.byTitle[t], d.ID)
		}
	}
}

func titles(d *schema.Document) (all []title) {
	keys := []string{schema.NameKey(d.Label)}
	for _, a := range d.Aliases {
		keys = append(keys, schema.NameKey(a.Value))
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		for _, publisher := range slices.Compact([]string{"", d.Publisher}) {
			for _, published := range slices.Compact([]string{"", d.Published.Written}) {
				all = append(all, title{key, publisher, published})
			}
		}
	}
	return all
}

func (d *rawDocument) onlyTitle() bool {
	return d.document.Published.Written == "" && strings.Join(details(&d.document), "") == ""
}

// agrees reports whether two documents say the same where both say something.
func agrees(a, b schema.Document) bool {
	of := details(&b)
	for i, value := range details(&a) {
		if value != "" && of[i] != "" && value != of[i] {
			return false
		}
	}
	return a.Published.Written == "" || b.Published.Written == "" || a.Published == b.Published
}

func details(d *schema.Document) []string {
	return []string{d.Publisher, d.Author, d.URL, d.SHA256, d.Language, d.Description}
}

// fill adds to a document what another says of it.
func (c *collector) fill(into *schema.Document, from schema.Document) {
	before, known := strings.Join(details(into), "\x00")+into.Published.Written, titles(into)
	fill(into, from)
	if strings.Join(details(into), "\x00")+into.Published.Written != before {
		c.index(into, known...)
		c.fills++
	}
}

func fill(into *schema.Document, from schema.Document) {
	into.Publisher, into.Author = cmp.Or(into.Publisher, from.Publisher), cmp.Or(into.Author, from.Author)
	into.Published, into.URL = cmp.Or(into.Published, from.Published), cmp.Or(into.URL, from.URL)
	into.SHA256, into.Language = cmp.Or(into.SHA256, from.SHA256), cmp.Or(into.Language, from.Language)
	into.Description = cmp.Or(into.Description, from.Description)
}

// keyedSource finds the source that a key stands for in the file being read,
// else in the whole dataset.
func (c *collector) keyedSource(key string) (schema.ID, error) {
	found := c.sources[key]
	if here := c.sourcesOf[fileKey{c.source, key}]; len(here) > 0 {
		found = here
	}
	if len(found) > 1 {
		return "", fmt.Errorf("refers to a source key %w: %q", errRejected, key)
	}
	return found[0].document.ID, nil
}

// fileKey is a key of a source in one file.
type fileKey struct {
	source *source
	key    string
}
