package loaders

import "github.com/entente-kg/entente/schema"

// rawFact is a fact as written, before names are resolved.
type rawFact struct {
	source     *source
	pos        text // where it begins; its value is unused
	last       int32
	row        int // of a table; 0 elsewhere
	sentence   text
	verb       text
	actorKind  schema.Kind
	objectKind schema.Kind
	placeKind  schema.Kind
	roles      []rawRole
	when       rawWhen
	topic      text
	status     text
	key        text
	sourceKey  text
	links      []rawLink
	evidence   *rawEvidence // what stands beside the sentence, if anything does
	several    []*rawEvidence
	defaults   *rawDefaults
	subject    schema.ID // the entity under which the fact is written
}

type rawRole struct {
	role  schema.Role
	names []text
}

type rawLink struct {
	link schema.LinkType
	keys []text
}

type rawWhen struct {
	when, since, until          text
	words, anchor, fromBy, toBy text
	attested                    bool
}

type rawEvidence struct {
	pos                                  text
	stance, source, quote, locator       text
	saidBy, method, note, count, elapsed text
	via, at                              []text
	confidence                           float64
	start, end                           int
	when                                 *rawWhen
	inline                               *rawDocument // a source described where it is cited
}

// rawDefaults is what the facts of one file leave unsaid.
type rawDefaults struct {
	status   text
	evidence rawEvidence
}

type rawEntity struct {
	source  *source
	entity  schema.Entity
	country text
	last    int32
	mention bool // named only, so that it never contradicts a declaration
	column  bool // named in a column beside its kind: looked up where it is declared
}

type rawDocument struct {
	source   *source
	document schema.Document
	last     int32
	mention  bool

	keyed     bool
	twice     bool  // its key was given before
	elsewhere bool  // it is one of another input
	err       error // why facts cannot cite it
}
