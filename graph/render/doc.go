// Package render puts facts, paths, evidence, dates and names into words: as text, as
// rows of cells for CSV, and as values that marshal to the JSON that the command entente
// prints.
//
// A [Renderer] of a graph replaces ids by names. [Renderer.Fact] returns a fact with its
// sentence and its evidence: printed, it is the sentence and the date, and [Fact.Claims]
// has the quotes. [Renderer.Sentence] returns the sentence alone, [Renderer.FactText] a
// fact with all its evidence on several lines, [Renderer.Path] and [Renderer.PathText] a
// path with the quotes of its hops:
//
//	r := render.New(g)
//	for f, err := range g.Facts(ctx, graph.Filter{With: "person:xie-feng"}) {
//		…
//		fact, err := r.Fact(ctx, f)
//		…
//		fmt.Println(fact, fact.Claims().Words) // Xie Feng met Ely Ratner, 2023-07-12 “held talks”
//	}
//
// Texts of several lines ([Renderer.FactText], [Renderer.PathText] and the Text methods)
// have no control characters but line breaks, and are not wrapped. Names, sentences and
// cells are as sources wrote them: see [Clean].
package render
