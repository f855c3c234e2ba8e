package export

// Functions for the tests.
var (
	AppendTurtleTerm = appendTurtleTerm
	AppendJSONTerm   = appendJSONTerm
	JSONPrefixes     = jsonPrefixes
	MermaidText      = mermaidText
)
