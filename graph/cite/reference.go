package cite

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Reference is a document, and what rests on it.
type Reference struct {
	Key      string           // unique in the bibliography: letters of ASCII, digits and hyphens
	Document schema.Document  // zero for evidence that names no document
	URL      string           // the address of the original; empty if there is none
	Archived []schema.Archive // archived copies
	File     string           // the dataset of which the document is an input file, for rows that name no source
	Locators []string         // the pages, lines and rows that are cited

	source      source
	identifiers []string
	isUnknown   bool // the graph has no such document
	order       string
	uses        map[schema.Stance][]use
	datasets    map[string]bool // of the evidence
	locators    map[string]bool
}

// use is a fact that rests on a document.
type use struct {
	fact   schema.ID
	status schema.Status
}

// Facts lists the facts of which the document has evidence with a stance, by their ids.
func (r *Reference) Facts(stance schema.Stance) (ids []schema.ID) {
	for _, u := range r.uses[stance] {
		ids = append(ids, u.fact)
	}
	return ids
}

func (r *Reference) add(f schema.Fact, e *schema.Evidence) {
	uses := r.uses[e.Stance]
	if len(uses) == 0 || uses[len(uses)-1].fact != f.ID {
		r.uses[e.Stance] = append(uses, use{f.ID, f.Status})
	}
	r.datasets[e.Dataset] = true
	if e.Locator != "" {
		r.locators[e.Locator] = true
	}
}

// fileOf returns the dataset of which the document is an input file; empty if it is a
// document in its own right.
func (r *Reference) fileOf() string {
	d := r.Document
	if d.SHA256 == "" || d.FromName || d.URL+d.Publisher+d.Author != "" {
		return ""
	}
	var of []string
	for dataset := range r.datasets {
		if schema.MakeID(schema.Doc, dataset+" "+d.Label) == d.ID {
			of = append(of, dataset)
		}
	}
	if len(of) == 0 {
		return ""
	}
	return slices.Min(of)
}

// hasTitle reports whether the document has a title of its own: the label of a document
// without a title is its address.
func (r *Reference) hasTitle() bool {
	return r.Document.Label != "" && r.Document.Label != r.Document.URL
}

// title returns the title, or what stands in its place.
func (r *Reference) title() string {
	if r.source.document == "" {
		return "No document is named (dataset " + r.source.dataset + ")"
	}
	return cmp.Or(r.Document.Label, string(r.source.document))
}

// onlyOthers reports whether the document has evidence, and none of it asserts a fact.
func (r *Reference) onlyOthers() bool { return len(r.uses) > 0 && len(r.uses[schema.Asserts]) == 0 }

// stanceVerbs are the words of what a document does with facts.
var stanceVerbs = map[schema.Stance]string{
	schema.Asserts: "asserts", schema.Denies: "denies", schema.Doubts: "doubts", schema.Hearsay: "repeats as hearsay",
}

// support says how many facts rest on the document: "asserts 3 facts (1 planned), denies
// 1 fact".
func (r *Reference) support() string {
	var words []string
	for _, stance := range schema.Stances() {
		if uses := r.uses[stance]; len(uses) > 0 {
			words = append(words, stanceVerbs[stance]+" "+counted(len(uses))+statuses(uses))
		}
	}
	switch {
	case len(words) == 0:
		return "no fact here rests on it"
	case r.onlyOthers():
		words = append(words, "asserts none")
	}
	return strings.Join(words, ", ")
}

// statuses says how many of the facts are claims of something that did not happen.
func statuses(uses []use) string {
	var words []string
	for _, status := range schema.Statuses() {
		n := 0
		for _, u := range uses {
			if u.status == status {
				n++
			}
		}
		if n > 0 && status != schema.Happened {
			words = append(words, strconv.Itoa(n)+" "+string(status))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}

func counted(n int) string {
	if n == 1 {
		return "1 fact"
	}
	return strconv.Itoa(n) + " facts"
}

// mostLocators is the number of pages, lines and rows that a reference lists.
const mostLocators = 20

// places lists the cited pages, lines and rows: "page 2, page 7 and 3 more"; empty if
// evidence names none.
func (r *Reference) places() string {
	list := r.Locators
	if len(list) <= mostLocators+1 {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:mostLocators], ", "), len(list)-mostLocators)
}

// lacks says what is missing in the record of the document, and what cannot be right.
func (r *Reference) lacks() (words []string) {
	add := func(is bool, text string) {
		if is {
			words = append(words, text)
		}
	}
	switch {
	case r.source.document == "":
		return []string{"the evidence names no document"}
	case r.File != "":
		return []string{"a file of the dataset " + r.File + ", whose rows name no source"}
	}
	add(r.isUnknown, "the graph does not describe the document")
	add(!r.isUnknown && !r.hasTitle(), "no title is recorded")
	add(r.URL == "" && r.doi() == "" && len(r.Archived) == 0, "no address is recorded")
	add(r.URL == "" && r.doi() == "" && len(r.Archived) > 0, "no address is recorded besides the copy's")
	add(before(r.Document.Accessed, r.Document.Published), "accessed before it was published: one of the dates may be wrong")
	for _, a := range r.Archived {
		add(before(a.Made(), r.Document.Published), "archived before it was published: one of the dates may be wrong")
	}
	return words
}

// before reports whether a written date is certainly before another date. One day may
// be another day elsewhere on Earth.
func before(day string, published schema.When) bool {
	if day == "" || !published.Dated() {
		return false
	}
	_, last, err := schema.Window(day)
	span, wrong := published.Span(schema.Interaction)
	return err == nil && wrong == nil && last < span.From-1
}

// copies says where and when archived copies were made: "archived 2023-07-14 at https://…".
func (r *Reference) copies() (words []string) {
	for _, a := range r.Archived {
		word := "archived at " + a.URL
		if made := a.Made(); made != "" {
			word = "archived " + inWords(schema.When{Written: made}) + " at " + a.URL
		}
		words = append(words, word)
	}
	return words
}

// note is what a printed reference must say besides its fields.
func (r *Reference) note() string {
	words := r.copies()
	if places := r.places(); places != "" {
		words = append(words, "cited at "+places)
	}
	if r.onlyOthers() {
		words = append(words, r.support())
	}
	return strings.Join(words, "; ")
}

// annotation is what rests on the document, and what its record lacks.
func (r *Reference) annotation() string {
	return strings.Join(append([]string{r.support()}, r.lacks()...), "; ")
}

// identifier returns the first identifier of the document with a prefix, without it.
func (r *Reference) identifier(prefix string) string {
	for _, id := range r.identifiers {
		if len(id) > len(prefix) && strings.EqualFold(id[:len(prefix)], prefix) {
			return id[len(prefix):]
		}
	}
	return ""
}

// doi returns the digital object identifier of the document.
func (r *Reference) doi() string {
	for _, prefix := range []string{"doi:", "https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/"} {
		if rest, ok := strings.CutPrefix(r.URL, prefix); ok && strings.HasPrefix(rest, "10.") {
			return rest
		}
	}
	return r.identifier("doi:")
}

// webURL returns the address of the original, unless it is a mere identifier.
func (r *Reference) webURL() string {
	if strings.HasPrefix(r.URL, "doi:") {
		return ""
	}
	return r.URL
}
