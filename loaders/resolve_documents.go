package loaders

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"iter"
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
	byTitle titleIndex
	files   map[*file]schema.ID // documents that represent the files themselves
	cited   map[*file]bool      // those that are in the list

	settled    map[*documentDraft]citation // what the first occurrence of each draft became
	exceptions map[documentNumber]citation // later occurrences that became something else

	matches     map[mentionKey]mentionMatches
	completions int // how often a mention added details to a source
}

func newDocumentTable(d *drafts, names *nameResolver, found *problems) *documentTable {
	return &documentTable{
		drafts:   d,
		names:    names,
		problems: found,
		byID:     make(map[schema.ID]int),
		byTitle:  titleIndex{maphash.MakeSeed(), make(map[uint64]lastTitle), nil},
		files:    make(map[*file]schema.ID),
		cited:    make(map[*file]bool),
		matches:  make(map[mentionKey]mentionMatches),

		settled:    make(map[*documentDraft]citation),
		exceptions: make(map[documentNumber]citation),
	}
}

// citation returns what a document became.
func (t *documentTable) citation(n documentNumber) citation {
	if c, ok := t.exceptions[n]; ok {
		return c
	}
	return t.settled[t.drafts.documents[n-1]]
}

// settle remembers what a document became.
func (t *documentTable) settle(n documentNumber, c citation) {
	d := t.drafts.documents[n-1]
	first, again := t.settled[d]
	switch {
	case !again:
		t.settled[d] = c
	case first.id != c.id || first.isElsewhere != c.isElsewhere || first.err != nil || c.err != nil:
		t.exceptions[n] = c
	}
}

// idByKey returns the id of the document with a source key in a file, or else in
// the whole dataset.
func (t *documentTable) idByKey(key string, in *file) (schema.ID, error) {
	n, err := t.drafts.sources.number(key, in)
	if err != nil {
		return "", err
	}
	if c := t.citation(n); c.id != "" {
		return c.id, nil
	}
	return t.drafts.documents[n-1].document.ID, nil // not settled yet
}

// resolve merges repeated documents, and mentions of documents with their
// declarations. Documents with most details come first, so that the result does
// not depend on the order of files.
func (t *documentTable) resolve() {
	order := t.drafts.documentOrder()
	for _, n := range order {
		d := &documentOccurrence{documentDraft: *t.drafts.documents[n-1]}
		if d.isMention {
			t.identify(d)
		}
		if d.err == nil && !d.isElsewhere {
			t.addOrMerge(d)
		}
		t.settle(n, citation{d.document.ID, d.isElsewhere, d.err})
	}
}

// documentOccurrence is one place where a document is declared or mentioned.
type documentOccurrence struct {
	documentDraft
	isElsewhere bool  // it is declared in another input
	err         error // why facts cannot cite it; nil if they can
}

// documentOrder returns the documents in the order in which they are resolved.
func (d *drafts) documentOrder() []documentNumber {
	order := make([]documentNumber, len(d.documents))
	for i := range order {
		order[i] = documentNumber(i + 1)
	}
	slices.SortStableFunc(order, func(a, b documentNumber) int {
		return cmp.Compare(d.documents[b-1].rank(), d.documents[a-1].rank())
	})
	return order
}

// addOrMerge adds a document to the list, or merges it with the one that has its
// id.
func (t *documentTable) addOrMerge(d *documentOccurrence) {
	i, again := t.byID[d.document.ID]
	if again {
		t.mergeRepeat(d, t.list[i])
		return
	}
	t.byID[d.document.ID] = len(t.list)
	t.list = append(t.list, &d.document)
	t.drafts.names.Add(d.document.Entity)
	t.indexTitles(len(t.list) - 1)
}

// rank orders declarations before mentions, and mentions by their details.
func (d *documentDraft) rank() int {
	if !d.isMention {
		return 8
	}
	return 4*btoi(d.hasKey) + btoi(d.document.Publisher != "") + btoi(d.document.Published.Written != "")
}

func (t *documentTable) mergeRepeat(d *documentOccurrence, first *schema.Document) {
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
	d.err = faultOfValue(schema.RepeatedIdentity, string(first.ID), withHint(
		fmt.Errorf("%q is declared twice with different content: first at %v", first.ID, first.Pos),
		"give one of them another id, or remove one"))
	if d.isMention {
		return // reported at each fact that cites it
	}
	t.problems.rejectUnread(&positionedError{d.document.Pos, d.err}, excerpt{d.file, d.document.Pos, d.lastLine})
}

