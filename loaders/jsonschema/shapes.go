package jsonschema

import (
	"strings"

	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
)

// shapes returns the definitions of values that are no mappings.
func shapes(w vocabularyWords) members {
	text := &node{Type: scalar, Pattern: printable, PatternError: "A text without control characters."}
	return members{
		{"text", text},
		{"texts", text.orList("text")},
		{"name", nameNode()},
		{"reference", reference(anyKind())},
		{"references", reference(anyKind()).orList("reference")},
		{"sentence", sentence(w)},
		{"date", dateNode()},
		{"kind", choice("kind", kinds(), oneOf(kindTexts()))},
		{"status", choice("status", statuses(), oneOf(texts(statuses())))},
		{"stance", choice("stance", stances(), oneOf(texts(stances())))},
		{"method", choice("method", methods(), oneOf(texts(methods())))},
		{"review", choice("review", reviews(), oneOf(texts(reviews())))},
		{"verb", verbNode(w)},
	}
}

// shapeNode returns the schema of a value. Other definitions have the shapes that are
// mappings.
func shapeNode(k keys.Key) *node {
	switch k.Shape {
	case keys.Truth:
		return &node{Type: types{"boolean", "string", "null"}, Pattern: "^(?:" + anyCase("true") + "|" + anyCase("yes") + "|" + anyCase("false") + "|" + anyCase("no") + ")?$", PatternError: "true or false"}
	case keys.Count:
		return &node{Type: types{"integer", "string", "null"}, Minimum: integer(0), Pattern: `^ *(?:[+]?[0-9]+|-0+)? *$|` + unusual, PatternError: "A whole number, 0 or more."}
	case keys.Share:
		return &node{Type: scalar, Above: integer(0), Maximum: integer(1), Pattern: `^[-+0-9.A-Fa-fPpXx_ ]*$|` + unusual, PatternError: "A number above 0 and up to 1."}
	case keys.Address:
		return address()
	case keys.Language:
		return &node{Type: types{"string", "null"}, Pattern: `^ *(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)? *$|` + unusual, PatternError: "A language tag such as en or zh-Hant.", Examples: examples("en", "zh", "zh-Hant", "ru", "fr")}
	case keys.Digest:
		return &node{Type: scalar, Pattern: `^ *(?:[0-9A-Fa-f]{64})? *$|` + unusual, PatternError: "A SHA-256: 64 hexadecimal digits."}
	case keys.Order:
		return orderNode()
	case keys.Day:
		return (&node{All: []*node{ref("date"), {Pattern: `[0-9]|^ *$|` + unusual, PatternError: "A day: YYYY-MM-DD."}}})
	case keys.About:
		return &node{Type: types{"object"}, KeyNames: &node{Pattern: printable}, Keys: aboutKeys(), KeysLike: notes(), OtherKeys: ref("text")}
	case keys.Path:
		return anything()
	case keys.FactKeys:
		return ref("texts")
	case keys.Entities:
		return entityList(k.Of)
	}
	return ref(string(k.Shape))
}

func nameNode() *node {
	return &node{Type: scalar, Pattern: oneLine, PatternError: "A name of one line, without control characters.",
		All: []*node{notLonger(1024, "A name of more than 1024 bytes.")}}
}

func sentence(w vocabularyWords) *node {
	return &node{Type: types{"string", "null"}, Examples: examples("Xie Feng met Ely Ratner"), All: []*node{
		{Pattern: printable, PatternError: "A sentence without control characters."},
		{Pattern: sentencePattern(w.phrases) + `|^ *$`, PatternError: "No name before a phrase of a verb: write a sentence such as Xie Feng met Ely Ratner. entente verbs WORD finds verbs."},
		notLonger(4096, "A sentence of more than 4096 bytes."),
	}}
}

// orList returns the schema of a value, or of a list of values that a definition
// describes.
func (n *node) orList(definition string) *node {
	fresh := *n
	fresh.Type, fresh.Items = append([]string{"array"}, n.Type...), ref(definition)
	return &fresh
}

func orderNode() *node {
	known := enum(orders())
	known.Error = "dmy or mdy"
	return &node{Type: types{"string"}, Any: []*node{known, {Pattern: `^ *(?:` + anyCase("dmy") + "|" + anyCase("mdy") + `) *$|` + unusual, PatternError: "dmy or mdy"}}}
}

func enum(words []word) *node {
	n := &node{}
	for _, w := range words {
		n.Enum, n.EnumTip = append(n.Enum, w.text), append(n.EnumTip, w.means)
	}
	return n
}

