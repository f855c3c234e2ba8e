package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/export"
)

// scripts is the folder of the scripts that read, and of their packages.
const scripts = "../../.ci/readers"

func (r reading) name() string {
	name := string(r.format) + " by " + strings.TrimSuffix(r.script, filepath.Ext(r.script))
	if r.options != (export.Options{}) {
		name += fmt.Sprintf(" %+v", r.options)
	}
	return name
}

// testReading exports each case, reads all files with one call of the script, and
// compares. The files that are damaged must not be read as the first case is.
func testReading(t *testing.T, r reading, cases []readingCase) {
	program := r.program(t)
	folder := t.TempDir()
	var files, titles []string
	var wants []any
	add := func(title string, data []byte, want any) {
		file := filepath.Join(folder, fmt.Sprintf("%02d.%s", len(files), r.format))
		if export.HasFolder(r.format) {
			unzip(t, data, file)
		} else if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files, titles, wants = append(files, file), append(titles, title), append(wants, want)
	}
	var whole []byte
	for i, c := range cases {
		data, ok := r.export(t, c)
		if !ok {
			continue
		}
		add(c.name, data, r.wanted(t, c))
		if i == 0 {
			whole = data
		}
	}
	good := len(files)
	for _, name := range sortedKeys(r.damage) {
		damaged, ok := r.damage[name](slices.Clone(whole))
		if !ok || bytes.Equal(damaged, whole) {
			t.Errorf("damage %q finds nothing to change", name)
			continue
		}
		add(name, damaged, wants[0])
	}
	for i, answer := range run(t, program, files) {
		differences := answer.differences(wants[i])
		switch {
		case i < good && len(differences) > 0:
			t.Errorf("%s:\n%s", titles[i], strings.Join(differences[:min(len(differences), 12)], "\n"))
		case i >= good && len(differences) == 0:
			t.Errorf("damage %q is not noticed", titles[i])
		}
	}
}

// export returns the file of a case, and false if the format rightly refuses it.
func (r reading) export(t *testing.T, c readingCase) ([]byte, bool) {
	t.Helper()
	var data bytes.Buffer
	err := export.Write(t.Context(), &data, r.format, c.selection, r.options)
	if r.refuses != nil && errors.Is(err, r.refuses) {
		return nil, false
	}
	if r.refuses != nil && c.name == controlCharacters {
		t.Errorf("%s: error %v, want %v", c.name, err, r.refuses)
		return nil, false
	}
	if err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	return data.Bytes(), true
}

// wanted returns what a case must be read as, in the types of JSON.
func (r reading) wanted(t *testing.T, c readingCase) any {
	t.Helper()
	snapshot, err := c.selection.Graph.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	c.selection.Graph = c.selection.Graph.Canonical(snapshot) // as exports are
	data, err := json.Marshal(r.want(t, c.selection, r.options))
	if err != nil {
		t.Fatal(err)
	}
	var want any
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if r.text != nil {
		want = mapTexts(want, r.text)
	}
	return want
}

// mapTexts applies fn to all texts of a JSON value, apart from names of keys.
func mapTexts(v any, fn func(string) string) any {
	switch v := v.(type) {
	case string:
		return fn(v)
	case []any:
		for i := range v {
			v[i] = mapTexts(v[i], fn)
		}
	case map[string]any:
		for k := range v {
			v[k] = mapTexts(v[k], fn)
		}
	}
	return v
}

// program returns the command line of the script. It skips the test by name where the
// script cannot run.
func (r reading) program(t *testing.T) []string {
	t.Helper()
	script := filepath.Join(scripts, r.script)
	if _, err := os.Stat(script); err != nil { // read, so that a cached result is not used after a change
		t.Fatal(err)
	}
	kind, what, _ := strings.Cut(r.needs, " ")
	switch kind {
	case "npm":
		return []string{node(t, what), script}
	case "python":
		return []string{pythonWith(t, what), script}
	case "program":
		reader(t, what, what)
		return []string{pythonWith(t, "json"), script}
	}
	t.Fatalf("needs %q: want npm, python or program, and a name", r.needs)
	return nil
}

func node(t *testing.T, pkg string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(scripts, "node_modules", pkg)); err != nil {
		t.Skipf("npm's %s is not installed: npm ci --ignore-scripts in .ci/readers", pkg)
	}
	return reader(t, "node", "nodejs")
}

