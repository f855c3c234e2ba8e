package jsonschema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/jsonschema"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// schemas are the compiled schemas of the default vocabulary.
type schemas map[jsonschema.File]*validator.Schema

func compileAll(t testing.TB) schemas {
	t.Helper()
	all, err := compileOnce()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var compileOnce = sync.OnceValues(func() (schemas, error) {
	all := make(schemas)
	for _, f := range jsonschema.Files() {
		var text bytes.Buffer
		if err := jsonschema.Write(&text, f, schema.DefaultVocabulary(), "test"); err != nil {
			return nil, err
		}
		s, err := compiled(text.Bytes())
		if err != nil {
			return nil, err
		}
		all[f] = s
	}
	return all, nil
})

// validate returns the error that a schema finds in a file, which is well-formed.
func (s schemas) validate(of jsonschema.File, all []any) error {
	for _, v := range all {
		if err := s[of].Validate(v); err != nil {
			return err
		}
	}
	return nil
}

// fileOf returns the kind of a file of a dataset.
func fileOf(in input, all []any) jsonschema.File {
	_, isArray := all[0].([]any)
	if ext := filepath.Ext(in.name); ext == ".jsonl" || ext == ".json" && isArray {
		return jsonschema.Records
	}
	return jsonschema.Dataset
}

// elsewhere are the problems of a file that names what other files declare.
func elsewhere() []schema.ProblemKind {
	return []schema.ProblemKind{schema.UnknownName, schema.UnknownID, schema.UnknownSource, schema.UnknownFactKey, schema.AmbiguousName, schema.RejectedReference}
}

// mappingError returns the error of a mapping, whatever it reads.
func mappingError(text string) error {
	m, err := mapping.Parse("mapping.yaml", []byte(text))
	if err != nil {
		return err
	}
	data := input{name: "data.jsonl", text: "{}\n"}
	if len(m.Columns) > 0 || m.Separator != 0 {
		data = input{name: "data.csv", text: "a,b\n"}
	}
	var found error
	for _, err := range problemsOf(data, &loaders.Options{Mapping: m}) {
		if bad := (*mapping.Error)(nil); errors.As(err, &bad) && !strings.Contains(err.Error(), "has no column") {
			found = err
		}
	}
	return found
}

// What the parser accepts, the schema accepts: all files of the manual, the examples and
// the tests, as each kind of file.
func TestSchemasAcceptWhatTheParsersAccept(t *testing.T) {
	t.Parallel()
	all := compileAll(t)
	count := make(map[jsonschema.File]int)
	for _, in := range corpus(t) {
		values, ok := values(in.name, in.text)
		if !ok || len(values) == 0 {
			continue
		}
		accept := func(of jsonschema.File) {
			count[of]++
			if err := all.validate(of, values); err != nil {
				t.Errorf("%s: the parser accepts the file as %s, and the schema does not: %v\n%s", in.place, of, err, in.text)
			}
		}
		if !slices.ContainsFunc(kindsOf(problemsOf(in, nil)), func(k schema.ProblemKind) bool { return !slices.Contains(elsewhere(), k) }) {
			accept(fileOf(in, values))
		}
		if filepath.Ext(in.name) != ".yaml" {
			continue
		}
		if mappingError(in.text) == nil {
			accept(jsonschema.Mapping)
		}
		if _, err := schema.DefaultVocabulary().Extend("verbs.yaml", []byte(in.text)); err == nil {
			accept(jsonschema.Verbs)
		}
	}
	for f, least := range map[jsonschema.File]int{jsonschema.Dataset: 150, jsonschema.Records: 10, jsonschema.Mapping: 25, jsonschema.Verbs: 15} {
		if t.Logf("%s: %d files", f, count[f]); count[f] < least {
			t.Errorf("only %d files of %s", count[f], f)
		}
	}
	text, err := os.ReadFile("../../schema/vocabulary.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if values, ok := values("vocabulary.yaml", string(text)); !ok || all.validate(jsonschema.Verbs, values) != nil {
		t.Errorf("the vocabulary itself: %v", all.validate(jsonschema.Verbs, values))
	}
}

func ExampleWrite() {
	var text bytes.Buffer
	if err := jsonschema.Write(&text, jsonschema.Dataset, schema.DefaultVocabulary(), "1.0"); err != nil {
		fmt.Println(err)
		return
	}
	var s struct {
		Title       string
		Definitions map[string]struct {
			Properties map[string]struct{ Description string }
		}
	}
	if err := json.Unmarshal(text.Bytes(), &s); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Title)
	fmt.Println(s.Definitions["fact"].Properties["topic"].Description)
	// Output:
	// Dataset of entente
	// The subject matter, in words.
}

func kindsOf(problems []error) (kinds []schema.ProblemKind) {
	for _, err := range problems {
		for _, p := range loaders.Problems(err) {
			kinds = append(kinds, p.Kind)
		}
	}
	return kinds
}
