package extraction

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// reading reads one extraction.
type reading struct {
	run      *mapping.Run
	row      *mapping.Node
	document *mapping.Node
	ground   *grounding.Grounding
	model    string

	entities map[string]*entity // by id
	mentions map[string]*mention
	order    []*mention // as they are listed
	declared []*mapping.Item
	seen     map[string]string // facts that have entered: their ids or places
}

// entity is an entity of an extraction.
type entity struct {
	name, kind *mapping.Node
	aliases    []*mapping.Node
	isDeclared bool
}

// mention is a mention, with the group of the mentions that are said to be the same.
type mention struct {
	node   *mapping.Node
	id     string
	parent *mention // in a union of mentions; nil for the first
	entity *entity  // of the first mention
	clash  bool     // two entities are said to be the same
}

func (m *mention) first() *mention {
	for m.parent != nil {
		m = m.parent
	}
	return m
}

func newReading(run *mapping.Run, row *mapping.Node) *reading {
	x := &reading{run: run, row: row, document: row.Child("document"), model: row.TextOf("model"),
		entities: make(map[string]*entity), mentions: make(map[string]*mention), seen: make(map[string]string)}
	for e := range row.All("entities") {
		x.entities[e.TextOf("id")] = &entity{e.Child("name"), e.Child("kind"), slices.Collect(e.All("aliases")), false}
	}
	for n := range row.All("mentions") {
		m := &mention{node: n, id: n.TextOf("id")}
		x.mentions[m.id], x.order = m, append(x.order, m)
	}
	x.join()
	return x
}

// join puts mentions of one entity, and mentions that are said to be the same, together.
func (x *reading) join() {
	byEntity := make(map[string]*mention)
	for _, m := range x.order {
		id := m.node.TextOf("entity")
		if id == "" {
			continue
		}
		if before := byEntity[id]; before != nil {
			m.parent = before.first()
			continue
		}
		byEntity[id] = m
		if m.entity = x.entities[id]; m.entity == nil {
			m.entity = &entity{name: m.node.Child("entity"), kind: m.node.Child("kind")}
		}
	}
	for _, m := range x.order {
		for same := range m.node.All("same-as") {
			other := x.mentions[same.Value()]
			if other == nil {
				continue
			}
			if a, b := m.first(), other.first(); a != b {
				b.clash = a.clash || b.clash || a.entity != nil && b.entity != nil
				b.entity = cmp.Or(b.entity, a.entity)
				a.parent = b
			}
		}
	}
	for _, m := range x.order {
		if f := m.first(); f.entity == nil {
			f.entity = &entity{name: f.node.Child("text"), kind: f.node.Child("kind")}
		}
	}
}

// open finds the text of the document.
func (x *reading) open(texts *grounding.Texts) *mapping.ValueError {
	if x.document == nil {
		return failed("document", x.row, fmt.Errorf("the extraction has no document"))
	}
	text, problem := texts.Find(grounding.Document{SHA256: x.document.TextOf("sha256"),
		Names: []string{x.document.TextOf("file"), x.document.TextOf("url"), x.document.TextOf("title")}})
	if problem != nil {
		count := len(slices.Collect(x.row.All("facts")))
		err := schema.WithHint(fmt.Errorf("%w; no fact of the extraction is read, of %d", problem, count), func() string {
			return "name the file or the folder of the text with --text"
		})
		return failed("sha256", cmp.Or(x.document.Child("sha256"), x.document), err)
	}
	published := x.document.TextOf("published")
	if d, err := grounding.ParseDate(published); err == nil {
		published = d.Written
	}
	x.ground = &grounding.Grounding{Text: text, Anchor: published}
	return nil
}

// failed returns an error of a value.
func failed(key string, at *mapping.Node, err error) *mapping.ValueError {
	v := mapping.Value{Text: at.Value(), Line: at.Line, Col: at.Col}
	if len(at.Children) == 0 {
		v.Field = at.Path()
	} else {
		v.Text = ""
	}
	return &mapping.ValueError{Key: key, Value: v, Err: err}
}

// fact holds a fact to the text, and makes a record of it if the text supports it.
func (x *reading) fact(n *mapping.Node) mapping.Made {
	made := mapping.Made{Section: mapping.Fact}
	claim, errs := x.claim(n)
	var found grounding.Found
	if len(errs) == 0 {
		var problems []grounding.Problem
		found, problems = x.ground.Check(claim)
		for _, p := range problems {
			errs = append(errs, failed(p.Field, place(n, p.Field), p))
		}
	}
	if len(errs) == 0 {
		errs = x.repeated(n, claim, found)
	}
	if made.Errs = errs; len(errs) == 0 {
		made.Item = x.record(n, claim, found)
	}
	return made
}

// place returns the value of a fact that a field of a problem names.
func place(n *mapping.Node, field string) *mapping.Node {
	return cmp.Or(n.Child(field), n.Child("roles").Child(field), n)
}

