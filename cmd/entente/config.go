package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// config is what is in force: flags over ENTENTE_* over the configuration file
// over defaults.
type config struct {
	Graph      string
	In         []string
	Format     string
	Rows       int
	Width      int // columns; 0 for the terminal's
	Hops       int
	MaxErrors  int
	Wait       time.Duration
	Timeout    time.Duration
	Vocabulary string
	Memory     int // MiB, as the next two
	QueryMemory,
	MaxOutput int
}

// setting is one key of the configuration. A flag of that name, on the commands
// that have it, goes before the rest.
type setting struct {
	key      string
	fallback any
	about    string
}

func settings() []setting {
	return []setting{
		{"graph", "", "folder of the graph"},
		{"in", []string{}, "files and folders to read instead of a graph"},
		{"format", "table", "table, json, jsonl or csv"},
		{"rows", 1000, "most rows of an answer; --all for all"},
		{"hops", paths.DefaultHops, "most hops of a path, up to 64"},
		{"max-errors", 0, "bad rows that a load may leave out; -1 for any number"},
		{"wait", 5 * time.Second, "how long to wait for another process"},
		{"timeout", gizmo.DefaultTimeout, "how long a Gizmo query may run; 0 for any time"},
		{"vocabulary", "", "file of verbs to add to the built-in ones"},
		{"memory", store.DefaultMemory >> 20, "about how many MiB a load may take before it sorts on disk"},
		{"query-memory", gizmo.DefaultMemory >> 20, "how many MiB of memory a Gizmo query may take"},
		{"max-output", 8, "most MiB of rows of a Gizmo query; 0 for any number"},
		{"width", 0, "columns that answers are laid out for; 0 for those of the terminal, or else 160 at most"},
	}
}

// minQueryMemory is what a process needs for the smallest query, in MiB.
const minQueryMemory = 32

// settingFlag adds the flag of a setting that is a number or a duration.
func settingFlag(f *pflag.FlagSet, key string) {
	for _, s := range settings() {
		if s.key != key || f.Lookup(key) != nil {
			continue
		}
		switch fallback := s.fallback.(type) {
		case int:
			f.Int(key, fallback, s.about)
		case time.Duration:
			f.Duration(key, fallback, s.about)
		}
	}
}

func environment(key string) string {
	return "ENTENTE_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
}

// configure reads the configuration, once, before a command runs.
func (a *app) configure(cmd *cobra.Command) error {
	v := viper.New()
	a.viper = v
	v.SetEnvPrefix("ENTENTE")
	v.SetEnvKeyReplacer(strings.NewReplacer("-", "_"))
	for _, s := range settings() {
		v.SetDefault(s.key, s.fallback)
		if err := v.BindEnv(s.key); err != nil {
			return err
		}
		if flag := cmd.Flags().Lookup(s.key); flag != nil {
			if err := v.BindPFlag(s.key, flag); err != nil {
				return err
			}
		}
	}
	if err := a.readFile(cmd); err != nil {
		return err
	}
	return a.decode(cmd)
}

func (a *app) readFile(cmd *cobra.Command) error {
	name, _ := cmd.Flags().GetString("config")
	if name == "" {
		name = "entente.yaml"
		if _, err := os.Stat(name); errors.Is(err, os.ErrNotExist) {
			return nil
		}
	}
	a.viper.SetConfigFile(name)
	a.viper.SetConfigType("yaml")
	if err := a.viper.ReadInConfig(); err != nil {
		return usagef("configuration %s: %w", name, plain(err))
	}
	var known []string
	for _, s := range settings() {
		known = append(known, s.key)
	}
	file := viper.New()
	file.SetConfigFile(name)
	file.SetConfigType("yaml")
	if err := file.ReadInConfig(); err != nil {
		return usagef("configuration %s: %w", name, plain(err))
	}
	for _, key := range file.AllKeys() {
		if !slices.Contains(known, key) {
			err := usagef("configuration %s: unknown key %q", name, key)
			return schema.WithHint(err, func() string { return schema.DidYouMean(schema.Nearest(key, known, 1)) })
		}
	}
	return nil
}

// plain is an error without the words that others put before it.
func plain(err error) error {
	file, parse := (*fs.PathError)(nil), viper.ConfigParseError{}
	switch {
	case errors.As(err, &file):
		return file.Err
	case errors.As(err, &parse):
		return parse.Unwrap()
	}
	return err
}

