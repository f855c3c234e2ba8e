package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
)

// program starts the test binary again as a child process.
var program gizmo.Program

func TestMain(m *testing.M) {
	// The race detector sleeps for a second at the end of each process.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		panic(err)
	}
	program = gizmo.Main(append(faultyJobs(), jobs()...)...) // also of a command that ran within a test
	switch {
	case os.Getenv(serverVariable) != "":
		if err := serveCommands(os.Stdin, os.Stdout); !errors.Is(err, io.EOF) {
			panic(err)
		}
	case filepath.Base(os.Args[0]) == "entente":
		main()
	default:
		os.Exit(runTests(m))
	}
}

// runTests runs the tests. The command entente, in the first folder of PATH, is the test
// binary under the name of the program.
func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "entente-test-bin-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	binary, err := os.Executable()
	if err == nil {
		err = os.Symlink(binary, filepath.Join(dir, "entente"))
	}
	if err := errors.Join(err, os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))); err != nil {
		panic(err)
	}
	return m.Run()
}

// TestScripts runs the command as a person types it. See testdata/script.
func TestScripts(t *testing.T) {
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	servers := &commandServers{}
	t.Cleanup(func() { servers.close(t) })
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireUniqueNames:  true,
		RequireExplicitExec: false,
		Setup: func(env *testscript.Env) error {
			env.Values[heldGraph{}] = new(io.Closer)
			env.Setenv("GORACE", os.Getenv("GORACE"))
			env.Setenv("ENTENTE_WIDTH", "1000") // a line each row, as most scripts want it
			env.Setenv("ENTENTE_HISTORY", filepath.Join(env.WorkDir, ".history"))
			return os.Symlink(examples, filepath.Join(env.WorkDir, "examples"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"entente": servers.entente, "code": servers.code, "refuse": servers.refuse, "json": jsonAt, "csv": csvAt, "csvrow": csvRow,
			"digest": digest, "same": same, "write": write, "generate": generate, "stderrlines": stderrLines,
			"inert": inertOutput, "holdlock": holdLock, "releaselock": releaseLock, "spoil": spoil, "unname": unname,
			"flip": flip, "pack": pack,
		},
	})
}

// entente runs the program, which must succeed: entente load x.csv. After "!" it must
// fail.
func (s *commandServers) entente(ts *testscript.TestScript, neg bool, args []string) {
	if code := s.run(ts, args).Code; (code != 0) != neg {
		ts.Fatalf("exit code %d", code)
	}
}

// code runs the program and checks its exit code: code 3 entente load x.csv.
func (s *commandServers) code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || args[1] != "entente" {
		ts.Fatalf("usage: code N entente args...")
	}
	s.wantCode(ts, args[0], args[2:])
}

func (s *commandServers) wantCode(ts *testscript.TestScript, want string, args []string) commandReply {
	reply := s.run(ts, args)
	if strconv.Itoa(reply.Code) != want {
		ts.Fatalf("exit code %d, want %s", reply.Code, want)
	}
	return reply
}

// summary matches the line that load prints after rejected rows.
var summary = regexp.MustCompile(`^entente: \S+: nothing was loaded: 1 row is bad$`)

// refuse loads inputs that must be rejected into the graph g: refuse 3 'a.csv:2:1: what
// is wrong' a.csv. It checks the exit code, that this is the complete and only error,
// and that the digest of the graph has not changed, unless its file has the same bytes.
func (s *commandServers) refuse(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: refuse N error load-args...")
	}
	before := ts.ReadFile("g/graph.db")
	reply := s.wantCode(ts, args[0], append([]string{"load", "--graph", "g"}, args[2:]...))
	if len(reply.Out) > 0 {
		ts.Fatalf("an answer beside the error: %s", reply.Out)
	}
	if said := saidOf(reply.Errs); len(said) != 1 || said[0] != args[1] {
		ts.Fatalf("got  %s\nwant %s", strings.Join(said, "\n"), args[1])
	}
	if ts.ReadFile("g/graph.db") == before {
		return
	}
	copied := filepath.Join(ts.Getenv("TMPDIR"), "before")
	ts.Check(errors.Join(os.MkdirAll(copied, 0o755), os.WriteFile(filepath.Join(copied, "graph.db"), []byte(before), 0o644)))
	if before, after := digestOf(ts, copied), digestOf(ts, "g"); after != before {
		ts.Fatalf("the graph is another: %s, was %s", after, before)
	}
}

// saidOf returns the errors that a load printed, without hints and the summary.
func saidOf(errs []byte) (said []string) {
	for line := range strings.Lines(string(errs)) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "  hint: ") && !summary.MatchString(line) {
			said = append(said, strings.TrimPrefix(line, "entente: "))
		}
	}
	return said
}

// digestOf verifies a graph and returns its digest.
func digestOf(ts *testscript.TestScript, dir string) string {
	digest, err := verified(ts.MkAbs(dir))
	ts.Check(err)
	return digest
}

