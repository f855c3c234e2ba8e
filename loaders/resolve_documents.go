package loaders

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// documentTable contains each document of a dataset once.
type documentTable struct {
	drafts   *drafts
	names    *nameResolver
	problems *problems

	list    []*schema.Document
	byID    map[schema.ID]int
	byTitle map[titleKey][]schema.ID // sources by all keys that a mention may have
	byFile  map[*source]schema.ID    // documents that represent the files themselves

	matches     map[mentionKey]mentionMatches
	completions int // how often a mention added details to a source
}

func newDocumentTable(d *drafts, names *nameResolver, found *problems) *documentTable {
	return &documentTable{
		drafts:   d,
		names:    names,
		problems: found,
		byID:     make(map[schema.ID]int),
		byTitle:  make(map[titleKey][]schema.ID),
		byFile:   make(map[*source]schema.ID),
		matches:  make(map[mentionKey]mentionMatches),
	}
}

// resolve merges repeated documents, and mentions of documents with their
// declarations. Documents with most details come first, so that the result does
// not depend on the order of files.
func (t *documentTable) resolve() {
	documents := t.drafts.documents
	slices.SortStableFunc(documents, func(a, b *documentDraft) int { return cmp.Compare(b.rank(), a.rank()) })
	for _, d := range documents {
		if d.isMention {
			t.identify(d)
		}
		if d.err != nil || d.isElsewhere {
			continue
		}
		i, again := t.byID[d.document.ID]
		if !again {
			t.byID[d.document.ID] = len(t.list)
			t.list = append(t.list, &d.document)
			t.drafts.names.Add(d.document.Entity)
			t.indexTitles(&d.document)
			continue
		}
		t.mergeRepeat(d, t.list[i])
	}
}

// rank orders declarations before mentions, and mentions by their details.
func (d *documentDraft) rank() int {
	if !d.isMention {
		return 8
	}
	return 4*btoi(d.hasKey) + btoi(d.document.Publisher != "") + btoi(d.document.Published.Written != "")
}

func (t *documentTable) mergeRepeat(d *documentDraft, first *schema.Document) {
	same := d.repeatsKey // reported already, for its key
	if !d.isMention {
		again := d.document
		again.Pos = first.Pos
		same = same || reflect.DeepEqual(again, *first)
	} else if same = agree(d.document, *first); same {
		t.complete(first, d.document)
	}
	if same {
		return
	}
	d.err = withHint(fmt.Errorf("%q is declared twice with different content: first at %v", first.ID, first.Pos),
		"give one of them another id, or remove one")
	if d.isMention {
		return // reported at each fact that cites it
	}
	t.problems.rejectAt(&positionedError{d.document.Pos, d.err}, d.source, d.document.Pos, d.lastLine)
}

// identify sets the id of a mention to the id of the document that its title, key
// or id refers to.
func (t *documentTable) identify(d *documentDraft) {
	if !d.document.FromName {
		return
	}
	name := strings.TrimSuffix(strings.TrimPrefix(d.document.Label, "<"), ">")
	if t.drafts.sources.has(name) {
		id, err := t.drafts.sources.id(name, d.source)
		if d.err = err; err == nil {
			d.document.ID = id
		}
		return
	}
	if id := schema.ID(name); schema.KindOf(id) == schema.Doc && t.names.scope.has(id) {
		d.document.ID = id
		d.isElsewhere = !t.drafts.names.has(id)
		return
	}
	t.identifyByTitle(d)
}

// identifyByTitle searches for the one source that has the title and agrees with
// all details of the mention. A source of another input is found only by a
// mention without other details.
func (t *documentTable) identifyByTitle(d *documentDraft) {
	if _, ok := t.byID[d.document.ID]; ok {
		return
	}
	key := schema.NameKey(d.document.Label)
	found := t.matching(key, d)
	switch known := t.names.scope.known.ofKinds(key, sources); {
	case len(found) == 1:
		d.document.ID = found[0]
	case len(found) > 1:
		d.err = t.names.ambiguous(d.document.Label, found)
	case d.hasOnlyTitle() && len(known) == 1 && known[0] != d.document.ID:
		d.document.ID, d.isElsewhere = known[0], true
	}
}

