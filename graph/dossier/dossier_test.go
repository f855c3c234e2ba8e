package dossier_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/dossier"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// loaded is a temporary graph of the files, loaded in their order.
func loaded(t testing.TB, files ...string) *graph.Graph {
	t.Helper()
	g := temporary(t)
	for _, file := range files {
		in, err := loaders.Open(file, nil)
		if err != nil {
			t.Fatal(err)
		}
		if report, err := g.LoadInput(t.Context(), in, nil); err != nil || report.Rejected > 0 {
			t.Fatalf("%s: %+v %v", file, report, err)
		}
	}
	return g
}

func temporary(t testing.TB) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

// everything lists the files of a graph with every status, stance, kind, role and form
// of date.
func everything(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../export/testdata/everything/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	slices.Sort(files)
	return files
}

func write(t testing.TB, g *graph.Graph, q dossier.Question) string {
	t.Helper()
	var b bytes.Buffer
	if err := dossier.Write(t.Context(), &b, g, q, &dossier.Options{Command: "entente dossier", Version: "v1"}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pageData is what the tests read of the data in a page.
type pageData struct {
	Facts []struct {
		ID       schema.ID
		Sentence string
		Number   int
		Evidence []struct{ Quote string }
	}
	Entities []struct {
		ID   schema.ID
		Name string
	}
}

func dataOf(t testing.TB, page string) (d pageData) {
	t.Helper()
	found := regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal("the page has no data")
	}
	if err := json.Unmarshal([]byte(found[1]), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Each fact is in the page once, with each of its quotes.
func TestEveryFactAndQuoteIsThere(t *testing.T) {
	t.Parallel()
	g := loaded(t, everything(t)...)
	page := write(t, g, dossier.Question{})
	data := dataOf(t, page)
	stats, err := g.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(data.Facts) != stats.Facts || strings.Count(page, `<article class="fact`) != stats.Facts {
		t.Errorf("the page has %d facts in its data and %d articles, want %d", len(data.Facts), strings.Count(page, `<article class="fact`), stats.Facts)
	}
	text := html.UnescapeString(page)
	onOneLine := strings.NewReplacer("\n", " ", "\t", " ")
	for i, f := range data.Facts {
		if f.Number != i+1 {
			t.Errorf("fact %d has number %d", i+1, f.Number)
		}
		_, hash, _ := strings.Cut(string(f.ID), ":")
		if n := strings.Count(page, `id="fact-`+hash+`"`); n != 1 {
			t.Errorf("%s has %d anchors", f.ID, n)
		}
		for _, e := range f.Evidence {
			if e.Quote != "" && !strings.Contains(text, onOneLine.Replace(schema.Quoted(e.Quote))) {
				t.Errorf("%s: no quote %q", f.ID, e.Quote)
			}
		}
	}
}

// Ids in a page are unique, and every link within the page leads to one.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	page := write(t, loaded(t, everything(t)...), dossier.Question{})
	page = page[:strings.Index(page, `<script type="application/json"`)]
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("id %s is there twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"|aria-labelledby="([^"]+)"|(?: for|aria-describedby)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		for _, id := range strings.Fields(m[1] + " " + m[2] + " " + m[3]) {
			if !ids[id] {
				t.Errorf("nothing has the id %s", id)
			}
		}
	}
}

// What did not happen for sure has words before its sentence and a line of its own.
func TestMarksAreWords(t *testing.T) {
	t.Parallel()
	g := loaded(t, everything(t)...)
	page := write(t, g, dossier.Question{})
	words := map[string]string{
		"planned": "Planned", "refused": "Did not happen: refused", "cancelled": "Did not happen: cancelled", "hypothetical": "Hypothetical",
		"disputed": "Disputed", "denied": "Denied", "doubted": "Doubted", "hearsay": "Hearsay only",
	}
	for f, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		_, hash, _ := strings.Cut(string(f.ID), ":")
		article := regexp.MustCompile(`(?s)<article class="fact ([a-z]+)" id="fact-` + hash + `".*?</h4>`).FindStringSubmatch(page)
		for class, text := range words {
			want := string(f.Status) == class || string(f.Standing()) == class
			if got := strings.Contains(article[0], `<strong class="mark `+class+`">`+text+`</strong>`); got != want {
				t.Errorf("%v: mark %q is %v, want %v", f, text, got, want)
			}
		}
		if plain := f.Mark() == ""; (article[1] == "happened") != plain {
			t.Errorf("%v has the line of %s", f, article[1])
		}
	}
}

