package cite

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// writeText writes references for people, numbered.
func (b *Bibliography) writeText(ctx context.Context, to io.Writer, o Options) error {
	w := bufio.NewWriter(to)
	words := render.New(b.graph)
	for i, r := range b.References {
		number := fmt.Sprintf("%d. ", i+1)
		indent := strings.Repeat(" ", len(number))
		fmt.Fprintf(w, "%s%s\n", number, render.Clean(r.sentence()))
		for _, line := range r.lines() {
			fmt.Fprintf(w, "%s%s\n", indent, render.Clean(line))
		}
		if !o.Facts {
			continue
		}
		if err := b.writeFacts(ctx, w, words, r, indent); err != nil {
			return err
		}
	}
	return w.Flush()
}

// sentence returns the author, the title, the publisher and the date of a document.
func (r *Reference) sentence() string {
	var parts []string
	for _, part := range []string{r.Document.Author, r.quotedTitle(), r.Document.Publisher} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if published := r.Document.Published; !published.IsZero() {
		parts = append(parts, inWords(published))
	}
	text := ""
	for _, part := range parts {
		text += part
		if !strings.HasSuffix(part, ".") {
			text += "."
		}
		text += " "
	}
	return strings.TrimSuffix(text, " ")
}

// quotedTitle returns the title in quotation marks, or what stands in its place.
func (r *Reference) quotedTitle() string {
	if r.hasTitle() && r.File == "" {
		return "“" + r.Document.Label + "”"
	}
	return r.title()
}

// lines returns what follows the first line of a reference.
func (r *Reference) lines() (lines []string) {
	if r.URL != "" && r.hasTitle() {
		lines = append(lines, r.URL)
	}
	if doi := r.doi(); doi != "" && !strings.Contains(r.URL, doi) {
		lines = append(lines, "doi:"+doi)
	}
	lines = append(lines, r.copies()...)
	if accessed := r.Document.Accessed; accessed != "" {
		lines = append(lines, "accessed "+inWords(schema.When{Written: accessed}))
	}
	lines = append(lines, r.lacks()...)
	support := r.support()
	if places := r.places(); places != "" {
		support += "; cited at " + places
	}
	return append(lines, support)
}

// writeFacts writes the facts that rest on a document, in order of time.
func (b *Bibliography) writeFacts(ctx context.Context, w io.Writer, words *render.Renderer, r *Reference, indent string) error {
	for _, stance := range schema.Stances() {
		for ids := range slices.Chunk(r.Facts(stance), 1000) {
			facts, err := graph.FactsByID(ctx, b.graph, ids)
			if err == nil {
				err = graph.SortByTime(b.graph.Vocabulary(), facts)
			}
			if err != nil {
				return err
			}
			for _, f := range facts {
				said, err := words.Fact(ctx, f)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "%s  %s %s  %s\n", indent, stanceVerbs[stance], f.ID, said)
			}
		}
	}
	return nil
}
