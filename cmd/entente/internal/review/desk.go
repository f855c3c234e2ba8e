package review

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// Desk is where one person decides about evidence.
type Desk struct {
	By       string           // the name of the person
	Texts    *grounding.Texts // the texts of documents; nil for none
	Emphasis [2]string        // what stands before and after a quote in its text
	last     []undoable
}

// undoable is a decision of this run, with what the dataset stated before.
type undoable struct {
	decision  graph.Decision
	before    schema.Fact
	corrected schema.ID // the fact that was added in place; empty for none
	dataset   string    // to which it was added
}

// Pending is one piece of evidence that waits for a person, with its fact.
type Pending struct {
	graph.Unreviewed
	Claim schema.Fact // the fact with all its evidence
	Piece schema.Evidence
}

// ListPending returns the pending evidence of datasets, or of all, in the order of
// datasets, documents and places.
func ListPending(ctx context.Context, g *graph.Graph, datasets []string) (list []Pending, err error) {
	all, err := graph.ListUnreviewed(ctx, g)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(u graph.Unreviewed) bool {
		return len(datasets) > 0 && !slices.Contains(datasets, u.Dataset)
	})
	ids := make([]schema.ID, len(all))
	for i, u := range all {
		ids[i] = u.Fact
	}
	facts, err := graph.FactsByID(ctx, g, ids)
	if err != nil {
		return nil, err
	}
	for i, u := range all {
		for _, e := range facts[i].Evidence {
			if e.ID == u.Evidence && e.IsPending() {
				list = append(list, Pending{u, facts[i], e})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Pending) int {
		return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Piece.Source, b.Piece.Source),
			cmp.Compare(a.Piece.Start, b.Piece.Start), cmp.Compare(a.Fact, b.Fact))
	})
	return list, nil
}

// Decision returns a decision of today.
func (d *Desk) Decision(state schema.ReviewState, why string) schema.Review {
	return schema.Review{State: state, By: d.By, On: time.Now().Format(time.DateOnly), Note: why}
}

// Decide records a decision, and returns the fact in words.
func (d *Desk) Decide(ctx context.Context, g *graph.Graph, p Pending, by schema.Review) (text string, err error) {
	said, err := render.New(g).Fact(ctx, p.Claim)
	if err != nil {
		return "", err
	}
	before, err := stated(ctx, g, p)
	if err != nil {
		return "", err
	}
	if _, err := graph.RecordReview(ctx, g, p.Dataset, p.Fact, p.Evidence, by, said.String()); err != nil {
		return "", err
	}
	d.last = append(d.last, undoable{before: before, decision: graph.Decision{Review: by, Fact: p.Fact,
		Source: p.Piece.Source, Quote: p.Piece.Quote, Dataset: p.Dataset}})
	return said.String(), nil
}

// stated returns what the dataset of evidence states of its fact.
func stated(ctx context.Context, g *graph.Graph, p Pending) (f schema.Fact, err error) {
	_, err = g.Update(ctx, p.Dataset, func(tx *graph.Tx) error {
		f, err = tx.Fact(p.Fact)
		return err
	})
	return f, err
}

// Again returns pending evidence as it is now; ok is false if it is no longer pending.
func (p Pending) Again(ctx context.Context, g *graph.Graph) (now Pending, ok bool, err error) {
	f, err := g.Fact(ctx, p.Fact)
	if errors.Is(err, graph.ErrNotFound) {
		return p, false, nil
	}
	for _, e := range f.Evidence {
		if e.ID == p.Evidence && e.IsPending() {
			return Pending{p.Unreviewed, f, e}, true, err
		}
	}
	return p, false, err
}

// Show writes a fact, one piece of its evidence in its context, and how much more there is.
func (d *Desk) Show(ctx context.Context, g *graph.Graph, w io.Writer, p Pending) error {
	alone := p.Claim
	alone.Evidence = []schema.Evidence{p.Piece}
	text, err := render.New(g).FactText(ctx, alone)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	context, err := d.context(ctx, g, p.Piece)
	if err != nil {
		return err
	}
	besides := ""
	if n := len(p.Claim.Evidence) - 1; n > 0 {
		besides = phrase.Counted(n, "other piece of evidence", "other pieces of evidence")
	}
	model := strings.TrimSpace(render.Clean(p.Piece.Review.Model) + " " + confidence(p.Piece.Confidence))
	for _, line := range [][2]string{{"model", model}, {"besides", besides}, {"context", context}} {
		if line[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "  %-8s %s\n", line[0], line[1]); err != nil {
			return err
		}
	}
	return nil
}

