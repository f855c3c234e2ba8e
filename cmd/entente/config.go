package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// config is the effective configuration of a command. Flags take precedence over
// ENTENTE_* variables, these over the configuration file, and that over defaults.
type config struct {
	Graph      string
	In         []string
	Format     string
	Rows       int
	Width      int // in columns; 0 for the width of the terminal
	Hops       int
	MaxErrors  int
	Wait       time.Duration
	Timeout    time.Duration
	Vocabulary string
	Memory     int // in MiB, like QueryMemory and MaxOutput
	QueryMemory,
	MaxOutput int
	Dates      written.Order
	Encoding   charset.Encoding
	With       []string // datasets of the graph whose names inputs may use, unless --with is set
	WithAll    bool     // names in inputs may refer to entities of all datasets of the graph
	AcceptLoss bool     // change a stale graph, and give up its lost change
	Reviewed   bool     // leave out evidence that no person has accepted
}

// configKey is one key of the configuration. On commands with a flag of the same name,
// the flag has the highest precedence.
type configKey struct {
	key      string
	fallback any
	about    string
}

func configKeys() []configKey {
	return []configKey{
		{"graph", "", "folder of the graph"},
		{"in", []string{}, "files and folders to read instead of a graph"},
		{"format", "table", "table, json, jsonl or csv"},
		{"rows", 1000, "largest number of rows of an answer; --all for all"},
		{"hops", paths.DefaultHops, "largest number of hops of a path, up to 64"},
		{"max-errors", 0, "largest number of bad rows that a load skips; -1 for no limit"},
		{"wait", 5 * time.Second, "how long to wait until another process unlocks the graph"},
		{"timeout", gizmo.DefaultTimeout, "longest running time of a Gizmo query; 0 for no limit"},
		{"vocabulary", "", "file of verbs to add to the built-in verbs"},
		{"with-all", false, "names and source keys in a load may be of all datasets of the graph"},
		{"memory", store.DefaultMemory >> 20, "memory in MiB that a load uses, mapped files included; a larger load sorts on disk"},
		{"query-memory", gizmo.DefaultMemory >> 20, "largest memory of a Gizmo query in MiB"},
		{"max-output", 8, "largest size of the rows of a Gizmo query in MiB; 0 for no limit"},
		{"width", 0, "width of answers in columns; 0 for the width of the terminal, or 160 if there is no terminal"},
		{"dates", "", "order of the numbers in dates such as 03/04/2015: dmy or mdy"},
		{"encoding", "", "encoding of files without a byte order mark: utf-8, latin1, windows-1252, utf-16le or utf-16be"},
		{"with", []string{}, "names and source keys in a load may be of these datasets of the graph"},
	}
}

// minQueryMemory is the memory in MiB that a process needs for the smallest query.
const minQueryMemory = 32

func environment(key string) string {
	return "ENTENTE_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
}

// settings is the values of the configuration for a command, with their origins.
type settings struct {
	viper *viper.Viper
	cmd   *cobra.Command
}

// readSettings reads the configuration for a command, with its flags.
func readSettings(cmd *cobra.Command) (*settings, config, error) {
	s := &settings{viper.New(), cmd}
	s.viper.SetEnvPrefix("ENTENTE")
	s.viper.SetEnvKeyReplacer(strings.NewReplacer("-", "_"))
	for _, k := range configKeys() {
		s.viper.SetDefault(k.key, k.fallback)
		if err := s.viper.BindEnv(k.key); err != nil {
			return nil, config{}, err
		}
		if flag := cmd.Flags().Lookup(k.key); flag != nil {
			if err := s.viper.BindPFlag(k.key, flag); err != nil {
				return nil, config{}, err
			}
		}
	}
	if err := s.readFile(); err != nil {
		return nil, config{}, err
	}
	c, err := s.decode()
	return s, c, err
}

func (s *settings) readFile() error {
	name, _ := s.cmd.Flags().GetString("config")
	if name == "" {
		name = "entente.yaml"
		if _, err := os.Stat(name); errors.Is(err, os.ErrNotExist) {
			return nil
		}
	}
	s.viper.SetConfigFile(name)
	s.viper.SetConfigType("yaml")
	if err := s.viper.ReadInConfig(); err != nil {
		return usagef("configuration %s: %w", name, withoutPrefix(err))
	}
	var known []string
	for _, k := range configKeys() {
		known = append(known, k.key)
	}
	file := viper.New()
	file.SetConfigFile(name)
	file.SetConfigType("yaml")
	if err := file.ReadInConfig(); err != nil {
		return usagef("configuration %s: %w", name, withoutPrefix(err))
	}
	for _, key := range file.AllKeys() {
		if !slices.Contains(known, key) {
			err := usagef("configuration %s: unknown key %q", name, key)
			return schema.WithHint(err, func() string { return schema.DidYouMean(schema.Nearest(key, known, 1)) })
		}
	}
	return nil
}

// withoutPrefix removes the words that viper and os put before an error.
func withoutPrefix(err error) error {
	file, parse := (*fs.PathError)(nil), viper.ConfigParseError{}
	switch {
	case errors.As(err, &file):
		return file.Err
	case errors.As(err, &parse):
		return parse.Unwrap()
	}
	return err
}

