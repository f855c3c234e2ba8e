package loaders_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/schema"
)

// readReal reads a file of real data, from a folder beside the project.
func readReal(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", filepath.FromSlash(name)))
	if os.IsNotExist(err) {
		t.Skipf("%s is not here", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The deputies of a parliament, as JSON lines and CSV made from Popolo.
func TestRealDeputies(t *testing.T) {
	var popolo struct {
		Persons []struct {
			ID, Name    string
			Identifiers []struct{ Scheme, Identifier string }
		}
		Organizations []struct{ ID, Name string }
		Memberships   []struct {
			Person string `json:"person_id"`
			Party  string `json:"on_behalf_of_id"`
			Term   string `json:"legislative_period_id"`
		}
	}
	if err := json.Unmarshal(readReal(t, "popolo/burundi-ep-popolo-v1.0.json"), &popolo); err != nil {
		t.Fatal(err)
	}
	var people, parties bytes.Buffer
	enc := json.NewEncoder(&people)
	for _, p := range popolo.Persons {
		enc.Encode(map[string]any{"kind": "Person", "id": "person:" + p.ID, "name": p.Name, "identifiers": []string{p.ID}})
	}
	rows := csv.NewWriter(&parties)
	rows.Write([]string{"from", "type", "to", "to_type", "start"})
	facts := 0
	for _, m := range popolo.Memberships {
		for _, o := range popolo.Organizations {
			if o.ID == m.Party && strings.Trim(o.Name, "-") != "" {
				rows.Write([]string{"person:" + m.Person, "is a member of", o.Name, "group", strings.TrimPrefix(m.Term, "term/")})
				facts++
			}
		}
	}
	rows.Flush()
	r := clean(t, open(t, folder(t, "people.jsonl", people.String(), "parties.csv", parties.String()), nil))
	if len(r.facts) != facts || facts < 200 || len(r.entities) < len(popolo.Persons)+5 {
		t.Errorf("%d facts of %d, %d entities", len(r.facts), facts, len(r.entities))
	}
}

// Names in several scripts, each of which identifies its person in a sentence.
func TestRealAliases(t *testing.T) {
	var people bytes.Buffer
	var sentences []string
	enc := json.NewEncoder(&people)
	for line := range bytes.Lines(readReal(t, "ftm/zala.ftm.json")) {
		var e struct {
			ID, Caption, Schema string
			Properties          map[string][]string
		}
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if e.Schema != "Person" {
			continue
		}
		names := append(e.Properties["name"], e.Properties["alias"]...)
		enc.Encode(map[string]any{"kind": "Person", "id": "person:" + e.ID, "name": e.Caption, "aliases": names})
		for _, n := range append(names, strings.ToUpper(e.Caption)) {
			sentences = append(sentences, n+" met The Visitor")
		}
	}
	enc.Encode(map[string]any{"kind": "Person", "name": "The Visitor"})
	enc.Encode("The Visitor issued a statement")
	for _, s := range sentences {
		enc.Encode(map[string]any{"fact": s})
	}
	r := read(t, "people.jsonl", people.String())
	if r.fatal != nil || len(sentences) < 20 {
		t.Fatal(r.fatal, len(sentences))
	}
	for _, row := range r.rows {
		if !strings.Contains(row.Error(), "ambiguous name") {
			t.Errorf("%v (%s)", row, row.Hint())
		}
	}
	if len(r.facts)+len(r.rows) != len(sentences)+1 {
		t.Errorf("%d facts and %d errors of %d rows", len(r.facts), len(r.rows), len(sentences)+1)
	}
}

// Rows of events whose actors are often missing: every row is either loaded or
// rejected.
func TestRealEvents(t *testing.T) {
	table := csv.NewReader(bytes.NewReader(readReal(t, "gdelt/events.tsv")))
	table.Comma, table.LazyQuotes, table.FieldsPerRecord = '\t', true, -1
	events, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	verbs := map[string]string{"04": "spoke with", "11": "criticized", "01": "told", "17": "arrested", "02": "appealed to", "03": "told"}
	var out bytes.Buffer
	rows := csv.NewWriter(&out)
	rows.Comma = '\t'
	rows.Write([]string{"event_id", "subject", "subject_type", "predicate", "object", "object_type", "date", "url"})
	written := 0
	for _, e := range events {
		if verb := verbs[e[28]]; verb != "" {
			day := e[1][:4] + "-" + e[1][4:6] + "-" + e[1][6:]
			rows.Write([]string{e[0], e[6], "Group", verb, e[16], "Group", day, e[len(e)-1]})
			written++
		}
	}
	rows.Flush()
	r := read(t, "events.tsv", out.String())
	if r.fatal != nil || written < 100 {
		t.Fatal(r.fatal, written)
	}
	if len(r.facts) == 0 || len(r.facts)+len(r.rows) != written {
		t.Errorf("%d facts and %d errors of %d rows", len(r.facts), len(r.rows), written)
	}
	for _, row := range r.rows {
		if !strings.Contains(row.Error(), "bad participants") && !strings.Contains(row.Error(), "wrong kind") {
			t.Errorf("%v", row)
		}
	}
}

// Files of other programs are refused as a whole as files of entente's own formats.
func TestRealForeignFiles(t *testing.T) {
	for _, name := range []string{"ftm/zala.ftm.json", "wikidata/Q7747.json",
		"gdelt/events.tsv", "gdelt/events_column_names.csv", "popolo/spec-examples/metadata.json"} {
		t.Run(name, func(t *testing.T) {
			readReal(t, name) // skips where it is absent
			in, err := loaders.Open(filepath.Join("..", "..", "shared", "data", name), &loaders.Options{From: foreign.Own})
			if err != nil {
				return
			}
			problems := 0
			for record, err := range in.Records(t.Context()) {
				if _, isFact := record.(schema.Fact); isFact {
					t.Fatalf("a fact: %+v", record)
				}
				if err != nil {
					problems++
				}
			}
			if problems == 0 {
				t.Error("no problem")
			}
		})
	}
}
