package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// writeObsidian writes a vault of Obsidian: a note for each entity and document, in a
// folder for each kind, and Index.md, which links to all of them.
func writeObsidian(ctx context.Context, to folder, s Selection, o Options) error {
	v := &vault{selection: s, elements: newElements(s, o), names: map[schema.ID]string{}, part: map[schema.ID][]schema.ID{}, cited: map[schema.ID][]schema.ID{}}
	if err := v.list(ctx); err != nil {
		return err
	}
	if err := v.listFacts(ctx); err != nil {
		return err
	}
	if err := v.writeIndex(to); err != nil {
		return err
	}
	for _, e := range v.entities {
		if err := v.writeNote(ctx, to, e); err != nil {
			return err
		}
	}
	return nil
}

// vault is the notes of a selection, and the ids of the facts of each.
type vault struct {
	selection Selection
	elements  *elements
	entities  []schema.Entity
	names     map[schema.ID]string      // of the notes
	part      map[schema.ID][]schema.ID // the facts in which an entity has a role, or which a source places there
	cited     map[schema.ID][]schema.ID // the other facts that cite a document or quote an entity
}

// list lists the entities and names their notes.
func (v *vault) list(ctx context.Context) error {
	names := newNoteNames()
	for e, err := range v.elements.entities(ctx) {
		if err != nil {
			return err
		}
		v.names[e.ID] = names.add(nameOf(e), e.ID)
		v.entities = append(v.entities, schema.Entity{ID: e.ID, Kind: e.Kind, Label: nameOf(e)})
	}
	return nil
}

// listFacts lists the facts of each note, in order of time.
func (v *vault) listFacts(ctx context.Context) error {
	for f, err := range v.selection.facts(ctx) {
		if err != nil {
			return err
		}
		seen := map[schema.ID]bool{"": true}
		add := func(lists map[schema.ID][]schema.ID, ids ...schema.ID) {
			for _, id := range ids {
				if !seen[id] && v.names[id] != "" {
					seen[id] = true
					lists[id] = append(lists[id], f.ID)
				}
			}
		}
		for _, r := range f.Roles {
			add(v.part, r.ID)
		}
		for _, e := range f.Evidence {
			add(v.part, e.At...)
		}
		for _, e := range f.Evidence {
			add(v.cited, e.Source, e.SaidBy)
			add(v.cited, e.Via...)
		}
	}
	return nil
}

// link returns a link to the note of an entity, or its name if it has none.
func (v *vault) link(r render.Ref) string {
	name, ok := v.names[r.ID]
	if !ok {
		return plainLink(r)
	}
	label := nameOf(schema.Entity{ID: r.ID, Label: r.Name})
	return noteLink(kindHeading(schema.KindOf(r.ID)), name, label)
}

func (v *vault) writer(w io.Writer) *noteWriter {
	return &noteWriter{Writer: bufio.NewWriter(w), words: v.elements.reader.words, vocabulary: v.selection.Graph.Vocabulary(), link: v.link}
}

// writeIndex writes the note with links to all others.
func (v *vault) writeIndex(to folder) error {
	file, err := to.create("Index.md")
	if err != nil {
		return err
	}
	w := v.writer(file)
	kind := schema.Kind("")
	w.WriteString("# Index\n")
	for _, e := range v.entities {
		if e.Kind != kind {
			kind = e.Kind
			fmt.Fprintf(w, "\n## %s\n\n", kindHeading(kind))
		}
		w.item("[[" + v.names[e.ID] + "]]")
	}
	return w.Flush()
}

// noteProperties are the properties at the beginning of a note.
type noteProperties struct {
	Aliases     []quotedText `yaml:"aliases,omitempty"`
	Kind        quotedText   `yaml:"kind"`
	Country     quotedText   `yaml:"country,omitempty"` // a link if the country has a note
	Born        quotedText   `yaml:"born,omitempty"`
	Identifiers []quotedText `yaml:"identifiers,omitempty"`
	Publisher   quotedText   `yaml:"publisher,omitempty"`
	Author      quotedText   `yaml:"author,omitempty"`
	Published   quotedText   `yaml:"published,omitempty"`
	URL         quotedText   `yaml:"url,omitempty"`
	Archived    quotedText   `yaml:"archived,omitempty"`
	ArchivedOn  quotedText   `yaml:"archived-on,omitempty"`
	Accessed    quotedText   `yaml:"accessed,omitempty"`
	ID          quotedText   `yaml:"id"`
}

