package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// colon is a command of the session itself. A new one is a line in colons.
type colon struct {
	name, argument, about string
	do                    func(r *repl, ctx context.Context, argument string) error
}

func colons() []colon {
	return []colon{
		{"help", "[TOPIC]", "this, or what a topic or a command is about", (*repl).help},
		{"explain", "SCRIPT", "run a script and show the plan, sizes and time instead of rows", (*repl).explainLine},
		{"load", "FILE", "run a script (.js), or load facts into the graph", (*repl).load},
		{"format", "NAME", "show answers as " + list(formats()), (*repl).setFormat},
		{"json", "", "show answers as JSON; so :jsonl, :csv and :table", nil},
		{"limit", "N", "show so many rows of an answer; all for all", (*repl).setLimit},
		{"time", "[on|off]", "say how long queries take", (*repl).setTime},
		{"quit", "", "leave (also ctrl-d)", nil},
	}
}

// command does what a line after a colon says.
func (r *repl) command(ctx context.Context, line string) error {
	word, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
	argument = strings.TrimSpace(argument)
	for _, c := range colons() {
		if c.name == word && c.do != nil {
			return c.do(r, ctx, argument)
		}
	}
	switch {
	case word == "h" || word == "?":
		return r.help(ctx, argument)
	case slices.Contains(formats(), word):
		return r.setFormat(ctx, word)
	case slices.Contains(r.questions(), word):
		return r.question(ctx, word, argument)
	}
	return schema.WithHint(fmt.Errorf("unknown command :%s", beginning(word)), func() string {
		return cmp.Or(schema.DidYouMean(schema.Nearest(word, r.commandNames(), 1)), ":help lists them")
	})
}

// questions are the commands of the program that a session has too.
func (r *repl) questions() (names []string) {
	for _, c := range (&app{}).root().Commands() {
		if c.GroupID == "ask" && c.Name() != "repl" && c.Name() != "query" || c.Name() == "export" || c.Name() == "datasets" {
			names = append(names, c.Name())
		}
	}
	return names
}

func (r *repl) commandNames() (names []string) {
	for _, c := range colons() {
		names = append(names, c.name)
	}
	names = append(append(names, formats()...), r.questions()...)
	slices.Sort(names)
	return slices.Compact(names)
}

// question runs a command of the program over the graph of the session.
func (r *repl) question(ctx context.Context, name, line string) error {
	args, err := splitArguments(name, line)
	if err != nil {
		return err
	}
	return r.runCommand(ctx, append([]string{name}, args...))
}

func (r *repl) runCommand(ctx context.Context, args []string) error {
	sub := &app{program: r.program, in: strings.NewReader(""), out: r.out, errs: r.errs, typed: true, sources: r.read(r.cmd)}
	root := sub.root()
	root.SetIn(sub.in)
	root.SetOut(r.out)
	root.SetErr(r.errs)
	root.SetContext(ctx)
	cmd, _, err := root.Find(args)
	if err != nil {
		return err
	}
	args = append(args, "--graph", r.session.dir)
	add := func(flag, value string) {
		if cmd.Flag(flag) != nil && value != "" && !slices.ContainsFunc(args, func(a string) bool {
			return a == "--"+flag || strings.HasPrefix(a, "--"+flag+"=")
		}) {
			args = append(args, "--"+flag, value)
		}
	}
	if cmd.Name() != "export" {
		add("format", r.config.Format)
	}
	add("vocabulary", r.config.Vocabulary)
	add("wait", r.config.Wait.String())
	if cmd.Name() != "near" { // whose hops are another number
		add("hops", strconv.Itoa(r.config.Hops))
	}
	add("max-errors", strconv.Itoa(r.config.MaxErrors))
	add("memory", strconv.Itoa(r.config.Memory))
	add("width", strconv.Itoa(r.config.Width))
	if cmd.Name() == "show" && !r.limited && r.rank(r.cmd, "rows") == 0 {
		// Nobody has said how many rows: show has a number of its own.
	} else if r.config.Rows > 0 {
		add("rows", strconv.Itoa(r.config.Rows))
	} else if f := cmd.Flags(); f.Lookup("all") != nil && f.Lookup("rows") != nil && !slices.Contains(args, "--rows") {
		args = append(args, "--all")
	}
	args = append(args, "--config", os.DevNull)
	root.SetArgs(args)
	return root.ExecuteContext(ctx)
}

