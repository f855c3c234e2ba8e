package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/manual"
	"github.com/entente-kg/entente/loaders/foreign"
)

// Every command of the manual's recipes runs on the example with a non-empty answer.
func TestRecipesOfTheManual(t *testing.T) {
	t.Parallel()
	for name, least := range map[string]int{"gizmo": 12, "paths": 8} {
		text, ok := manual.Page(name)
		if !ok {
			t.Fatalf("there is no page %s", name)
		}
		if _, recipes, found := strings.Cut(text, "\n## Recipes\n"); found {
			text = recipes
		}
		if ran := runExamples(t, text); ran < least {
			t.Errorf("%s: only %d commands ran", name, ran)
		}
	}
}

// Every example in the help of commands runs with a non-empty answer.
func TestExamplesOfHelp(t *testing.T) {
	t.Parallel()
	ran := 0
	eachCommand(func(c *cobra.Command) {
		if c.GroupID == "ask" && c.Name() != "repl" {
			ran += runExamples(t, c.Example)
		}
	})
	if ran < 9 {
		t.Errorf("only %d commands ran", ran)
	}
}

// runExamples runs the commands in a text on the shipped example.
func runExamples(t *testing.T, lines string) (ran int) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(lines) {
		args := shellWords(strings.TrimSpace(line))
		if len(args) < 2 || args[0] != "entente" {
			continue
		}
		ran++
		if args = args[1:]; !slices.Contains(args, "--in") && args[0] != "verbs" { // verbs reads no graph
			args = append(args, "--in", filepath.Join(root, "examples/us-china-2023"))
		}
		for i, arg := range args {
			if strings.HasPrefix(arg, "examples/") {
				args[i] = filepath.Join(root, arg)
			}
		}
		cmd := exec.CommandContext(t.Context(), "entente", args...)
		cmd.Dir = t.TempDir()
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil || strings.Contains(out.String(), "nothing found") {
			t.Errorf("%s: %v\n%s%s", line, err, out.String(), errs.String())
		}
	}
	return ran
}

// Each format of another program has a sample, which the help and the manual name, and
// every command of the manual's page of formats loads what it names.
func TestSamplesOfFormats(t *testing.T) {
	t.Parallel()
	page, _ := manual.Page("formats")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	help, err := exec.CommandContext(t.Context(), "entente", "load", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	graph, readAs := t.TempDir(), make(map[string]string) // the last column of the answer, by sample
	for line := range strings.Lines(page) {
		args := shellWords(strings.TrimSpace(line))
		if len(args) < 3 || args[0] != "entente" || args[1] != "load" || !strings.HasPrefix(args[2], "examples/") {
			continue
		}
		sample := filepath.Base(args[2])
		args[2] = filepath.Join(root, args[2])
		cmd := exec.CommandContext(t.Context(), "entente", append(args[1:], "--format", "jsonl", "--replace", "--quiet")...)
		cmd.Dir = graph
		out, err := cmd.Output()
		var row struct {
			Facts  int
			ReadAs string `json:"read as"`
		}
		if err != nil || json.Unmarshal(bytes.SplitAfter(out, []byte("\n"))[0], &row) != nil || row.Facts == 0 {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
		readAs[sample] = row.ReadAs
	}
	for _, f := range foreign.Formats() {
		if readAs[f.Sample] != f.Title {
			t.Errorf("the sample %q of %s is read as %q: want %q, and a command in manual/formats.md", f.Sample, f.Name, readAs[f.Sample], f.Title)
		}
		if !regexp.MustCompile(`(?m)^  ` + f.Name + ` .* ` + regexp.QuoteMeta(f.Sample) + `$`).Match(help) {
			t.Errorf("load --help does not name the sample of %s:\n%s", f.Name, help)
		}
	}
	if readAs["talks.xlsx"] == "" || readAs["*.tsv"] == "" {
		t.Errorf("not all commands ran: %v", readAs)
	}
}

// The README's example file loads, and a mistake in it gives the error in the README.
func TestFileOfTheREADME(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, file, _ := strings.Cut(string(readme), "```yaml\n")
	file, rest, _ := strings.Cut(file, "```")
	_, shown, _ := strings.Cut(rest, "\nfacts.yaml:")
	shown, _, _ = strings.Cut(shown, "```")
	name := filepath.Join(t.TempDir(), "facts.yaml")
	for verb, want := range map[string]string{"met": "", "mett": "facts.yaml:" + shown} {
		text := strings.Replace(file, "fact: Xie Feng met ", "fact: Xie Feng "+verb+" ", 1)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "entente", "facts", "--in", "facts.yaml")
		cmd.Dir = filepath.Dir(name)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		err := cmd.Run()
		if (err == nil) != (want == "") || !strings.HasPrefix(errs.String(), want) {
			t.Errorf("%s: %v\n got %q\nwant %q", verb, err, errs.String(), want)
		}
	}
}

// The command prints the path in the README, in which "..." stands for omitted lines.
func TestPathOfTheREADME(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, found := strings.Cut(string(readme), "traces a path:\n```\n")
	shown, _, ended := strings.Cut(shown, "```")
	parts := strings.Split(shown, "...\n")
	if !found || !ended || len(parts) < 2 {
		t.Fatal("README.md shows no path")
	}
	cmd := exec.CommandContext(t.Context(), "entente", "path", "Xie Feng", "Li Shangfu", "--in", "examples/us-china-2023", "--width", "1000")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	if err != nil || !strings.HasPrefix(string(out), parts[0]) || !strings.HasSuffix(string(out), "\n"+parts[len(parts)-1]) {
		t.Errorf("%v\n%s", err, out)
	}
}

// The program that the README shows compiles, and prints what the README says of the
// README's own file.
func TestProgramOfTheREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(language string) string {
		_, text, _ := strings.Cut(string(readme), "```"+language+"\n")
		text, _, _ = strings.Cut(text, "```")
		return text
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"main.go": block("go"), "facts.yaml": block("yaml")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "program")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, filepath.Join(dir, "main.go")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if !strings.Contains(string(readme), "`"+strings.TrimSpace(line)+"`") {
			t.Errorf("README.md does not say that the program prints %s", line)
		}
	}
	if n := strings.Count(string(out), "\n"); n != 2 {
		t.Errorf("%d lines", n)
	}
	_, body, _ := strings.Cut(block("go"), "func main() {\n")
	body, _, _ = strings.Cut(body, "\n}\n")
	if n := strings.Count(body, "\n") + 1; n > 15 {
		t.Errorf("main has %d lines", n)
	}
}

// shellWords splits a line into words, with the quoting rules that the README uses.
func shellWords(line string) []string {
	var list []string
	var word strings.Builder
	quote, started := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, started = r, true
		case quote == 0 && r == ' ':
			if started {
				list = append(list, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteRune(r)
			started = true
		}
	}
	if started {
		list = append(list, word.String())
	}
	return list
}