// decode checks all values and returns the configuration. Errors name the key and the
// origin of its value.
func (s *settings) decode() (config, error) {
	for _, k := range configKeys() {
		if err := s.checkValue(k); err != nil {
			return config{}, usagef("%s (from %s): %w", k.key, s.origin(k.key), err)
		}
	}
	v := s.viper
	dates, _ := written.ParseOrder(v.GetString("dates")) // checked by checkValue
	encoding, _ := charset.Parse(v.GetString("encoding"))
	format := v.GetString("format")
	if readsStandardInput(s.cmd) {
		format = "table" // --format is of the input
	}
	acceptLoss, _ := s.cmd.Flags().GetBool("accept-loss")
	reviewed, _ := s.cmd.Flags().GetBool("reviewed")
	return config{
		Graph: s.graphFolder(), In: s.inputs(), Format: format,
		Rows: v.GetInt("rows"), Width: v.GetInt("width"), Hops: v.GetInt("hops"), MaxErrors: v.GetInt("max-errors"),
		Wait: v.GetDuration("wait"), Timeout: v.GetDuration("timeout"), Vocabulary: s.relativeToConfig("vocabulary", v.GetString("vocabulary")),
		Memory: v.GetInt("memory"), QueryMemory: v.GetInt("query-memory"), MaxOutput: v.GetInt("max-output"), Dates: dates, Encoding: encoding, With: s.with(), WithAll: v.GetBool("with-all"), AcceptLoss: acceptLoss, Reviewed: reviewed,
	}, nil
}

func (s *settings) checkValue(k configKey) error {
	text := strings.TrimSpace(s.viper.GetString(k.key))
	switch k.fallback.(type) {
	case int:
		var n int
		if err := json.Unmarshal([]byte(text), &n); err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		switch {
		case n < 0 && k.key != "max-errors":
			return fmt.Errorf("%d is negative", n)
		case n == 0 && k.key == "hops":
			return errors.New("a path has at least one hop")
		case n < minQueryMemory && k.key == "query-memory":
			return fmt.Errorf("%d MiB are too few for any query: at least %d are needed", n, minQueryMemory)
		}
	case bool:
		if _, err := strconv.ParseBool(text); err != nil {
			return fmt.Errorf("%q is not true or false", text)
		}
	case time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return fmt.Errorf("%q is not a duration such as 30s", text)
		}
	}
	if k.key == "dates" && text != "" {
		_, err := written.ParseOrder(text)
		return err
	}
	if k.key == "encoding" && text != "" {
		_, err := charset.Parse(text)
		return err
	}
	if k.key == "format" && readsStandardInput(s.cmd) {
		return nil // checked by the loader
	}
	if k.key == "format" && !slices.Contains([]string{"cite", "draw", "export", "synth"}, s.cmd.Name()) && !slices.Contains(formatsOf(s.cmd), text) {
		return fmt.Errorf("unknown format %q: want one of %s", text, phrase.List(formatsOf(s.cmd)))
	}
	return nil
}

// readsStandardInput reports whether a command reads the standard input as an input.
func readsStandardInput(cmd *cobra.Command) bool {
	return slices.Contains([]string{"load", "diff", "check"}, cmd.Name()) && slices.Contains(cmd.Flags().Args(), "-")
}

// inputs returns the files and folders of "in". It returns none if "graph" has a
// higher precedence.
func (s *settings) inputs() []string {
	if s.precedence("graph") > s.precedence("in") {
		return nil
	}
	if value := os.Getenv(environment("in")); value != "" && !changed(s.cmd, "in") {
		return strings.Split(value, string(os.PathListSeparator))
	}
	paths := slices.Clone(s.viper.GetStringSlice("in"))
	for i := range paths {
		paths[i] = s.relativeToConfig("in", paths[i])
	}
	return paths
}

// with returns the datasets of "with", unless a flag names others.
func (s *settings) with() []string {
	if changed(s.cmd, "with") {
		return nil
	}
	return s.datasets()
}

// datasets returns the names of datasets of "with": in the environment, they are
// separated by commas.
func (s *settings) datasets() []string {
	if value := os.Getenv(environment("with")); value != "" && !changed(s.cmd, "with") {
		return strings.Split(value, ",")
	}
	return s.viper.GetStringSlice("with")
}

// precedence ranks the origin of a key's value: 3 for a flag, 2 for the environment, 1
// for the configuration file, 0 for the default.
func (s *settings) precedence(key string) int {
	switch {
	case changed(s.cmd, key):
		return 3
	case os.Getenv(environment(key)) != "":
		return 2
	case s.viper.InConfig(key):
		return 1
	}
	return 0
}

// relativeToConfig returns a path that is the value of a key. A relative path from the
// configuration file is relative to the folder of that file.
func (s *settings) relativeToConfig(key, path string) string {
	if s.precedence(key) != 1 || path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(s.viper.ConfigFileUsed()), path)
}

// graphFolder returns the folder of "graph". It returns "" if "in" has a higher
// precedence.
func (s *settings) graphFolder() string {
	if s.precedence("in") > s.precedence("graph") {
		return ""
	}
	return s.relativeToConfig("graph", s.viper.GetString("graph"))
}

func changed(cmd *cobra.Command, flag string) bool {
	f := cmd.Flags().Lookup(flag)
	return f != nil && f.Changed
}

// origin returns a text that says where the value of a key comes from.
func (s *settings) origin(key string) string {
	return []string{"default", s.viper.ConfigFileUsed(), environment(key), "flag --" + key}[s.precedence(key)]
}