// splitArguments splits what follows a command. Names need no quotes: of a command
// that takes one they are all up to the first flag, and arrows stand between
// several.
func splitArguments(command, line string) ([]string, error) {
	words, err := splitWords(line)
	if err != nil {
		return nil, err
	}
	flags := slices.IndexFunc(words, func(w word) bool { return !w.quoted && len(w.text) > 1 && w.text[0] == '-' && w.text[1] != '>' })
	if flags < 0 {
		flags = len(words)
	}
	names, rest := words[:flags], words[flags:]
	var args []string
	switch {
	case slices.ContainsFunc(names, word.isArrow):
		for arrow := slices.IndexFunc(names, word.isArrow); arrow >= 0; arrow = slices.IndexFunc(names, word.isArrow) {
			args = append(args, joinWords(names[:arrow]))
			names = names[arrow+1:]
		}
		args = append(args, joinWords(names))
	case slices.Contains([]string{"show", "find", "near", "timeline", "holders"}, command) && slices.ContainsFunc(names, word.isBare):
		args = []string{joinWords(names)}
	default:
		for _, w := range names {
			args = append(args, w.text)
		}
	}
	for _, w := range rest {
		args = append(args, w.text)
	}
	return args, nil
}

type word struct {
	text   string
	quoted bool
}

func (w word) isArrow() bool { return !w.quoted && (w.text == "->" || w.text == "→") }
func (w word) isBare() bool  { return !w.quoted }

func joinWords(words []word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

var errQuote = errors.New("a quote is not closed")

// splitWords splits a line at blanks outside of quotes.
func splitWords(line string) (words []word, err error) {
	var text strings.Builder
	quote, begun, quoted := rune(0), false, false
	end := func() {
		if begun {
			words = append(words, word{text.String(), quoted})
		}
		text.Reset()
		begun, quoted = false, false
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			text.WriteRune(r)
		case r == '"' || r == '\'' && !begun:
			quote, begun, quoted = r, true, true
		case r == ' ' || r == '\t':
			end()
		default:
			begun = true
			text.WriteRune(r)
		}
	}
	if quote != 0 {
		return nil, errQuote
	}
	end()
	return words, nil
}

func (r *repl) setFormat(_ context.Context, name string) error {
	if !slices.Contains(formats(), name) {
		return fmt.Errorf("unknown format %q: want one of %s", name, list(formats()))
	}
	r.config.Format = name
	return nil
}

func (r *repl) setLimit(_ context.Context, argument string) error {
	n, err := strconv.Atoi(argument)
	switch {
	case argument == "all":
		n = 0
	case err != nil || n < 1:
		return fmt.Errorf("limit %q is not a number of rows, nor all", argument)
	}
	r.config.Rows, r.limited = n, true
	return nil
}

func (r *repl) setTime(_ context.Context, argument string) error {
	switch argument {
	case "":
		r.timed = !r.timed
	case "on", "off":
		r.timed = argument == "on"
	default:
		return fmt.Errorf("time %q is neither on nor off", argument)
	}
	r.warn("times are %s", map[bool]string{true: "on", false: "off"}[r.timed])
	return nil
}

func (r *repl) explainLine(ctx context.Context, script string) error {
	script, _, err := r.joined(cmp.Or(script, r.last))
	switch {
	case err != nil:
		return err
	case script == "":
		return errors.New("explain which script?")
	}
	session := r.cmd.Context()
	r.cmd.SetContext(ctx)
	defer r.cmd.SetContext(session)
	return r.explain(r.cmd, r.session, script, "query")
}