func confidence(c float64) string {
	if c == 0 {
		return ""
	}
	return fmt.Sprintf("(confidence %g)", c)
}

// contextBytes is how much of a text is shown before and after a quote.
const contextBytes = 300

// context returns the quote of evidence in the text of its document, or why there is none;
// nothing without texts.
func (d *Desk) context(ctx context.Context, g *graph.Graph, e schema.Evidence) (string, error) {
	if d.Texts == nil {
		return "", nil
	}
	document, err := g.Document(ctx, e.Source)
	if err != nil {
		return "", err
	}
	text, problem := d.Texts.Find(grounding.Document{SHA256: document.SHA256, Names: []string{document.URL, document.Label}})
	if problem != nil {
		return render.Clean(problem.Message), nil
	}
	places := text.Find(e.Quote)
	if len(places) == 0 {
		return "the quote is not in the text", nil
	}
	at := places[0]
	for _, p := range places {
		if e.End > 0 && p.Start == e.Start {
			at = p
		}
	}
	before, after := text.Around(at, contextBytes)
	return strings.TrimSpace(inLine(before) + d.Emphasis[0] + inLine(text.Words(at)) + d.Emphasis[1] + inLine(after)), nil
}

// inLine returns a part of a text without line breaks, and without characters that steer
// a terminal.
func inLine(text string) string {
	return render.Clean(strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(text))
}

// Corrected says that a fact was added in place of the one that was last rejected.
func (d *Desk) Corrected(dataset string, fact schema.ID) {
	last := &d.last[len(d.last)-1]
	last.dataset, last.corrected = dataset, fact
}

// Undo undoes the last decision at this desk, and restores the fact.
func (d *Desk) Undo(ctx context.Context, g *graph.Graph) error {
	last := d.last[len(d.last)-1]
	if last.corrected != "" {
		if _, err := g.Update(ctx, last.dataset, func(tx *graph.Tx) error { return tx.Remove(last.corrected) }); err != nil {
			return err
		}
	}
	if err := graph.Undecide(ctx, g, last.decision, last.before); err != nil {
		return err
	}
	d.last = d.last[:len(d.last)-1]
	return nil
}

// Correctable returns a fact as JSON that a person may correct.
func (p Pending) Correctable() ([]byte, error) {
	f, e := p.Claim, p.Piece
	e.Review, e.Method, e.Confidence, e.Start, e.End = nil, schema.Curated, 0, 0, 0
	f.Evidence = []schema.Evidence{e}
	var line, text bytes.Buffer
	err := loaders.WriteJSONLines(&line, func(yield func(schema.Record, error) bool) { yield(f, nil) })
	if err == nil {
		err = json.Indent(&text, line.Bytes(), "", "  ")
	}
	return text.Bytes(), err
}

// Edited returns a text after the user has changed it in an editor.
func Edited(ctx context.Context, text []byte) (_ []byte, err error) {
	editor := cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"))
	if editor == "" {
		return nil, errors.New("no editor: set VISUAL or EDITOR, such as EDITOR=nano")
	}
	folder, err := safefile.TempFolder(safefile.AnyPrefix)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, folder.Remove()) }()
	path := filepath.Join(folder.Path, "fact.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, err
	}
	words := strings.Fields(editor)
	c := exec.CommandContext(ctx, words[0], append(words[1:], path)...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("the editor %s: %w", words[0], err)
	}
	return os.ReadFile(path)
}

// OnlyFact returns the only record, which must be a fact.
func OnlyFact(records []schema.Record) (schema.Fact, error) {
	if len(records) == 1 {
		if f, ok := records[0].(schema.Fact); ok {
			return f, nil
		}
	}
	return schema.Fact{}, fmt.Errorf("want one fact, but there are %s", phrase.Plural(len(records), "record"))
}

// UserName returns the name of the user of this process.
func UserName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return cmp.Or(strings.TrimSpace(u.Name), u.Username)
}
