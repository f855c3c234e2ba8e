package sketch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
)

// rowsOf returns the rows of a sample, and the path to them; empty for a table, for
// lines, and for a document that is one row or a list of rows.
func rowsOf(s *loaders.Sample) (path string, rows []*mapping.Node) {
	if len(s.Rows) > 0 {
		return "", s.Rows
	}
	if list := s.Root.Children; len(list) > 0 && list[0].Name == "" { // a list of rows
		return "", list
	}
	if path, rows := keyedRows(s.Root, nil); rows != nil && !s.IsXML {
		return strings.Join(path, "/"), rows
	}
	best := findRows(s.Root, nil)
	if len(best) == 0 && s.IsXML {
		return "/" + s.Root.Children[0].Name, s.Root.Children
	}
	if len(best) == 0 {
		return "", []*mapping.Node{s.Root}
	}
	names := pathOf(best[0])
	rows = nodesAt(s.Root, names)
	return "/" + strings.Join(names, "/"), rows
}

// findRows returns the largest group of nodes of one name that have fields of their
// own and no such group within them; of equal groups the outermost.
func findRows(n *mapping.Node, best []*mapping.Node) []*mapping.Node {
	groups := make(map[string][]*mapping.Node)
	var order []string
	for _, c := range n.Children {
		if len(c.Children) == 0 || c.Name == "" {
			continue
		}
		if groups[c.Name] == nil {
			order = append(order, c.Name)
		}
		groups[c.Name] = append(groups[c.Name], c)
	}
	for _, name := range order {
		if group := groups[name]; len(group) > 1 && len(group) > len(best) {
			best = group
		}
	}
	for _, name := range order {
		if len(best) > 0 && groups[name][0] == best[0] {
			continue // fields of a row are no rows
		}
		for _, c := range groups[name] {
			best = findRows(c, best)
		}
	}
	return best
}

func pathOf(n *mapping.Node) (names []string) {
	for ; n != nil && n.Name != ""; n = n.Parent {
		names = append(names, n.Name)
	}
	slices.Reverse(names)
	return names
}

// nodesAt returns all nodes to which names lead.
func nodesAt(n *mapping.Node, names []string) (found []*mapping.Node) {
	if len(names) == 0 {
		return []*mapping.Node{n}
	}
	for _, c := range n.Children {
		if c.Name == names[0] {
			found = append(found, nodesAt(c, names[1:])...)
		}
	}
	return found
}

// parentFields returns the fields of the parents of rows, as paths from a row.
func parentFields(rows []*mapping.Node) (paths []string) {
	if len(rows) == 0 {
		return nil
	}
	up := "../"
	below := rows[0]
	for n := rows[0].Parent; n != nil; n = n.Parent {
		for _, c := range n.Children {
			if c == below { // what follows is not yet read when the row is
				break
			}
			if len(c.Children) == 0 && c.Name != "" && c.Name != below.Name && c.Text != "" {
				paths = append(paths, up+c.Name)
			}
		}
		below, up = n, up+"../"
	}
	return paths
}

// tableRows returns the names of the columns of a table, and its rows as nodes. The
// columns of a table without a header are c1, c2, and so on.
func tableRows(table [][]string) (names []string, rows []*mapping.Node, headless bool) {
	names = slices.Clone(table[0])
	data := table[1:]
	if headless = isHeadless(names); headless {
		data = table
		for i := range names {
			names[i] = fmt.Sprintf("c%d", i+1)
		}
	}
	for _, record := range data {
		row := &mapping.Node{}
		for i, text := range record {
			if i < len(names) && text != "" && names[i] != "" {
				row.Add(&mapping.Node{Name: names[i], Text: text})
			}
		}
		rows = append(rows, row)
	}
	return names, rows, headless
}