// load runs a script of a file, or loads a file of facts.
func (r *repl) load(ctx context.Context, argument string) error {
	args, err := splitArguments("load", argument)
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return errors.New("load which file?")
	}
	if ext := filepath.Ext(args[0]); len(args) == 1 && (ext == ".js" || ext == ".gizmo") {
		script, err := os.ReadFile(args[0])
		if err != nil {
			return err
		}
		return r.remember(string(script), false, r.query(ctx, string(script), args[0]))
	}
	err = r.runCommand(ctx, append([]string{"load"}, args...))
	if err == nil && r.words != nil {
		r.words.forget()
	}
	return err
}

func (r *repl) help(_ context.Context, topic string) error {
	text, ok := r.helpOn(strings.ToLower(topic))
	if !ok {
		return schema.WithHint(fmt.Errorf("no help on %q", topic), func() string {
			return cmp.Or(schema.DidYouMean(schema.Nearest(topic, r.topics(), 1)), "topics: "+list(r.topics()))
		})
	}
	_, err := fmt.Fprint(r.out, text)
	return err
}

func (r *repl) topics() (names []string) {
	for _, t := range gizmo.Topics() {
		names = append(names, t.Name)
	}
	for _, name := range pages() {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return append(names, r.questions()...)
}

func (r *repl) helpOn(topic string) (text string, ok bool) {
	if topic == "" {
		return r.overview(), true
	}
	for _, t := range gizmo.Topics() {
		if t.Name == topic {
			text, ok = t.Text, true
		}
	}
	if body, found := page(topic); found {
		return strings.TrimLeft(text+"\n"+body, "\n"), true
	}
	if ok {
		return text, true
	}
	if !slices.Contains(append(r.questions(), "load"), topic) {
		return "", false
	}
	cmd, _, err := (&app{}).root().Find([]string{topic})
	if err != nil {
		return "", false
	}
	return cmp.Or(cmd.Long, cmd.Short) + "\n\n" + cmd.UsageString(), true
}

func (r *repl) overview() string {
	var b strings.Builder
	row := func(name, argument, about string) {
		fmt.Fprintf(&b, "  %-20s %s\n", strings.TrimSpace(":"+name+" "+argument), about)
	}
	b.WriteString("A line is a script in Gizmo, or a command:\n\n")
	for _, c := range colons() {
		row(c.name, c.argument, c.about)
	}
	b.WriteString("\nas at the command line, over this graph; names need no quotes, and -> stands\nbetween them:\n\n")
	for _, name := range r.questions() {
		cmd, _, err := (&app{}).root().Find([]string{name})
		if err != nil {
			continue
		}
		use := strings.TrimPrefix(cmd.Use, name)
		if name == "path" {
			use = "FROM -> TO"
		}
		if len(use) > len("FROM -> TO") {
			use = "..." // :help tells
		}
		row(name, strings.TrimSpace(use), cmd.Short)
	}
	b.WriteString(`
A line that is not complete goes on with the next one; an empty line ends it. A
line that begins with a dot goes on from the script before it, without that
script's all(): both run together, and the history keeps them as one line. So

  entity("Xie Feng")
  .out(verb.met).all()

asks what entity("Xie Feng").out(verb.met).all() asks. If the line fails, the
script before it stays, to be gone on from again. After any other script that
fails there is nothing to go on from.

Tab completes commands, methods, verbs, ids and names. ctrl-c drops what is
typed, or stops a running query. Lines are kept in your configuration folder from
one session to the next.

Topics of :help on Gizmo:

`)
	for _, t := range gizmo.Topics() {
		fmt.Fprintf(&b, "  %-20s %s\n", t.Name, t.About)
	}
	b.WriteString("\nPages of the manual:\n\n" + pagesText())
	b.WriteString("\n  g.V(\"<person:xie-feng>\").out(\"<dip:met>\").all()\n")
	return b.String()
}
