package export

// jsonWriter appends the nodes and edges of a graph as JSON objects, whose keys are the
// names of columns. A column without a value has no key.
type jsonWriter struct {
	*buffer
	styler
	nodes, edges []jsonColumn
	rest         bool // an element was written before
}

// jsonColumn is a column and its key: `,"name":`.
type jsonColumn struct {
	column
	key string
}

func newJSONWriter(b *buffer, s shape) *jsonWriter {
	return &jsonWriter{buffer: b, styler: newStyler(s), nodes: jsonColumns(s.nodeColumns()), edges: jsonColumns(s.edgeColumns())}
}

func jsonColumns(columns []column) []jsonColumn {
	var all []jsonColumn
	for _, c := range columns {
		all = append(all, jsonColumn{c, `,"` + c.name + `":`})
	}
	return all
}

// next begins an element of a list.
func (x *jsonWriter) next() {
	if x.rest {
		x.add(",\n")
	}
	x.rest = true
}

// begin begins a list.
func (x *jsonWriter) begin(text string) {
	x.add(text)
	x.rest = false
}

// member appends a key and a text after another member: ,"key":"text".
func (x *jsonWriter) member(key, text string) {
	x.add(`,"` + key + `":`)
	x.json(text)
}

// values appends the values as members after another member.
func (x *jsonWriter) values(columns []jsonColumn, values []value) {
	for i, v := range values {
		if v.isEmpty() {
			continue
		}
		x.add(columns[i].key)
		switch columns[i].kind {
		case listType:
			x.list(v.list)
		case integerType, booleanType:
			x.add(v.text)
		default:
			x.json(v.text)
		}
	}
}

func (x *jsonWriter) list(texts []string) {
	x.add("[")
	for i, text := range texts {
		if i > 0 {
			x.add(",")
		}
		x.json(text)
	}
	x.add("]")
}