// matching returns the sources to which a mention may refer.
func (t *documentTable) matching(key string, d *documentDraft) []schema.ID {
	say := mentionKey{key, d.document.Publisher, d.document.Published.Written, strings.Join(details(&d.document), "\x00")}
	all := t.byTitle[titleKey{say.title, say.publisher, say.published}]
	if before, ok := t.matches[say]; ok && before.candidates == len(all) && before.completions == t.completions {
		return before.found
	}
	var found []schema.ID
	for _, id := range all {
		if agree(d.document, *t.list[t.byID[id]]) {
			found = append(found, id)
		}
	}
	t.matches[say] = mentionMatches{found, len(all), t.completions}
	return found
}

// titleKey is a title with the publisher and date that a mention may have; an
// empty publisher or date matches any.
type titleKey struct{ title, publisher, published string }

// mentionKey is all details of a mention.
type mentionKey struct{ title, publisher, published, details string }

// mentionMatches are the sources found for a mention. They are valid while the
// numbers of candidates and of completions stay the same.
type mentionMatches struct {
	found                   []schema.ID
	candidates, completions int
}

// indexTitles indexes a source under all its title keys except the keys in before.
func (t *documentTable) indexTitles(d *schema.Document, before ...titleKey) {
	for _, key := range titleKeys(d) {
		if !slices.Contains(before, key) {
			t.byTitle[key] = append(t.byTitle[key], d.ID)
		}
	}
}

func titleKeys(d *schema.Document) (all []titleKey) {
	keys := []string{schema.NameKey(d.Label)}
	for _, a := range d.Aliases {
		keys = append(keys, schema.NameKey(a.Value))
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		for _, publisher := range slices.Compact([]string{"", d.Publisher}) {
			for _, published := range slices.Compact([]string{"", d.Published.Written}) {
				all = append(all, titleKey{key, publisher, published})
			}
		}
	}
	return all
}

func (d *documentDraft) hasOnlyTitle() bool {
	return d.document.Published.Written == "" && strings.Join(details(&d.document), "") == ""
}

// agree reports whether no detail that both documents have differs.
func agree(a, b schema.Document) bool {
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

// complete adds the details that a document lacks from another document.
func (t *documentTable) complete(into *schema.Document, from schema.Document) {
	before, known := strings.Join(details(into), "\x00")+into.Published.Written, titleKeys(into)
	completeDocument(into, from)
	if strings.Join(details(into), "\x00")+into.Published.Written != before {
		t.indexTitles(into, known...)
		t.completions++
	}
}

func completeDocument(into *schema.Document, from schema.Document) {
	into.Publisher, into.Author = cmp.Or(into.Publisher, from.Publisher), cmp.Or(into.Author, from.Author)
	into.Published, into.URL = cmp.Or(into.Published, from.Published), cmp.Or(into.URL, from.URL)
	into.SHA256, into.Language = cmp.Or(into.SHA256, from.SHA256), cmp.Or(into.Language, from.Language)
	into.Description = cmp.Or(into.Description, from.Description)
}

// find returns the id of the source that evidence in a file cites by key, id or
// title.
func (t *documentTable) find(name string, in *source) (schema.ID, error) {
	if t.drafts.sources.has(name) {
		return t.drafts.sources.id(name, in)
	}
	r, err := t.names.resolve(name, sources, in)
	if err == nil && schema.KindOf(r.id) == schema.Doc {
		return r.id, nil
	}
	return "", schema.WithHint(fmt.Errorf("unknown source: %q", name), func() string { return t.suggestSource(name) })
}

func (t *documentTable) suggestSource(name string) string {
	near := t.names.scope.near.nearest("sources", name, func() []string {
		var all []string
		for _, d := range t.drafts.documents {
			all = append(all, d.document.Label)
		}
		return slices.AppendSeq(all, maps.Keys(t.drafts.sources.all))
	})
	return cmp.Or(schema.DidYouMean(near),
		fmt.Sprintf("declare it: under sources, - title: %s", name))
}

// forFile returns the id of the document that represents the file itself.
func (t *documentTable) forFile(s *source) schema.ID {
	if id, ok := t.byFile[s]; ok {
		return id
	}
	doc := &schema.Document{SHA256: s.hash}
	doc.ID, doc.Kind, doc.Label = schema.MakeID(schema.Doc, t.drafts.dataset+" "+s.relPath), schema.Doc, s.relPath
	doc.Pos = schema.Position{File: s.path}
	t.byFile[s] = doc.ID
	t.list = append(t.list, doc)
	return doc.ID
}
