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
	inlineSource                          *documentDraft // a source described inside the evidence
}

// fileDefaults are the values for facts of one file that do not have their own.
type fileDefaults struct {
	status   text
	evidence evidenceDraft
}

type entityDraft struct {
	source    *source
	entity    schema.Entity
	country   text
	lastLine  int32
	isMention bool // only a name and a kind, which never contradict a declaration
	inColumn  bool // the kind is in a column beside the name
}

type documentDraft struct {
	source    *source
	document  schema.Document
	lastLine  int32
	isMention bool

	hasKey      bool
	repeatsKey  bool  // an earlier source has the same key
	isElsewhere bool  // it is declared in another input
	err         error // why facts cannot cite it; nil if they can
}
