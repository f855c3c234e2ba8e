package loaders

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// drafts are the declarations of all files of one dataset, before names are
// resolved. Of facts in blocks of rows they have only the number: the blocks are
// parsed again.
type drafts struct {
	dataset          string
	factKeys         map[string]factKey // the keys that a fact may have
	about            map[string]string
	names            *Names         // the names of declared entities and documents
	entities         []*entityDraft // declared
	mentions         []*entityDraft // a name and a kind, without a declaration
	mentioned        map[mentionedName]bool
	badMentions      map[mentionedName]schema.Position
	documents        []*documentDraft // equal mentions of one document share a draft
	shared           map[documentContent]*documentDraft
	inCells          map[fileKey]documentNumber // documents that cells of a table describe
	sources          sourceKeys
	facts            int
	keys             map[string]keyPlace // facts with a local key
	blocks           []*block
	saved            savedFacts
	resolvedByLoader []schema.Fact // facts of loaders that resolve names themselves
	texts            []schema.NQuads
	tally            mapping.Tally

	rejectedEntities []*entityDraft
	rejectedSources  map[string]bool // titles as name keys, ids and keys
	failed           []unparsed
}

// keyPlace is the number of a fact with a local key, and where the key is.
type keyPlace struct {
	fact int
	pos  schema.Position
}

func newDrafts(dataset string, v *schema.Vocabulary) *drafts {
	return &drafts{
		dataset:     dataset,
		factKeys:    factKeysOf(v),
		about:       make(map[string]string),
		names:       NewNames(),
		mentioned:   make(map[mentionedName]bool),
		badMentions: make(map[mentionedName]schema.Position),
		shared:      make(map[documentContent]*documentDraft),
		inCells:     make(map[fileKey]documentNumber),
		sources:     sourceKeys{make(map[string][]documentNumber), make(map[fileKey][]documentNumber)},
		keys:        make(map[string]keyPlace),

		rejectedSources: make(map[string]bool),
	}
}

// add adds what was collected in a block. It must not conflict.
func (d *drafts) add(c *collector) {
	b := c.block
	b.firstFact, b.facts, b.kept = d.facts, c.facts, c.kept
	d.blocks, d.facts = append(d.blocks, b), d.facts+c.facts
	if c.saved != nil {
		d.saved.add(b, c.saved.data)
	}
	for key, value := range c.about {
		d.about[key] = value
	}
	for key, place := range c.keys {
		d.keys[key] = keyPlace{b.firstFact + place.fact, place.pos}
	}
	for key, pos := range c.badMentions {
		d.badMentions[key] = pos
	}
	for _, e := range c.named {
		d.names.Add(*e)
	}
	d.entities = append(d.entities, c.entities...)
	for _, m := range c.mentions {
		if m.name.name == "" || !d.mentioned[m.name] {
			d.mentions = append(d.mentions, m.draft)
		}
	}
	for key := range c.mentioned {
		d.mentioned[key] = true
	}
	d.texts = append(d.texts, c.texts...)
	d.tally.Add(&c.tally)
	d.rejectedEntities = append(d.rejectedEntities, c.rejectedEntities...)
	if len(d.failed) < mostKept {
		d.failed = append(d.failed, c.failed...)
	}
	for _, name := range c.rejectedSources {
		d.rejectedSources[schema.NameKey(name)] = true
	}
	d.addDocuments(c)
}

// addDocuments adds the documents of a block. A mention in cells is added only if
// no block before has the same cells.
func (d *drafts) addDocuments(c *collector) {
	c.block.firstDocument = len(d.documents)
	if len(c.inCells) > 0 {
		c.block.firstDocument = 0 // the block is parsed again with the numbers of the dataset
	}
	numbers := make([]documentNumber, 0, len(c.documents))
	for _, doc := range c.documents {
		cells := fileKey{c.block.file, doc.cells}
		if before := d.inCells[cells]; doc.cells != "" && before != 0 {
			numbers = append(numbers, before)
			continue
		}
		draft := doc.draft
		if draft.isMention && !draft.hasKey {
			draft = d.shareMention(draft)
		}
		d.documents = append(d.documents, draft)
		number := documentNumber(len(d.documents))
		numbers = append(numbers, number)
		if doc.cells != "" {
			d.inCells[cells] = number
		}
		if draft.hasKey {
			d.sources.add(doc.key, draft.file, number)
		}
	}
	if len(c.inCells) > 0 && c.saved != nil {
		c.block.saved.documents = numbers
	}
}

// documentContent is all that makes two mentions of a document in one file equal.
type documentContent struct {
	file    *file
	content string
}

// shareMention returns an earlier draft that is equal to a mention, or the mention.
func (d *drafts) shareMention(doc *documentDraft) *documentDraft {
	m := doc.document
	parts := append([]string{string(m.ID), fmt.Sprint(m.FromName), m.Label, m.Published.Written, m.Accessed, m.Born}, details(&m)...)
	parts = append(append(parts, m.Identifiers...), "")
	for _, a := range m.Aliases {
		parts = append(parts, a.Value, a.Lang)
	}
	key := documentContent{doc.file, strings.Join(parts, "\x00")}
	if before, ok := d.shared[key]; ok {
		return before
	}
	d.shared[key] = doc
	return doc
}

// addForeign adds the records of a loader that resolves names itself.
func (d *drafts) addForeign(c *collector, records iter.Seq2[schema.Record, error]) error {
	for record, err := range records {
		var row *RowError
		switch {
		case errors.As(err, &row):
			c.problems.add(row)
			continue
		case err != nil:
			return err
		}
		switch r := record.(type) {
		case schema.Entity:
			c.addEntity(entityDraft{file: c.block.file, entity: r})
		case schema.Document:
			c.addDocument(documentDraft{file: c.block.file, document: r}, "")
		case schema.Fact:
			for i := range r.Evidence {
				r.Evidence[i].Dataset = d.dataset
			}
			d.resolvedByLoader = append(d.resolvedByLoader, r)
		case schema.NQuads:
			d.texts = append(d.texts, r)
		}
	}
	return nil
}

