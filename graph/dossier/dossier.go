// Package dossier writes facts with all their evidence as one HTML page that works
// without a network: for editors, colleagues and files of a court.
//
// [Write] writes the facts that a [Question] selects. Its zero value selects all facts
// of a graph; entities, the neighbourhood of an entity, or paths narrow it:
//
//	err := dossier.Write(ctx, file, g, dossier.Question{Entities: []schema.ID{"person:xie-feng"}}, nil)
//
// The page has a summary, the facts in order of time with each quote, its speaker and
// its document, terms of office, entities, documents, and a receipt: the question, the
// datasets with their hashes, and the digest of the graph. A reader without scripts, and
// paper, get all of it; the script of the page only searches, filters and opens. The
// page loads nothing, and its content security policy forbids it to.
//
// The same graph, question and options give the same bytes.
package dossier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// MaxFacts is the largest number of facts of a dossier.
const MaxFacts = 2000

// ErrTooMany is wrapped by the error of a question that selects more than [MaxFacts]
// facts.
var ErrTooMany = errors.New("too many facts for one dossier")

// Scope is what facts a dossier has of its entities.
type Scope int

// The scopes.
const (
	// Naming selects the facts that name at least one of the entities, in a role, as
	// place, speaker or source. Without entities it selects all facts.
	Naming Scope = iota
	// Around selects the facts that link entities within some hops of the first entity.
	Around
	// Between selects the facts of the best paths from the first entity to the second.
	Between
	// Listed selects the facts that Filter.Facts lists, whatever else Filter says.
	Listed
)

// DefaultPaths is the number of paths of a dossier if the question does not give one.
const DefaultPaths = 3

// Question selects the facts of a dossier. The zero value selects all facts.
type Question struct {
	Scope    Scope
	Entities []schema.ID

	// Filter limits the facts. Its fields With and Alongside, and its functions, are
	// ignored.
	Filter graph.Filter

	// Search limits the paths and neighbours that Between and Around find. If its
	// Conditions are nil, the search uses the facts that happened and that Filter
	// selects.
	Search paths.Query

	Paths int // most paths of Between; 0 means DefaultPaths

	// AllFacts adds to Around and Between all facts that link two of their entities, or the
	// two ends of a hop, whatever Filter says.
	AllFacts bool
}

// Options are what a dossier says of its making, at its foot.
type Options struct {
	Command string    // a command line that repeats the dossier
	Version string    // the version of the program
	Made    time.Time // not written if zero
}

// Write writes a dossier. Errors wrap [ErrTooMany], or [graph.ErrNotFound] if the
// question selects no fact or finds no path.
func Write(ctx context.Context, w io.Writer, g *graph.Graph, q Question, o *Options) error {
	if o == nil {
		o = &Options{}
	}
	if err := q.check(); err != nil {
		return err
	}
	snapshot, err := g.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	p, err := newCollector(g.Canonical(snapshot)).page(ctx, q, o)
	if err != nil {
		return err
	}
	return p.write(w)
}

// check returns an error that wraps graph.ErrQuery if the scope does not fit the number
// of entities.
func (q Question) check() error {
	want := map[Scope]int{Around: 1, Between: 2}
	if n, ok := want[q.Scope]; ok && len(q.Entities) != n {
		return fmt.Errorf("%w: the dossier needs %d entities, not %d", graph.ErrQuery, n, len(q.Entities))
	}
	return nil
}
