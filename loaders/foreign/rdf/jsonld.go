package rdf

import (
	"crypto/sha256"
	_ "embed" // the contexts
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
	"github.com/entente-kg/entente/schema/turtle"
)

// Contexts are the contexts of JSON-LD that a user gives, by their IRIs. The one under the
// empty IRI stands for every context that has none.
type Contexts map[string][]byte

// Digest returns what tells contexts apart; empty for none.
func (c Contexts) Digest() string {
	if len(c) == 0 {
		return ""
	}
	h := sha256.New()
	for _, iri := range slices.Sorted(maps.Keys(c)) {
		fmt.Fprintf(h, "%q %x\n", iri, sha256.Sum256(c[iri]))
	}
	return fmt.Sprintf("contexts %x", h.Sum(nil)[:8])
}

//go:embed schema_org.jsonld
var schemaOrg []byte

//go:embed popolo.jsonld
var popoloContext []byte

// embedded returns a context that is part of the program; nil for none.
func embedded(iri string) []byte {
	_, name, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(iri, "docs/jsonldcontext.jsonld"), "/"), "://")
	switch {
	case name == "schema.org" || name == "www.schema.org":
		return schemaOrg
	case strings.HasPrefix(strings.TrimPrefix(name, "www."), "popoloproject.com/contexts/"):
		return popoloContext
	}
	return nil
}

// offline answers requests for contexts without any network. It implements
// [ld.DocumentLoader].
type offline struct {
	given   Contexts
	missing string // the first context that is not known
	err     error  // the first context that is not JSON
}

// LoadDocument implements [ld.DocumentLoader].
func (o *offline) LoadDocument(iri string) (*ld.RemoteDocument, error) {
	text := o.given[iri]
	if text == nil {
		text = embedded(iri)
	}
	if text == nil {
		text = o.given[""]
	}
	if text == nil {
		if o.missing == "" {
			o.missing = iri
		}
		return nil, ld.NewJsonLdError(ld.LoadingRemoteContextFailed, iri)
	}
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		o.err = errors.Join(o.err, fmt.Errorf("the context of %s is not JSON: %w", iri, err))
		return nil, o.err
	}
	return &ld.RemoteDocument{DocumentURL: iri, Document: document}, nil
}

// Sentinels that json-gold gives to what a context leaves without a meaning.
const (
	noBase   = "http://relative.invalid/" // no such host can be
	unmapped = "urn:x-entente-unmapped:"
	labelled = "urn:x-entente-blank:" // begins the labels of blank nodes, which json-gold renames
)

