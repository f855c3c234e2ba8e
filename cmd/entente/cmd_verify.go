package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

func verifyCommand(a *app) *cobra.Command {
	var texts []string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check the whole graph, and print a digest of all that it states",
		Long: `Verify checks every page, block and index of a graph, and every fact. It reads the
graph of --graph in a separate process with limits of memory and time, so that damage that makes
the process crash or hang is reported too.

Equal datasets have an equal digest, from whatever files and in whatever order they were
loaded: entente help keeping says what the digest covers.

With --text DIR every quote of the graph must stand in the text of its document, in whole
words: entente help formats says how a text is found, and what may differ. Quotes that do
not stand are listed, and the exit code is 3. Quotes whose documents have no text are
counted. The quotes of a damaged graph are not read.`,
		Example: `  entente verify --graph g
  entente verify --graph g --text articles --format json`,
		GroupID: "data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			held, err := openTexts(texts)
			if err != nil {
				return err
			}
			v, err := verify(cmd.Context(), a.opener(), a.children())
			if err != nil {
				return err
			}
			answer := verification(v)
			var quotes *heldQuotes
			if held != nil && len(v.Problems) == 0 {
				if quotes, err = holdQuotes(cmd.Context(), a.opener(), held); err != nil {
					return err
				}
				quotes.addTo(answer)
			}
			if err := a.output(cmd).Print(cmd.Context(), answer); err != nil {
				return err
			}
			if len(v.Problems) > 0 {
				return fmt.Errorf("%w: %s", errDamaged, phrase.Plural(len(v.Problems), "problem"))
			}
			return quotes.failure()
		},
	}
	textFlag(cmd.Flags(), &texts)
	return reading(cmd)
}

// heldQuotes are the quotes of a graph that were held to the texts of their documents.
type heldQuotes struct {
	grounding.Count
	wrong   []wrongQuote
	lacking map[schema.ID]int // quotes of documents without a text
}

// wrongQuote is a quote that its text lacks, or has elsewhere.
type wrongQuote struct {
	Fact     schema.ID      `json:"fact"`
	Evidence schema.ID      `json:"evidence"`
	Dataset  string         `json:"dataset"`
	Document schema.ID      `json:"document"`
	File     string         `json:"file"`
	Rule     grounding.Rule `json:"rule"`
	Text     string         `json:"text"`
	Hint     string         `json:"hint,omitempty"`
}

// holdQuotes holds the quotes of a graph that was verified.
func holdQuotes(ctx context.Context, o *opener, texts *grounding.Texts) (*heldQuotes, error) {
	h := &heldQuotes{lacking: make(map[schema.ID]int)}
	return h, o.withGraph(ctx, func(g *graph.Graph) error {
		for q, err := range graph.Grounding(ctx, g, texts) {
			if err != nil {
				return err
			}
			switch h.Add(q.Held); {
			case q.Outcome == grounding.NotChecked && q.Document.ID != "":
				h.lacking[q.Document.ID]++
			case q.Problem != nil && q.Outcome != grounding.NotChecked:
				h.wrong = append(h.wrong, wrongQuote{q.Fact, q.Evidence.ID, q.Evidence.Dataset, q.Document.ID, q.File, q.Problem.Rule, q.Problem.Message, q.Problem.Hint()})
			}
		}
		return nil
	})
}

// addTo adds the numbers of quotes, and the wrong ones, to the answer of verify.
func (h *heldQuotes) addTo(t *output.Answer) {
	t.Add("quotes checked", h.Checked())
	t.Add("quotes not found", h.Missing)
	t.Add("quotes not at their offsets", h.Apart)
	t.Add("quotes not checked", h.NotChecked())
	for _, w := range h.wrong {
		text := fmt.Sprintf("%s of %s: %s: %s", w.Fact, w.Dataset, w.Rule, w.Text)
		if w.Hint != "" {
			text += "; " + w.Hint
		}
		t.Add("quote", text)
	}
	for _, id := range slices.Sorted(maps.Keys(h.lacking)) {
		t.Add("no text", fmt.Sprintf("%s: %s", id, phrase.Plural(h.lacking[id], "quote")))
	}
	t.JSON.(map[string]any)["quotes"] = map[string]any{"checked": h.Checked(), "not-found": h.Missing, "not-at-offsets": h.Apart, "not-checked": h.NotChecked(),
		"problems": append([]wrongQuote{}, h.wrong...), "without-text": h.lacking}
}

// failure is the error of quotes that their texts lack; nil for none. It may be called for
// nil.
func (h *heldQuotes) failure() error {
	if h == nil || h.Missing == 0 {
		return nil
	}
	return inputError{fmt.Errorf("%s not in the texts of their documents", phrase.Counted(h.Missing, "quote is", "quotes are"))}
}

func verification(v graph.Verification) *output.Answer {
	t := &output.Answer{Columns: []string{"what", "value"}}
	t.Add("quads", v.Quads)
	t.Add("terms", v.Terms)
	t.Add("facts", v.Facts)
	t.Add("edges", v.Edges)
	t.Add("digest", v.Digest)
	t.Add("dangling", len(v.Dangling))
	t.Add("problems", len(v.Problems))
	for _, p := range v.Problems {
		t.Add("problem", p)
	}
	t.JSON = map[string]any{"quads": v.Quads, "terms": v.Terms, "facts": v.Facts, "edges": v.Edges,
		"digest": v.Digest, "dangling": append([]schema.ID{}, v.Dangling...), "problems": append([]string{}, v.Problems...)}
	return t
}

// verify checks a graph in a child process. A temporary graph of inputs is checked in
// this process.
func verify(ctx context.Context, o *opener, c children) (v graph.Verification, err error) {
	if o.config.Graph != "" && len(o.config.In) == 0 {
		err = c.doOnUntrusted(ctx, "verify", o.config.Graph, o.config, &v)
		return v, err
	}
	return verifyHere(ctx, o)
}

func verifyJob(ctx context.Context, request []byte) (any, error) {
	o := &opener{console: &console{}}
	if err := json.Unmarshal(request, &o.config); err != nil {
		return nil, err
	}
	return verifyHere(ctx, o)
}

func verifyHere(ctx context.Context, o *opener) (v graph.Verification, err error) {
	err = o.withGraph(ctx, func(g *graph.Graph) error {
		v, err = g.Verify(ctx)
		return err
	})
	return v, err
}
