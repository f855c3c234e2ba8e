package sniff_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/sniff"
)

// Files of programs of which entente reads other files are named, with what to do.
func TestLookalikes(t *testing.T) {
	for head, want := range map[string]string{
		`"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","phones"` + "\n": "a table of targets of OpenSanctions",
		"canonical_id,entity_id,schema,prop,prop_type,value,original_value,lang,dataset\n":                              "a table of statements of OpenSanctions",
		"id,name,sort_name,email,twitter,facebook,group,group_id,area_id,area,chamber,term,start_date\n":                "a table of terms of EveryPolitician",
		"event_id_cnty,event_date,year,event_type,sub_event_type,actor1,actor2\n":                                       "a table of events of ACLED",
		"DATE\tNUMARTS\tCOUNTS\tTHEMES\tLOCATIONS\tCAMEOEVENTIDS\n":                                                     "a file of the Global Knowledge Graph",
		"20230101000000-0\t20230101000000\t1\tbbc.co.uk\n":                                                              "a file of the Global Knowledge Graph",
		"20230101000000-T12\t20230101000000\t1\tbbc.co.uk\n":                                                            "a file of the Global Knowledge Graph",
		"1073\t20230101000000\t20230101000000\t1\tbbc.co.uk\n":                                                          "a file of mentions of GDELT",
		"1;19781217;197812;1978;1978.5;EGY\n":                                                                           "a table like that of GDELT events",
		"1,19781217,197812,1978,1978.5,EGY\n":                                                                           "a table like that of GDELT events",
		`{"head": {"vars": ["item"]}, "results": {}}`:                                                                   "the result of a SPARQL query",
		`{"searchinfo": {"search": "x"}}`:                                                                               "the answer of a search of Wikidata",
		"{\n  \"id\": \"a\",\n  \"caption\": \"A\",\n  \"schema\": \"Person\",\n  \"properties\": {\n":                  "an entity of FollowTheMoney on several lines",
		`[{"id": "a", "schema": "Person", "properties": {}}]`:                                                           "a list of entities of FollowTheMoney",
		`{"limit": 10, "results": [{"id": "a", "schema": "Person"}]}`:                                                   "the answer of a search for entities",
		`{"name": "x", "title": "US OFAC", "resources": []}`:                                                            "the index of a dataset of OpenSanctions",
		`{"canonical_id": "a", "prop": "name"}`:                                                                         "a file of statements of OpenSanctions",
		`{"DATA_SOURCE": "OPEN_SANCTIONS"}`:                                                                             "a file of entities for Senzing",
		`{"type": "FeatureCollection", "features": []}`:                                                                 "GeoJSON",
		`{"nodes": [], "edges": []}`:                                                                                    "a network of nodes and edges",
		`{"error": "rate limited"}`:                                                                                     "an error that a server sent",
		"<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code></Error>":                                                "an error that a server sent",
		"404 Not Found\n": "an error that a server sent",
		"version https://git-lfs.github.com/spec/v1\n": "a pointer of Git LFS",
		"<?xml version=\"1.0\"?>\n<rdf:RDF>":           "RDF in XML",
	} {
		if kind, is := sniff.Lookalike([]byte(head)); !is || !strings.HasPrefix(kind.What, want) || kind.Advice == "" {
			t.Errorf("%q: %q: want %q", head, kind.What, want)
		}
	}
	if _, is := sniff.Nested([]byte(`{"id":"a","schema":"Person","properties":{"name":["A"],"sanctions":[{"id":"s","schema":"Sanction"}]}}`)); !is {
		t.Error("nested entities are not recognized")
	}
}

// Inputs are no lookalikes.
func TestInputsAreNoLookalikes(t *testing.T) {
	files, err := filepath.Glob("../../examples/*/*.*")
	if err != nil || len(files) < 12 {
		t.Fatal(files, err)
	}
	heads := map[string][]byte{"facts": []byte(`{"facts": ["Ann met Bob"]}`), "table": []byte("actor,verb,recipient,when\n"), "entities": []byte("kind,name,schema\n"), "yaml": []byte("error: x\n"), "empty": nil}
	for _, name := range files {
		if heads[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, head := range heads {
		if kind, is := sniff.Lookalike(head); is {
			t.Errorf("%s is %s", name, kind.What)
		}
		if _, is := sniff.Nested(head); is {
			t.Errorf("%s is nested", name)
		}
	}
}
