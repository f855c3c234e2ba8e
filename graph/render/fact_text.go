package render

import (
	"context"
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// FactText returns a fact with all its evidence as text, one property a line, asserting
// evidence first.
func (r *Renderer) FactText(ctx context.Context, f schema.Fact) (string, error) {
	j, err := r.Fact(ctx, f)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", Clean(j.Sentence))
	for _, line := range [][2]string{{"verb", string(j.Verb)}, {"date", j.annotatedDate()}, {"status", string(j.Status)}, {"standing", string(j.Standing)}} {
		fmt.Fprintf(&b, "  %-8s %s\n", line[0], Clean(line[1]))
	}
	asserting, others := f.Sides()
	for _, e := range append(asserting, others...) {
		if err := r.writeEvidence(ctx, &b, e, f); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

func (r *Renderer) writeEvidence(ctx context.Context, b *strings.Builder, e schema.Evidence, f schema.Fact) error {
	source, speakers, places, err := r.attribution(ctx, e)
	if err != nil {
		return err
	}
	lines := [][2]string{{"stance", string(e.Stance)}, {"source", source}, {"said", speakers}, {"at", places}, {"quote", schema.Quoted(e.Quote)}, {"note", e.Note}}
	if e.When != f.When {
		lines = append(lines, [2]string{"dated", e.When.String()})
	}
	if e.Method != schema.Curated {
		lines = append(lines, [2]string{"method", e.MethodWords()})
	}
	for _, l := range lines {
		if l[1] != "" {
			fmt.Fprintf(b, "  %-8s %s\n", l[0], Clean(l[1]))
		}
	}
	return nil
}

// attribution returns the document of a piece of evidence, its speakers, and the places
// that it gives for the fact.
func (r *Renderer) attribution(ctx context.Context, e schema.Evidence) (source, speakers, places string, err error) {
	if source, err = r.Source(ctx, e.Source); err != nil {
		return "", "", "", err
	}
	if speakers, err = r.Speakers(ctx, e); err != nil {
		return "", "", "", err
	}
	places, err = r.Names(ctx, e.At)
	return source, speakers, places, err
}
