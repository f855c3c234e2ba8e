package loaders

import "github.com/entente-kg/entente/schema"

// factDraft is a fact as written, before names are resolved.
type factDraft struct {
	source        *source
	pos           text // where it begins; its value is unused
	lastLine      int32
	row           int // of a table; 0 elsewhere
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
	ownEvidence   *evidenceDraft // what stands beside the sentence, if anything does
	evidenceList  []*evidenceDraft
	defaults      *fileDefaults
	subject       schema.ID // the entity under which the fact is written
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
	inlineSource                          *documentDraft // a source described where it is cited
}

// fileDefaults is what the facts of one file leave unsaid.
type fileDefaults struct {
	status   text
	evidence evidenceDraft
}

type entityDraft struct {
	source    *source
	entity    schema.Entity
	country   text
	lastLine  int32
	isMention bool // named only, so that it never contradicts a declaration
	inColumn  bool // named in a column beside its kind: looked up where it is declared
}

type documentDraft struct {
	source    *source
	document  schema.Document
	lastLine  int32
	isMention bool

	hasKey      bool
	repeatsKey  bool  // its key was given before
	isElsewhere bool  // it is one of another input
	err         error // why facts cannot cite it
}