func verified(dir string) (string, error) {
	var out, errs bytes.Buffer
	if code := run(context.Background(), program, []string{"verify", "--format", "json", "--graph", dir}, nil, &out, &errs); code != exitOK {
		return "", fmt.Errorf("verify exits with %d: %s", code, &errs)
	}
	return digestIn(out.Bytes())
}

// digest stores the digest of a graph in a variable: digest before g.
func digest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: digest VARIABLE DIR")
	}
	ts.Setenv(args[0], digestOf(ts, args[1]))
}

func same(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || (args[0] == args[1]) == neg {
		ts.Fatalf("same %q: unexpected", args)
	}
}

// jsonAt checks a value in the last output: json 0.facts.*.verb urged,met. The steps of
// the path are keys and indexes; * is all items, joined by commas; len is their number.
func jsonAt(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: json PATH WANT")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &v))
	got, err := follow(v, strings.Split(args[0], "."))
	ts.Check(err)
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %q", args[0], got)
	}
}

func follow(v any, steps []string) (string, error) {
	if len(steps) == 0 {
		return fmt.Sprint(v), nil
	}
	switch v := v.(type) {
	case map[string]any:
		if steps[0] == "len" {
			return strconv.Itoa(len(v)), nil
		}
		value, ok := v[steps[0]]
		if !ok {
			return "", fmt.Errorf("no key %q", steps[0])
		}
		return follow(value, steps[1:])
	case []any:
		return followList(v, steps)
	}
	return "", fmt.Errorf("no %q in %v", steps[0], v)
}

func followList(list []any, steps []string) (string, error) {
	switch steps[0] {
	case "len":
		return strconv.Itoa(len(list)), nil
	case "*":
		var all []string
		for _, item := range list {
			s, err := follow(item, steps[1:])
			if err != nil {
				return "", err
			}
			all = append(all, s)
		}
		return strings.Join(all, ","), nil
	}
	i, err := strconv.Atoi(steps[0])
	if err != nil || i >= len(list) {
		return "", fmt.Errorf("no item %s of %d", steps[0], len(list))
	}
	return follow(list[i], steps[1:])
}

// csvAt reads the last output, or a file, as CSV and wants a cell or the number
// of rows: csv 1 verb met; csv rows 12; csv -in out.csv rows 12.
func csvAt(ts *testscript.TestScript, neg bool, args []string) {
	file := "stdout"
	if len(args) > 2 && args[0] == "-in" {
		file, args = args[1], args[2:]
	}
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(file))).ReadAll()
	ts.Check(err)
	var got, want string
	switch {
	case len(rows) == 0:
		ts.Fatalf("no header")
	case len(args) == 2 && args[0] == "rows":
		got, want = strconv.Itoa(len(rows)-1), args[1]
	case len(args) == 3:
		n, err := strconv.Atoi(args[0])
		ts.Check(err)
		want = args[2]
		for i, name := range rows[0] {
			if name == args[1] && n < len(rows) {
				got = rows[n][i]
			}
		}
	default:
		ts.Fatalf("usage: csv rows N, or csv ROW COLUMN WANT")
	}
	if (got == want) == neg {
		ts.Fatalf("%v is %q", args, got)
	}
}

// csvRow wants a row of the last output that has these cells: csvrow verb=met
// when=2023-07-12.
func csvRow(ts *testscript.TestScript, neg bool, args []string) {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile("stdout"))).ReadAll()
	ts.Check(err)
	found := slices.ContainsFunc(rows, func(row []string) bool {
		for _, arg := range args {
			column, want, _ := strings.Cut(arg, "=")
			i := slices.Index(rows[0], column)
			if i < 0 || row[i] != want {
				return false
			}
		}
		return true
	})
	if found == neg {
		ts.Fatalf("a row with %q: %v", args, found)
	}
}

// stderrLines wants as many lines of errors, notes and hints.
func stderrLines(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := strings.Count(ts.ReadFile("stderr"), "\n"); (got == n) == neg {
		ts.Fatalf("%d lines", got)
	}
}

// write makes a file of any bytes: write bad.csv '\xff\xfe'.
func write(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: write FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(args[1], `"`, `\"`) + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// inertOutput wants nothing in the last output that steers a terminal.
func inertOutput(ts *testscript.TestScript, neg bool, args []string) {
	for _, file := range []string{"stdout", "stderr"} {
		for _, r := range ts.ReadFile(file) {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				ts.Fatalf("%U in %s", r, file)
			}
		}
	}
}

type heldGraph struct{}

// holdLock opens a graph for writing, as another process would.
func holdLock(ts *testscript.TestScript, neg bool, args []string) {
	g, err := graph.Open(context.Background(), ts.MkAbs(args[0]), nil)
	ts.Check(err)
	held := ts.Value(heldGraph{}).(*io.Closer)
	*held = g
	ts.Defer(func() {
		if *held != nil {
			(*held).Close()
		}
	})
}

func releaseLock(ts *testscript.TestScript, neg bool, args []string) {
	held := ts.Value(heldGraph{}).(*io.Closer)
	ts.Check((*held).Close())
	*held = nil
}