// withLabels returns a value of JSON in which texts that begin as a blank node begin with
// [labelled].
func withLabels(value any) any {
	switch v := value.(type) {
	case string:
		if label, is := strings.CutPrefix(v, "_:"); is {
			return labelled + label
		}
	case []any:
		for i := range v {
			v[i] = withLabels(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = withLabels(v[key])
		}
	}
	return value
}

// maxJSONLD is the largest text of JSON-LD, in bytes, since it is read as a whole.
const maxJSONLD = 1 << 26

// jsonLD yields the statements of a text of JSON-LD. An error, a [*turtle.Error], is the
// last pair.
func jsonLD(text string, given Contexts) iter.Seq2[turtle.Statement, error] {
	return func(yield func(turtle.Statement, error) bool) {
		data, err := dataset(text, given)
		if err != nil {
			yield(turtle.Statement{}, err)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(data.Graphs)) {
			for _, q := range data.Graphs[name] {
				s, err := statement(name, q, text)
				if err != nil {
					yield(s, err)
					return
				}
				if s.Predicate.Text != "" && !yield(s, nil) {
					return
				}
			}
		}
	}
}

// dataset reads a text as a dataset of RDF.
func dataset(text string, given Contexts) (data *ld.RDFDataset, err error) {
	if len(text) > maxJSONLD {
		return nil, failed(text, "", fmt.Errorf("%d bytes of JSON-LD, more than %d, which are read as a whole: convert the file to N-Quads or TriG", len(text), maxJSONLD))
	}
	var document any
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&document); err != nil {
		return nil, jsonError(text, d.InputOffset(), err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, jsonError(text, d.InputOffset(), errors.New("more after the value"))
	}
	loader := &offline{given: given}
	options := ld.NewJsonLdOptions(noBase)
	options.DocumentLoader = loader
	options.ExpandContext = map[string]any{"@vocab": unmapped}
	defer func() {
		if p := recover(); p != nil {
			data, err = nil, failed(text, "", fmt.Errorf("not JSON-LD: %v", p))
		}
	}()
	result, err := ld.NewJsonLdProcessor().ToRDF(withLabels(document), options)
	switch {
	case loader.missing != "":
		return nil, missingContext(text, loader.missing)
	case loader.err != nil:
		return nil, failed(text, "", loader.err)
	case err != nil:
		return nil, failed(text, "", fmt.Errorf("not JSON-LD: %w", err))
	}
	return result.(*ld.RDFDataset), nil
}

// missingContext is the error of a context that is neither embedded nor given.
func missingContext(text, iri string) error {
	shown := strings.TrimPrefix(iri, noBase)
	err := fmt.Errorf("the context %q is not known, and nothing is fetched over the network", shown)
	return failed(text, shown, schema.WithHint(err, func() string {
		return fmt.Sprintf("give it: --context %s=FILE, or --context FILE for every context that is not known", shown)
	}))
}

// failed gives an error the place of a word in the text, or else of its beginning.
func failed(text, word string, err error) error {
	offset := 0
	if word != "" {
		offset = max(strings.Index(text, `"`+word+`"`), 0)
	}
	line, col := turtle.Place(text, offset)
	return &turtle.Error{Line: line, Col: col, Err: err}
}

func jsonError(text string, offset int64, err error) error {
	if at := (*json.SyntaxError)(nil); errors.As(err, &at) {
		offset = max(at.Offset-1, 0)
	}
	line, col := turtle.Place(text, int(offset))
	return &turtle.Error{Line: line, Col: col, Err: fmt.Errorf("not JSON: %w", err)}
}

// statement returns a quad as a statement; one without a predicate if no context gives a
// meaning to a key.
func statement(graph string, q *ld.Quad, text string) (s turtle.Statement, err error) {
	if graph != "@default" {
		s.Graph = nodeTerm(graph)
	}
	s.Subject, s.Predicate, s.Object = term(q.Subject), term(q.Predicate), term(q.Object)
	for _, t := range []*turtle.Term{&s.Graph, &s.Subject, &s.Predicate, &s.Object} {
		if rest, is := strings.CutPrefix(t.Text, noBase); is && t.Kind == nquads.IRI {
			err := fmt.Errorf("the IRI %q is relative, and no context has a base", rest)
			return s, failed(text, rest, schema.WithHint(err, func() string { return `add "@base" to the context` }))
		}
		if t.Kind == nquads.IRI && strings.HasPrefix(t.Text, unmapped) || strings.HasPrefix(t.Datatype, unmapped) {
			return turtle.Statement{}, nil
		}
		if err := check(*t); err != nil {
			return s, failed(text, t.Text, err)
		}
	}
	s.Offset = place(text, s)
	return s, nil
}

// check returns an error unless RDF allows a term, which may be missing.
func check(t turtle.Term) error {
	if t.Kind == nquads.None {
		return nil
	}
	n := nquads.Term{Kind: t.Kind, Text: []byte(t.Text)}
	if t.Lang != "" {
		n.Lang = []byte(t.Lang)
	}
	if t.Datatype != "" {
		n.Datatype = []byte(t.Datatype)
	}
	return n.Check()
}

// place returns the offset of the object of a statement, or else of its subject, in the
// text; 0 if the text spells both in another way.
func place(text string, s turtle.Statement) int {
	for _, t := range []turtle.Term{s.Object, s.Subject} {
		if len(t.Text) > 0 && t.Kind != nquads.Blank {
			if i := strings.Index(text, `"`+t.Text+`"`); i >= 0 {
				return i
			}
		}
	}
	return 0
}

func term(n ld.Node) turtle.Term {
	switch t := n.(type) {
	case *ld.Literal:
		out := turtle.Term{Kind: nquads.Literal, Text: t.Value, Lang: t.Language, Datatype: t.Datatype}
		if label, is := strings.CutPrefix(out.Text, labelled); is {
			out.Text = "_:" + label
		}
		if out.Lang != "" || out.Datatype == "http://www.w3.org/2001/XMLSchema#string" {
			out.Datatype = ""
		}
		return out
	case nil:
		return turtle.Term{}
	}
	return nodeTerm(n.GetValue())
}

// anonymous begins the labels of blank nodes that have none in the text.
const anonymous = "anon-"

// nodeTerm returns the term of an IRI or of a blank node with its mark.
func nodeTerm(text string) turtle.Term {
	if label, is := strings.CutPrefix(text, "_:"); is {
		return turtle.Term{Kind: nquads.Blank, Text: anonymous + label}
	}
	if label, is := strings.CutPrefix(text, labelled); is {
		if strings.HasPrefix(label, anonymous) {
			label = anonymous + label
		}
		return turtle.Term{Kind: nquads.Blank, Text: label}
	}
	return turtle.Term{Kind: nquads.IRI, Text: text}
}

// Unmapped returns the keys in a text of JSON-LD that no context gives a meaning, and how
// often each occurs.
func Unmapped(text string, given Contexts) map[string]int {
	data, err := dataset(text, given)
	if err != nil {
		return nil
	}
	counts := make(map[string]int)
	for _, quads := range data.Graphs {
		for _, q := range quads {
			if rest, is := strings.CutPrefix(q.Predicate.GetValue(), unmapped); is {
				counts[rest]++
			}
		}
	}
	return counts
}
