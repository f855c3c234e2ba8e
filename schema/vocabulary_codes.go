package schema

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// ErrCode is wrapped by the errors of [Vocabulary.ByCode]. [Hint] suggests a
// correction.
var ErrCode = errors.New("unknown code")

// The systems of codes that the default vocabulary has.
const (
	CAMEO  = "cameo"  // CAMEO 1.1b3: "036", "0841"
	PLOVER = "plover" // event types, and types with modes: "CONSULT", "CONSULT/visit"
)

// Coded is the verb and the status that a code of an event-coding system means.
// The source of a coded event is the subject of the verb, its target the object.
type Coded struct {
	System string // such as [CAMEO]
	Code   string // as its system writes it: "0311", "CONSULT/visit"

	// From is the code that names the verb: Code itself, or else the nearest code
	// that contains it, "031" for "0311". Then the verb is less precise than Code.
	From    string
	Verb    Verb
	Status  Status
	Meaning string // in a few words; empty if the vocabulary does not list Code
}

// ByRoot reports whether the verb is that of a wider code, and so less precise
// than the code itself.
func (c Coded) ByRoot() bool { return c.From != c.Code }

// codeEntry is the entry of a code in a vocabulary. Without a verb the code means what
// the code that contains it means.
type codeEntry struct {
	verb    Verb
	status  Status
	meaning string
}

// ByCode returns the verb and the status to which a code leads: always a single
// one. A code without an entry of its own leads where the next wider code leads
// ([Coded.ByRoot]); a code without a root in the vocabulary is an error. PLOVER's
// modes follow their types after any sign, in any case: "CONSULT/visit",
// "consult-visit". CAMEO's codes need their leading zeros.
//
// [Vocabulary.Fit] then finds the verb for the kinds of the participants.
func (v *Vocabulary) ByCode(system, text string) (Coded, error) {
	codes, ok := v.codes()[system]
	if !ok {
		return Coded{}, withNearest(fmt.Errorf("%w: no system of codes is named %q", ErrCode, system), system, CodeSystems(v))
	}
	c := Coded{System: system, Code: normalCode(system, text)}
	if system == CAMEO && !isCameo(c.Code) {
		return Coded{}, cameoError(text)
	}
	for c.From = c.Code; c.From != ""; c.From = widerCode(system, c.From) {
		if at := codes[c.From]; at.verb != "" {
			c.Verb, c.Status, c.Meaning = at.verb, at.status, codes[c.Code].meaning
			return c, nil
		}
	}
	return Coded{}, withNearest(fmt.Errorf("%w %q of %s", ErrCode, text, system), c.Code, slices.Sorted(maps.Keys(codes)))
}

// cameoError explains what is wrong with a CAMEO code.
func cameoError(text string) error {
	err := fmt.Errorf("%w %q of %s", ErrCode, text, CAMEO)
	if zeroed := "0" + strings.TrimSpace(text); isCameo(zeroed) && len(zeroed) <= 4 {
		return WithHint(err, func() string {
			return fmt.Sprintf("%s without its leading zero? If a spreadsheet removed the zeros of this column, restore all of them: 10 and 010 differ", zeroed)
		})
	}
	return WithHint(err, func() string { return "a CAMEO code has two to four digits and begins with 01 to 20" })
}

// isCameo reports whether s has the form of a CAMEO code: two to four digits of
// which the first two are one of the twenty root codes.
func isCameo(s string) bool {
	if len(s) < 2 || len(s) > 4 || strings.Trim(s, "0123456789") != "" {
		return false
	}
	return s[:2] >= "01" && s[:2] <= "20"
}

// normalCode returns a code as its system writes it.
func normalCode(system, text string) string {
	text = strings.TrimSpace(text)
	if system != PLOVER {
		return text
	}
	isLetter := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
	kind, mode := strings.ToUpper(text), ""
	if i := strings.IndexFunc(text, func(r rune) bool { return !isLetter(r) }); i >= 0 {
		kind, mode = strings.ToUpper(text[:i]), strings.TrimLeft(text[i:], "/-_:, ")
	}
	if mode == "" {
		return kind
	}
	return kind + "/" + strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(mode))
}

// widerCode returns the code that contains a code, or an empty text for a root: a
// CAMEO code without its last digit, and of other systems the part before the
// last slash.
func widerCode(system, code string) string {
	if system == CAMEO {
		if len(code) <= 2 {
			return ""
		}
		return code[:len(code)-1]
	}
	return code[:max(0, strings.LastIndexByte(code, '/'))]
}

