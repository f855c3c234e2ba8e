package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// eachCommand calls fn with all commands, including the commands that Cobra adds.
func eachCommand(fn func(*cobra.Command)) {
	a := &app{console: console{in: strings.NewReader(""), out: io.Discard, errs: io.Discard}}
	root := a.root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		fn(c)
	}
}

func TestCommandsAndFlagsHaveHelp(t *testing.T) {
	flags := 0
	eachCommand(func(c *cobra.Command) {
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: short help %q: want a phrase without a full stop", c.Name(), c.Short)
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			flags++
			if f.Usage == "" {
				t.Errorf("%s --%s has no help", c.Name(), f.Name)
			}
		})
	})
	if flags < 50 {
		t.Errorf("only %d flags were seen", flags)
	}
}

func TestREADMENamesEveryCommand(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	eachCommand(func(c *cobra.Command) {
		if c.Name() == "help" || c.Hidden {
			return
		}
		if !regexp.MustCompile(`\bentente ` + c.Name() + `\b`).Match(readme) {
			t.Errorf("README.md has no entente %s", c.Name())
		}
	})
}

// The README's table of exit codes lists the codes of the command.
func TestREADMEListsExitCodes(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "| exit code |")
	table, _, _ = strings.Cut(table, "\n\n")
	listed := make(map[string]bool)
	for _, row := range regexp.MustCompile(`\| (\d+) \|`).FindAllStringSubmatch(table, -1) {
		listed[row[1]] = true
	}
	for _, code := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "130"} {
		if !listed[code] {
			t.Errorf("README.md does not list exit code %s", code)
		}
		delete(listed, code)
	}
	if len(listed) > 0 {
		t.Errorf("README.md lists exit codes that there are not: %v", listed)
	}
}

// Every command and flag is used in some script.
func TestScriptsUseEveryCommandAndFlag(t *testing.T) {
	used := scriptLines(t)
	eachCommand(func(c *cobra.Command) {
		var lines []string
		for _, line := range used {
			if regexp.MustCompile(`\bentente `+c.Name()+`\b`).MatchString(line) || c.Name() == "load" && strings.HasPrefix(line, "refuse ") {
				lines = append(lines, line)
			}
		}
		if len(lines) == 0 {
			t.Errorf("no script runs entente %s", c.Name())
		}
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			pattern := regexp.MustCompile(`(--` + f.Name + `\b` + shorthand(f) + `)`)
			if f.Name != "help" && !pattern.MatchString(strings.Join(lines, "\n")) {
				t.Errorf("no script uses entente %s --%s", c.Name(), f.Name)
			}
		})
	})
}

func shorthand(f *pflag.Flag) string {
	if f.Shorthand == "" {
		return ""
	}
	return "| -" + f.Shorthand + `\b`
}

// scriptLines returns the lines of all test scripts that run the command.
func scriptLines(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		script, _, _ := bytes.Cut(text, []byte("\n-- "))
		lines = append(lines, strings.Split(string(script), "\n")...)
	}
	return lines
}