// choice returns the schema of a word of a fixed set, in any case.
func choice(what string, words []word, pattern string) *node {
	message := "A " + what + " is one of " + strings.Join(texts(words), ", ") + "."
	known := enum(words)
	known.Error = message
	return &node{Type: types{"string", "null"}, Any: []*node{known, {Pattern: pattern, PatternError: message}}}
}

func verbNode(w vocabularyWords) *node {
	const message = "No verb of the vocabulary has this id or phrase: entente verbs WORD finds one."
	known := enum(w.verbs)
	known.Error = message
	return &node{Type: types{"string", "null"}, Any: []*node{known, {Pattern: phrasePattern(w.phrases), PatternError: message}}}
}

// reference is the name of an entity or its id in angle brackets, whose kind is one of
// some kinds.
func reference(kinds []schema.Kind) *node {
	var prefixes []string
	for _, k := range kinds {
		if prefixes = append(prefixes, k.Prefix()); k == schema.KindFact {
			prefixes = append(prefixes, "key")
		}
	}
	message := "An id in angle brackets begins with its kind: <" + strings.Join(prefixes, ":…>, <") + ":…>."
	return &node{Type: scalar, All: []*node{
		{Pattern: printable, PatternError: "A name without control characters."},
		{Pattern: `^[^<]|^<(?:` + strings.Join(prefixes, "|") + `):|^<[^:]*$|[^>]$|^$`, PatternError: message},
	}}
}

// anyKind lists all kinds of entities, and the kind of facts.
func anyKind() []schema.Kind { return append(schema.Kinds(), schema.KindFact) }

const noSuchDate = "No date: write 2023, 2023-07, 2023-07-12, 2023~, 2023-06/2023-07, 12 July 2023 or Q3 2023. entente help dates lists all forms."

func dateNode() *node {
	return &node{Type: scalar, All: []*node{
		{Pattern: datePattern(), PatternError: noSuchDate},
		{Pattern: numbered(), PatternError: "A date without a year."},
		notText(noMonth(), "A month is 01 to 12."),
		notText(noDay, "No day of the calendar."),
		notText(noTime, "An hour is 00 to 23."),
		notText(noDate, "An interval that is open on both sides says nothing."),
	}, Examples: examples("2023-07-12", "2022-08/2022-09", "12 July 2023")}
}

// notText refuses the texts that a pattern matches. Editors show the message of a
// pattern, but none of a keyword not.
func notText(pattern, message string) *node {
	return &node{If: &node{Type: types{"string"}, Pattern: pattern}, Then: &node{Pattern: "^$", PatternError: message}}
}

// notLonger refuses a text of more than a number of bytes. It accepts a text with
// spaces that the parser leaves out.
func notLonger(most int, message string) *node {
	n := &node{Type: types{"string"}, MinLength: most + 1, Not: &node{Pattern: "^[^!-~]|[^!-~]$|[\t\n\r ][\t\n\r ]"}}
	return &node{If: n, Then: &node{Pattern: "^$", PatternError: message}}
}

func address() *node {
	var schemes []string
	for _, s := range []string{"http", "https", "urn", "doi", "ftp", "file"} {
		schemes = append(schemes, anyCase(s))
	}
	return &node{Type: types{"string", "null"}, Pattern: `^ *(?:` + strings.Join(schemes, "|") + `):|^ *$|` + unusual,
		PatternError: "An address such as https://example.org/page.", Examples: examples("https://example.org/page")}
}

// idNode is the id of an entity of one of some kinds.
func idNode(kinds ...schema.Kind) *node {
	var prefixes []string
	for _, k := range kinds {
		prefixes = append(prefixes, k.Prefix())
	}
	message := "An id such as " + prefixes[0] + ":its-name: " + strings.Join(prefixes, ", ") + ", a colon, and letters, digits and hyphens."
	return &node{Type: types{"string", "null"}, Pattern: `^ *(?:` + strings.Join(prefixes, "|") + `):(?:[A-Za-z0-9._~/:@()+,'-]|` + unusual + `)+ *$|^ *$`, PatternError: message}
}

func aboutKeys() members {
	return members{
		{"title", ref("text").described("The title of the dataset.")},
		{"description", ref("text").described("What the dataset is about.")},
		{"license", ref("text").described("The licence of the dataset, such as CC0.")},
	}
}

func examples(texts ...string) []any {
	all := make([]any, len(texts))
	for i, t := range texts {
		all[i] = t
	}
	return all
}
