package ftm_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/export"
)

// readers is the folder of scripts that read exports with packages of others.
const readers = "../../../.ci/readers"

// notSaid are the properties of the real files that do not come back, by why: the graph does
// not say them. "Passport" is a schema, "Company status" a property of one schema alone.
var notSaid = map[string][]string{
	"left out by the loader, and counted": {"address", "birthCountry", "birthPlace", "city", "createdAt", "dissolutionDate", "email", "fatherName", "firstName",
		"gender", "kppCode", "lastName", "legalForm", "middleName", "modifiedAt", "phone", "postOfficeBox", "postalCode", "programId", "region", "secondName",
		"Company status", "street", "title", "topics", "website", "Passport"},
	"a source of facts, of which the entity has none; counted": {"sourceUrl"},
}

// back is what the reader says of a file and what came back of it.
type back struct {
	Entities, Equal int
	Lost            map[string]int
	Wrong           []string
}

// compareBack loads files, exports them as FollowTheMoney, and compares both with npm's
// @alephdata/followthemoney.
func compareBack(t *testing.T, texts map[string]string) map[string]back {
	t.Helper()
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(filepath.Join(readers, "node_modules/@alephdata/followthemoney")); err != nil || missing != nil {
		t.Skip("node with npm's @alephdata/followthemoney is not installed: npm ci --ignore-scripts in .ci/readers")
	}
	names := slices.Sorted(maps.Keys(texts))
	args := []string{filepath.Join(readers, "ftm_back.mjs")}
	for i, name := range names {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.ftm.json", i))
		var out bytes.Buffer
		if err := os.WriteFile(path, []byte(texts[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := export.Write(t.Context(), &out, export.FTM, export.Selection{Graph: load(t, path)}, export.Options{}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+".back", out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := exec.CommandContext(t.Context(), node, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]back)
	for i, line := range slices.Collect(bytes.Lines(out)) {
		var answer struct {
			Value back
			Error string
		}
		if err := json.Unmarshal(line, &answer); err != nil || answer.Error != "" {
			t.Fatal(names[i], err, answer.Error)
		}
		all[names[i]] = answer.Value
	}
	return all
}

// realTexts returns the real files of entities, and the entities of the files of deltas.
func realTexts(t *testing.T) map[string]string {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(shared, "*", "*.json"))
	texts := make(map[string]string)
	for _, path := range append(paths, filepath.Join(shared, "zala.ftm.json")) {
		data, err := os.ReadFile(path)
		switch {
		case err != nil:
			t.Skipf("%s is absent", path)
		case filepath.Base(path) == "delta.json": // a list of files
		case strings.HasSuffix(path, ".delta.json"):
			var lines []string
			for line := range strings.Lines(string(data)) {
				var delta struct{ Entity json.RawMessage }
				if err := json.Unmarshal([]byte(line), &delta); err != nil {
					t.Fatal(err)
				}
				if bytes.Contains(delta.Entity, []byte(`"schema"`)) {
					lines = append(lines, string(delta.Entity))
				}
			}
			if len(lines) > 0 {
				texts[path] = strings.Join(lines, "\n") + "\n"
			}
		default:
			texts[path] = string(data)
		}
	}
	return texts
}

// FollowTheMoney in, FollowTheMoney out: each entity and link of the real files comes back
// with its id, its schema and all values that the graph says, and with no other value.
func TestRealFilesBack(t *testing.T) {
	reasons, used := make(map[string]string), make(map[string]bool)
	for reason, all := range notSaid {
		for _, what := range all {
			reasons[what] = reason
		}
	}
	entities, equal := 0, 0
	for name, b := range compareBack(t, realTexts(t)) {
		entities, equal = entities+b.Entities, equal+b.Equal
		for _, wrong := range b.Wrong {
			t.Errorf("%s: %s", name, wrong)
		}
		for what, n := range b.Lost {
			_, property, _ := strings.Cut(what, " ")
			switch {
			case reasons[what] != "":
				used[what] = true
			case reasons[property] != "":
				used[property] = true
			default:
				t.Errorf("%s: %s did not come back %d times", name, what, n)
			}
		}
	}
	for what := range reasons {
		if !used[what] {
			t.Errorf("%s is said now", what)
		}
	}
	if entities != 103 || equal != 701 {
		t.Errorf("%d entities with %d equal properties, want 103 with 701", entities, equal)
	}
}

// Each schema of links comes back, and each kind of entity that the graph can say.
func TestSchemataBack(t *testing.T) {
	const things = `{"id":"a","schema":"Person","properties":{"name":["Ann"],"alias":["Annie"],"birthDate":["1950","1951-02"],"nationality":["us","fr"],"country":["gb-sct"],"position":["Chair","Chair, Board"],"notes":["one\ntwo","three"],"description":["First: of all"]},"referents":["old-1"]}
{"id":"b","schema":"Person","properties":{"name":["Bob"],"nationality":["de"]}}
{"id":"c","schema":"Company","properties":{"name":["Co"],"jurisdiction":["suhh"],"incorporationDate":["1990"],"parent":["l"],"ticker":["CO"],"innCode":["77"]}}
{"id":"l","schema":"LegalEntity","properties":{"name":["Legal"],"country":["eu"],"addressEntity":["adr"],"sourceUrl":["https://example.org/l"]}}
{"id":"o","schema":"Organization","properties":{"name":["Org"],"permId":["5"]}}
{"id":"pb","schema":"PublicBody","properties":{"name":["Body"],"country":["ru"]}}
{"id":"p","schema":"Position","properties":{"name":["Minister"],"organization":["pb"]}}
{"id":"adr","schema":"Address","properties":{"full":["1 Street"],"country":["gb"]}}
{"id":"v","schema":"Vessel","properties":{"name":["Ship"],"imoNumber":["9"],"mmsi":["8"]}}
{"id":"con","schema":"Contract","properties":{"name":["Contract 1"]}}
{"id":"case","schema":"CourtCase","properties":{"name":["Case 1"]}}
{"id":"pro","schema":"Project","properties":{"name":["Project 1"]}}
{"id":"ev","schema":"Event","properties":{"name":["Fair"],"involved":["a","o"],"organizer":["c"],"date":["2001-02"]}}
{"id":"trip","schema":"Trip","properties":{"name":["Tour"],"involved":["b"],"startDate":["2001-02-03"],"endDate":["2001-03"]}}
{"id":"l1","schema":"Ownership","properties":{"owner":["a"],"asset":["c"],"percentage":["25"],"startDate":["2001","2003"],"endDate":["2005-01-02"],"role":["founder"]}}
{"id":"l2","schema":"Directorship","properties":{"director":["a"],"organization":["c"],"role":["Chair","Member"],"date":["2001-05"]}}
{"id":"l3","schema":"Membership","properties":{"member":["l"],"organization":["o"],"startDate":["2001-05"],"date":["2002"]}}
{"id":"l4","schema":"Employment","properties":{"employee":["b"],"employer":["pb"],"role":["clerk"]}}
{"id":"l5","schema":"Representation","properties":{"agent":["b"],"client":["l"],"role":["lawyer"],"status":["active"]}}
{"id":"l6","schema":"Occupancy","properties":{"holder":["a"],"post":["p"],"startDate":["2001"],"endDate":["2003"],"status":["ended"]}}
{"id":"l7","schema":"Family","properties":{"person":["b"],"relative":["a"],"relationship":["Mother"]}}
{"id":"l8","schema":"Family","properties":{"person":["a"],"relative":["b"],"relationship":["son"]}}
{"id":"l9","schema":"Family","properties":{"person":["b"],"relative":["a"],"relationship":["cousin"]}}
{"id":"l10","schema":"Family","properties":{"person":["b"],"relative":["a"],"relationship":["wife"],"startDate":["1999-01-01"]}}
{"id":"l11","schema":"Associate","properties":{"person":["b"],"associate":["a"],"relationship":["friend"]}}
{"id":"l12","schema":"Succession","properties":{"predecessor":["o"],"successor":["c"],"role":["merger"],"date":["2004-01-01"]}}
{"id":"l13","schema":"Sanction","properties":{"entity":["a"],"authority":["Office","Agency"],"country":["us"],"reason":["x; y","z"],"programId":["P-1"],"startDate":["2001-01-01"]}}
{"id":"l14","schema":"Sanction","properties":{"entity":["v"],"country":["us","suhh"]}}
{"id":"l15","schema":"UnknownLink","properties":{"subject":["o"],"object":["b"],"role":["helped"]}}
{"id":"l16","schema":"UnknownLink","properties":{"subject":["a"],"object":["gone"]}}
{"id":"l17","schema":"Payment","properties":{"payer":["o"],"beneficiary":["a"],"amount":["5"],"currency":["USD"],"date":["2001-02-03"],"purpose":["rent"]}}
{"id":"l18","schema":"Debt","properties":{"debtor":["o"],"creditor":["a"],"amount":["5"],"currency":["USD"]}}
{"id":"l19","schema":"ContractAward","properties":{"supplier":["o"],"contract":["con"],"amount":["7"]}}
{"id":"l20","schema":"CourtCaseParty","properties":{"party":["a"],"case":["case"],"role":["witness"]}}
{"id":"l21","schema":"ProjectParticipant","properties":{"participant":["a"],"project":["pro"],"role":["lead"]}}
{"id":"l22","schema":"Ownership","properties":{"owner":["a","o"],"asset":["v"],"sourceUrl":["https://example.org/1","https://example.org/2"],"publisher":["Register"]}}
{"id":"l23","schema":"Call","properties":{"caller":["a"],"receiver":["b"],"startDate":["2001-02-03"],"endDate":["2001-02-04"]}}
`
	for _, b := range compareBack(t, map[string]string{"all": things}) {
		if len(b.Wrong) > 0 || len(b.Lost) > 0 || b.Entities != strings.Count(things, "\n") {
			t.Errorf("%d entities, lost %v, wrong:\n%s", b.Entities, b.Lost, strings.Join(b.Wrong, "\n"))
		}
	}
}