// The policy allows the style and the scripts of the page by their hashes, and nothing
// else.
func TestPolicyHasTheHashes(t *testing.T) {
	t.Parallel()
	page := write(t, loaded(t, "../../examples/us-china-2023"), dossier.Question{})
	policy := html.UnescapeString(regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]+)"`).FindStringSubmatch(page)[1])
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s", policy)
	}
	var allowed []string
	for _, m := range regexp.MustCompile(`(?s)<(style|script)>(.*?)</`).FindAllStringSubmatch(page, -1) {
		sum := sha256.Sum256([]byte(m[2]))
		hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if !strings.Contains(policy, hash) {
			t.Errorf("the policy does not allow the %s that begins %.40q", m[1], m[2])
		}
		allowed = append(allowed, hash)
	}
	if n := strings.Count(policy, "'sha256-"); n != len(allowed) || n != 3 {
		t.Errorf("the policy has %d hashes, for %d texts", n, len(allowed))
	}
	if regexp.MustCompile(`(?i) on[a-z]+=| style=|innerHTML|insertAdjacentHTML|document\.write|eval\(`).MatchString(page) {
		t.Error("the page has inline handlers or styles, or writes markup")
	}
}

// hostile is a name that ends every string that does not escape it.
const hostile = "</script><img src=x onerror=alert(1)>\"'`&amp;]]>--> \u202e\u2028\x1b[31m ${x} {{.}} \\u003c 谢锋 شي"

// hostileName is hostile on one line.
var hostileName = strings.NewReplacer("\u2028", "", "\x1b", "").Replace(hostile)

// hostileGraph has hostile names, quotes, topics, addresses and titles.
func hostileGraph(t testing.TB) *graph.Graph {
	t.Helper()
	g := temporary(t)
	entity := func(id schema.ID) schema.Entity {
		return schema.Entity{ID: id, Kind: schema.KindOf(id), Label: hostileName + string(id), Description: hostile, Aliases: []schema.Text{{Value: hostileName + "alias", Lang: "zh"}}}
	}
	long := schema.Entity{ID: "person:long", Kind: schema.Person, Label: strings.Repeat("Ab ", 300) + "谢"}
	source := schema.Document{Entity: schema.Entity{ID: "doc:x", Kind: schema.Doc, Label: hostileName, Identifiers: []string{"archive:javascript:alert(2)", "https://web.archive.org/web/2023/x"}},
		Publisher: hostile, Author: hostile, Language: "en"}
	fact := schema.Fact{Verb: "met", Status: schema.Happened, Topic: hostile, When: schema.When{Written: "2023-07-12"},
		Roles:    []schema.Participant{{Role: schema.RoleParty, ID: "person:a"}, {Role: schema.RoleParty, ID: "person:long"}},
		Evidence: []schema.Evidence{{Source: "doc:x", Quote: hostile, Note: hostile, Locator: hostile, Stance: schema.Asserts, SaidBy: "person:a", At: []schema.ID{"place:p"}}}}
	records := []schema.Record{entity("person:a"), entity("place:p"), long, source, fact}
	report, err := g.Load(t.Context(), "hostile", func(yield func(schema.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}, &graph.LoadOptions{OnReject: func(err error) { t.Error(err) }, About: map[string]string{"title": hostile}})
	if err != nil || report.Facts != 1 {
		t.Fatal(report, err)
	}
	return g
}

// Names and quotes of any kind neither end the text around them nor steer what shows
// them, and the data has them unchanged.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	page := write(t, hostileGraph(t), dossier.Question{})
	if i := strings.Index(page, "<img"); i >= 0 {
		t.Errorf("markup of a name: %.200s", page[i:])
	}
	if n := strings.Count(page, "</script>"); n != 3 {
		t.Errorf("%d scripts end, want 3", n)
	}
	for _, r := range page {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028') {
			t.Fatalf("the page has %U", r)
		}
	}
	if regexp.MustCompile(`(?i)href="\s*javascript`).MatchString(page) {
		t.Error("a link to a script")
	}
	if !strings.Contains(page, `href="https://web.archive.org/web/2023/x"`) || strings.Contains(page, "ZgotmplZ") {
		t.Error("no link to the archived copy, or one that the template refused")
	}
	data := dataOf(t, page)
	if got := data.Facts[0].Evidence[0].Quote; got != hostile {
		t.Errorf("the data has the quote %q", got)
	}
	if got := data.Entities[0].Name; got != hostileName+"person:a" && got != strings.Repeat("Ab ", 300)+"谢" {
		t.Errorf("the data has the name %q", got)
	}
}