// sourceKeys finds documents by key, in one file or in the whole dataset.
type sourceKeys struct {
	all    map[string][]documentNumber // several documents with one key are an error
	byFile map[fileKey][]documentNumber
}

// fileKey is a key in one file.
type fileKey struct {
	file *file
	key  string
}

func (k sourceKeys) add(key string, f *file, d documentNumber) {
	k.all[key] = append(k.all[key], d)
	here := fileKey{f, key}
	k.byFile[here] = append(k.byFile[here], d)
}

func (k sourceKeys) has(key string) bool { return len(k.all[key]) > 0 }

// number returns the document with a key in a file, or else in the whole dataset.
// It is an error if several documents have the key.
func (k sourceKeys) number(key string, in *file) (documentNumber, error) {
	found := k.all[key]
	if here := k.byFile[fileKey{in, key}]; len(here) > 0 {
		found = here
	}
	if len(found) > 1 {
		return 0, faultf(schema.RejectedReference, "refers to a source key %w: %q", errRejected, strings.Clone(key))
	}
	return found[0], nil
}

// factDraft is a fact as written, before its names are resolved.
type factDraft struct {
	source        *source
	pos           text // where the fact begins; the value is unused
	lastLine      int32
	row           int // the row of a table; 0 in other formats
	sentence      text
	verb          text
	isCoded       bool     // a code named the verb, which may fall back on a wider verb
	lacks         []string // the keys of a mapping that have no value in this row
	actorKind     schema.Kind
	recipientKind schema.Kind
	placeKind     schema.Kind
	roles         []roleDraft
	when          whenDraft
	topic         text
	status        text
	key           text
	sourceKey     text
	links         []linkDraft
	ownEvidence   *evidenceDraft // from evidence keys of the fact itself; nil if there are none
	evidenceList  []*evidenceDraft
	defaults      *fileDefaults
	isUnplaced    bool          // rows of a mapping repeat it, so none of them is its place
	dates         written.Order // of the dates in the file
	subject       schema.ID     // the entity whose mapping contains the fact; empty for other facts
	errs          faults        // of parsing

	ofRejected      bool // the subject is an entity with errors
	declaresNothing bool // the names beside their kinds are not declared, since the fact has errors
}

// clean makes a fact empty. Its lists keep their memory.
func (f *factDraft) clean() {
	clear(f.roles[:cap(f.roles)])
	clear(f.links[:cap(f.links)])
	clear(f.evidenceList[:cap(f.evidenceList)])
	*f = factDraft{roles: f.roles[:0], links: f.links[:0], evidenceList: f.evidenceList[:0]}
}

type roleDraft struct {
	role  schema.Role
	names []text
}

type linkDraft struct {
	link schema.LinkType
	keys []text
}

type whenDraft struct {
	when, since, until          text
	words, anchor, fromBy, toBy text
	attested                    bool
}

type evidenceDraft struct {
	pos                                   text
	stance, source, quote, locator        text
	saidBy, method, note, count, duration text
	review                                reviewDraft
	via, at                               []text
	confidence                            float64
	start, end                            int
	when                                  *whenDraft
	inline                                documentNumber // a source described inside the evidence
	failedSource                          bool           // that source has errors
}

// reviewDraft is the review of evidence: see [schema.Review].
type reviewDraft struct{ state, model, by, on, note text }

// documentNumber identifies a document of a block: the number of documents that
// were added before it, plus one. Zero is no document.
type documentNumber int

// fileDefaults are the values for facts of one file that do not have their own.
type fileDefaults struct {
	status   text
	evidence evidenceDraft
}

// entityDraft is a declared entity, or a mention: a name and a kind. It keeps
// nothing of the text of its file.
type entityDraft struct {
	file        *file
	entity      schema.Entity
	country     *countryDraft // nil if none is written
	lastLine    int32
	errs        faults
	isMention   bool // only a name and a kind, which never contradict a declaration
	inColumn    bool // the kind is in a column beside the name
	isByID      bool // a mention of an id, which has its name only if nothing declares the id
	isOfAnyKind bool // a mention that gives way to an entity of any kind with its id
	inRow       bool // a mapping made it of a row, so other rows may say more of it
}

// countryDraft is the name of an entity's country, and where it is.
type countryDraft struct {
	name string
	at   schema.Position
}

// documentDraft is a declared document, or a mention inside evidence. It keeps
// nothing of the text of its file.
type documentDraft struct {
	file      *file
	document  schema.Document
	lastLine  int32
	isMention bool

	hasKey     bool
	repeatsKey bool // an earlier source has the same key
}

// citation is the document to which a draft was resolved, or the error that keeps
// facts from citing it.
type citation struct {
	id          schema.ID
	isElsewhere bool // it is declared in another input
	err         error
}

// emptySide returns the side that a row of a table with a verb lacks; empty if it has
// both, or parties.
func (f *factDraft) emptySide() schema.Role {
	has := func(role schema.Role) bool {
		return slices.ContainsFunc(f.roles, func(r roleDraft) bool { return r.role == role })
	}
	switch {
	case f.row == 0 || f.sentence.isSet() || has(schema.RoleParty):
	case !has(schema.RoleActor):
		return schema.RoleActor
	case !has(schema.RoleRecipient):
		return schema.RoleRecipient
	}
	return ""
}