// identify sets the id of a mention to the id of the document that its title, key
// or id refers to.
func (t *documentTable) identify(d *documentOccurrence) {
	if !d.document.FromName {
		return
	}
	name := strings.TrimSuffix(strings.TrimPrefix(d.document.Label, "<"), ">")
	if t.drafts.sources.has(name) {
		id, err := t.idByKey(name, d.file)
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
func (t *documentTable) identifyByTitle(d *documentOccurrence) {
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
	case d.hasOnlyTitle() && len(known) == 0:
		t.identifyByKnownKey(d)
	}
}

// matching returns the sources to which a mention may refer.
func (t *documentTable) matching(key string, d *documentOccurrence) []schema.ID {
	say := mentionKey{key, d.document.Publisher, d.document.Published.Written, strings.Join(details(&d.document), "\x00")}
	title := titleKey{say.title, say.publisher, say.published}
	candidates := t.byTitle.count(title)
	if before, ok := t.matches[say]; ok && before.candidates == candidates && before.completions == t.completions {
		return before.found
	}
	var found []schema.ID
	for i := range t.byTitle.documents(title) {
		if known := t.list[i]; agree(d.document, *known) && slices.Contains(titleKeys(known), title) {
			found = append(found, known.ID)
		}
	}
	slices.Reverse(found)
	t.matches[say] = mentionMatches{found, candidates, t.completions}
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

// titleIndex finds sources by all keys that a mention may have. It knows the keys by
// their hashes alone.
type titleIndex struct {
	seed    maphash.Seed
	last    map[uint64]lastTitle
	entries []titleEntry
}

// lastTitle is the entry that was added last with a key, and the number of all that have it.
type lastTitle struct{ entry, count uint32 }

// titleEntry is a source in the list of the table, and the entry before with the same key.
type titleEntry struct{ document, before uint32 }

func (x *titleIndex) add(key titleKey, document int) {
	hash := maphash.Comparable(x.seed, key)
	last := x.last[hash]
	x.last[hash] = lastTitle{uint32(len(x.entries)), last.count + 1}
	x.entries = append(x.entries, titleEntry{uint32(document), last.entry})
}

// count returns how many sources have a key.
func (x *titleIndex) count(key titleKey) int {
	return int(x.last[maphash.Comparable(x.seed, key)].count)
}

// documents yields the numbers of the sources with the hash of a key, the last first.
func (x *titleIndex) documents(key titleKey) iter.Seq[int] {
	return func(yield func(int) bool) {
		last := x.last[maphash.Comparable(x.seed, key)]
		for i := last.entry; last.count > 0; last.count-- {
			if !yield(int(x.entries[i].document)) {
				return
			}
			i = x.entries[i].before
		}
	}
}

// indexTitles indexes the source with a number in the list under all its title keys
// except the keys in before.
func (t *documentTable) indexTitles(document int, before ...titleKey) {
	for _, key := range titleKeys(t.list[document]) {
		if !slices.Contains(before, key) {
			t.byTitle.add(key, document)
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
	return []string{d.Publisher, d.Author, d.URL, d.SHA256, d.Language, d.Description, d.Archived.URL, d.Archived.On}
}

// complete adds the details that a document lacks from another document.
func (t *documentTable) complete(into *schema.Document, from schema.Document) {
	before, known := strings.Join(details(into), "\x00")+into.Published.Written, titleKeys(into)
	completeDocument(into, from)
	if strings.Join(details(into), "\x00")+into.Published.Written != before {
		t.indexTitles(t.byID[into.ID], known...)
		t.completions++
	}
}

func completeDocument(into *schema.Document, from schema.Document) {
	into.Publisher, into.Author = cmp.Or(into.Publisher, from.Publisher), cmp.Or(into.Author, from.Author)
	into.Published, into.URL = cmp.Or(into.Published, from.Published), cmp.Or(into.URL, from.URL)
	into.SHA256, into.Language = cmp.Or(into.SHA256, from.SHA256), cmp.Or(into.Language, from.Language)
	into.Description = cmp.Or(into.Description, from.Description)
	into.Archived.URL, into.Archived.On = cmp.Or(into.Archived.URL, from.Archived.URL), cmp.Or(into.Archived.On, from.Archived.On)
	into.Accessed = schema.Later(into.Accessed, from.Accessed)
}

// find returns the id of the source that evidence in a file cites by key, id or
// title.
func (t *documentTable) find(name string, in *file, names *nameResolver) (schema.ID, error) {
	if t.drafts.sources.has(name) {
		return t.idByKey(name, in)
	}
	r, err := names.resolve(name, sources, in)
	if err == nil && schema.KindOf(r.id) == schema.Doc {
		return r.id, nil
	}
	if t.drafts.rejectedSources[schema.NameKey(name)] {
		return "", faultf(schema.RejectedReference, "refers to a source %w: %q", errRejected, strings.Clone(name))
	}
	name = strings.Clone(name)
	if id, err := t.findByKnownKey(name); id != "" || err != nil {
		return id, err
	}
	return "", faultOfValue(schema.UnknownSource, name, schema.WithHint(fmt.Errorf("unknown source: %q", name),
		func() string { return t.suggestSource(name) }))
}

func (t *documentTable) suggestSource(name string) string {
	near := t.names.scope.near.nearest("sources", name, func() []string {
		var all []string
		for _, n := range t.drafts.documentOrder() {
			all = append(all, t.drafts.documents[n-1].document.Label)
		}
		return slices.AppendSeq(all, maps.Keys(t.drafts.sources.all))
	})
	return cmp.Or(schema.DidYouMean(near),
		fmt.Sprintf("declare it: under sources, - title: %s", name))
}

// fileID returns the id of the document that represents a file itself.
func (t *documentTable) fileID(f *file) schema.ID { return t.files[f] }

// identifyFiles computes the ids of the documents that represent the files.
func (t *documentTable) identifyFiles() {
	for _, b := range t.drafts.blocks {
		if _, ok := t.files[b.file]; !ok {
			t.files[b.file] = schema.FileID(t.drafts.dataset, b.file.relPath)
		}
	}
}

// addFile adds the document that represents a file itself, which facts cite. What a delta
// says is cited as the full file says it on that day.
func (t *documentTable) addFile(f *file) {
	if f = cmp.Or(f.full, f); t.cited[f] {
		return
	}
	t.cited[f] = true
	doc := &schema.Document{SHA256: f.sha256()}
	doc.ID, doc.Kind, doc.Label = t.fileID(f), schema.Doc, f.relPath
	doc.Pos = schema.Position{File: f.path}
	t.list = append(t.list, doc)
}
