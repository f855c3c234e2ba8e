package dossier

import (
	"context"
	"strings"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// receiptView says how to repeat a dossier.
type receiptView struct {
	Command    string        `json:"command,omitempty"`
	Question   string        `json:"question"`
	Conditions []string      `json:"conditions,omitempty"`
	Datasets   []datasetView `json:"datasets"`
	Others     int           `json:"other-datasets,omitempty"` // loaded datasets without a fact here
	Digest     string        `json:"digest"`
	Vocabulary string        `json:"vocabulary"`
	Version    string        `json:"version,omitempty"`
	Made       string        `json:"made,omitempty"`
	Stale      bool          `json:"stale,omitempty"` // the graph may lack its last change
}

// datasetView is a dataset that has evidence in the dossier.
type datasetView struct {
	Name   string `json:"dataset"`
	Title  string `json:"title,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // of its input
	Facts  int    `json:"facts"`            // in the dossier
	Of     int    `json:"of"`               // in the dataset
	Edits  string `json:"changed-by-hand,omitempty"`
}

// receipt says how to repeat a dossier. Graphs that are equal have the same receipt,
// wherever they are.
func (c *collector) receipt(ctx context.Context, q Question, o *Options, facts []*factView) (v receiptView, err error) {
	v = receiptView{Command: render.Clean(o.Command), Version: render.Clean(o.Version), Vocabulary: c.graph.Vocabulary().Hash(), Stale: c.graph.Stale() != nil}
	if !o.Made.IsZero() {
		v.Made = o.Made.UTC().Format(time.RFC3339)
	}
	if v.Question, err = c.questionInWords(ctx, q); err != nil {
		return v, err
	}
	if v.Conditions, err = c.conditionsInWords(ctx, q); err != nil {
		return v, err
	}
	snapshot, err := c.graph.Snapshot()
	if err != nil {
		return v, err
	}
	defer snapshot.Close()
	if v.Digest, err = graph.Digest(ctx, snapshot); err != nil {
		return v, err
	}
	return v, c.addDatasets(ctx, &v, facts)
}

// addDatasets adds the datasets that have evidence in the dossier.
func (c *collector) addDatasets(ctx context.Context, v *receiptView, facts []*factView) error {
	count := map[string]map[schema.ID]bool{}
	for _, f := range facts {
		for _, e := range f.fact.Evidence {
			if count[e.Dataset] == nil {
				count[e.Dataset] = map[schema.ID]bool{}
			}
			count[e.Dataset][f.fact.ID] = true
		}
	}
	sets, err := c.graph.Datasets(ctx)
	if err != nil {
		return err
	}
	for _, s := range sets {
		if len(count[s.Name]) == 0 {
			v.Others++
			continue
		}
		edits, err := c.graph.Edits(ctx, s.Name)
		if err != nil {
			return err
		}
		d := datasetView{Name: render.Clean(s.Name), Title: render.Clean(s.About["title"]), SHA256: s.Input, Facts: len(count[s.Name]), Of: s.Facts}
		if edits.Len() > 0 {
			d.Edits = edits.String()
		}
		v.Datasets = append(v.Datasets, d)
	}
	return nil
}

// questionInWords says which facts a question selects.
func (c *collector) questionInWords(ctx context.Context, q Question) (string, error) {
	var names []string
	for _, id := range q.Entities {
		name, err := c.names.Name(ctx, id)
		if err != nil {
			return "", err
		}
		names = append(names, name+" ("+string(id)+")")
	}
	words := ""
	switch {
	case q.Scope == Around:
		words = "The facts that link entities within " + counted(q.hops(), "hop", "hops") + " of " + names[0] + ", each with two of these entities in roles"
	case q.Scope == Between:
		words = "The facts of the best paths from " + names[0] + " to " + names[1] + ", at most " + counted(q.paths(), "path", "paths") + " of at most " + counted(q.hops(), "hop", "hops")
	case q.Scope == Listed:
		words = "Facts listed by their ids, such as what a script finds: see the command"
	case len(names) == 0 && len(q.Filter.About) == 0:
		words = "All facts"
	case len(names) == 0:
		words = "The facts about the entities below"
	case len(names) == 1:
		words = "The facts that name " + names[0] + ", in a role, as place, speaker or source"
	default:
		words = "The facts that name at least one of " + list(names) + ", in a role, as place, speaker or source"
	}
	if q.AllFacts && q.Scope != Naming {
		words += ", with all facts between them, whatever the conditions"
	}
	return render.Clean(words), nil
}

// conditionsInWords describes the conditions of a question, a line each.
func (c *collector) conditionsInWords(ctx context.Context, q Question) (lines []string, err error) {
	k := q.Filter.Conditions
	add := func(name string, values ...string) {
		if text := strings.Join(values, ", "); text != "" {
			lines = append(lines, render.Clean(name+": "+text))
		}
	}
	names := func(ids []schema.ID) []string {
		var list []string
		for _, id := range ids {
			name, e := c.names.Name(ctx, id)
			list, err = append(list, name+" ("+string(id)+")"), firstOf(err, e)
		}
		return list
	}
	about := "about all of"
	if q.Filter.AboutOnly {
		about = "about all of, themselves and not through their people and places"
	}
	add(about, names(q.Filter.About)...)
	add("verb", texts(k.Verbs)...)
	add("status", texts(k.Statuses)...)
	add("standing", texts(k.Standings)...)
	add("since", k.Since)
	add("until", k.Until)
	add("as of", k.AsOf)
	if k.Undated {
		add("facts without a date", "also")
	}
	if k.Contained {
		add("dates", "certainly within the period")
	}
	add("dataset", k.Datasets...)
	if len(k.Datasets) > 0 {
		lines = append(lines, "evidence of other datasets about these facts: shown too")
	}
	add("at least so many documents assert it", number(float64(k.MinSources)))
	add("confidence of at least", number(k.MinConfidence))
	add("disputed facts", map[graph.Disputed]string{graph.DisputedNot: "left out", graph.DisputedOnly: "only these"}[k.Disputed])
	if q.Scope == Between && q.Search.Rank != "" && q.Search.Rank != paths.ByTelling {
		add("order of paths", string(q.Search.Rank))
	}
	add("edges of roles", map[graph.Roles]string{graph.MainRoles: "not used"}[k.Roles])
	add("direction of the search", string(q.Search.Direction))
	add("only through", texts(q.Search.Through)...)
	add("not through", names(q.Search.Avoid)...)
	return lines, err
}
