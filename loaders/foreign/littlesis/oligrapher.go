package littlesis

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// oligrapherVersion rises when the same maps make other records.
const oligrapherVersion = 1

// LooksOligrapher recognizes a map by an edge between two of its nodes, or by a node with
// its name and its place on the map.
func LooksOligrapher(_ string, head []byte) bool {
	graph, is := graphOf(outlineOf(head))
	return is && graph.isSure
}

// graphPlace is where the nodes and edges of a map are.
type graphPlace struct {
	rows   string // the path of nodes and edges
	isSure bool   // an edge or a node is as only Oligrapher writes them
}

// graphOf finds the nodes and edges of a map: in the document itself, or in its graph, as
// the settings of a page and what LittleSis stores have it.
func graphOf(o outline) (g graphPlace, ok bool) {
	for _, base := range []string{"", "/graph", "/graph_data"} {
		nodes, edges := o[base+"/nodes"], o[base+"/edges"]
		open := cmp.Or(nodes, edges)
		if open != "{" && open != "[" || nodes != "" && edges != "" && nodes != edges {
			continue
		}
		g.rows = strings.TrimPrefix(base+"/*/*", "/")
		if open == "[" {
			g.rows = strings.TrimPrefix(base+"/*", "/")
		}
		for path := range o {
			if rest, is := strings.CutPrefix(path, base+"/"); is && isOfMap(o, base+"/", rest) {
				g.isSure = true
			}
		}
		return g, true
	}
	return graphPlace{}, false
}

// signs are the last keys of a node or an edge that only maps of Oligrapher have together.
var signs = map[string][]string{
	"edges": {"node1_id", "node2_id"},
	"nodes": {"name", "scale", "x", "y"},
}

// isOfMap reports whether a path leads to the first sign of a node or an edge that has all
// of them.
func isOfMap(o outline, base, path string) bool {
	list, rest, _ := strings.Cut(strings.Replace(path, "[]", "/[]", 1), "/")
	keys := signs[list]
	if len(keys) == 0 {
		return false
	}
	object, is := strings.CutSuffix(rest, "/"+keys[0])
	if !is {
		return false
	}
	object = strings.Replace(base+list+"/"+object, "/[]", "[]", 1)
	return !slices.ContainsFunc(keys, func(k string) bool { return !o.has(object + "/" + k) })
}

// OligrapherRows returns what reads a map, by its beginning: each node and edge is a row.
func OligrapherRows(head []byte) (*mapping.Mapping, error) {
	g, ok := graphOf(outlineOf(head))
	if !ok {
		g.rows = "*/*"
	}
	return mapping.ByCode("oligrapher", oligrapherVersion, g.rows, mapReader{})
}

// mapReader makes records of nodes and edges. It implements [mapping.Reader].
type mapReader struct{}

// Reads implements [mapping.Reader]. How the map is drawn is not counted as left out.
func (mapReader) Reads(names []string) bool {
	if len(names) == 0 {
		return false
	}
	if len(names) == 2 && names[0] == "display" {
		names = names[1:]
	}
	switch names[0] {
	case "settings", "edgeIds":
		return true
	case "attributes":
		return len(names) > 1 && names[1] == "settings"
	}
	return len(names) == 1 && slices.Contains(mapKeys, names[0])
}

// mapKeys are the keys that become a part of a record, and those of the drawing.
var mapKeys = strings.Fields("id name description url node1_id node2_id label arrow dash x y x1 y1 x2 y2 s1 s2 cx cy scale color status edgeIds font size weight width height")

// Row implements [mapping.Reader].
func (mapReader) Row(r *mapping.Run, row *mapping.Node, do func(mapping.Made)) {
	x := &drawn{object{run: r, row: row, get: row.Child("display"), do: do}}
	list := row.Name
	if row.Parent != nil && (row.Parent.Name == "nodes" || row.Parent.Name == "edges" || row.Parent.Name == "captions") {
		list = row.Parent.Name
	}
	switch {
	case list == "nodes" && len(row.Children) > 0:
		x.node()
	case list == "edges" && len(row.Children) > 0:
		x.edge()
	case list == "nodes" || list == "edges":
		x.fail(nil, "", problem{schema.UnknownRecord, "a node or an edge that is not an object with keys"})
	case list == "captions":
		r.Tally.CountUnmapped("captions")
	default:
		r.Tally.CountUnmapped(list)
	}
}

// drawn is a node or an edge of a map.
type drawn struct{ object }

// value returns a value, which older maps have under display.
func (x *drawn) value(name string) *mapping.Node {
	if n := x.row.Child(name); n != nil {
		return n
	}
	return x.get.Child(name)
}

func (x *drawn) text(name string) string {
	if n := x.value(name); n != nil {
		return strings.Join(strings.Fields(n.Value()), " ")
	}
	return ""
}

// key returns the id of the node or edge: its own, or the key of the map.
func (x *drawn) key() string {
	if id := x.text("id"); id != "" {
		return id
	}
	if x.row.Name != "nodes" && x.row.Name != "edges" {
		return x.row.Name
	}
	return ""
}

