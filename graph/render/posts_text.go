package render

import (
	"fmt"
	"strings"
)

// writePosts writes the terms in posts, their predecessors and successors, and the
// evidence of each term.
func (p *Profile) writePosts(b *strings.Builder) {
	if len(p.Posts) == 0 {
		return
	}
	b.WriteString("\nWho came before and after\n")
	for _, post := range p.Posts {
		fmt.Fprintf(b, "  %s, %s%s\n", Clean(post.Post.Name), Clean(post.Term.When.Text), Clean(post.Term.marks()))
		post.Term.writeEvidence(b, "      ")
		post.Predecessor.writeText(b, "predecessor", "before that")
		post.Successor.writeText(b, "successor", "after that")
	}
}

// writeText writes the predecessors or the successors of a term, or nothing for nil.
func (n *AdjacentHolders) writeText(b *strings.Builder, name, beyond string) {
	line := func(text string) { fmt.Fprintf(b, "    %-11s  %s\n", name, Clean(text)) }
	switch {
	case n == nil:
	case n.Several:
		line("none: several held it at the same time")
	case n.Gap != nil:
		line("nobody is known " + periodInWords(n.Gap.From, n.Gap.To) + "; " + beyond + " " + n.Nearest.caption())
		n.Nearest.writeEvidence(b, "        ")
	default:
		word := "possibly "
		if n.Certain {
			word = "certainly "
		}
		for _, t := range n.Holders {
			text := word + t.caption()
			if n.Handover != nil && len(n.Holders) == 1 {
				text += "; handover " + dayInWords(*n.Handover)
			}
			line(text)
			t.writeEvidence(b, "        ")
		}
	}
}

// caption returns the holder of a term, its dates and its marks.
func (j *Term) caption() string { return j.Of.Name + ", " + j.When.Text + j.marks() }
