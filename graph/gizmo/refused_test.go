package gizmo_test

import "testing"

// A script that can match nothing is an error instead of an empty answer.
func TestValuesOfOtherSorts(t *testing.T) {
	wantErrors(t, map[string]string{
		`g.V().out("<dip:from>").filter(gt("2023")).all()`:                 `query:1:31: filter: argument 1: the path is at dates: compare with date("2023-07-01")`,
		`g.V().out("<dip:from>").filter(gt(str("2023-07-12"))).all()`:      `query:1:31: filter: argument 1: the path is at dates: compare with date("2023-07-01")`,
		`g.V().out("<dip:from>").tag("x").unique().is("2023-07-12").all()`: `query:1:45: is: argument 1 is "2023-07-12", and the path is at dates: write date("2023-07-01")`,
		`g.V("2023-07-12").in("<dip:from>").all()`:                         `query:1:21: in: the path is at texts, and <dip:from> holds dates: start at date("2023-07-01")`,
		`g.V("2023").in(["<dip:from>", "<dip:to>"]).all()`:                 `query:1:15: in: the path is at texts, and <dip:from>, <dip:to> hold dates: start at date("2023-07-01")`,
		`g.V().has("<dip:when>", gte(date("2023-01-01"))).all()`:           `query:1:10: has: argument 2: <dip:when> holds texts; the dates of facts are in <dip:from> and <dip:to>`,
		`g.V().has("<dip:born>", lte(date("1960-01-01"))).all()`:           `query:1:10: has: argument 2: <dip:born> holds texts; the dates of facts are in <dip:from> and <dip:to>`,
		`g.V().has("<dip:from-by>", date("2023-01-01")).all()`:             `query:1:10: has: argument 2 is "2023-01-01"^^<xsd:date>, and <dip:from-by> holds texts; the dates of facts are in <dip:from> and <dip:to>`,
		`g.V().out("<dip:when>").filter(lt(date("2023-01-01"))).all()`:     `query:1:31: filter: argument 1: the path is at texts; the dates of facts are in <dip:from> and <dip:to>`,
		`g.V().has("<dip:status>", "refused").all()`:                       `query:1:10: has: argument 2 is "refused", and <dip:status> holds ids; write verb.refused or "<dip:refused>"`,
		`g.V().has("<dip:actor>", "Xie Feng").all()`:                       `query:1:10: has: argument 2 is "Xie Feng", and <dip:actor> holds ids: ids stand in angle brackets, as "<person:xie-feng>"`,
		`g.V().has("<dip:count>", gt(3)).all()`:                            `query:1:10: has: argument 2: <dip:count> holds texts`,
		`g.V().has("<dip:start>", gt(0.5)).all()`:                          `query:1:10: has: argument 2: <dip:start> holds whole numbers`,
		`g.V().has("<dip:status>", regex("ref")).all()`:                    `query:1:10: has: argument 2: <dip:status> holds ids, which regex does not match; for ids write regex(pattern, true)`,
		`g.V().hasR("<dip:from>", "2023").all()`:                           `query:1:11: hasR: argument 2 is "2023", and <dip:from> leaves ids: ids stand in angle brackets, as "<person:xie-feng>"`,
		`g.V("Xie Feng").out("<dip:met>").all()`:                           `query:1:20: out: the path is at the text "Xie Feng", and texts have no outgoing edges; for the entity with this name, write entity("Xie Feng")`,
		`g.V().out("<dip:when>").save("<rdfs:label>", "name").all()`:       `query:1:29: save: the path is at texts, and only ids have outgoing edges`,
		`g.V(verb.met).in("<dip:quote>").all()`:                            `query:1:17: in: the path is at ids, and <dip:quote> holds texts`,
		`g.V().out("<dip:when>").and(g.V().out("<dip:from>")).all()`:       `query:1:28: and: the paths never meet: one is at texts, the other at dates`,
		`edges(g.V("Xie Feng")).all()`:                                     `query:1:6: edges: the path is at the text "Xie Feng", and texts have no outgoing edges; for the entity with this name, write entity("Xie Feng")`,
	})
}