// CodeSystems lists the systems of codes in a vocabulary, sorted.
func CodeSystems(v *Vocabulary) []string { return slices.Sorted(maps.Keys(v.codes())) }

// Codes lists all codes of a system in the vocabulary, sorted, with their verbs.
func (v *Vocabulary) Codes(system string) (all []Coded) {
	for _, text := range slices.Sorted(maps.Keys(v.codes()[system])) {
		if c, err := v.ByCode(system, text); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// codeTable has the entries of codes by system and code.
type codeTable map[string]map[string]codeEntry

// codeSource is a code of a file and its place.
type codeSource struct {
	system, code string
	node         *yaml.Node
}

// readCodes reads the codes of all systems of a file.
func (p *vocabularyParser) readCodes(n *yaml.Node) {
	all := make(codeTable)
	for system, codes := range p.v.codes() {
		all[system] = maps.Clone(codes)
	}
	p.v.codes = func() codeTable { return all }
	p.pairs(n, func(name, codes *yaml.Node) {
		system := p.text(name)
		if !isWord(system) {
			p.fail(name, "a system of codes has a name of lower-case letters, digits and hyphens, not %q", system)
		}
		if all[system] == nil {
			all[system] = make(map[string]codeEntry)
		}
		p.pairs(codes, func(key, value *yaml.Node) { p.code(system, key, value) })
	})
}

// pairs passes each key and value of a mapping to a function.
func (p *vocabularyParser) pairs(n *yaml.Node, read func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "want keys and values, not %s", describeNode(n))
		return
	}
	for i := 0; i+1 < len(n.Content) && p.err == nil; i += 2 {
		read(n.Content[i], n.Content[i+1])
	}
}

// code reads the entry of one code: "met (planned) - intends to meet".
func (p *vocabularyParser) code(system string, key, value *yaml.Node) {
	text, entry := p.text(key), p.text(value)
	if p.err != nil {
		return
	}
	head, meaning, _ := strings.Cut(" "+entry, " - ")
	verb, status, hasStatus := strings.Cut(strings.TrimSpace(head), " ")
	c := codeEntry{verb: Verb(verb), meaning: strings.TrimSpace(meaning)}
	if c.verb != "" {
		c.status = cmp.Or(Status(strings.Trim(status, "() ")), Happened)
	}
	switch {
	case normalCode(system, text) != text || system == CAMEO && !isCameo(text):
		p.fail(key, "%q is no code of %s", text, system)
	case hasStatus && !slices.Contains(Statuses(), c.status):
		p.unknown(value, string(c.status), toStrings(Statuses()), "code %q: want VERB (STATUS) - MEANING, not the status %q", text, c.status)
	}
	codes := p.v.codes()[system]
	if old, ok := codes[text]; ok && (old.verb != c.verb || old.status != c.status) {
		p.fail(key, "code %q of %s is defined already, and differs", text, system)
		return
	} else if ok {
		return
	}
	codes[text] = c
	p.addedCodes = append(p.addedCodes, codeSource{system, text, value})
}

// checkCodes checks that each code of the file leads to an interaction.
func (p *vocabularyParser) checkCodes() {
	for _, s := range p.addedCodes {
		if p.err != nil {
			return
		}
		c, err := p.v.ByCode(s.system, s.code)
		d, ok := p.v.verbs[c.Verb]
		switch {
		case err != nil:
			p.fail(s.node, "code %q of %s has no verb, and no code that contains it has one", s.code, s.system)
		case !ok:
			p.unknown(s.node, string(c.Verb), toStrings(p.v.Verbs()), "code %q of %s leads to an unknown verb %q", s.code, s.system, c.Verb)
		case d.Kind == Relation && (c.Status == Refused || c.Status == Cancelled):
			p.fail(s.node, "code %q of %s: %q is a relation, which is not %s", s.code, s.system, c.Verb, c.Status)
		}
	}
}

// writeCodes writes what all codes mean, for the hash of the vocabulary.
func writeCodes(w io.Writer, v *Vocabulary) {
	for _, system := range CodeSystems(v) {
		codes := v.codes()[system]
		for _, text := range slices.Sorted(maps.Keys(codes)) {
			fmt.Fprintln(w, system, text, codes[text].verb, codes[text].status)
		}
	}
}
