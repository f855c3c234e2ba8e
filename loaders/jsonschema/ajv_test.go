package jsonschema_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/entente-kg/entente/loaders/jsonschema"
	"github.com/entente-kg/entente/schema"
)

// ajv, which is the validator of npm and has another engine of regular expressions,
// compiles the schemas in its strict mode and says the same of all files of the manual,
// the examples and the tests.
func TestAjvAgrees(t *testing.T) {
	t.Parallel()
	const scripts = "../../.ci/readers"
	if _, err := os.Stat(filepath.Join(scripts, "node_modules", "ajv")); err != nil {
		t.Skip("npm's ajv is not installed: npm ci --ignore-scripts in .ci/readers")
	}
	all := compileAll(t)
	for _, of := range jsonschema.Files() {
		var valid []bool
		var instances []json.RawMessage
		var places []string
		for _, in := range corpus(t) {
			values, ok := values(in.name, in.text)
			for _, v := range values {
				text, err := json.Marshal(v)
				if !ok || err != nil {
					continue
				}
				instances, places = append(instances, text), append(places, in.place)
				valid = append(valid, all[of].Validate(v) == nil)
			}
		}
		got := ajv(t, scripts, map[string]any{"schema": json.RawMessage(schemaText(t, of, schema.DefaultVocabulary())), "values": instances})
		if len(got) != len(valid) || len(got) < 300 {
			t.Fatalf("%s: %d answers for %d values", of, len(got), len(valid))
		}
		for i := range got {
			if got[i] != valid[i] {
				t.Errorf("%s as %s: ajv says %v: %s", places[i], of, got[i], instances[i])
			}
		}
	}
}

// ajv returns what ajv says of each value.
func ajv(t *testing.T, scripts string, work map[string]any) []bool {
	t.Helper()
	text, err := json.Marshal(work)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "work.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(scripts, "json_schema.mjs"), path)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	var answer struct {
		Value []bool
		Error string
	}
	if err := json.Unmarshal(out, &answer); err != nil || answer.Error != "" {
		t.Fatalf("%v: %s", err, answer.Error)
	}
	return answer.Value
}
