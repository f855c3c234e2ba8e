package rejects_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/cmd/entente/internal/rejects"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// shape is a form of file that a mapping reads.
type shape struct {
	file     string
	mapping  string
	encoding charset.Encoding
	write    func(rows []visit) string
}

// visit is what a row says. A value that was planted to be bad stands in day or verb.
type visit struct {
	who, land, day, verb string
	year                 int // of the list in which it is
}

// byYear calls do for the rows of each year.
func byYear(rows []visit, do func(year int, rows []visit)) {
	for year := 2000; year < 2010; year++ {
		if of := slices.DeleteFunc(slices.Clone(rows), func(v visit) bool { return v.year != year }); len(of) > 0 {
			do(year, of)
		}
	}
}

const facts = `
  verb: "{verb}"
  actor: who
  recipient: land
  when: "{day}"
  source: {title: Visits of {year}}
`

func itemsOf(year string) string {
	return "entities:\n  who: {kind: Person, name: \"{who}\"}\n  land: {kind: Country, name: \"{land}\"}\nfacts:" +
		strings.Replace(strings.Replace(facts, "{title: Visits of {year}}", "{title: \"Visits of "+year+"\"}", 1), "{year}", year, 1)
}

func joined(rows []visit, format, separator string) string {
	all := make([]string, len(rows))
	for i, r := range rows {
		all[i] = strings.NewReplacer("WHO", r.who, "LAND", r.land, "DAY", r.day, "VERB", r.verb).Replace(format)
	}
	return strings.Join(all, separator)
}

var shapes = []shape{
	{"v.csv", itemsOf("2023"), "", func(rows []visit) string {
		return "who,land,day,verb\n" + joined(rows, "WHO,LAND,DAY,VERB", "\n") + "\n"
	}},
	{"v.csv", "skip: 2\nseparator: \"#\"\n" + itemsOf("2023"), "", func(rows []visit) string {
		return "Visits\nby hand\nwho#land#day#verb\n" + joined(rows, "WHO#LAND#DAY#VERB", "\n") + "\n"
	}},
	{"v.csv", "skip: 1\ncolumns: [who, land, day, verb]\n" + itemsOf("2023"), "", func(rows []visit) string {
		return "Visits\n" + joined(rows, `WHO,"LAND",DAY,VERB`, "\n") + "\n"
	}},
	{"v.csv", itemsOf("2023"), charset.Latin1, func(rows []visit) string {
		return "sep=;\r\nwho;land;day;verb\r\n" + strings.ReplaceAll(joined(rows, "WHO é;LAND;DAY;VERB", "\r\n"), "é", "\xe9") + "\r\n"
	}},
	{"v.jsonl", itemsOf("2023"), "", func(rows []visit) string {
		return joined(rows, `{"who": "WHO", "land": "LAND", "day": "DAY", "verb": "VERB"}`, "\n") + "\n"
	}},
	{"v.jsonl", "rows: visits\n" + itemsOf("{../year}"), "", func(rows []visit) string {
		var lines strings.Builder
		byYear(rows, func(year int, part []visit) {
			fmt.Fprintf(&lines, "{\"year\": %d, \"visits\": [%s]}\n", year, joined(part, `{"who": "WHO", "land": "LAND", "day": "DAY", "verb": "VERB"}`, ", "))
		})
		return lines.String()
	}},
	{"v.json", "rows: data/visits\n" + itemsOf("{../../year}"), "", func(rows []visit) string {
		return "{\"year\": \"2023\",\n\"data\": {\"n\": [1, 2], \"visits\": [\n" + joined(rows, `  {"day": "DAY", "who": "WHO", "land": "LAND", "verb": "VERB"}`, ",\n") + "\n]}}\n"
	}},
	{"v.json", itemsOf("2023"), "", func(rows []visit) string {
		return "[" + joined(rows, `{"day": "DAY", "who": "WHO", "land": "LAND", "verb": "VERB"}`, ", ") + "]"
	}},
	{"v.json", "rows: data/*\n" + itemsOf("{/year}"), "", func(rows []visit) string {
		var members []string
		for i, r := range rows {
			members = append(members, fmt.Sprintf("\"row \\\"%d\": %s", i, joined([]visit{r}, `{"day": "DAY", "who": "WHO", "land": "LAND", "verb": "VERB"}`, "")))
		}
		return `{"year": "2023", "data": {` + strings.Join(members, ", \n") + "}, \"end\": 1}"
	}},
	{"v.xml", "rows: year/visit[@ok='yes']\n" + strings.ReplaceAll(itemsOf("{../@n}"), "{day}", "{@day}"), "", func(rows []visit) string {
		var years strings.Builder
		byYear(rows, func(year int, part []visit) {
			fmt.Fprintf(&years, "<year n='%d'>\n%s\n <visit ok='no'/></year>\n", year, joined(part, "  <visit ok='yes' day='DAY'><who>WHO</who><land>LAND</land><verb>VERB</verb></visit>", "\n"))
		})
		return "<?xml version='1.0' encoding='utf-8'?>\n<!-- visits --><visits>\n" + years.String() + "</visits>\n"
	}},
	{"v.yaml", "rows: data/visits\n" + itemsOf("{../../year}"), "", func(rows []visit) string {
		return "# visits\nyear: 2023\ndata:\n  visits:\n" + joined(rows, "    - {who: WHO, land: LAND, day: 'DAY', verb: VERB}", "\n") + "\n"
	}},
	{"v.yaml", itemsOf("2023"), "", func(rows []visit) string {
		return joined(rows, "- who: WHO\n  land: LAND\n  day: DAY\n  verb: VERB", "\n") + "\n"
	}},
}