// local returns what a node of a map is referred to by. A number is that of LittleSis; any
// other id is of the map alone.
func (x *drawn) local(id string) string {
	if number().MatchString(id) {
		return ref(id)
	}
	return x.run.Dataset + "/" + id
}

// node makes the entity of a node. Of one that is not of LittleSis the map does not say
// what it is.
func (x *drawn) node() {
	id, name := x.key(), mapping.TextItem(x.value("name"))
	if id == "" {
		x.fail(nil, "id", problem{schema.MissingValue, "a node without an id"})
		return
	}
	if name == nil || strings.TrimSpace(name.Text) == "" {
		x.fail(x.value("name"), "name", problem{schema.MissingValue, "a node without a name"})
		return
	}
	name.Text = strings.Join(strings.Fields(name.Text), " ")
	kind := schema.Thing
	page, isPage := identify(x.text("url"))
	if isPage && page.id == id {
		kind = cmp.Or(page.kind, kind)
	}
	i := mapping.ItemAt(x.row)
	i.PutText("kind", string(kind))
	i.PutText("id", kind.Prefix()+":"+x.local(id))
	i.Put("name", name)
	i.PutText("description", x.text("description"))
	var ids []*mapping.Item
	if number().MatchString(id) {
		ids = append(ids, &mapping.Item{Text: "littlesis:" + id, Line: x.row.Line, Col: x.row.Col})
	}
	if url := mapping.TextItem(x.value("url")); url != nil && !isPage {
		url.Text = "website:" + strings.Join(strings.Fields(url.Text), "")
		ids = append(ids, url)
	}
	i.Put("identifiers", mapping.ListItem(ids...))
	x.make(mapping.Entity, i)
}

// labels are the labels that LittleSis gives to relationships of which it knows no more
// than the category, and their verbs.
var labels = map[string]string{
	"Position": "works-at", "School": "studied-at", "Member": "member-of", "Relative": "relative-of", "Donation/Grant": "paid", "Donation": "paid",
	"Social": "associate-of", "Professional": "associate-of", "Owner": "owns", "Parent Org": "part-of",
}

// relationshipPage is the address of a relationship of LittleSis.
var relationshipPage = pattern.New(`^https?://[^/]+/relationships/([0-9]+)`)

// edge makes the fact of an edge: that its nodes are linked, with the label as its topic,
// unless LittleSis has written the label and it says the verb.
func (x *drawn) edge() {
	first, second := x.end("node1_id"), x.end("node2_id")
	if first == nil || second == nil {
		x.fail(nil, "node1_id", problem{schema.MissingValue, "an edge without both of its nodes"})
		return
	}
	page := relationshipPage().FindStringSubmatch(x.text("url"))
	label, arrow := x.text("label"), x.text("arrow")
	label, isPast := strings.CutSuffix(label, " (past)")
	verb := "linked-with"
	if page != nil && labels[label] != "" {
		verb, label = labels[label], ""
	}
	var notes []string
	switch {
	case arrow == "2->1" || arrow == "left":
		first, second = second, first
	case arrow == "both":
		notes = append(notes, "arrows in both directions")
	}
	switch {
	case isPast || isTrue(x.text("dash")) && page != nil:
		notes = append(notes, "ended on an unknown day")
	case x.text("dash") != "" && !isFalse(x.text("dash")):
		notes = append(notes, "a dashed line")
	}
	f := mapping.ItemAt(x.row)
	f.IsCoded = true
	f.Put("actor", first)
	f.PutText("verb", verb)
	f.Put("recipient", second)
	f.PutText("topic", label)
	f.PutText("source-key", x.edgeKey(page))
	e := mapping.ItemAt(x.row)
	if url := x.text("url"); url != "" {
		source := mapping.ItemAt(x.row)
		source.PutText("url", url)
		if page != nil {
			source.PutText("title", "LittleSis: relationship "+page[1])
		}
		e.Put("source", source)
	}
	e.PutText("locator", strings.TrimSpace("edge "+x.key()))
	e.PutText("method", "import")
	e.PutText("note", strings.Join(notes, "; "))
	f.Put("evidence", mapping.ListItem(e))
	x.make(mapping.Fact, f)
}

// edgeKey returns what distinguishes a fact from others of the same nodes.
func (x *drawn) edgeKey(page []string) string {
	if page != nil {
		return "littlesis:" + page[1]
	}
	return x.key()
}

// end returns a reference to a node of an edge; nil for none. A node that the map does not
// give has its id as its name.
func (x *drawn) end(name string) *mapping.Item {
	at := x.value(name)
	id := x.text(name)
	if id == "" || len(at.Children) > 0 {
		return nil
	}
	if number().MatchString(id) {
		return x.reference(at, identity{id: id, kind: schema.Thing})
	}
	m := mapping.ItemAt(at)
	m.PutText("kind", string(schema.Thing))
	m.PutText("id", schema.Thing.Prefix()+":"+x.local(id))
	m.PutText("name", id)
	x.make(mapping.AnyMention, m)
	return &mapping.Item{Text: "<" + x.local(id) + ">", Line: at.Line, Col: at.Col, Field: at.Path()}
}