// A predicate that no edge has is an error.
func TestUnknownPredicates(t *testing.T) {
	wantErrors(t, map[string]string{
		`g.V("<person:xie-feng>").out("met").all()`:                      `query:1:29: out: argument 1 is "met", and predicates are ids; write verb.met or "<dip:met>"`,
		`g.V("<person:xie-feng>").in("Visited by").all()`:                `query:1:28: in: argument 1 is "Visited by", and predicates are ids; write verb.visited, which it is from the other side`,
		`g.V("<person:xie-feng>").both(["status"]).all()`:                `query:1:30: both: argument 1 is "status", and predicates are ids; write "<dip:status>"`,
		`g.V("<person:xie-feng>").out("qqqqqq").all()`:                   `query:1:29: out: argument 1 is "qqqqqq", and predicates are ids`,
		`g.V("<person:xie-feng>").out(3).all()`:                          `query:1:29: out: argument 1 is 3, and predicates are ids`,
		`g.V("<person:xie-feng>").out("<dip:mett>").all()`:               `query:1:29: out: argument 1: no edge has the predicate <dip:mett>; did you mean "<dip:met>"?`,
		`g.V("<person:xie-feng>").out("<dip:met-with>").all()`:           `query:1:29: out: argument 1: no edge has the predicate <dip:met-with>; write verb.met or "<dip:met>"`,
		`g.V("<person:xie-feng>").out("<met>").all()`:                    `query:1:29: out: argument 1: no edge has the predicate <met>; write verb.met or "<dip:met>"`,
		`g.V("<person:xie-feng>").out("<dip:label>").all()`:              `query:1:29: out: argument 1: no edge has the predicate <dip:label>; write "<rdfs:label>"`,
		`g.V("<person:xie-feng>").out("<rdfs:lable>").all()`:             `query:1:29: out: argument 1: no edge has the predicate <rdfs:lable>; did you mean "<rdfs:label>"?`,
		`g.V("<person:xie-feng>").out("<dip:qqqqqq>").all()`:             `query:1:29: out: argument 1: no edge has the predicate <dip:qqqqqq>`,
		`g.V("<person:xie-feng>").out("<dip:happened>").all()`:           `query:1:29: out: argument 1: no edge has the predicate <dip:happened>`,
		`g.V("<person:xie-feng>").out("<person:li-hui>").all()`:          `query:1:29: out: argument 1: no edge has the predicate <person:li-hui>`,
		`g.V("<person:xie-feng>").out(g.V("met")).all()`:                 `query:1:29: out: argument 1 is "met", and predicates are ids; write verb.met or "<dip:met>"`,
		`g.V().has("<dip:form>", date("2023-01-01")).all()`:              `query:1:10: has: argument 1: no edge has the predicate <dip:form>; did you mean "<dip:for>" or "<dip:from>"?`,
		`g.V().save("<dip:qoute>", "quote").all()`:                       `query:1:11: save: argument 1: no edge has the predicate <dip:qoute>; did you mean "<dip:quote>"?`,
		`g.V("<person:xie-feng>").followRecursive("<dip:visted>").all()`: `query:1:41: followRecursive: argument 1: no edge has the predicate <dip:visted>; did you mean "<dip:visited>"?`,
		`edges("Xie Feng", "mett").all()`:                                `query:1:6: edges: argument 2: unknown verb "mett"; did you mean verb.met?`,
		`edges("Xie Feng", "was visited by", "Ely Ratner").all()`:        `query:1:6: edges: argument 2: "was visited by" is "visited" from the other side; write that verb, and swap the two ends`,
		`edges("Xie Feng", "<dip:mett>").all()`:                          `query:1:6: edges: argument 2: no edge has the predicate <dip:mett>; did you mean "<dip:met>"?`,
		`edges("Xie Feng", "<dip:status>").all()`:                        `query:1:6: edges: argument 2: <dip:status> is no verb, and facts label only the edges of verbs`,
		`edges("Xie Feng", 3).all()`:                                     `query:1:6: edges: argument 2 must be a verb; got the value 3`,
	})
}

// An id of the project's own kinds that the graph does not have is an error.
func TestUnknownNodes(t *testing.T) {
	wantErrors(t, map[string]string{
		`g.V("<person:xie-fen>").all()`:                       `query:1:4: V: argument 1: the graph has no <person:xie-fen>; did you mean "<person:xie-feng>"?`,
		`g.V("<country:xie-feng>").all()`:                     `query:1:4: V: argument 1: the graph has no <country:xie-feng>; did you mean "<person:xie-feng>"?`,
		`g.V("<person:nobody>").all()`:                        `query:1:4: V: argument 1: the graph has no <person:nobody>`,
		`g.V("<fact:aaaa>").all()`:                            `query:1:4: V: argument 1: the graph has no <fact:aaaa>`,
		`g.V("<data:tset>").all()`:                            `query:1:4: V: argument 1: the graph has no <data:tset>`,
		`g.V("<evidence:aaaa>").all()`:                        `query:1:4: V: argument 1: the graph has no <evidence:aaaa>`,
		`g.V("<dip:refusd>").in("<dip:status>").all()`:        `query:1:4: V: argument 1: the graph has no <dip:refusd>; did you mean "<dip:refused>"?`,
		`g.V().is("<person:xie-fen>").all()`:                  `query:1:9: is: argument 1: the graph has no <person:xie-fen>; did you mean "<person:xie-feng>"?`,
		`g.V().has("<dip:actor>", "<person:xie-fen>").all()`:  `query:1:10: has: argument 2: the graph has no <person:xie-fen>; did you mean "<person:xie-feng>"?`,
		`g.V().has("<rdf:type>", "<dip:Persn>").all()`:        `query:1:10: has: argument 2: the graph has no <dip:Persn>; did you mean "<dip:Person>"?`,
		`entity("<person:xie-fen>").all()`:                    `query:1:7: entity: argument 1: the graph has no <person:xie-fen>; did you mean "<person:xie-feng>"?`,
		`entity("person:xie-feng").all()`:                     `query:1:7: entity: argument 1 "person:xie-feng" is a text; for the id write "<person:xie-feng>"`,
		`edges("<person:xie-fen>").all()`:                     `query:1:6: edges: argument 1: the graph has no <person:xie-fen>; did you mean "<person:xie-feng>"?`,
		`edges("<fact:aaaa>").all()`:                          `query:1:6: edges: argument 1: the graph has no <fact:aaaa>`,
		`edges("<doc:article>", verb.met, "<dip:met>").all()`: `query:1:6: edges: argument 3 is <dip:met>, and verbs link only entities`,
		`g.V().labelContext("<data:tset>").out().all()`:       `query:1:19: labelContext: argument 1: the graph has no <data:tset>`,
		`g.V().labelContext("test").out().all()`:              `query:1:19: labelContext: argument 1 is "test", and labels are facts and datasets, such as "<data:name>"`,
		`g.V().labelContext("<person:xie-feng>").out().all()`: `query:1:19: labelContext: argument 1 is <person:xie-feng>, and labels are facts and datasets, such as "<data:name>"`,
	})
}