// The rejected rows of a file that a mapping reads, once they are mended, load by the
// same mapping as the same facts.
func TestRejectsOfMappedFilesLoadAgain(t *testing.T) {
	for i, s := range shapes {
		t.Run(fmt.Sprintf("%d %s", i, s.file), func(t *testing.T) {
			for seed := range uint64(12) {
				random := rand.New(rand.NewPCG(seed, 0))
				good, bad, planted := planted(random, 1+random.IntN(8), seed%3 == 0)
				want, problems, _ := read(t, s, s.write(planted))
				if len(problems) > 0 {
					t.Fatalf("good rows are rejected: %v", problems)
				}
				_, _, written := read(t, s, s.write(bad))
				for i := range bad {
					written = bytes.ReplaceAll(bytes.ReplaceAll(written, []byte("'"+bad[i].day+"'"), []byte("'"+good[i].day+"'")), []byte(bad[i].day), []byte(good[i].day))
				}
				mended := bytes.ReplaceAll(written, []byte("frobbed"), []byte("visited"))
				got, problems, _ := read(t, s, string(mended))
				if len(problems) > 0 || !slices.Equal(got, want) {
					t.Fatalf("rejects, mended:\n%s\nproblems %v\nfacts %v\nwant  %v", mended, problems, got, want)
				}
			}
		})
	}
}

// planted returns good rows, the same with bad values in some or all of them, and the
// good ones of these.
func planted(random *rand.Rand, n int, all bool) (good, bad, planted []visit) {
	for i := range n {
		v := visit{fmt.Sprintf("Person %c", 'A'+i), "China", fmt.Sprintf("2023-03-%02d", 10+i), "visited", 2000 + i/3}
		b := v
		if isBad := all || i == 0 || random.IntN(2) == 0; isBad {
			planted = append(planted, v)
			if random.IntN(3) > 0 {
				b.day = fmt.Sprintf("2023-02-31x%d", i)
			} else {
				b.verb = "frobbed"
			}
		}
		good, bad = append(good, v), append(bad, b)
	}
	return good, bad, planted
}

// read reads a file by its mapping. It returns the facts, the problems, and the file of
// the rejected rows.
func read(t *testing.T, s shape, text string) (facts, problems []string, rejected []byte) {
	t.Helper()
	m, err := mapping.Parse("m.yaml", []byte(s.mapping))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), s.file)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(name, &loaders.Options{Mapping: m, Encoding: s.encoding})
	if err != nil {
		t.Fatal(err)
	}
	f := rejects.NewFile(in, name)
	var out bytes.Buffer
	for record, err := range in.Records(t.Context()) {
		if row := (*schema.RowError)(nil); errors.As(err, &row) {
			problems = append(problems, row.Error())
			if err := f.Add(&out, row); err != nil {
				t.Fatal(err)
			}
		} else if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if fact, is := record.(schema.Fact); is {
			source := fact.Evidence[0].Source
			facts = append(facts, fmt.Sprintf("%v from %s", schema.DefaultVocabulary().Normalize(fact), source))
		}
	}
	if err := f.End(&out); err != nil {
		t.Fatal(err)
	}
	slices.Sort(facts)
	return facts, problems, out.Bytes()
}
