package shell

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/render"
)

// completer completes a partly typed line with commands, methods, verbs, ids and
// names of entities.
type completer struct {
	host   *Host
	loaded bool
	names  []string // of entities, sorted, upper and lower case alike
	ids    []string
}

func newCompleter(h *Host) *completer { return &completer{host: h} }

// forget drops all names and ids: the next completion reads them from the graph.
func (c *completer) forget() { c.loaded = false }

// maxCompletions is the largest number of words offered for one prefix, and maxNames
// the largest number of entities whose names are kept.
const (
	maxCompletions = 200
	maxNames       = 200_000
)

// readNames reads the names and ids of the graph. If the graph cannot be read, there are
// none until the next completion.
func (c *completer) readNames() {
	if c.loaded {
		return
	}
	c.loaded, c.names, c.ids = true, nil, nil
	for e, err := range c.host.Entities(context.Background()) {
		if err != nil || len(c.ids) == maxNames {
			c.loaded = len(c.ids) > 0
			break
		}
		c.ids = append(c.ids, render.Clean(string(e.ID)))
		c.names = append(c.names, render.Clean(e.Label))
		for _, alias := range e.Aliases {
			c.names = append(c.names, render.Clean(alias.Value))
		}
	}
	slices.Sort(c.ids)
	slices.SortFunc(c.names, compareNames)
	c.names = slices.Compact(c.names)
}

func compareNames(a, b string) int {
	if n := strings.Compare(strings.ToLower(a), strings.ToLower(b)); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}

// complete implements liner.WordCompleter: at is the position of the cursor in
// characters. It returns the unchanged text before the completed word, the candidates
// for the word, and the unchanged text after it.
func (c *completer) complete(line string, at int) (before string, words []string, after string) {
	runes := []rune(line)
	at = min(at, len(runes))
	before, after = string(runes[:at]), string(runes[at:])
	start, words := c.candidates(before)
	if len(words) > maxCompletions {
		words = words[:maxCompletions]
	}
	return before[:start], words, after
}

// candidates returns the words that may replace the end of the text, from the byte
// start.
func (c *completer) candidates(text string) (start int, words []string) {
	if strings.HasPrefix(text, ":") {
		command, argument, spaced := strings.Cut(text[1:], " ")
		if !spaced {
			return 1, startingWith(c.host.commandNames(), command)
		}
		return c.argument(command, len(text)-len(argument), argument)
	}
	quote, open := unclosedString(text)
	switch {
	case open && strings.HasPrefix(text[quote+1:], "<"):
		return quote + 2, withEnding(startingWith(c.allIDs(), text[quote+2:]), ">"+text[quote:quote+1])
	case open:
		return quote + 1, withEnding(c.namesStartingWith(text[quote+1:]), text[quote:quote+1])
	}
	start = strings.LastIndexFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) + 1
	typed := text[start:]
	switch {
	case strings.HasSuffix(text[:start], "verb."):
		return start, startingWith(gizmo.VerbNames(c.host.Vocabulary), typed)
	case strings.HasSuffix(text[:start], "g.") || strings.HasSuffix(text[:start], "graph."):
		return start, startingWith(gizmo.GraphMethods(), typed)
	case strings.HasSuffix(text[:start], "."):
		return start, startingWith(gizmo.PathMethods(), typed)
	}
	return start, startingWith(gizmo.Functions(), typed)
}

// argument completes the arguments of a command. text begins at the byte at of the
// line.
func (c *completer) argument(command string, at int, text string) (start int, words []string) {
	switch command {
	case "help", "h":
		return at, startingWith(append(c.host.topics(), "load"), text)
	case "format":
		return at, startingWith(c.host.Formats, text)
	case "time":
		return at, startingWith([]string{"off", "on"}, text)
	case "limit":
		return at, startingWith([]string{"all"}, text)
	case "load":
		return at, files(text)
	case "explain":
		start, words = c.candidates(text)
		return at + start, words
	}
	if arrow := strings.LastIndex(text, "-> "); arrow >= 0 {
		at, text = at+arrow+3, text[arrow+3:]
	}
	if comma := strings.LastIndex(text, ", "); comma >= 0 && hasSeveralNames(command) && len(c.namesStartingWith(text)) == 0 {
		at, text = at+comma+2, text[comma+2:]
	}
	if flag := strings.LastIndex(text, "--"); flag >= 0 && !strings.Contains(text[flag:], " ") {
		return at + flag + 2, startingWith(c.flagsOf(command), text[flag+2:])
	}
	return at, c.namesStartingWith(text)
}

func (c *completer) flagsOf(command string) []string {
	found, _ := c.host.commandOf(command)
	return found.Flags
}

// files returns the files and folders whose path begins with prefix, in its last
// folder.
func files(prefix string) (found []string) {
	dir, base := filepath.Split(prefix)
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name := dir + e.Name()
		if !strings.HasPrefix(e.Name(), base) || render.Clean(name) != name {
			continue // also names with control characters
		}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			name += string(filepath.Separator)
		}
		if found = append(found, name); len(found) == maxCompletions {
			break
		}
	}
	return found
}

// allIDs returns the ids of the entities, and of the predicates and classes of the
// graph.
func (c *completer) allIDs() []string {
	c.readNames()
	return append(slices.Clone(c.ids), gizmo.KnownIDs(c.host.Vocabulary)...)
}

// namesStartingWith returns the names of entities that begin with prefix, upper and lower case
// alike.
func (c *completer) namesStartingWith(prefix string) []string {
	c.readNames()
	prefix = strings.ToLower(prefix)
	from, _ := slices.BinarySearchFunc(c.names, prefix, func(name, prefix string) int { return strings.Compare(strings.ToLower(name), prefix) })
	var found []string
	for _, name := range c.names[from:] {
		if !strings.HasPrefix(strings.ToLower(name), prefix) || len(found) == maxCompletions {
			break
		}
		found = append(found, name)
	}
	return found
}

// isName reports whether an entity has a name or alias, upper and lower case alike.
func (c *completer) isName(name string) bool {
	return slices.ContainsFunc(c.namesStartingWith(name), func(found string) bool { return strings.EqualFold(found, name) })
}

func startingWith(all []string, prefix string) (found []string) {
	for _, word := range all {
		if strings.HasPrefix(word, prefix) {
			found = append(found, word)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func withEnding(words []string, end string) []string {
	for i := range words {
		words[i] += end
	}
	return words
}

// unclosedString returns the position of the opening quote of a string that is not closed
// at the end of a text.
func unclosedString(text string) (at int, open bool) {
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quote != 0 && b == '\\':
			i++
		case quote != 0 && b == quote:
			quote = 0
		case quote == 0 && (b == '"' || b == '\'' || b == '`'):
			quote, at = b, i
		}
	}
	return at, quote != 0
}