// The same question gives the same bytes, whatever the order of loading and the number
// of processors.
func TestSameBytes(t *testing.T) {
	files := everything(t)
	one := loaded(t, files...)
	slices.Reverse(files)
	turned := loaded(t, files...)
	for _, q := range []dossier.Question{{}, {Entities: []schema.ID{"person:xie-feng"}}, {Scope: dossier.Around, Entities: []schema.ID{"person:xie-feng"}},
		{Scope: dossier.Between, Entities: []schema.ID{"person:xie-feng", "country:cuba"}}} {
		first := write(t, one, q)
		if !strings.Contains(first, "Xie") {
			t.Fatalf("%+v: nobody whose name depends on the order of loading", q)
		}
		for _, n := range []int{1, 2} {
			before := runtime.GOMAXPROCS(n)
			again := write(t, turned, q)
			runtime.GOMAXPROCS(before)
			if again != first {
				t.Errorf("%+v: with the order of loading turned and %d processors, the page is another", q, n)
			}
		}
	}
}

// A dossier has as many facts as MaxFacts and no more.
func TestLimit(t *testing.T) {
	t.Parallel()
	g := synthetic(t, dossier.MaxFacts+1)
	err := dossier.Write(t.Context(), &bytes.Buffer{}, g, dossier.Question{}, nil)
	if !errors.Is(err, dossier.ErrTooMany) {
		t.Errorf("one fact too many: %v", err)
	}
	var all []schema.ID
	for f, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f.ID)
	}
	page := write(t, g, dossier.Question{Filter: graph.Filter{Facts: all[:dossier.MaxFacts]}})
	if n := len(dataOf(t, page).Facts); n != dossier.MaxFacts {
		t.Errorf("%d facts", n)
	}
	if err := dossier.Write(t.Context(), &bytes.Buffer{}, g, dossier.Question{Filter: graph.Filter{Facts: []schema.ID{}}}, nil); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("no fact: %v", err)
	}
}

// synthetic is a temporary graph of random facts.
func synthetic(t testing.TB, facts int) *graph.Graph {
	t.Helper()
	g := temporary(t)
	if _, err := g.Load(t.Context(), "synth", synth.Records(facts, 1), nil); err != nil {
		t.Fatal(err)
	}
	return g
}

// A question that does not fit its scope is an error.
func TestQuestionsThatDoNotFit(t *testing.T) {
	t.Parallel()
	g := loaded(t, "../../examples/us-china-2023")
	for _, q := range []dossier.Question{{Scope: dossier.Around}, {Scope: dossier.Between, Entities: []schema.ID{"person:xie-feng"}}} {
		if err := dossier.Write(t.Context(), &bytes.Buffer{}, g, q, nil); !errors.Is(err, graph.ErrQuery) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	far := dossier.Question{Scope: dossier.Between, Entities: []schema.ID{"person:xie-feng", "person:li-shangfu"}}
	far.Search.Hops = 1
	if err := dossier.Write(t.Context(), &bytes.Buffer{}, g, far, nil); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("no path: %v", err)
	}
}

// FuzzEscapeJSON: escaped JSON has the same value, and nothing that could end a script
// element or steer an editor.
func FuzzEscapeJSON(f *testing.F) {
	for _, seed := range []string{hostile, "</script>", "<!--", "\u2028\u2029\u202e\u200f", "\x00\x7f", "😀\U000e0001", `\u003c/script>`, "\xff<"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\ufffd")
		plain, err := json.Marshal(map[string]string{s: s})
		if err != nil {
			t.Fatal(err)
		}
		var unescaped bytes.Buffer
		encoder := json.NewEncoder(&unescaped)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(map[string]string{s: s}); err != nil {
			t.Fatal(err)
		}
		for _, text := range [][]byte{plain, unescaped.Bytes()} {
			escaped := dossier.EscapeJSON(text)
			var back map[string]string
			if err := json.Unmarshal(escaped, &back); err != nil || back[s] != s {
				t.Fatalf("%q became %q: %v", s, back, err)
			}
			if i := bytes.IndexFunc(bytes.TrimSpace(escaped), func(r rune) bool {
				return r == '<' || r == '>' || r == '&' || r == '\u2028' || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
			}); i >= 0 {
				t.Fatalf("%q leaves %q", s, escaped[i:])
			}
		}
	})
}
