package jsonschema_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/jsonschema"
	"github.com/entente-kg/entente/schema"
)

// fault is a sort of problem that the tests of this module plant in files.
type fault struct {
	kind  schema.ProblemKind
	text  string // a pattern of its error
	field string // a pattern of the key
	why   string // why a schema cannot catch it; empty if it can
}

const (
	otherItems = "it shows only beside other items or other files"
	names      = "it depends on what the names are, which other items or files declare"
	inSentence = "no pattern divides a sentence into names and ids"
	arithmetic = "schemas do not compare or compute values"
	option     = "a flag may say how it is meant"
	syntax     = "it is gone, or an error of the editor itself, before a schema sees the values"
)

// faults lists what is wrong in the malformed files of the tests, and whether a schema
// can catch it. The first line that describes a problem counts.
func faults() []fault {
	return []fault{
		{schema.BadSyntax, ``, ``, syntax},
		{schema.RepeatedKey, ``, ``, syntax},
		{schema.UnknownKey, ``, ``, ""},
		{schema.UnknownRecord, ``, ``, ""},
		{schema.WrongType, ``, ``, ""},
		{schema.BadText, ``, ``, ""},
		{schema.UnknownWord, ``, ``, ""},
		{schema.MissingValue, ``, ``, ""},
		{schema.ConflictingValues, ``, ``, ""},
		{schema.TooLarge, ``, ``, ""},

		{schema.BadDate, `ambiguous`, ``, option},
		{schema.BadDate, `ends before it begins`, ``, arithmetic},
		{schema.BadDate, `has another day`, ``, arithmetic},
		{schema.BadDate, `happens once`, ``, "the verb is in a sentence, where a schema does not know it"},
		{schema.BadDate, ``, ``, ""},

		{schema.BadID, ``, `fact`, inSentence},
		{schema.BadID, ``, ``, ""},
		{schema.UnknownName, ``, ``, names},
		{schema.UnknownID, ``, ``, names},
		{schema.UnknownSource, ``, ``, names},
		{schema.UnknownFactKey, ``, ``, otherItems},
		{schema.AmbiguousName, ``, ``, names},

		{schema.UnknownVerb, `winked at`, `fact`, "the sentence has letters with accents, which may be those of a phrase"},
		{schema.UnknownVerb, ``, ``, ""},
		{schema.BadSentence, `says not`, ``, names},
		{schema.BadSentence, `negation`, ``, names},
		{schema.BadSentence, `want the end or "by"`, ``, names},
		{schema.BadSentence, `ambiguous`, ``, names},
		{schema.BadSentence, ``, ``, ""},

		{schema.WrongKind, `<key:`, ``, ""},
		{schema.WrongKind, `a source is a Document|a document is declared`, ``, ""},
		{schema.WrongKind, ``, ``, names},
		{schema.BadParticipants, `stands on both sides|needs another participant`, ``, names},
		{schema.BadParticipants, ``, ``, ""},
		{schema.BadStatus, ``, ``, "the verb is in a sentence, where a schema does not know it"},
		{schema.BadEvidence, `offsets`, ``, arithmetic},
		{schema.RepeatedIdentity, ``, ``, otherItems},
		{schema.BadVerbs, `unknown verb|defined already|is the name of`, ``, otherItems},
		{schema.BadVerbs, ``, ``, ""},
		{schema.Circle, ``, ``, otherItems},
		{schema.RejectedReference, ``, ``, otherItems},
		{schema.OtherProblem, ``, ``, syntax},
	}
}