// claim reads what a fact claims.
func (x *reading) claim(n *mapping.Node) (c grounding.Claim, errs []*mapping.ValueError) {
	fail := func(key string, at *mapping.Node, format string, args ...any) {
		errs = append(errs, failed(key, at, fmt.Errorf(format, args...)))
	}
	c = grounding.Claim{Quote: n.TextOf("quote"), Status: schema.Status(strings.ToLower(n.TextOf("status"))), Stance: schema.Stance(strings.ToLower(n.TextOf("stance")))}
	c.Verb, _ = x.run.Format.Definition(n.TextOf("verb"))
	c.When = schema.When{Words: n.TextOf("words"), Anchor: n.TextOf("anchor")}
	if when := n.TextOf("when"); when != "" {
		d, err := grounding.ParseDate(when)
		if err != nil {
			errs = append(errs, failed("when", n.Child("when"), err))
		}
		c.When.Written = d.Written
	}
	var err error
	if c.Start, c.End, err = offsets(n); err != nil {
		errs = append(errs, failed("start", place(n, "start"), err))
	}
	if x.modelOf(n) == "" {
		fail("model", n, "the name of the model is missing")
	}
	roles := n.Child("roles")
	if roles == nil || len(roles.Children) == 0 {
		fail("roles", n, "%s: the fact has no roles", grounding.NoMention)
		return c, errs
	}
	for _, r := range roles.Children {
		m := x.mentions[r.Value()]
		if m == nil {
			fail(r.Name, r, "%s: no mention has the id %q", grounding.NoMention, r.Value())
			continue
		}
		if m.first().clash {
			fail(r.Name, r, "%s: mentions of two entities are said to be the same as %q", grounding.NoMention, r.Value())
			continue
		}
		p, err := x.participant(r, m)
		if err != nil {
			errs = append(errs, err)
		}
		c.Participants = append(c.Participants, p)
	}
	return c, errs
}

func (x *reading) modelOf(n *mapping.Node) string { return cmp.Or(n.TextOf("model"), x.model) }

// offsets reads the offsets of a quote or a mention; both are zero if there are none.
func offsets(n *mapping.Node) (start, end int, err error) {
	from, to := n.Child("start"), n.Child("end")
	if from == nil && to == nil {
		return 0, 0, nil
	}
	start, errStart := strconv.Atoi(textOf(from))
	end, errEnd := strconv.Atoi(textOf(to))
	if errStart != nil || errEnd != nil || start < 0 || end <= start {
		return 0, 0, fmt.Errorf("%s: the offsets %q to %q span nothing", grounding.OffsetWrong, textOf(from), textOf(to))
	}
	return start, end, nil
}

// participant returns who plays a role, with all mentions that are said to be the same.
func (x *reading) participant(role *mapping.Node, of *mention) (p grounding.Participant, failure *mapping.ValueError) {
	e := of.first().entity
	p = grounding.Participant{Role: role.Name, Name: textOf(e.name)}
	for _, a := range e.aliases {
		p.Also = append(p.Also, a.Value())
	}
	group := []*mention{of}
	for _, m := range x.order {
		if m != of && m.first() == of.first() {
			group = append(group, m)
		}
	}
	for _, m := range group {
		start, end, err := offsets(m.node)
		if err != nil {
			failure = failed(role.Name, role, fmt.Errorf("the mention %s: %w", m.id, err))
		}
		form := m.node.TextOf("form")
		p.Mentions = append(p.Mentions, grounding.Mention{ID: m.id, Text: m.node.TextOf("text"), Start: start, End: end,
			IsIndirect: (form == "demonym" || form == "metonym") && !strings.EqualFold(textOf(e.kind), string(schema.Person))})
	}
	return p, failure
}

// repeated returns an error if an earlier fact of the extraction says the same with the
// same quote.
func (x *reading) repeated(n *mapping.Node, c grounding.Claim, found grounding.Found) []*mapping.ValueError {
	var who []string
	for _, p := range c.Participants {
		if slices.Contains([]string{"at", "said-by", "via"}, p.Role) {
			continue // not a part of what identifies a fact
		}
		who = append(who, p.Role+"\x01"+p.Name)
	}
	slices.Sort(who)
	verb := n.TextOf("verb")
	if c.Verb != nil {
		verb = string(c.Verb.ID)
	}
	key := strings.Join(append(who, verb, string(cmp.Or(c.Status, schema.Happened)), string(cmp.Or(c.Stance, schema.Asserts)), c.When.Written, n.TextOf("topic"), found.Quote), "\x00")
	name := cmp.Or(n.TextOf("id"), fmt.Sprintf("line %d", n.Line))
	if before, again := x.seen[key]; again {
		return []*mapping.ValueError{failed("quote", place(n, "quote"), grounding.Problem{Rule: grounding.Duplicate, Message: "the fact " + before + " says the same with the same quote"})}
	}
	x.seen[key] = name
	return nil
}
