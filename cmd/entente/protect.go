package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/loaders"
)

// protect refuses, before any work, to write answers or rejects over what is
// read: inputs, the vocabulary, the configuration, the graph.
func (a *app) protect(cmd *cobra.Command) error {
	inputs := append([]string{a.config.Vocabulary, a.viper.ConfigFileUsed()}, a.config.In...)
	if cmd.Name() == "load" {
		inputs = append(inputs, cmd.Flags().Args()...)
	}
	for _, flag := range []string{"output", "rejects"} {
		target, _ := cmd.Flags().GetString(flag)
		if target == "" || target == "-" {
			continue
		}
		if a.config.Graph != "" && within(target, a.config.Graph) {
			return usagef("--%s %s lies in the folder of the graph", flag, target)
		}
		for _, input := range inputs {
			if input != "" && reads(input, target) {
				return usagef("--%s %s is an input", flag, target)
			}
		}
	}
	return nil
}

// reads reports whether an input is the file, or a folder that is read with it.
func reads(input, file string) bool {
	target, err := os.Stat(file)
	if err != nil {
		return false // nothing there yet
	}
	if info, err := os.Stat(input); err == nil && os.SameFile(info, target) {
		return true
	}
	_, err = loaders.ForFile(file, nil)
	return err == nil && within(file, input)
}

// within reports whether a path lies in a folder.
func within(path, folder string) bool {
	from, errFrom := filepath.Abs(folder)
	to, errTo := filepath.Abs(path)
	if errFrom != nil || errTo != nil {
		return false
	}
	rel, err := filepath.Rel(from, to)
	return err == nil && rel != "." && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
