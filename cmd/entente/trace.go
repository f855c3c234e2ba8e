package main

import (
	"cmp"
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// trace is the paths found, with what each hop goes by.
type trace struct {
	renderer *renderer
	all      bool
	datasets []string // whose evidence is wanted; none: everybody's
	paths    []jsonPath
}

type jsonPath struct {
	Hops    []jsonHop `json:"hops"`
	Telling float64   `json:"telling,omitempty"` // what the path costs by rank telling
	Certain *bool     `json:"certain,omitempty"` // of a path in order

	More bool `json:"more,omitempty"` // of the last one: there are more than those shown
	Cut  bool `json:"cut,omitempty"`  // of the last one: the search was cut, and there may be more

	tree        bool
	Approximate bool      `json:"approximate,omitempty"` // of a tree, as are those that it misses
	Missing     []jsonRef `json:"missing,omitempty"`
}

type jsonHop struct {
	From  jsonRef    `json:"from"`
	To    jsonRef    `json:"to"`
	Days  *jsonDays  `json:"days,omitempty"` // of a path in order: when it can be taken
	Facts []jsonStep `json:"facts"`
}

type jsonDays struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

type jsonStep struct {
	*jsonFact
	Reverse bool `json:"reverse"` // the fact points from To to From

	fact schema.Fact
}

func (t *trace) add(ctx context.Context, hops []paths.Hop) (*jsonPath, error) {
	p := jsonPath{}
	for _, h := range hops {
		from, err := t.renderer.ref(ctx, h.From)
		if err != nil {
			return nil, err
		}
		to, err := t.renderer.ref(ctx, h.To)
		if err != nil {
			return nil, err
		}
		hop := jsonHop{From: from, To: to}
		for _, s := range h.Steps {
			fact, err := t.renderer.graph.Fact(ctx, s.Fact)
			if err != nil {
				return nil, err
			}
			j, err := t.renderer.jsonFact(ctx, fact)
			if err != nil {
				return nil, err
			}
			j.Predicate = s.Verb
			hop.Facts = append(hop.Facts, jsonStep{j, s.Reverse, fact})
		}
		p.Hops = append(p.Hops, hop)
	}
	t.paths = append(t.paths, p)
	return &t.paths[len(t.paths)-1], nil
}

// addJourney adds a path in order, with the days of each step.
func (t *trace) addJourney(ctx context.Context, j paths.Journey) error {
	p, err := t.add(ctx, j.Hops)
	if err != nil {
		return err
	}
	p.Certain = &j.Certain
	for i, days := range j.Days {
		d := &jsonDays{}
		if days.From != schema.MinDay {
			d.From = days.From.String()
		}
		if days.To != schema.MaxDay {
			d.To = days.To.String()
		}
		p.Hops[i].Days = d
	}
	return nil
}

func (a *app) printTrace(cmd *cobra.Command, t *trace) error {
	switch a.config.Format {
	case "table":
		return a.write(cmd, func(w io.Writer) error { return t.writeText(cmd.Context(), w) })
	case "dot":
		return a.write(cmd, func(w io.Writer) error { return export.WriteLinks(cmd.Context(), w, t.renderer.graph, t.links()) })
	case "json", "jsonl":
		return a.print(cmd, &answer{json: t.paths})
	}
	rows, err := t.rows(cmd.Context())
	if err != nil {
		return err
	}
	return a.print(cmd, rows)
}

// links are the facts of all hops.
func (t *trace) links() (list []export.Link) {
	for _, p := range t.paths {
		for _, hop := range p.Hops {
			for _, s := range hop.Facts {
				list = append(list, export.Link{From: hop.From.ID, To: hop.To.ID, Fact: s.ID, Predicate: s.Predicate})
			}
		}
	}
	return list
}

// rows has one row for each piece of evidence of each hop.
func (t *trace) rows(ctx context.Context) (*answer, error) {
	rows := &answer{columns: []string{"path", "hop", "from", "to", "verb", "predicate", "reverse", "when", "at", "fact", "status", "standing",
		"dataset", "stance", "confidence", "method", "source", "locator", "speakers", "quote", "note", "certain", "earliest", "latest", "widened", "id"}}
	for i, p := range t.paths {
		for k, hop := range p.Hops {
			for _, s := range hop.Facts {
				for _, e := range t.ordered(s.fact) {
					source, speakers, at, err := t.testimony(ctx, e)
					if err != nil {
						return nil, err
					}
					rows.add(i+1, k+1, hop.From.Name, hop.To.Name, string(s.Verb), string(s.Predicate), s.Reverse, dateBy(s.fact, e.When), at, s.Sentence, string(s.Status), string(s.Standing),
						e.Dataset, string(e.Stance), cmp.Or(e.Confidence, 1), string(e.Method), source, e.Locator, speakers, e.Quote, e.Note,
						p.order(), hop.Days.earliest(), hop.Days.latest(), e.When.Widened(t.renderer.graph.Vocabulary().VerbKind(s.Verb)), string(s.ID))
				}
			}
		}
	}
	return rows, nil
}

// order says whether a path in order is certain; empty for others.
func (p *jsonPath) order() string {
	switch {
	case p.Certain == nil:
		return ""
	case *p.Certain:
		return "certain"
	}
	return "possible"
}

func (d *jsonDays) earliest() string {
	if d == nil {
		return ""
	}
	return d.From
}

func (d *jsonDays) latest() string {
	if d == nil {
		return ""
	}
	return d.To
}

// testimony says in words which document a piece of evidence is from, who spoke,
// and where it happened.
func (t *trace) testimony(ctx context.Context, e schema.Evidence) (source, speakers, at string, err error) {
	if source, err = t.renderer.source(ctx, e.Source); err != nil {
		return "", "", "", err
	}
	if speakers, err = t.renderer.speakers(ctx, e); err != nil {
		return "", "", "", err
	}
	at, err = t.renderer.names(ctx, e.At)
	return source, speakers, at, err
}
