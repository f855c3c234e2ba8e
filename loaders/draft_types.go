package loaders

import "github.com/entente-kg/entente/schema"

// factDraft is a fact as written, before its names are resolved.
type factDraft struct {
	source        *source
	pos           text // where the fact begins; the value is unused
	lastLine      int32
	row           int // the row of a table; 0 in other formats
	sentence      text
	verb          text
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
	subject       schema.ID // the entity whose mapping contains the fact; empty for other facts
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
	via, at                               []text
	confidence                            float64
	start, end                            int
	when                                  *whenDraft
	inline                                documentNumber // a source described inside the evidence
}

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
	file      *file
	entity    schema.Entity
	country   string
	countryAt schema.Position
	lastLine  int32
	isMention bool // only a name and a kind, which never contradict a declaration
	inColumn  bool // the kind is in a column beside the name
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
