package sketch

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
	"github.com/entente-kg/entente/schema/written"
)

// entity is an entity of the row that the mapping makes.
type entity struct {
	key    string // its name in the mapping
	each   string // the list whose items it is; empty for one entity
	fields []*field
	kind   string // in YAML
	name   string // in YAML
	more   []string
}

// items writes the entities and the facts.
func (k *sketch) items(v *schema.Vocabulary) {
	who, whom := k.sides()
	var all []*entity
	for _, e := range []*entity{who, whom} {
		if e != nil {
			all = append(all, e)
		}
	}
	var at *entity
	if f := k.unused(place); f != nil && !(k.hasTerms(who) && k.inTerms(f)) {
		at = k.entityOf("place", "Place", k.take(place))
	}
	if at != nil {
		all = append(all, at)
	}
	if len(all) == 0 {
		all = append(all, k.anything())
	}
	if who != nil {
		k.details(who, whom == nil)
	}
	k.line("entities:")
	for _, e := range all {
		if e == nil {
			continue
		}
		k.line("  %s:", e.key)
		if e.each != "" {
			k.line("    each: %s", quoted(e.each))
		}
		k.line("    kind: %s\n    name: %s", e.kind, e.name)
		for _, line := range e.more {
			k.line("    %s", line)
		}
	}
	if who != nil && whom != nil {
		k.fact(who, whom, at, v)
		k.postHint(whom)
		return
	}
	if k.termFacts(who) {
		return
	}
	k.line("# facts:  # what did the row's entity do, and to whom?")
	k.line("#   verb: visited")
	k.line("#   actor: %s", all[0].key)
	k.line("#   recipient: ...")
}

// sides chooses the two sides of a fact: who and whom, else a person and a post, an
// institution, a country or a place.
func (k *sketch) sides() (who, whom *entity) {
	switch first, last := k.take(first), k.take(last); {
	case first != nil && last != nil:
		who = fullName(first, last)
	case last != nil:
		who = k.entityOf("who", "Person", last)
	default:
		who = k.entityOf("who", "", k.take(actor, name, slug))
	}
	if who == nil && len(k.all(country)) > 1 {
		who = k.entityOf("who", "Country", k.take(country))
	}
	if k.hasTerms(who) {
		return who, nil
	}
	switch target := k.take(recipient); {
	case target != nil:
		whom = k.entityOf("whom", "", target)
	case k.hasPost() && !k.keyed:
		whom = k.entityOf("post", "Post", k.take(post))
	case len(k.all(org)) > 0:
		whom = k.entityOf("whom", "Institution", k.take(org))
	case len(k.all(country)) > 0:
		whom = k.entityOf("land", "Country", k.take(country))
	}
	if who == nil {
		who, whom = whom, nil
	}
	return who, whom
}

// fullName returns the person whom two fields name.
func fullName(first, last *field) *entity {
	who := &entity{key: "who", kind: "Person", name: quoted(first.ref() + " " + last.ref()), fields: []*field{first, last}}
	firstList, firstRef := first.each()
	if lastList, lastRef := last.each(); first.several && last.several && firstList == lastList {
		who.each, who.name = lastList, quoted(firstRef+" "+lastRef)
	}
	return who
}

// hasPost reports whether a field has posts. One word in all rows, such as the role
// of a traveller, says nothing of the row.
func (k *sketch) hasPost() bool {
	posts := k.all(post)
	return len(posts) > 0 && (len(posts[0].values) > 1 || k.rows < 3 || len(k.all(country)) == 0)
}