// A column that would hide another column is an error.
func TestColumns(t *testing.T) {
	wantErrors(t, map[string]string{
		`g.V().tag("id").all()`:                                          `query:1:10: tag: the column id is taken: it is the node at the end of the path; choose another name`,
		`g.V().out("<dip:met>", "id").all()`:                             `query:1:10: out: the column id is taken: it is the node at the end of the path; choose another name`,
		`g.V().save("<rdfs:label>", "id").all()`:                         `query:1:11: save: the column id is taken: it is the node at the end of the path; choose another name`,
		`g.V().saveOpt("<rdfs:label>", "id").all()`:                      `query:1:14: saveOpt: the column id is taken: it is the node at the end of the path; choose another name`,
		`g.V().saveInPredicates("id").all()`:                             `query:1:23: saveInPredicates: the column id is taken: it is the node at the end of the path; choose another name`,
		`g.V().tag("a", "a").all()`:                                      `query:1:10: tag: the column "a" is taken by a step before; choose another name`,
		`g.V().tag("a").out(verb.met).tag("a").all()`:                    `query:1:33: tag: the column "a" is taken by a step before; choose another name`,
		`g.V().save("<rdfs:label>", "a").save("<rdf:type>", "a").all()`:  `query:1:37: save: the column "a" is taken by a step before; choose another name`,
		`g.V().save("<rdfs:label>").save("<rdfs:label>").all()`:          `query:1:32: save: the column "<rdfs:label>" is taken by a step before; choose another name`,
		`g.V().tag("a").out(verb.met).tag("b").back("a").tag("b").all()`: `query:1:52: tag: the column "b" is taken by a step before; choose another name`,
		`g.V().tag("a").and(g.V().out(verb.met).tag("a")).all()`:         `query:1:19: and: the column "a" is taken by a step before; choose another name`,
		`g.V().tag("a").follow(g.M().out(verb.met).tag("a")).all()`:      `query:1:22: follow: the column "a" is taken by a step before; choose another name`,
		`g.V().tag("a").followRecursive(verb.met, 2, "a").all()`:         `query:1:31: followRecursive: the column "a" is taken by a step before; choose another name`,
		`g.V().labelContext(g.V(), "f").out(verb.met).tag("f").all()`:    `query:1:49: tag: the column "f" is taken by a step before; choose another name`,
	})
}

// Objects that cannot be copied are errors.
func TestNoResults(t *testing.T) {
	wantErrors(t, map[string]string{
		`Promise.resolve(1)`:                `query: a Promise is no result: nothing waits for it; do without async and await`,
		`(async function() { return 1 })()`: `query: a Promise is no result: nothing waits for it; do without async and await`,
		`new Map([[1, 2]])`:                 `query: a Map is no result; make it a list, as in Array.from(x)`,
		`new Set([1, 2])`:                   `query: a Set is no result; make it a list, as in Array.from(x)`,
		`(function*() { yield 1 })()`:       `query: a Generator is no result; make it a list, as in Array.from(x)`,
		`/x/`:                               `query: a RegExp is no result`,
		`[1, Promise.resolve(1)]`:           `query: a Promise is no result: nothing waits for it; do without async and await`,
		`g.emit({a: new Set([1])})`:         `query:1:7: emit: a Set is no result; make it a list, as in Array.from(x)`,
	})
}
