package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

func verbsCommand(a *app) *cobra.Command {
	var groups []string
	cmd := &cobra.Command{
		Use:   "verbs [WORD...]",
		Short: "List the verbs of the vocabulary, or those that words or a code describe",
		Long: `Verbs lists the verbs of the vocabulary, and then the predicates of the edges of
roles, such as mediator and host. These predicates have the kind "role", and the
column roles lists the roles whose edges have the predicate.

With words it lists the verbs that have all of them in their id, in a phrase, in
their group, in their note or in the meaning of a code, best first, with all that
the vocabulary says of them; then those with other forms of the words, such as
negotiations for negotiated. A code of CAMEO or PLOVER, such as 036 or
CONSULT/visit, finds the verb to which it leads, and its status; "by" names the
wider code where the code itself names no verb.

A table of all verbs leaves out what the other formats have: kinds of subject and
object, roles, codes, wider verbs and notes.`,
		GroupID: "ask",
		Args:    cobra.ArbitraryArgs,
		Example: `  entente verbs meeting
  entente verbs 036
  entente verbs CONSULT/visit
  entente verbs --group request`,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := a.opener().vocabulary()
			if err != nil {
				return err
			}
			t, err := listVerbs(v, strings.Join(args, " "), groups)
			if err != nil {
				return err
			}
			return a.output(cmd).Print(cmd.Context(), t)
		},
	}
	cmd.Flags().StringArrayVar(&groups, "group", nil, "only verbs of this `GROUP`, such as contact or conflict; repeatable")
	cmd.Flags().String("vocabulary", "", "`FILE` of verbs to add to the built-in verbs")
	outputFlags(cmd)
	return cmd
}

// listVerbs returns the verbs that words describe, or all verbs without words, of
// the groups or of all groups.
func listVerbs(v *schema.Vocabulary, words string, groups []string) (*output.Answer, error) {
	inGroups, err := predicatesOf(v, groups)
	if err != nil {
		return nil, err
	}
	l := &verbList{vocabulary: v, codes: codesOf(v), objects: []verbObject{}}
	l.table.Columns = []string{"verb", "kind", "group", "phrases", "inverse", "subject", "object", "roles", "wider", "plover", "cameo", "codes", "note", "found"}
	var found []schema.Found
	if words = strings.TrimSpace(words); words != "" {
		found = schema.Search(v, words)
	} else {
		l.table.Hidden = []string{"inverse", "subject", "object", "roles", "wider", "plover", "cameo", "codes", "note"}
		for _, predicate := range v.Predicates() {
			found = append(found, schema.Found{Predicate: predicate})
		}
	}
	for _, f := range found {
		if slices.Contains(inGroups, f.Predicate) {
			l.add(f)
		}
	}
	if len(l.objects) == 0 {
		return nil, nothingFound(v, words)
	}
	l.table.JSON = l.objects
	return &l.table, nil
}

// nothingFound is the error of a search that found no verb.
func nothingFound(v *schema.Vocabulary, words string) error {
	if strings.Trim(words, "0123456789") == "" {
		if _, err := v.ByCode(schema.CAMEO, words); err != nil {
			return fmt.Errorf("%w: %w", err, graph.ErrNotFound)
		}
	}
	err := fmt.Errorf("verbs with %q: %w", words, graph.ErrNotFound)
	return schema.WithHint(err, func() string { return schema.DidYouMean(v.SuggestPredicates(words)) })
}

// predicatesOf lists the predicates of groups, or all predicates without groups.
func predicatesOf(v *schema.Vocabulary, groups []string) (predicates []schema.Verb, err error) {
	for _, word := range splitList(groups, nil) {
		group := v.Group(strings.ToLower(word))
		if len(group) == 0 {
			return nil, usagef("unknown group of verbs %q: want one of %s", word, phrase.List(v.Groups()))
		}
		predicates = append(predicates, group...)
	}
	if len(groups) == 0 {
		predicates = v.Predicates()
	}
	return predicates, nil
}

// codesOf lists the codes that lead to each verb.
func codesOf(v *schema.Vocabulary) map[schema.Verb][]schema.Coded {
	codes := make(map[schema.Verb][]schema.Coded)
	for _, system := range schema.CodeSystems(v) {
		for _, c := range v.Codes(system) {
			codes[c.Verb] = append(codes[c.Verb], c)
		}
	}
	return codes
}

// verbList collects the rows and the JSON objects of verbs.
type verbList struct {
	vocabulary *schema.Vocabulary
	codes      map[schema.Verb][]schema.Coded
	table      output.Answer
	objects    []verbObject
}

