package export

import "github.com/entente-kg/entente/schema"

// Functions for the tests.
var (
	AppendTurtleTerm = appendTurtleTerm
	AppendJSONTerm   = appendJSONTerm
	JSONPrefixes     = jsonPrefixes
	MermaidText      = mermaidText
	MarkdownLines    = markdownLines
	NewNoteNames     = newNoteNames
	NoteLink         = noteLink
)

// Add returns the name of a note.
func (n *noteNames) Add(label string, id schema.ID) string { return n.add(label, id) }
