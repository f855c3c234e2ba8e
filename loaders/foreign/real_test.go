package foreign_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// shared is the folder of files that others have written.
const shared = "../../../shared/data"

// realFile is a file, or a folder, of others, and what a tool of others counts in it: the
// lines of a table that the manual's page about formats promises.
type realFile struct {
	path    string
	mapping string // of examples/mappings; empty for a format of another program
	with    string // the file before it whose names it uses
	bad     int    // rejected rows
	counts  []realCount
}

// realCount is a number of entities or facts, all or of a kind or a verb, and the command
// that counts the same in the file.
type realCount struct {
	what    string
	want    int
	command string
}

// Commands of jq and awk that several files share.
const (
	ftmEntities = `jq -s '["Person","Company","Organization","LegalEntity","PublicBody","Address"] as $t | map(select(.schema as $s|$t|index($s))) as $given | ($given|map(.id)) as $ids | map(.properties) as $p |` +
		` ([$p[]|(.owner,.asset,.director,.organization,.person,.relative,.entity,.addressEntity,.parent)//[]|.[]]|unique-$ids|length) + ($ids|length) + ([$p[].authority//[]|.[]]|unique|length) +` +
		` ([$given[].properties|[(.citizenship,.nationality,.jurisdiction,.country)//[]|unique|select(length==1)][0]//[]|.[]]|unique|length)' `
	ftmFacts = `jq -s '(map(select(.schema|IN("Ownership","Directorship","Family","Sanction")))|length) + ([.[].properties|(.addressEntity,.parent)//[]|.[]]|length)' `
	claims   = `.entities.Q7747.claims|[to_entries[]|select(.key|IN("P39","P463","P102","P27","P106","P108","P69","P1037","P35","P6","P488","P169","P1346","P26","P22","P25","P40","P3373","P1038","P127","P1830","P361","P749","P159","P131","P1344"))|.value[]|select(.mainsnak.snaktype=="value")]|(map(.mainsnak.datavalue.value.id)+[.[]|select(.rank!="deprecated")|(.qualifiers.P1365,.qualifiers.P1366)//[]|.[]|select(.snaktype=="value").datavalue.value.id]`
	gdelt    = `awk -F'\t' '$6!="" && $7!="" && $16!="" && $17!="" && $6!=$16 && NR!=540` // whose place has a control character
)

func realFiles() []realFile {
	return []realFile{
		{path: "ftm/zala.ftm.json", counts: []realCount{{"entities", 66, ftmEntities + "ftm/zala.ftm.json"}, {"facts", 89, ftmFacts + "ftm/zala.ftm.json"}}},
		{path: "ftm/t1/entities.ftm.json", counts: []realCount{{"entities", 13, ftmEntities + "ftm/t1/entities.ftm.json"}, {"facts", 2, ftmFacts + "ftm/t1/entities.ftm.json"}}},
		{path: "popolo/burundi-ep-popolo-v1.0.json", counts: []realCount{
			{"entities", 268, `jq '([.persons,.organizations,.areas,.events|length]|add) - ([.organizations[]|select(.name=="-")]|length)' popolo/burundi-ep-popolo-v1.0.json`},
			{"facts", 238, `jq '.memberships+.events|length' popolo/burundi-ep-popolo-v1.0.json`}}},
		{path: "wikidata/Q7747.json", counts: []realCount{
			{"entities", 165, `jq '` + claims + `+["Q7747"])|unique|length' wikidata/Q7747.json`},
			{"facts", 181, `jq '` + claims + `)|length' wikidata/Q7747.json`},
			{"facts of holds-post", 22, `jq '[.entities.Q7747.claims.P39[]|select(.mainsnak.snaktype=="value")]|length' wikidata/Q7747.json`}}},
		{path: "gdelt/events.tsv", bad: 2, counts: []realCount{
			{"entities of Group", 255, gdelt + `{if($6!=$8)print $7" ("$6")"; if($16!=$18)print $17" ("$16")"}' gdelt/events.tsv | sort -u | wc -l`},
			{"entities of Place", 212, gdelt + ` && $50!=1 && $51!=""{sub(/^The /,"",$51); print $51}' gdelt/events.tsv | sort -u | wc -l`},
			{"facts", 469, gdelt + `' gdelt/events.tsv | wc -l`}}},
		{path: "state/people", mapping: "state-people", counts: []realCount{
			{"entities of Person", 334, `grep -ho '<person>' state/people/*.xml | wc -l`},
			{"facts", 255, `grep -ho '<death>[^<]' state/people/*.xml | wc -l`}}},
		{path: "state/missions", mapping: "state-missions", with: "people", counts: []realCount{
			{"entities of Post", 5, `grep -ho '<country-mission>' state/missions/*.xml | wc -l`},
			{"facts", 204, `awk '/<chiefs>/{i=1} /<\/chiefs>/{i=0} i && /<chief>/' state/missions/*.xml | wc -l`}}},
		{path: "state/principals", mapping: "state-principals", with: "people", counts: []realCount{
			{"entities of Post", 4, `grep -ho '<principal-position>' state/principals/*.xml | wc -l`},
			{"facts of holds-post", 143, `awk '/<other-appointees>/{o=1} /<\/other-appointees>/{o=0} !o && /<principal[ >]/' state/principals/*.xml | wc -l`}}},
		{path: "state/travels", mapping: "state-travels", counts: []realCount{
			{"entities of Person", 4, `grep -ho 'who="[^"]*"' state/travels/*.xml | sort -u | wc -l`},
			{"facts", 1074, `grep -ho '<trip ' state/travels/*.xml | wc -l`}}},
	}
}

