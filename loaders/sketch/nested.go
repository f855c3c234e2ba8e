package sketch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema/pattern"
)

// terms is a list in the rows whose items have dates, such as the terms of office of a
// person.
type terms struct {
	path   string
	fields []*field
}

// terms returns the first such list; nil if there is none.
func (k *sketch) terms() *terms {
	for _, f := range k.fields {
		if f.list == "" || !f.several || !slices.Contains([]meaning{since, until, when}, f.meaning) {
			continue
		}
		t := &terms{path: f.list}
		for _, other := range k.fields {
			if other.list == f.list && other.count > 0 {
				t.fields = append(t.fields, other)
			}
		}
		return t
	}
	return nil
}

// inTerms reports whether the items of the list with dates have a field.
func (k *sketch) inTerms(f *field) bool {
	t := k.terms()
	return t != nil && slices.Contains(t.fields, f)
}

func cutLast(path string) (before, last string, found bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// ref returns a field as a text of an item of the list.
func (t *terms) ref(f *field) string {
	below := strings.TrimPrefix(f.path, t.path+"/")
	if strings.HasSuffix(f.first, "[1]") {
		below += "[1]"
	}
	return quoted("{" + below + "}")
}

// take returns the first field with one of some meanings.
func (t *terms) take(k *sketch, meanings ...meaning) *field {
	for _, m := range meanings {
		for _, f := range t.fields {
			if f.meaning == m && !k.used[f] {
				k.used[f] = true
				return f
			}
		}
	}
	return nil
}

// named returns the first field with a word in its name.
func (t *terms) named(k *sketch, words ...string) *field {
	for _, f := range t.fields {
		_, last, _ := cutLast(f.path)
		if !k.used[f] && slices.ContainsFunc(tokens(last), func(w string) bool { return slices.Contains(words, w) }) {
			k.used[f] = true
			return f
		}
	}
	return nil
}

// target returns the field that says what a term is of, and whether it is a post.
func (t *terms) target(k *sketch) (target *field, isPost bool) {
	if target = t.take(k, post); target == nil {
		target = t.named(k, "type", "typ", "tipo")
	}
	if target != nil {
		return target, true
	}
	return t.take(k, org, recipient, name), false
}

// hasTerms reports whether the rows have a list of terms of what is not in the list.
func (k *sketch) hasTerms(who *entity) bool {
	t := k.terms()
	if t == nil || who == nil || who.fields[0].several {
		return false
	}
	target, _ := t.target(k)
	delete(k.used, target)
	return target != nil
}

// termFacts writes the facts of the items of a list. It reports whether there are any.
func (k *sketch) termFacts(who *entity) bool {
	if !k.hasTerms(who) {
		return false
	}
	t := k.terms()
	kind, verb := "Institution", "member-of"
	target, isPost := t.target(k)
	if isPost {
		kind, verb = "Post", "holds-post"
	}
	k.line("facts:\n  - each: %s\n    verb: %s  # guessed: entente verbs lists the verbs\n    actor: %s", quoted(t.path), verb, who.key)
	k.termTarget(t.ref(target), target)
	k.line("    recipient-kind: %s  # guessed", kind)
	dates := k.termDates(t)
	for _, d := range dates {
		k.line("    %s", d)
	}
	if party := t.named(k, "party", "partei", "parti", "partido", "faction", "caucus"); party != nil {
		k.line("  # - {each: %s, verb: member-of, actor: %s, recipient: %s, recipient-kind: Group, %s}", quoted(t.path), who.key, t.ref(party), strings.Join(dates, ", "))
	}
	return true
}

// maxWords is the number of words for which a mapping has a table of names.
const maxWords = 12

// termTarget writes the recipient: a field, or a table of names for its words.
func (k *sketch) termTarget(ref string, f *field) {
	if len(f.values) > maxWords || countMatches(f.values, wordText) < len(f.values) {
		k.line("    recipient: %s", ref)
		return
	}
	k.line("    recipient:\n      from: %s\n      lookup:  # write the name after each word; a row with another word is an error", ref)
	for _, text := range f.values {
		k.line("        %s: %s", quoted(text), quoted(text))
	}
}

var wordText = pattern.New(`^[a-z0-9_-]+$`)

func (k *sketch) termDates(t *terms) (lines []string) {
	for _, key := range []meaning{since, until} {
		if f := t.take(k, key); f != nil {
			lines = append(lines, fmt.Sprintf("%s: %s", key, t.ref(f)))
		}
	}
	if f := t.take(k, when); f != nil && len(lines) == 0 {
		lines = append(lines, "when: "+t.ref(f))
	}
	return lines
}

// schemes are names of fields that are identifiers of other systems.
var schemes = strings.Fields("bioguide govtrack icpsr fec lis cspan opensecrets votesmart wikidata viaf isni lei orcid imdb gnd lccn ror grid")

var schemeText = pattern.New(`^[A-Za-z][A-Za-z0-9._-]*$`)

// identifier returns an identifier that a field is, as a text of a mapping; empty if it
// is none. It is below an object of ids, or has the name of a known system.
func (f *field) identifier() string {
	parent, last, _ := cutLast(f.path)
	last = strings.TrimPrefix(last, "@")
	_, above, _ := cutLast(parent)
	isBelow := slices.Contains([]string{"id", "ids", "identifiers"}, above) && !slices.Contains([]string{"identifier", "scheme", "type", "name"}, last)
	switch {
	case !isBelow && !slices.Contains(schemes, last) || !schemeText().MatchString(last) || f.count == 0:
		return ""
	case last == "wikidata":
		return "{" + f.path + "}"
	}
	return last + ":{" + f.path + "}"
}

// maxSchemes is the number of systems of identifiers of one list.
const maxSchemes = 12

// listedIdentifiers returns the identifiers in a list whose items have a scheme and an
// identifier, such as those of Popolo.
func (k *sketch) listedIdentifiers() (lines []string) {
	for _, f := range k.fields {
		if _, last, _ := cutLast(f.path); last != "scheme" || f.list == "" || len(f.values) > maxSchemes {
			continue
		}
		i := slices.IndexFunc(k.fields, func(other *field) bool { return other.path == f.list+"/identifier" && other.list == f.list })
		above, _, isBelow := cutLast(strings.TrimSuffix(f.first, "[1]/scheme"))
		if i < 0 || isBelow && strings.Contains(above, "[1]") || countMatches(f.values, schemeText) < len(f.values) {
			continue
		}
		k.used[f], k.used[k.fields[i]] = true, true
		for _, scheme := range f.values {
			prefix := scheme + ":"
			if scheme == "wikidata" {
				prefix = ""
			}
			lines = append(lines, "  - "+quoted(fmt.Sprintf("%s{%s[scheme='%s'][1]/identifier}", prefix, f.list, scheme)))
		}
	}
	return lines
}

// identifiers lists the identifiers that fields are, as items of a list.
func (k *sketch) identifiers() (lines []string) {
	for _, f := range k.fields {
		if id := f.identifier(); id != "" && !f.several {
			k.used[f] = true
			lines = append(lines, "  - "+quoted(id))
		}
	}
	return lines
}