// verbObject is a verb in JSON, or a predicate of roles' edges.
type verbObject struct {
	Verb       schema.Verb     `json:"verb"`
	Kind       schema.VerbKind `json:"kind"`
	Group      string          `json:"group"`
	Phrases    []string        `json:"phrases"`
	Inverse    []string        `json:"inverse"`
	Symmetric  *bool           `json:"symmetric,omitempty"`
	Subject    []schema.Kind   `json:"subject,omitempty"`
	Object     []schema.Kind   `json:"object,omitempty"`
	Roles      []schema.Role   `json:"roles,omitempty"`
	Wider      schema.Verb     `json:"wider,omitempty"`
	Plover     *string         `json:"plover,omitempty"`
	PloverMode string          `json:"plover-mode,omitempty"`
	Cameo      *string         `json:"cameo,omitempty"`
	Codes      []codeObject    `json:"codes,omitempty"`
	Note       string          `json:"note,omitempty"`
	Found      []matchObject   `json:"found,omitempty"`
}

// codeObject is a code that leads to a verb.
type codeObject struct {
	System  string        `json:"system"`
	Code    string        `json:"code"`
	By      string        `json:"by,omitempty"` // the wider code that names the verb
	Status  schema.Status `json:"status"`
	Meaning string        `json:"meaning,omitempty"`
}

// matchObject is a text or a code that a search found.
type matchObject struct {
	In   string      `json:"in"`
	Text string      `json:"text"`
	Code *codeObject `json:"code,omitempty"`
}

func newCodeObject(c schema.Coded) codeObject {
	o := codeObject{System: c.System, Code: c.Code, Status: c.Status, Meaning: c.Meaning}
	if c.ByRoot() {
		o.By = c.From
	}
	return o
}

func (l *verbList) add(f schema.Found) {
	o := verbObject{Verb: f.Predicate, Phrases: []string{l.vocabulary.Phrase(f.Predicate)}}
	var plover, mode, cameo string
	if d, ok := l.vocabulary.Lookup(f.Predicate); ok {
		plover, mode, cameo = d.Plover.Type, d.Plover.Mode, d.Cameo
		o.Kind, o.Group, o.Phrases, o.Inverse, o.Subject, o.Object, o.Note = d.Kind, d.Group, d.Phrases, d.Inverse, d.Subject, d.Object, d.Note
		o.Symmetric, o.Plover, o.PloverMode, o.Cameo, o.Roles = &d.Symmetric, &d.Plover.Type, mode, &d.Cameo, d.Roles
		o.Wider, _ = l.vocabulary.Wider(f.Predicate)
	} else if e, ok := l.vocabulary.RoleEdge(f.Predicate); ok {
		o.Kind, o.Group, o.Inverse, o.Roles, o.Note = "role", e.Group, []string{e.Inverse}, e.Roles, e.Note
	}
	for _, c := range l.codes[f.Predicate] {
		o.Codes = append(o.Codes, newCodeObject(c))
	}
	for _, m := range f.Matches {
		match := matchObject{In: m.In, Text: m.Text}
		if m.In == "code" {
			code := newCodeObject(m.Code)
			match.Code = &code
		}
		o.Found = append(o.Found, match)
	}
	l.objects = append(l.objects, o)
	l.table.Add(string(o.Verb), string(o.Kind), o.Group, phrase.List(o.Phrases), phrase.List(o.Inverse), phrase.List(o.Subject), phrase.List(o.Object),
		phrase.List(o.Roles), string(o.Wider), strings.Trim(plover+"/"+mode, "/"), cameo, codeTexts(l.codes[f.Predicate]), o.Note, matchTexts(f.Matches))
}

// codeTexts lists the codes that name a verb, without those that lead to it by a
// wider code.
func codeTexts(codes []schema.Coded) string {
	var texts []string
	for _, c := range codes {
		text := c.System + " " + c.Code
		if c.Status != schema.Happened {
			text += " (" + string(c.Status) + ")"
		}
		if !c.ByRoot() {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, ", ")
}

// matchTexts lists the codes by which a search found a verb: other matches are in
// columns that are shown anyway.
func matchTexts(matches []schema.Match) string {
	var texts []string
	for _, m := range matches {
		if m.In == "code" || m.In == "case" {
			texts = append(texts, m.Text)
		}
	}
	return strings.Join(texts, "; ")
}

// vocabularyOfFlags returns the vocabulary with the verbs of --vocabulary, and of the
// graph if a flag names one.
func (a *app) vocabularyOfFlags(cmd *cobra.Command) (v *schema.Vocabulary, err error) {
	if !cmd.Flags().Changed("graph") {
		return a.opener().vocabulary()
	}
	err = a.opener().withGraph(cmd.Context(), func(g *graph.Graph) error {
		v = g.Vocabulary()
		return nil
	})
	return v, err
}

func toTexts[T ~string](words []T) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return texts
}