// Every malformed file of the tests that a schema can catch is caught.
func TestSchemasCatchWhatTheyCan(t *testing.T) {
	t.Parallel()
	all, table := compileAll(t), faults()
	used := make([]int, len(table))
	caught := make(map[schema.ProblemKind]bool)
	for _, in := range append(corpus(t), planted()...) {
		values, ok := values(in.name, in.text)
		if !ok || len(values) == 0 || in.error != "" {
			continue
		}
		var can []string
		problems := problemsOf(in, nil)
		for _, err := range problems {
			for _, p := range loaders.Problems(err) {
				i := slices.IndexFunc(table, func(f fault) bool { return f.describes(p) })
				if i < 0 {
					t.Errorf("%s: no line of the table describes %s: %s (%s)", in.place, p.Kind, p.Err, p.Field)
					continue
				}
				used[i]++
				if table[i].why == "" {
					can = append(can, fmt.Sprintf("%s: %v", p.Kind, p.Err))
				}
			}
		}
		err := all.validate(fileOf(in, values), values)
		if len(can) > 0 && err == nil {
			t.Errorf("%s: no schema catches %s\n%s", in.place, strings.Join(can, "; "), in.text)
		}
		if kinds := kindsOf(problems); err != nil && len(kinds) == 1 {
			caught[kinds[0]] = true
		}
	}
	for i, f := range table {
		if used[i] == 0 && f.text != "" && f.why != "" && f.kind != schema.OtherProblem {
			t.Errorf("no malformed file is as this line of the table says: %+v", f)
		}
	}
	page, err := os.ReadFile("../../cmd/entente/manual/editors.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(page), "problems of\n`entente check`")
	list, _, _ = strings.Cut(list, "\n\n")
	var listed []schema.ProblemKind
	for _, m := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(list, -1) {
		listed = append(listed, schema.ProblemKind(m[1]))
	}
	slices.Sort(listed)
	if got := slices.Sorted(maps.Keys(caught)); !slices.Equal(got, listed) {
		t.Errorf("schemas catch %d kinds of problems:\n%q\nand the manual lists\n%q", len(got), got, listed)
	}
}

func (f fault) describes(p *loaders.RowError) bool {
	return f.kind == p.Kind && regexp.MustCompile(f.text).MatchString(p.Err.Error()) && (f.field == "" || f.field == p.Field)
}

// faultsOfMappings and faultsOfVerbs list the errors of malformed mappings and files of
// verbs, and why a schema cannot catch them; it can catch all others.
func faultsOfMappings() map[string]string {
	return map[string]string{
		`not YAML|tags are not|duplicate key|is empty`: syntax,
		`unknown lookup`: otherItems,
		`has no column`:  "the table has the names",
		`bracket|functions|in the path|whole parent|stands where|#key|rows of a table`: "the syntax of paths is not regular enough",
		`error parsing regexp`: "it is the syntax of RE2",
	}
}

func faultsOfVerbs() map[string]string {
	return map[string]string{
		`stands twice|more than one document|an alias`:                                                                                   syntax,
		`defined already|unknown verb|unknown role|belongs to|no relation|has an entry|falls back|cannot fall back`:                      otherItems,
		`cannot be the widest|widest verb "a"|has no verb|is a relation, which is not|has no object and no inverse|"died" has no object`: otherItems,
		`a CAMEO code has`: "a number may have zeros before it, which its value lacks",
		`name of a`:        "names of predicates are those of the program",
		`is no code of plover|not the status "planed"`: "the texts of codes are a language of their own",
	}
}

// Malformed mappings and files of verbs are caught where a schema can catch them.
func TestSchemasCatchMappingsAndVerbs(t *testing.T) {
	t.Parallel()
	all, caught := compileAll(t), make(map[jsonschema.File]int)
	for _, in := range corpus(t) {
		values, ok := values(in.name, in.text)
		if !ok || in.error == "" {
			continue
		}
		of, table := jsonschema.Mapping, faultsOfMappings()
		if strings.HasPrefix(in.error, "v.yaml") {
			of, table = jsonschema.Verbs, faultsOfVerbs()
		}
		why := ""
		for pattern, reason := range table {
			if regexp.MustCompile(pattern).MatchString(in.error) {
				why = reason
			}
		}
		switch err := all.validate(of, values); {
		case err == nil && why == "":
			t.Errorf("%s: the schema of %s does not catch %s\n%s", in.place, of, in.error, in.text)
		case err != nil:
			caught[of]++
		}
	}
	for of, least := range map[jsonschema.File]int{jsonschema.Mapping: 12, jsonschema.Verbs: 15} {
		if t.Logf("%s: %d caught", of, caught[of]); caught[of] < least {
			t.Errorf("only %d malformed files of %s are caught", caught[of], of)
		}
	}
}

// planted lists facts with problems that no file of the tests has.
func planted() (all []input) {
	const people = "people: [Ann, Bob, Cy]\ncountries: [China, Cuba]\nplaces: [Havana]\nposts: [Envoy]\nfacts:\n  - "
	for _, fact := range []string{
		"{verb: allied-with, actor: China, recipient: Cuba, status: Refused}",
		"{verb: met, actor: Ann, recipient: Bob, when: 2023, attested: yes}",
		"{verb: met, when: 2023}",
		"{verb: visited, party: [Ann, Bob, Cy]}",
		"{verb: met, party: [Ann, Bob], actor: Cy}",
		"{verb: holds-post, actor: Ann}",
		"{fact: Ann met Bob, quote: x, start: 3}",
		"{fact: Ann met Bob, mediator: <place:havana>}",
		"{fact: Ann met Bob, said-by: <place:havana>}",
		"{fact: Ann met Bob, when: 2023-02-30}",
		"{fact: Ann met Bob, when: 2023-02-29}",
		"{fact: Ann met Bob, until: 2023-06-31, since: 2022}",
		"{fact: Ann met Bob, when: someday}",
		"{fact: Ann met Bob, when: 20x3}",
		"{fact: Ann met Bob, when: Smarch 2023}",
		"{fact: Ann met Bob, when: May}",
		"{verb: winked at, actor: Ann, recipient: Bob}",
		"{fact: Ann met Bob, evidence: x}",
		"{fact: Ann met Bob, source: {titel: x}}",
		"{fact: Ann met Bob, source: {title: x, url: example}}",
		"{fact: Ann met Bob, source: {title: x, sha256: ab}}",
		"{fact: Ann met Bob, source: {title: x, language: english language}}",
	} {
		all = append(all, input{place: fact, name: "f.yaml", text: people + fact + "\n"})
	}
	return all
}

func TestSchemasCatchPlantedProblems(t *testing.T) {
	t.Parallel()
	all := compileAll(t)
	for _, in := range planted() {
		values, ok := values(in.name, in.text)
		if problems := problemsOf(in, nil); !ok || len(problems) == 0 {
			t.Errorf("the parser accepts %s", in.place)
		}
		if all.validate(jsonschema.Dataset, values) == nil {
			t.Errorf("the schema accepts %s", in.place)
		}
	}
}