func pythonWith(t *testing.T, module string) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), python, "-c", "import importlib.util, sys; sys.exit(not importlib.util.find_spec(sys.argv[1]))", module).Run() == nil {
			return python
		}
	}
	t.Skipf("no python3 with %s: Debian's python3-%s has it", module, module)
	return ""
}

// answer is what a script prints of one file.
type answer struct {
	Value any
	Error string
}

// run calls the script once with all files.
func run(t *testing.T, program, files []string) []answer {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program[0], append(program[1:], files...)...)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args[:2], err, stderr.Bytes())
	}
	var answers []answer
	for line := range bytes.Lines(out) {
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("%v prints %q: %v", cmd.Args[:2], line[:min(len(line), 200)], err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(files) {
		t.Fatalf("%v reads %d of %d files\n%s", cmd.Args[:2], len(answers), len(files), stderr.Bytes())
	}
	return answers
}

// differences returns a line for each object that was read and is not wanted, or is
// wanted and was not read.
func (a answer) differences(want any) (lines []string) {
	if a.Error != "" {
		return []string{"refused: " + a.Error}
	}
	got, ok := a.Value.(map[string]any)
	wanted, isMap := want.(map[string]any)
	if !ok || !isMap {
		return []string{fmt.Sprintf("read as %T, want %T of lists", a.Value, want)}
	}
	for _, key := range sortedKeys(merged(got, wanted)) {
		g, w := texts(got[key]), texts(wanted[key])
		if len(g) != len(w) {
			lines = append(lines, fmt.Sprintf("%d %s, want %d", len(g), key, len(w)))
		}
		lines = append(lines, unequal(g, w)...)
	}
	return lines
}

func merged(a, b map[string]any) map[string]any {
	all := map[string]any{}
	for k, v := range a {
		all[k] = v
	}
	for k, v := range b {
		all[k] = v
	}
	return all
}

// texts returns the items of a list as JSON, sorted; another value is a list of one.
func texts(v any) (all []string) {
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	for _, item := range list {
		var text strings.Builder
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(item); err != nil {
			text.WriteString(err.Error())
		}
		all = append(all, strings.TrimSpace(text.String()))
	}
	slices.Sort(all)
	return all
}

// unequal returns what only one of two sorted lists has, as "got" and "want".
func unequal(got, want []string) (lines []string) {
	for len(got) > 0 || len(want) > 0 {
		switch {
		case len(want) == 0 || len(got) > 0 && got[0] < want[0]:
			lines, got = append(lines, "got  "+shortened(got[0])), got[1:]
		case len(got) == 0 || want[0] < got[0]:
			lines, want = append(lines, "want "+shortened(want[0])), want[1:]
		default:
			got, want = got[1:], want[1:]
		}
	}
	return lines
}

func shortened(s string) string {
	if len(s) > 1500 {
		return s[:1500] + "…"
	}
	return s
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// edit changes exported bytes. It returns false if there is nothing to change.
type edit func([]byte) ([]byte, bool)

// replaced replaces the first match of a pattern, as [regexp.Regexp.ReplaceAll] does.
func replaced(pattern, replacement string) edit {
	return func(data []byte) ([]byte, bool) {
		p := regexp.MustCompile(pattern)
		at := p.FindSubmatchIndex(data)
		if at == nil {
			return nil, false
		}
		changed := p.Expand(nil, []byte(replacement), data, at)
		return slices.Concat(data[:at[0]], changed, data[at[1]:]), true
	}
}

// The comparison of answers fails where it should.
func TestDifferences(t *testing.T) {
	t.Parallel()
	list := func(items ...any) any { return map[string]any{"nodes": items} }
	a, b := map[string]any{"id": "a", "n": 1.0}, map[string]any{"id": "b"}
	for _, c := range []struct {
		got, want any
		equal     bool
	}{
		{list(a, b), list(b, a), true}, {list(a, a), list(a, a), true}, {list(a), list(a, a), false}, {list(a, a), list(a), false},
		{list(a), list(b), false}, {list(map[string]any{"id": "a", "n": "1"}), list(a), false}, {list(), map[string]any{}, true},
		{map[string]any{"edges": []any{a}}, map[string]any{}, false}, {nil, list(), false}, {"x", "x", false},
	} {
		if got := (answer{Value: c.got}).differences(c.want); (len(got) == 0) != c.equal {
			t.Errorf("%v and %v: %q", c.got, c.want, got)
		}
	}
	if !reflect.DeepEqual((answer{Error: "x"}).differences(list()), []string{"refused: x"}) {
		t.Error("an error is no difference")
	}
}