// decode checks every value, so that a mistake is named with its place.
func (a *app) decode(cmd *cobra.Command) error {
	for _, s := range settings() {
		if err := a.check(cmd, s); err != nil {
			return usagef("%s (from %s): %w", s.key, a.origin(cmd, s.key), err)
		}
	}
	v := a.viper
	a.config = config{
		Graph: a.folder(cmd), In: a.paths(cmd), Format: v.GetString("format"),
		Rows: v.GetInt("rows"), Width: v.GetInt("width"), Hops: v.GetInt("hops"), MaxErrors: v.GetInt("max-errors"),
		Wait: v.GetDuration("wait"), Timeout: v.GetDuration("timeout"), Vocabulary: a.fromFile(cmd, "vocabulary", v.GetString("vocabulary")),
		Memory: v.GetInt("memory"), QueryMemory: v.GetInt("query-memory"), MaxOutput: v.GetInt("max-output"),
	}
	return nil
}

func (a *app) check(cmd *cobra.Command, s setting) error {
	text := strings.TrimSpace(a.viper.GetString(s.key))
	switch s.fallback.(type) {
	case int:
		var n int
		if err := json.Unmarshal([]byte(text), &n); err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		switch {
		case n < 0 && s.key != "max-errors":
			return fmt.Errorf("%d is below zero", n)
		case n == 0 && s.key == "hops":
			return errors.New("a path has one hop at least")
		case n < minQueryMemory && s.key == "query-memory":
			return fmt.Errorf("%d MiB are too few to begin with: %d at least", n, minQueryMemory)
		}
	case time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return fmt.Errorf("%q is not a duration such as 30s", text)
		}
	}
	if s.key == "format" && !slices.Contains([]string{"export", "synth"}, cmd.Name()) && !slices.Contains(formatsOf(cmd), text) {
		return fmt.Errorf("unknown format %q: want one of %s", text, list(formatsOf(cmd)))
	}
	return nil
}

// paths are the inputs, where nothing of higher rank names a graph.
func (a *app) paths(cmd *cobra.Command) []string {
	if a.rank(cmd, "graph") > a.rank(cmd, "in") {
		return nil
	}
	if value := os.Getenv(environment("in")); value != "" && !changed(cmd, "in") {
		return strings.Split(value, string(os.PathListSeparator))
	}
	paths := slices.Clone(a.viper.GetStringSlice("in"))
	for i := range paths {
		paths[i] = a.fromFile(cmd, "in", paths[i])
	}
	return paths
}

// rank orders where values come from: flags, the environment, the file, nowhere.
func (a *app) rank(cmd *cobra.Command, key string) int {
	switch {
	case changed(cmd, key):
		return 3
	case os.Getenv(environment(key)) != "":
		return 2
	case a.viper.InConfig(key):
		return 1
	}
	return 0
}

// fromFile takes a path of the configuration file as relative to its folder.
func (a *app) fromFile(cmd *cobra.Command, key, path string) string {
	if a.rank(cmd, key) != 1 || path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(a.viper.ConfigFileUsed()), path)
}

// folder is the graph's, where nothing of higher rank names inputs.
func (a *app) folder(cmd *cobra.Command) string {
	if a.rank(cmd, "in") > a.rank(cmd, "graph") {
		return ""
	}
	return a.fromFile(cmd, "graph", a.viper.GetString("graph"))
}

func changed(cmd *cobra.Command, flag string) bool {
	f := cmd.Flags().Lookup(flag)
	return f != nil && f.Changed
}

// origin says where the value of a key comes from.
func (a *app) origin(cmd *cobra.Command, key string) string {
	return []string{"default", a.viper.ConfigFileUsed(), environment(key), "flag --" + key}[a.rank(cmd, key)]
}

// sourceFlags say where the facts come from; every reading command has them.
func (a *app) sourceFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArray("in", nil, "read these facts: a file or folder `PATH`; repeatable")
	a.graphFlags(f)
}

func (a *app) graphFlags(f *pflag.FlagSet) {
	f.String("graph", "", "the graph in this folder `DIR`")
	settingFlag(f, "wait")
	f.String("vocabulary", "", "`FILE` of verbs to add to the built-in ones")
}
