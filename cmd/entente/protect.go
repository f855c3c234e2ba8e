package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/shell"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/loaders"
)

// guard prevents a command from overwriting files that it reads: inputs, the
// vocabulary, the configuration, a script, a graph.
type guard struct {
	cmd      *cobra.Command
	settings *settings
	config   config
	sources  []string // inputs of the shell session in which the command runs
}

// check returns an error if the command also reads the file to which it writes
// answers, rejected rows or the history. It is called before any other work.
func (g guard) check() error {
	targets := map[string]string{}
	for _, flag := range []string{"output", "rejects"} {
		target, _ := g.cmd.Flags().GetString(flag)
		if target == "" || target == "-" {
			continue
		}
		if err := g.checkTarget("--"+flag, target); err != nil {
			return err
		}
		for other, path := range targets {
			if sameFile(path, target) {
				return usagef("--%s and %s name the same file: %s", flag, other, target)
			}
		}
		targets["--"+flag] = target
	}
	if g.cmd.Name() != "repl" {
		return nil
	}
	name, err := shell.HistoryFile()
	if err != nil {
		return nil // no history is kept
	}
	return g.checkTarget("the history", name)
}

// checkTarget returns an error if the command reads the file target, or if it is a
// file of a graph. what names the target in errors.
func (g guard) checkTarget(what, target string) error {
	for _, folder := range g.graphFolders() {
		if within(target, folder) {
			return usagef("%s %s is in the folder of the graph", what, target)
		}
		if linksToGraphFile(target, folder) {
			return usagef("%s %s is a file of the graph in %s", what, target, folder)
		}
	}
	for _, input := range g.inputs() {
		if includes(input, target) {
			return usagef("%s %s is an input", what, target)
		}
	}
	if err := partOfGraph(target); err != nil {
		return usagef("%s %w", what, err)
	}
	return nil
}

// graphFolders returns the folders of the graphs that a command reads or makes.
func (g guard) graphFolders() (folders []string) {
	to, _ := g.cmd.Flags().GetString("to")
	for _, folder := range []string{g.config.Graph, to} {
		if folder != "" {
			folders = append(folders, folder)
		}
	}
	return folders
}

// inputs returns the files and folders that a command reads.
func (g guard) inputs() (inputs []string) {
	script, _ := g.cmd.Flags().GetString("file")
	query, _ := g.cmd.Flags().GetString("query-file")
	inputs = append([]string{g.config.Vocabulary, g.settings.viper.ConfigFileUsed(), script, query}, g.config.In...)
	inputs = append(inputs, g.sources...)
	if slices.Contains([]string{"load", "check", "diff"}, g.cmd.Name()) {
		maps, _ := g.cmd.Flags().GetStringArray("map")
		inputs = append(append(inputs, maps...), g.cmd.Flags().Args()...)
	}
	if g.cmd.Name() == "map" {
		inputs = append(inputs, g.cmd.Flags().Args()...)
	}
	if files, err := expand(inputs); err == nil {
		inputs = files
	}
	return slices.DeleteFunc(inputs, func(input string) bool { return input == "" || input == "-" })
}

// includes reports whether an input is an existing file, or a folder from which the
// file would be read.
func includes(input, file string) bool {
	if _, err := os.Stat(file); err != nil {
		return false // the file does not exist yet
	}
	if sameFile(input, file) {
		return true
	}
	_, err := loaders.ForFile(file, nil)
	return err == nil && within(file, input)
}

// sameFile reports whether two paths lead to the same file, existing or not.
func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	other, err2 := os.Stat(b)
	if err1 == nil && err2 == nil {
		return one.Mode().IsRegular() && os.SameFile(one, other)
	}
	return err1 != nil && err2 != nil && realPath(a) == realPath(b)
}

// within reports whether a path is inside a folder.
func within(path, folder string) bool {
	rel, err := filepath.Rel(realPath(folder), realPath(path))
	return err == nil && rel != "." && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// realPath returns the absolute form of a path with symbolic links resolved, in the
// part of the path that exists.
func realPath(path string) string {
	at, err := safefile.Resolve(path)
	if err != nil {
		at = path
	}
	there, err := filepath.EvalSymlinks(at)
	if err != nil {
		dir, name := filepath.Split(strings.TrimRight(at, string(filepath.Separator)))
		if name == "" {
			return at
		}
		there = filepath.Join(realPath(cmp.Or(dir, ".")), name)
	}
	if there, err = filepath.Abs(there); err != nil {
		return at
	}
	return there
}

// partOfGraph returns an error if a path leads to a file of a graph: by its name in the
// folder of a graph, or by its content.
func partOfGraph(path string) error {
	at := realPath(path)
	name, folder := filepath.Base(at), filepath.Dir(at)
	hidden := strings.HasPrefix(name, "."+graph.File+".") || strings.HasPrefix(name, "."+paths.File+".")
	switch {
	case graph.Exists(folder) && (hidden || slices.Contains([]string{graph.File, paths.File, store.LockName}, name)):
		return usagef("%s is a file of the graph in %s", path, folder)
	case store.IsFile(at):
		return usagef("%s is a graph or a backup of a graph", path)
	case paths.IsFile(at):
		return usagef("%s is a file of a graph", path)
	}
	return nil
}

// linksToGraphFile reports whether a file is also a file of the graph in a folder: by a
// hard or a symbolic link.
func linksToGraphFile(path, folder string) bool {
	for _, name := range []string{graph.File, paths.File, store.LockName} {
		if sameFile(path, filepath.Join(folder, name)) {
			return true
		}
	}
	return false
}

// checkNewFolder returns an error if no new graph can be made in a folder: it is a
// file, or it contains a graph.
func checkNewFolder(folder string) error {
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return usagef("%s is not a folder", folder)
	}
	if graph.Exists(folder) {
		return usagef("%s already contains a graph: name another folder", folder)
	}
	return nil
}