var idText = pattern.New(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

var institutionWords = pattern.New(`(?i)\b(ministry|department|office|university|institute|council|commission|committee|bank|party|embassy|inc|ltd|llc|gmbh|corp|company|agency|association|ministerium|universität|universidad|université|ministère|ministerio|partei|parti|partido|banque|banco)\b`)

// entityOf returns the entity that a field names; nil for no field. An empty kind is
// guessed from the values.
func (k *sketch) entityOf(key, kind string, f *field) *entity {
	if f == nil {
		return nil
	}
	e := &entity{key: key, kind: kind, name: quoted(f.ref()), fields: []*field{f}}
	if f.several {
		list, ref := f.each()
		e.each, e.name = list, quoted(ref)
	}
	if f.path == keyField && kind == "Institution" {
		e.kind += "  # guessed"
	}
	if f.isCountries() && kind == "" {
		e.kind = "Country"
	}
	if e.kind == "Country" && hasCodes(f) {
		e.name = fmt.Sprintf("{from: %s, lookup: countries, default: %s}", e.name, e.name)
	}
	if e.kind == "" {
		e.kind = "Person  # guessed"
		if institutions := countMatches(f.values, institutionWords); institutions*2 > len(f.values) {
			e.kind = "Institution  # guessed"
		}
		if f.countries > 0 {
			e.kind = fmt.Sprintf("{from: %s, lookup: country-kinds, default: %s}  # guessed", e.name, strings.Fields(e.kind)[0])
		}
	}
	return e
}

// hasCodes reports whether countries are written as codes.
func hasCodes(f *field) bool {
	for _, text := range f.values {
		if len(text) <= 3 && mapping.CountryName(text) != "" {
			return true
		}
	}
	return false
}

func countMatches(values []string, matching func() *regexp.Regexp) (n int) {
	for _, v := range values {
		if matching().MatchString(v) {
			n++
		}
	}
	return n
}

// anything returns an entity named by the first field that is a text.
func (k *sketch) anything() *entity {
	for _, f := range k.fields {
		if f.count > 0 && f.numbers < len(f.values) && f.dates < len(f.values) && f.meaning != ignored && f.meaning != url && f.meaning != archived {
			k.used[f] = true
			return k.entityOf("thing", "Thing  # guessed", f)
		}
	}
	if len(k.fields) == 0 {
		return &entity{key: "thing", kind: "Thing", name: quoted("{.}")}
	}
	k.used[k.fields[0]] = true
	return &entity{key: "thing", kind: "Thing  # guessed", name: quoted(k.fields[0].ref())}
}

// details adds what the fields say of a person besides the name.
// Only rows that are about the person alone have the id of the person.
func (k *sketch) details(who *entity, alone bool) {
	if who.each != "" {
		return // what the row says is not of every item of a list
	}
	prefix := schema.Kind(strings.Fields(who.kind)[0]).Prefix()
	for _, f := range slices.Concat(k.all(slug), k.fields) {
		isID := f.meaning == slug || alone && f.meaning == id || f.identifier() != ""
		if !k.used[f] && isID && !f.several && f.count == k.rows && countMatches(f.values, idText) == len(f.values) && prefix != "" {
			k.used[f] = true
			who.more = append(who.more, "id: "+quoted(prefix+":"+f.ref()))
			break
		}
	}
	ids := k.identifiers()
	if alone {
		ids = append(ids, k.listedIdentifiers()...)
	}
	if len(ids) > 0 {
		who.more = append(append(who.more, "identifiers:"), ids...)
	}
	if f := k.takeSingle(born); f != nil {
		who.more = append(who.more, "born: "+quoted(f.ref()))
	}
	if f := k.take(alias); f != nil {
		who.more = append(who.more, "aliases: "+quoted("{"+f.path+"}"))
	}
}

// fact writes the fact of a row.
func (k *sketch) fact(who, whom, at *entity, v *schema.Vocabulary) {
	k.line("facts:")
	var demands []string
	for _, e := range []*entity{who, whom} {
		for _, f := range e.fields {
			if f.count < k.rows {
				demands = append(demands, quoted(f.path)+": ")
			}
		}
	}
	if len(demands) > 0 {
		k.line("  if: {%s}  # some rows have no value there", strings.TrimSuffix(strings.Join(demands, ", "), " "))
	}
	k.verb(whom, v)
	k.line("  actor: %s\n  recipient: %s", who.key, whom.key)
	if at != nil {
		k.line("  at: %s", at.key)
	}
	k.times(whom)
	k.evidence()
}

// verb writes the verb of the fact: a field, or a guess.
func (k *sketch) verb(whom *entity, v *schema.Vocabulary) {
	if f := k.take(code); f != nil {
		if f.lost > 0 {
			k.line("  verb: {cameo: %s, digits: 3}  # without leading zeros: 40 is 040, and 10 is 010; digits: 2 if all are roots", quoted(f.ref()))
			return
		}
		k.line("  verb: {cameo: %s}", quoted(f.ref()))
		return
	}
	if f := k.take(verb); f != nil {
		k.verbField(f, v)
		return
	}
	guess := map[string]string{"Post": "holds-post", "Institution": "works-at", "Country": "visited"}[strings.Fields(whom.kind)[0]]
	switch {
	case guess == "":
		guess = "met"
	case strings.Contains(whom.name, keyField) && guess == "works-at":
		guess = "member-of"
	}
	k.line("  verb: %s  # guessed: entente verbs lists the verbs", guess)
}

func (k *sketch) verbField(f *field, v *schema.Vocabulary) {
	var missing []string
	for _, text := range f.values {
		if _, _, ok := v.Resolve(text); !ok {
			missing = append(missing, text)
		}
	}
	if len(missing) == 0 && len(f.values) < maxValues {
		k.line("  verb: %s", f.value())
		return
	}
	lines, isEmpty := verbLines(f, v)
	if isEmpty {
		k.line("  verb:\n    from: %s\n    lookup: {}  # write a word and its verb in place of {}: entente verbs WORD finds verbs", f.value())
	} else {
		k.line("  verb:\n    from: %s\n    lookup:  # write the verb after each word: entente verbs WORD finds verbs", f.value())
	}
	for _, line := range lines {
		k.line("%s", line)
	}
	k.line("      # a row with another word is an error, so that no fact is made up; \"\" is an empty field")
}

// verbLines returns the entries of a table of verbs for the words of a field, with a guess
// or, in comments, without one. It reports whether there are only comments.
func verbLines(f *field, v *schema.Vocabulary) (lines []string, isEmpty bool) {
	isEmpty = true
	for _, text := range f.values {
		word := ""
		if id, inverse, ok := v.Resolve(text); ok && !inverse {
			word = string(id)
		} else if near := v.Suggest(text); len(near) > 0 {
			if id, inverse, ok := v.Resolve(near[0]); ok && !inverse {
				word = string(id) + "  # guessed"
			}
		}
		if word == "" {
			lines = append(lines, fmt.Sprintf("      # %s:", quoted(text)))
			continue
		}
		lines, isEmpty = append(lines, fmt.Sprintf("      %s: %s", quoted(text), word)), false
	}
	return lines, isEmpty
}

// times writes the dates of the fact.
func (k *sketch) times(whom *entity) {
	begin, end := k.take(since), k.take(until)
	if begin == nil && end == nil {
		begin = k.take(when)
		if begin != nil {
			k.line("  when: %s", begin.value())
		}
		return
	}
	if begin != nil {
		k.line("  since: %s", begin.value())
	}
	if end != nil {
		k.line("  until: %s", end.value())
	}
}

// evidence writes what the fields say of the source of the fact.
func (k *sketch) evidence() {
	if f := k.takeSingle(topic); f != nil {
		k.line("  topic: %s", quoted(f.ref()))
	}
	if f := k.takeSingle(quote); f != nil {
		k.line("  quote: %s", quoted(f.ref()))
	}
	if f := k.takeSingle(note); f != nil {
		k.line("  note: %s", quoted(f.ref()))
	}
	if f := k.takeSingle(id); f != nil {
		k.line("  source-key: %s", quoted(f.ref()))
	}
	var parts []string
	for _, m := range []meaning{title, url, publisher, published, archived, archiving, accessed} {
		if f := k.takeSingle(m); f != nil {
			parts = append(parts, fmt.Sprintf("%s: %s", m, quoted(f.ref())))
		}
	}
	if len(parts) > 0 && (strings.HasPrefix(parts[0], "title") || strings.HasPrefix(parts[0], "url")) {
		k.line("  source: {%s}", strings.Join(parts, ", "))
	}
}

func isDate(text string) bool {
	_, err := written.Parse(text, written.Options{Order: written.DMY})
	return err == nil
}
