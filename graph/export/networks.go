package export

// The formats of programs that draw and measure networks.
const (
	GEXF       Format = "gexf"       // GEXF 1.3: Gephi, Gephi Lite
	GEXF12     Format = "gexf12"     // GEXF 1.2: networkx before 3.6, older Gephi
	GraphML    Format = "graphml"    // Cytoscape, yEd, networkx, igraph, Gephi
	Cytoscape  Format = "cytoscape"  // JSON of Cytoscape.js
	Graphology Format = "graphology" // JSON of graphology
	D3         Format = "d3"         // node-link JSON: D3, networkx
)

// networkFormats lists these formats.
func networkFormats() []format {
	return []format{
		{name: GEXF, write: writeGEXF13},
		{name: GEXF12, write: writeGEXF12},
		{name: GraphML, write: writeGraphML},
		{name: Cytoscape, write: writeCytoscape},
		{name: Graphology, write: writeGraphology},
		{name: D3, write: writeNodeLink},
	}
}
