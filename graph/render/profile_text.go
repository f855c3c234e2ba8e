package render

import (
	"fmt"
	"slices"
	"strings"
)

// Text returns the profile as text. more is the option that shows facts and sources
// which are left out, such as "--rows N".
func (p *Profile) Text(more string) string {
	var b strings.Builder
	p.writeEntity(&b)
	writeSection(&b, "Posts and relations", p.relations, p.Counts.Relations, more)
	p.writePosts(&b)
	writeSection(&b, "Dealings", p.dealings, p.Counts.Dealings, more)
	switch shown := len(p.Sources); {
	case shown < p.Counts.Sources:
		fmt.Fprintf(&b, "\nSources (%d of %d; %s for more)\n", shown, p.Counts.Sources, more)
	case shown > 0:
		fmt.Fprintf(&b, "\nSources\n")
	}
	for _, s := range p.Sources {
		fmt.Fprintf(&b, "  %s\n", Clean(s.text()))
	}
	return b.String()
}

// writeEntity writes the name of the entity, then one property a line.
func (p *Profile) writeEntity(b *strings.Builder) {
	fmt.Fprintf(b, "%s\n", Clean(p.Entity.Name))
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "  %-12s %s\n", name, Clean(value))
		}
	}
	line("kind", string(p.Entity.Kind))
	line("id", string(p.Entity.ID))
	var also []string
	for _, alias := range p.Entity.Aliases {
		also = append(also, alias.Value)
	}
	line("also", strings.Join(also, ", "))
	if p.Entity.Country != nil {
		line("country", p.Entity.Country.Name)
	}
	line("born", p.Entity.Born)
	line("identifiers", strings.Join(p.Entity.Identifiers, ", "))
	line("about", p.Entity.Description)
	if d := p.Document; d != nil {
		line("publisher", d.Publisher)
		line("author", d.Author)
		if d.Published != nil {
			line("published", d.Published.Text)
		}
		line("url", d.URL)
		if d.Archived != nil {
			line("archived", d.Archived.Text())
		}
		if d.Accessed != nil {
			line("accessed", d.Accessed.Text)
		}
	}
}

// writeSection writes a list of facts under a title. If the list leaves facts out, the
// title has the number of facts shown and the total.
func writeSection(b *strings.Builder, title string, list *FactList, total int, more string) {
	switch shown := len(list.Facts); {
	case shown == 0:
		return
	case shown < total:
		fmt.Fprintf(b, "\n%s (the latest %d of %d; %s for more)\n", title, shown, total, more)
	default:
		fmt.Fprintf(b, "\n%s\n", title)
	}
	width := 0
	for _, row := range list.Table.Rows {
		width = max(width, len([]rune(fmt.Sprint(row[0]))))
	}
	for i, f := range list.Facts {
		row := list.Table.Rows[i]
		fmt.Fprintf(b, "  %-*s  %s\n", width, Clean(fmt.Sprint(row[0])), Clean(f.Sentence))
		for _, column := range []string{"words", "other-stances", "linked", "widened"} {
			if text := Clean(fmt.Sprint(row[slices.Index(list.Table.Columns, column)])); text != "" {
				fmt.Fprintf(b, "  %-*s    %s\n", width, "", text)
			}
		}
	}
}
