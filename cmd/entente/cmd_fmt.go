package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/format"
	"github.com/entente-kg/entente/schema"
)

// formatting is one run of the command fmt.
type formatting struct {
	console  *console
	check    bool // list files, and write nothing
	diff     bool // write differences, and no file
	toOutput bool // write the text to the standard output, and no file
	changed  int  // files that are not in canonical form
	bad      int  // files that cannot be formatted
}

func fmtCommand(a *app) *cobra.Command {
	f := &formatting{console: &a.console}
	cmd := &cobra.Command{
		Use:   "fmt PATH...",
		Short: "Write YAML files in canonical order and form, with their comments, so that changes merge",
		Long: `Fmt rewrites YAML files in one canonical order and form, and keeps their comments, so
that the changes of two people merge in Git. It formats all YAML files of a folder, and
prints the names of the files that it changed. It changes no fact, no text and no
comment: it compares both versions before it replaces a file, and leaves a file that it
cannot read as it is. Only the places of facts without a source change, since they are
lines of the file. entente help format describes the form.

With - it formats the standard input to the standard output. A link that you name is
followed; links in a folder are not. With --check the exit code is 3 if any file is not
in canonical form.`,
		Example: `  entente fmt meetings.yaml dataset/
  entente fmt --check --diff dataset/`,
		GroupID: "data",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.toOutput && (f.check || f.diff || len(args) > 1 || isFolder(args[0])) {
				return usagef("--stdout needs a single file, without --check and --diff")
			}
			return f.run(cmd.Context(), args)
		},
	}
	cmd.Flags().BoolVar(&f.check, "check", false, "write no file: list the files that are not in canonical form; the exit code is 3 if there are any")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "write no file: show what would change")
	cmd.Flags().BoolVar(&f.toOutput, "stdout", false, "write no file: print the formatted text of a single file")
	return cmd
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// run formats all files of the paths. Files that cannot be formatted are reported one
// by one, and the others are formatted.
func (f *formatting) run(ctx context.Context, paths []string) error {
	for _, path := range paths {
		files, err := f.files(path)
		if err != nil {
			f.complain(err)
		}
		for _, file := range files {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := f.file(file); errors.Is(err, loaders.ErrInput) {
				f.complain(err)
			} else if err != nil {
				return err
			}
		}
	}
	switch {
	case f.bad > 0:
		return inputError{fmt.Errorf("%s not formatted", phrase.Counted(f.bad, "file is", "files are"))}
	case f.check && f.changed > 0:
		return inputError{fmt.Errorf("%s not in canonical form", phrase.Counted(f.changed, "file is", "files are"))}
	}
	return nil
}

func (f *formatting) complain(err error) {
	f.bad++
	fmt.Fprintln(f.console.errs, render.Clean(err.Error()))
	if hint := schema.Hint(err); hint != "" {
		fmt.Fprintln(f.console.errs, "  hint: "+render.Clean(hint))
	}
}

// files returns the YAML files of a path, as a load of a folder reads them.
func (f *formatting) files(path string) (files []string, err error) {
	if !isFolder(path) {
		return []string{path}, nil
	}
	root := path + string(filepath.Separator) // a link to a folder is followed
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		base := filepath.Base(name)
		switch isHidden := strings.HasPrefix(base, ".") && name != root; {
		case err != nil:
			return err
		case isHidden && d.IsDir():
			return fs.SkipDir
		case isHidden || d.IsDir() || base == "entente.yaml":
		case isYAML(base) && d.Type().IsRegular():
			files = append(files, name)
		case isYAML(base):
			f.console.warn("%s is a link or no file, and is not formatted", name)
		case isYAML(strings.TrimSuffix(strings.TrimSuffix(base, ".gz"), ".zst")):
			f.console.warn("%s is compressed, and is not formatted", name)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: no YAML file is here", path)
	}
	return files, err
}

func isYAML(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

// file formats one file, or the standard input.
func (f *formatting) file(path string) error {
	name := path
	if path == "-" {
		name = loaders.StandardInput
	}
	text, err := f.read(path)
	if err != nil {
		return inputError{err}
	}
	formatted, err := format.YAML(name, text)
	if err != nil {
		return inputError{err}
	}
	isChanged := !bytes.Equal(text, formatted)
	if isChanged {
		f.changed++
	}
	switch {
	case f.diff && isChanged:
		_, err = f.console.out.Write(diff.Diff(name, text, name+" (formatted)", formatted))
	case f.diff:
	case f.toOutput, path == "-" && !f.check:
		_, err = f.console.out.Write(formatted)
	case isChanged:
		if !f.check {
			err = replace(path, text, formatted)
		}
		if err == nil {
			_, err = fmt.Fprintln(f.console.out, render.Clean(name))
		}
	}
	return err
}

// read reads a YAML file, or the standard input.
func (f *formatting) read(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(f.console.in, format.MaxSize+1))
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		file := (*fs.PathError)(nil)
		if errors.As(err, &file) {
			err = file.Err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: is not a file", path)
	case !isYAML(path):
		return nil, fmt.Errorf("%s: is not YAML: fmt formats .yaml and .yml files", path)
	case info.Size() > format.MaxSize:
		return nil, fmt.Errorf("%s: larger than %d bytes", path, format.MaxSize)
	}
	return os.ReadFile(path)
}

// replace replaces the text of a file at once, and keeps its permissions. The error
// wraps [loaders.ErrInput] if the file has another text by now.
func replace(path string, was, text []byte) error {
	target, err := safefile.Resolve(path)
	if err != nil {
		return err
	}
	if f, err := os.OpenFile(target, os.O_WRONLY, 0); err != nil { // a file that is read-only stays
		return err
	} else if err := f.Close(); err != nil {
		return err
	}
	_, _ = safefile.Sweep(target) // what cannot be removed does no harm
	p, err := safefile.Begin(target, 0o666)
	if err != nil {
		return err
	}
	defer p.Discard()
	if _, err := p.Write(text); err != nil {
		return err
	}
	if now, err := os.ReadFile(target); err != nil || !bytes.Equal(now, was) {
		return inputError{fmt.Errorf("%s: was changed while it was formatted, and stays as it is", path)}
	}
	return p.Replace(true)
}