// Each real file loads with the stated number of entities and facts, which a program of
// others counts too; and its graph loads again from its N-Quads with an equal digest.
func TestRealFiles(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("%s is absent", shared)
	}
	for _, r := range realFiles() {
		t.Run(r.path, func(t *testing.T) {
			g := emptyGraph(t)
			if r.with != "" {
				r.load(t, g, "state/"+r.with, "state-"+r.with, "")
			}
			dataset := r.load(t, g, r.path, r.mapping, r.with)
			for _, c := range r.counts {
				if n := count(t, g, dataset, c.what); n != c.want {
					t.Errorf("%d %s, want %d", n, c.what, c.want)
				}
				t.Run(c.what, func(t *testing.T) {
					if n := countByCommand(t, c.command); n != c.want {
						t.Errorf("%s counts %d, want %d", c.command, n, c.want)
					}
				})
			}
			checkCopy(t, g)
		})
	}
}

// An alias that is the name itself, as in the real files, does not spoil an export.
func TestAliasOfItsOwnName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(path, []byte("people: [{name: John Dulles, aliases: [John Dulles, JFD]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := emptyGraph(t)
	if _, err := g.LoadInput(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	checkCopy(t, g)
}

// load loads a file, or a folder, and returns its dataset.
func (r realFile) load(t *testing.T, g *graph.Graph, path, by, with string) string {
	t.Helper()
	opts := &loaders.Options{Dataset: filepath.Base(path)}
	if by != "" {
		name := filepath.Join("../../examples/mappings", by+".yaml")
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if opts.Mapping, err = mapping.Parse(name, text); err != nil {
			t.Fatal(err)
		}
	}
	in, err := loaders.Open(filepath.Join(shared, path), opts)
	if err != nil {
		t.Fatal(err)
	}
	load := &graph.LoadOptions{MaxErrors: r.bad}
	if with != "" {
		load.With = []string{with}
	}
	report, err := g.LoadInput(t.Context(), in, load)
	if err != nil || report.Rejected != r.bad {
		t.Fatalf("%d rejected, want %d: %v", report.Rejected, r.bad, err)
	}
	return opts.Dataset
}

func emptyGraph(t *testing.T) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

// count counts entities that are no documents, or facts, of a dataset; "entities of KIND"
// and "facts of VERB" are some of them.
func count(t *testing.T, g *graph.Graph, dataset, what string) (n int) {
	t.Helper()
	all, of, isPart := strings.Cut(what, " of ")
	if all == "facts" {
		filter := graph.Filter{Conditions: graph.Conditions{Datasets: []string{dataset}}}
		for f, err := range g.Facts(t.Context(), filter) {
			if err != nil {
				t.Fatal(err)
			}
			if !isPart || f.Verb == schema.Verb(of) {
				n++
			}
		}
		return n
	}
	if !isPart {
		sets, err := g.Datasets(t.Context())
		for _, s := range sets {
			if s.Name == dataset {
				return s.Entities
			}
		}
		t.Fatal(dataset, err)
	}
	for e, err := range g.Entities(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if string(e.Kind) == of {
			n++
		}
	}
	return n
}

// countByCommand runs a command in the folder of the files, and returns the number that it
// prints.
func countByCommand(t *testing.T, command string) int {
	t.Helper()
	program, _, _ := strings.Cut(command, " ")
	if _, err := exec.LookPath(program); errors.Is(err, exec.ErrNotFound) {
		t.Skipf("%s is not installed", program)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir, cmd.Env = shared, append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	n, bad := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || bad != nil {
		t.Fatalf("%s prints %q: %v %v", command, out, err, bad)
	}
	return n
}

// checkCopy exports a graph as N-Quads, loads them into a new graph, and compares the
// digests.
func checkCopy(t *testing.T, g *graph.Graph) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.nq")
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	copied := emptyGraph(t)
	if _, err := copied.LoadInput(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	if a, b := digest(t, g), digest(t, copied); a != b {
		t.Errorf("digest %s, of the copy %s", a, b)
	}
}

func digest(t *testing.T, g *graph.Graph) string {
	t.Helper()
	snapshot, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	d, err := graph.Digest(t.Context(), snapshot)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
