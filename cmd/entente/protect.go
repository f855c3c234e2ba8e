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

// guard keeps a command from writing over what it reads: inputs, the vocabulary, the
// configuration, a script, a graph.
type guard struct {
	cmd      *cobra.Command
	settings *settings
	config   config
	sources  []string // what the session was made of in which the command runs
}

// check refuses, before any work, a file of answers, rejects or history that the
// command reads.
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
				return usagef("--%s %s is what %s names too", flag, target, other)
			}
		}
		targets["--"+flag] = target
	}
	if g.cmd.Name() != "repl" {
		return nil
	}
	name, err := shell.HistoryFile()
	if err != nil {
		return nil // then there is none
	}
	return g.checkTarget("the history", name)
}

// checkTarget refuses to let something be written over what a command reads.
func (g guard) checkTarget(what, target string) error {
	for _, folder := range g.graphFolders() {
		if within(target, folder) {
			return usagef("%s %s lies in the folder of the graph", what, target)
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

// graphFolders are the folders of the graphs that a command reads or makes.
func (g guard) graphFolders() (folders []string) {
	to, _ := g.cmd.Flags().GetString("to")
	for _, folder := range []string{g.config.Graph, to} {
		if folder != "" {
			folders = append(folders, folder)
		}
	}
	return folders
}

// inputs are the files and folders that a command reads.
func (g guard) inputs() (inputs []string) {
	script, _ := g.cmd.Flags().GetString("file")
	inputs = append([]string{g.config.Vocabulary, g.settings.viper.ConfigFileUsed(), script}, g.config.In...)
	inputs = append(inputs, g.sources...)
	if g.cmd.Name() == "load" {
		inputs = append(inputs, g.cmd.Flags().Args()...)
	}
	return slices.DeleteFunc(inputs, func(input string) bool { return input == "" || input == "-" })
}

// includes reports whether an input is the file, or a folder that is read with it.
func includes(input, file string) bool {
	if _, err := os.Stat(file); err != nil {
		return false // nothing there yet
	}
	if sameFile(input, file) {
		return true
	}
	_, err := loaders.ForFile(file, nil)
	return err == nil && within(file, input)
}

// sameFile reports whether two paths lead to one file, or would.
func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	other, err2 := os.Stat(b)
	if err1 == nil && err2 == nil {
		return one.Mode().IsRegular() && os.SameFile(one, other)
	}
	return err1 != nil && err2 != nil && realPath(a) == realPath(b)
}

// within reports whether a path leads into a folder.
func within(path, folder string) bool {
	rel, err := filepath.Rel(realPath(folder), realPath(path))
	return err == nil && rel != "." && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// realPath is where a path leads, from the root on and without links, as far as there
// is something.
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

// partOfGraph is an error where a path leads to a file that a graph consists of, or
// may come to have, under whatever name; it says which.
func partOfGraph(path string) error {
	at := realPath(path)
	name, folder := filepath.Base(at), filepath.Dir(at)
	hidden := strings.HasPrefix(name, "."+graph.File+".") || strings.HasPrefix(name, "."+paths.File+".")
	switch {
	case graph.Exists(folder) && (hidden || slices.Contains([]string{graph.File, paths.File, store.LockName}, name)):
		return usagef("%s is a file of the graph in %s", path, folder)
	case store.IsFile(at):
		return usagef("%s is a graph, or a backup of one", path)
	case paths.IsFile(at):
		return usagef("%s is a file of a graph", path)
	}
	return nil
}

// linksToGraphFile reports whether a file has another name in the folder of a graph.
func linksToGraphFile(path, folder string) bool {
	for _, name := range []string{graph.File, paths.File, store.LockName} {
		if sameFile(path, filepath.Join(folder, name)) {
			return true
		}
	}
	return false
}

// checkNewFolder is an error where a graph is to be made in what is no folder.
func checkNewFolder(folder string) error {
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return usagef("%s is not a folder", folder)
	}
	if graph.Exists(folder) {
		return usagef("%s is there already: name another", folder)
	}
	return nil
}
