// Command scale measures the program on large worlds of `entente synth`, and disturbs
// large loads:
//
//	scale table      whole commands beside the goals for them, as a Markdown table
//	scale disturbed  loads of large files, killed and on full disks
//	scale readers    commands that read a graph while another command loads into it
//	scale csv        a world as JSON lines converted into a folder of CSV
//
// Its sizes are in the environment; .ci/long says which. Worlds and graphs are made in
// $TMPDIR and removed at the end. ENTENTE_PROGRAM is the program to run; without it, the
// source tree is built. The program must have been built with the same package loaders.
//
// To add a command to the table, add a line in rows.go.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 2 && args[0] == "parse":
		return parse(ctx, args[1])
	case len(args) == 3 && args[0] == "csv":
		return csvFolder(args[1], args[2], false)
	}
	checks := map[string]func(*bench) error{"table": (*bench).table, "disturbed": (*bench).disturbed, "readers": (*bench).readers}
	if len(args) != 1 || checks[args[0]] == nil {
		return errors.New("usage: scale table|disturbed|readers, or scale csv FILE FOLDER")
	}
	b, err := newBench(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	return checks[args[0]](b)
}

// bench is one run of this program: the folder of its files and the program that it
// runs.
type bench struct {
	ctx     context.Context
	dir     string
	program string
}

func newBench(ctx context.Context) (*bench, error) {
	dir, err := os.MkdirTemp("", "entente-scale-")
	if err != nil {
		return nil, err
	}
	b := &bench{ctx: ctx, dir: dir, program: os.Getenv("ENTENTE_PROGRAM")}
	if b.program == "" {
		b.program = filepath.Join(dir, "entente")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", b.program, "./cmd/entente").CombinedOutput(); err != nil {
			b.close()
			return nil, fmt.Errorf("go build: %w\n%s", err, out)
		}
	}
	return b, nil
}

func (b *bench) close() { _ = os.RemoveAll(b.dir) }

// path returns the path of a file or folder of this run.
func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// say reports on standard error what is done now.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// numbers returns the numbers in an environment variable, or the default ones.
func numbers(variable, otherwise string) ([]int, error) {
	var all []int
	for word := range strings.FieldsSeq(cmp.Or(os.Getenv(variable), otherwise)) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%s: want numbers from 1 on, got %q", variable, word)
		}
		all = append(all, n)
	}
	return all, nil
}

// number returns the one number in an environment variable, or the default one.
func number(variable, otherwise string) (int, error) {
	all, err := numbers(variable, otherwise)
	if err == nil && len(all) != 1 {
		err = fmt.Errorf("%s: want one number", variable)
	}
	if err != nil {
		return 0, err
	}
	return all[0], nil
}