// quotedText is a text that YAML has in quotes, since readers differ about other styles.
type quotedText string

// MarshalYAML implements [yaml.Marshaler].
func (q quotedText) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: string(q), Style: yaml.DoubleQuotedStyle}, nil
}

// quoted returns a text as a property shows it, in one line.
func quoted(s string) quotedText { return quotedText(strings.ReplaceAll(shown(s), "\n", " ")) }

// properties returns the properties of a note. Its name is an alias if the file has
// another one.
func (v *vault) properties(ctx context.Context, e schema.Entity) (p noteProperties, err error) {
	p = noteProperties{Kind: quoted(string(e.Kind)), Born: quoted(e.Born), ID: quotedText(e.ID)}
	if label := quoted(nameOf(e)); string(label) != v.names[e.ID] {
		p.Aliases = append(p.Aliases, label)
	}
	for _, a := range e.Aliases {
		if alias := quoted(a.Value); !slices.Contains(p.Aliases, alias) {
			p.Aliases = append(p.Aliases, alias)
		}
	}
	for _, identifier := range e.Identifiers {
		p.Identifiers = append(p.Identifiers, quoted(identifier))
	}
	if name, ok := v.names[e.Country]; ok {
		p.Country = quotedText("[[" + name + "]]")
	} else if e.Country != "" {
		country, err := v.elements.reader.words.Name(ctx, e.Country)
		if err != nil {
			return p, err
		}
		p.Country = quoted(country)
	}
	if e.Kind == schema.Doc {
		d, err := v.elements.reader.words.Document(ctx, e.ID)
		if err != nil {
			return p, err
		}
		p.Publisher, p.Author, p.URL = quoted(d.Publisher), quoted(d.Author), quoted(d.URL)
		if d.Published != nil {
			p.Published = quoted(d.Published.Text)
		}
		p.addCopy(d)
	}
	return p, nil
}

// addCopy adds the archived copy of a document and the day on which it was read.
func (p *noteProperties) addCopy(d render.Document) {
	if a := d.Archived; a != nil {
		p.Archived = quoted(a.URL)
		if a.On != nil {
			p.ArchivedOn = quoted(a.On.Text)
		}
	}
	if d.Accessed != nil {
		p.Accessed = quoted(d.Accessed.Text)
	}
}

// writeNote writes the note of an entity: its properties, its name, its description, and
// its facts in order of time.
func (v *vault) writeNote(ctx context.Context, to folder, e schema.Entity) error {
	e, err := v.elements.reader.words.Record(ctx, e.ID)
	if err != nil {
		return err
	}
	file, err := to.create(kindHeading(schema.KindOf(e.ID)) + "/" + v.names[e.ID] + ".md")
	if err != nil {
		return err
	}
	properties, err := v.properties(ctx, e)
	if err != nil {
		return err
	}
	head, err := yaml.Marshal(properties)
	if err != nil {
		return err
	}
	w := v.writer(file)
	fmt.Fprintf(w, "---\n%s---\n\n# %s\n", head, markdownText(nameOf(e)))
	if description := shown(e.Description); description != "" {
		w.WriteString("\n" + markdownLines(description, "") + "\n")
	}
	if err := v.writeFacts(ctx, w, "Facts", v.part[e.ID]); err != nil {
		return err
	}
	heading := "Quoted on"
	if e.Kind == schema.Doc {
		heading = "Cited for"
	}
	if err := v.writeFacts(ctx, w, heading, v.cited[e.ID]); err != nil {
		return err
	}
	return w.Flush()
}

// writeFacts writes a section of facts, if there are any.
func (v *vault) writeFacts(ctx context.Context, w *noteWriter, heading string, ids []schema.ID) error {
	if len(ids) == 0 {
		return nil
	}
	w.WriteString("\n## " + heading + "\n")
	return w.facts(ctx, Selection{Graph: v.selection.Graph, Facts: ids})
}
