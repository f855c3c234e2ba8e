package rejects

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// mappedText returns a document that a mapping reads without the rows that are not
// rejected, so that the same mapping reads it again: what is around the rows stays.
func mappedText(m *mapping.Mapping, format string, text []byte, rows []*schema.RowError) ([]byte, error) {
	if format == "YAML" {
		return mappedYAML(m, text, rows)
	}
	isXML := format == "XML"
	spans := loaders.RowSpans(m, string(text), isXML)
	reasons := reasonsIn(text, spans, rows)
	if isXML {
		return mappedXML(text, spans, reasons), nil
	}
	return mappedJSON(text, spans, reasons), nil
}

// reasonsIn returns the reasons of the rejected rows by their indexes.
func reasonsIn(text []byte, spans []loaders.Span, rows []*schema.RowError) map[int]string {
	at := &jsonLists{text: text, line: 1}
	begins, ends := make([]place, len(spans)), make([]place, len(spans))
	for i, s := range spans {
		begins[i], ends[i] = at.placeOf(s.Begin), at.placeOf(s.End)
	}
	inside := slices.DeleteFunc(slices.Clone(rows), func(r *schema.RowError) bool {
		at := place{r.Pos.Line, r.Pos.Col}
		i, found := slices.BinarySearchFunc(begins, at, place.compare)
		if !found {
			i--
		}
		return i < 0 || ends[i].compare(at) <= 0
	})
	return reasonsOf(begins, inside)
}

var xmlEncoding = pattern.New(`^(\s*<\?xml[^>]*encoding=["'])[^"']*`)

// mappedXML returns a document with the rejected rows alone, each after a comment of its
// reason. It is in UTF-8.
func mappedXML(text []byte, spans []loaders.Span, reasons map[int]string) []byte {
	var out bytes.Buffer
	done := 0
	for i, s := range spans {
		out.Write(text[done:s.Begin])
		if reason := reasons[i]; reason != "" {
			out.WriteString("<!-- " + strings.ReplaceAll(reason, "--", "- -") + " -->")
			out.Write(text[s.Begin:s.End])
		} else {
			out.Truncate(endOfLine(out.Bytes()))
		}
		done = s.End
	}
	out.Write(text[done:])
	return xmlEncoding().ReplaceAll(out.Bytes(), []byte("${1}UTF-8"))
}

// endOfLine returns the length of a text without the white space at its end, if that
// begins a line.
func endOfLine(text []byte) int {
	bare := bytes.TrimRight(text, " \t")
	if n := len(bare); n > 0 && bare[n-1] == '\n' {
		return len(bytes.TrimSuffix(bare[:n-1], []byte("\r")))
	}
	return len(text)
}

// mappedJSON returns a document with the rejected rows alone, each with its reason as a
// key if it is an object.
func mappedJSON(text []byte, spans []loaders.Span, reasons map[int]string) []byte {
	var out bytes.Buffer
	done := 0
	for i, s := range spans {
		out.Write(text[done:s.Begin])
		done = s.End
		if reason := reasons[i]; reason != "" {
			row := string(text[s.Begin:s.End])
			if strings.HasPrefix(row, "{") {
				row = strings.TrimSuffix(jsonLine(row, reason), "\n")
			}
			out.WriteString(row)
			continue
		}
		out.Truncate(endOfKey(out.Bytes()))
		if rest := bytes.TrimLeft(text[done:], " \t\r\n"); bytes.HasPrefix(rest, []byte(",")) {
			done = len(text) - len(rest) + 1
			out.Truncate(endOfLine(out.Bytes()))
		} else if before := bytes.TrimRight(out.Bytes(), " \t\r\n"); bytes.HasSuffix(before, []byte(",")) {
			out.Truncate(len(before) - 1)
		}
	}
	out.Write(text[done:])
	return out.Bytes()
}

// endOfKey returns the length of a text without the key of an object at its end.
func endOfKey(text []byte) int {
	bare := bytes.TrimRight(text, " \t\r\n")
	if !bytes.HasSuffix(bare, []byte(":")) {
		return len(text)
	}
	bare = bytes.TrimRight(bare[:len(bare)-1], " \t\r\n")
	for i := len(bare) - 2; i >= 0; i-- {
		slashes := 0
		for j := i - 1; j >= 0 && bare[j] == '\\'; j-- {
			slashes++
		}
		if bare[i] == '"' && slashes%2 == 0 {
			return i
		}
	}
	return len(text)
}

// mappedYAML returns a document with the rejected rows alone, each after a comment of
// its reason.
func mappedYAML(m *mapping.Mapping, text []byte, rows []*schema.RowError) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil || len(doc.Content) == 0 {
		return nil, cmp.Or(err, errors.New("is empty"))
	}
	t := &yamlRows{path: m.Rows}
	t.find(doc.Content[0], nil)
	slices.SortFunc(t.places, place.compare)
	t.reasons = reasonsOf(t.places, rows)
	t.prune(doc.Content[0], nil)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	err := errors.Join(encoder.Encode(&doc), encoder.Close())
	return out.Bytes(), err
}

// yamlRows finds the rows of a document of YAML.
type yamlRows struct {
	path    *mapping.RowPath
	places  []place
	reasons map[int]string
}

// isRow reports whether the node to which names lead is a row.
func (t *yamlRows) isRow(n *yaml.Node, names []string) bool {
	return n.Kind != yaml.SequenceNode && t.path.Is(names, false)
}

// each calls do for the nodes in a mapping or a list, with their names and indexes.
func each(n *yaml.Node, names []string, do func(child *yaml.Node, names []string, i int)) {
	switch n.Kind {
	case yaml.SequenceNode:
		for i, item := range n.Content {
			do(item, names, i)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			do(n.Content[i+1], append(slices.Clip(names), n.Content[i].Value), i)
		}
	}
}

func (t *yamlRows) find(n *yaml.Node, names []string) {
	if t.isRow(n, names) {
		t.places = append(t.places, place{n.Line, n.Column})
		return
	}
	each(n, names, func(child *yaml.Node, names []string, _ int) { t.find(child, names) })
}

// prune removes the rows in a node that are not rejected, and adds the reasons of the
// others.
func (t *yamlRows) prune(n *yaml.Node, names []string) {
	if t.isRow(n, names) {
		return
	}
	drop := make(map[*yaml.Node]bool)
	each(n, names, func(child *yaml.Node, names []string, i int) {
		if !t.isRow(child, names) {
			t.prune(child, names)
			return
		}
		at, _ := slices.BinarySearchFunc(t.places, place{child.Line, child.Column}, place.compare)
		said := child
		if n.Kind == yaml.MappingNode {
			said = n.Content[i]
		}
		if reason := t.reasons[at]; reason != "" {
			said.HeadComment = strings.TrimPrefix(said.HeadComment+"\n# "+reason, "\n")
			return
		}
		drop[child], drop[said] = true, true
	})
	if len(drop) > 0 || n.Kind == yaml.SequenceNode {
		n.Content = slices.DeleteFunc(n.Content, func(c *yaml.Node) bool { return drop[c] })
		n.Style &^= yaml.FlowStyle
	}
}
