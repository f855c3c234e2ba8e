package grounding_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// The article is fictional.
const article = "BREMEN — Foreign Minister Ada Holm met “Chancellor” Jonas Weir on Tuesday at the harbour office, her spokes\u00adwoman said. " +
	"It was the first meeting since 3 March 2021, and it lasted 35\u00a0minutes.\n\nMs. Holm declined to meet Trade Secretary Ole Brandt, who had asked for a meeting last week. " +
	"“We did not receive Mr. Brandt,” she said. Ms. Holm will visit Port Sund next month. " +
	"Mr. Weir’s visit to Norhaven was cancelled. Ten days ago, Mr. Weir visited Ostby – a village of 1,200 people – with Łukasz Müller. " +
	"Ms. Holm refused during her meeting to meet Mr. Brandt. Ms. Holm requested during her meeting with Mr. Lind a loan. " +
	"Mr. Weir will ask for it during his meeting with Mr. Krogh. Mr. Weir visited the No. 2 port."

func verb(t testing.TB, id schema.Verb) *schema.Definition {
	t.Helper()
	d, ok := schema.DefaultVocabulary().Lookup(id)
	if !ok {
		t.Fatalf("no verb %s", id)
	}
	return d
}

func holder(names ...string) grounding.Participant {
	p := grounding.Participant{Role: "actor", Name: names[0]}
	for _, n := range names {
		p.Mentions = append(p.Mentions, grounding.Mention{ID: n, Text: n})
	}
	return p
}

func ground() *grounding.Grounding {
	return &grounding.Grounding{Text: grounding.NewText("article.txt", article), Anchor: "2024-05-16"} // a Thursday
}

func TestClaims(t *testing.T) {
	holm, weir, brandt := holder("Ada Holm"), holder("Jonas Weir"), holder("Ole Brandt")
	shortHolm, shortWeir, shortBrandt := holder("Ada Holm", "Ms. Holm"), holder("Jonas Weir", "Mr. Weir"), holder("Ole Brandt", "Mr. Brandt")
	she := holder("Ada Holm", "she")
	met := "Foreign Minister Ada Holm met “Chancellor” Jonas Weir on Tuesday"
	on := func(date string) schema.When { return schema.When{Written: date} }
	tests := []struct {
		name  string
		verb  schema.Verb
		quote string
		who   []grounding.Participant
		when  schema.When
		stat  schema.Status
		want  grounding.Rule
	}{
		{"honest", "met", met, []grounding.Participant{holm, weir}, on("2024-05-14"), "", ""},
		{"other marks and spaces", "met", `Foreign Minister  Ada Holm met "Chancellor"` + "\nJonas Weir on Tuesday", []grounding.Participant{holm, weir}, on("2024-05-14"), "", ""},
		{"less precise", "met", met, []grounding.Participant{holm, weir}, on("2024-05"), "", ""},
		{"another day", "met", met, []grounding.Participant{holm, weir}, on("2024-05-13"), "", grounding.DateContradicts},
		{"the Tuesday to come", "met", met, []grounding.Participant{holm, weir}, on("2024-05-21"), "", grounding.DateContradicts},
		{"an interval with an invented end", "met", met, []grounding.Participant{holm, weir}, on("2024-05-14/2024-05-20"), "", grounding.DateContradicts},
		{"a letter", "met", strings.Replace(met, "Weir", "Wein", 1), []grounding.Participant{holm, weir}, on("2024-05-14"), "", grounding.QuoteNotFound},
		{"case", "met", strings.Replace(met, "met", "Met", 1), []grounding.Participant{holm, weir}, schema.When{}, "", grounding.QuoteNotFound},
		{"an ellipsis", "met", "Foreign Minister Ada Holm … Jonas Weir", []grounding.Participant{holm, weir}, schema.When{}, "", grounding.QuoteNotFound},
		{"within a word", "met", strings.TrimSuffix(met, "sday"), []grounding.Participant{holm, weir}, schema.When{}, "", grounding.QuoteCutsWord},
		{"within a number", "visited", "Mr. Weir visited Ostby – a village of 1", []grounding.Participant{shortWeir}, schema.When{}, "", grounding.QuoteCutsWord},
		{"days ago", "visited", "Ten days ago, Mr. Weir visited Ostby", []grounding.Participant{shortWeir}, on("2024-05-06"), "", ""},
		{"who is elsewhere", "met", met, []grounding.Participant{holm, brandt}, schema.When{}, "", grounding.NotInQuote},
		{"who is in no text", "met", met, []grounding.Participant{holm, {Role: "recipient", Name: "Nils Aker", Mentions: []grounding.Mention{{ID: "m", Text: "Jonas Weir"}}}}, schema.When{}, "", grounding.NameNotInText},
		{"declined", "met", "Ms. Holm declined to meet Trade Secretary Ole Brandt", []grounding.Participant{shortHolm, brandt}, schema.When{}, "", grounding.ModalityConflict},
		{"declined, but cut off", "met", "meet Trade Secretary Ole Brandt", []grounding.Participant{brandt}, schema.When{}, "", grounding.ModalityConflict},
		{"declined as such", "refused-to-meet", "Ms. Holm declined to meet Trade Secretary Ole Brandt", []grounding.Participant{shortHolm, brandt}, schema.When{}, "", ""},
		{"refused", "met", "Ms. Holm declined to meet Trade Secretary Ole Brandt", []grounding.Participant{shortHolm, brandt}, schema.When{}, schema.Refused, ""},
		{"negated", "met", "We did not receive Mr. Brandt,” she said", []grounding.Participant{she, shortBrandt}, schema.When{}, "", grounding.ModalityConflict},
		{"a plan", "visited", "Ms. Holm will visit Port Sund next month", []grounding.Participant{shortHolm}, on("2024-06"), "", grounding.DateContradicts},
		{"a plan as such", "visited", "Ms. Holm will visit Port Sund next month", []grounding.Participant{shortHolm}, on("2024-06"), schema.Planned, ""},
		{"a plan as a fact", "visited", "Ms. Holm will visit Port Sund", []grounding.Participant{shortHolm}, schema.When{}, "", grounding.ModalityConflict},
		{"cancelled", "visited", "Mr. Weir’s visit to Norhaven", []grounding.Participant{shortWeir}, schema.When{}, "", grounding.ModalityConflict},
		{"cancelled as such", "visited", "Mr. Weir’s visit to Norhaven was cancelled", []grounding.Participant{shortWeir}, schema.When{}, schema.Cancelled, ""},
		{"planned, but it took place", "met", met, []grounding.Participant{holm, weir}, schema.When{}, schema.Planned, grounding.ModalityConflict},
		{"a date elsewhere", "visited", "Mr. Weir visited Ostby", []grounding.Participant{shortWeir}, on("2019-01-01"), "", grounding.DateNotInText},
		{"decomposed letters", "visited", "with Łukasz Mu\u0308ller", []grounding.Participant{holder("Łukasz Müller")}, schema.When{}, "", ""},
		{"a letter without its mark", "visited", "with Łukasz Muller", []grounding.Participant{holder("Łukasz Müller")}, schema.When{}, "", grounding.QuoteNotFound},
		{"a soft hyphen", "met", "her spokeswoman said", []grounding.Participant{holder("spokeswoman")}, schema.When{}, "", ""},
		{"said during a meeting", "met", "Ms. Holm refused during her meeting to meet Mr. Brandt", []grounding.Participant{shortHolm, shortBrandt}, schema.When{}, "", grounding.ModalityConflict},
		{"asked during a meeting", "met", "her meeting with Mr. Lind", []grounding.Participant{holder("Mr. Lind")}, schema.When{}, "", ""},
		{"a plan for a meeting", "met", "his meeting with Mr. Krogh", []grounding.Participant{holder("Mr. Krogh")}, schema.When{}, "", grounding.ModalityConflict},
		{"a number", "visited", "Mr. Weir visited the No. 2 port", []grounding.Participant{shortWeir}, schema.When{}, "", ""},
		{"nothing", "met", " ", []grounding.Participant{holm}, schema.When{}, "", grounding.QuoteMissing},
	}
	g := ground()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, problems := g.Check(grounding.Claim{Verb: verb(t, test.verb), Quote: test.quote, Participants: test.who, When: test.when, Status: test.stat})
			var rules []grounding.Rule
			for _, p := range problems {
				rules = append(rules, p.Rule)
			}
			if test.want == "" && len(rules) > 0 || test.want != "" && !slices.Contains(rules, test.want) {
				t.Errorf("problems %v, want %q", problems, test.want)
			}
		})
	}
}

// Offsets count code points; other units are an error that names them.
func TestOffsets(t *testing.T) {
	g := ground()
	quote := "Mr. Weir’s visit to Norhaven was cancelled"
	at := strings.Index(article, quote)
	runes := len([]rune(article[:at]))
	for _, test := range []struct {
		start int
		want  grounding.Rule
	}{{runes, ""}, {at, grounding.OffsetUnit}, {runes + 1, grounding.OffsetWrong}, {5000, grounding.OffsetWrong}, {-4, grounding.OffsetWrong}} {
		end := test.start + len([]rune(quote))
		if test.want == grounding.OffsetUnit {
			end = test.start + len(quote)
		}
		found, problems := g.Check(grounding.Claim{Verb: verb(t, "visited"), Quote: quote, Start: test.start, End: end, Status: schema.Cancelled})
		if test.want == "" && (len(problems) > 0 || found.Span.Start != at || found.Quote != quote) {
			t.Errorf("start %d: %v, %v", test.start, found, problems)
		}
		if test.want != "" && (len(problems) == 0 || problems[0].Rule != test.want) {
			t.Errorf("start %d: %v, want %s", test.start, problems, test.want)
		}
	}
}

// A quote of which one letter or digit is another is not found, wherever the letter is.
func TestOneChangedLetterIsRefused(t *testing.T) {
	text := grounding.NewText("article.txt", article)
	for _, sentence := range strings.SplitAfter(article, ". ") {
		quote := []rune(strings.TrimSpace(sentence))
		if len(quote) < 20 {
			continue
		}
		if len(text.Find(string(quote))) != 1 {
			t.Fatalf("%q is not found", string(quote))
		}
		for i, r := range quote {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				continue
			}
			for _, other := range "aeZł0179éАա字" {
				changed := slices.Clone(quote)
				if changed[i] = other; other != r && len(text.Find(string(changed))) > 0 {
					t.Fatalf("%q is found", string(changed))
				}
			}
			if less := string(slices.Delete(slices.Clone(quote), i, i+1)); i > 0 && i < len(quote)-1 && len(text.Find(less)) > 0 {
				t.Fatalf("%q is found", less)
			}
		}
	}
}

// The relative dates of the manual.
func TestRelativeDates(t *testing.T) {
	for words, date := range map[string]string{
		"yesterday": "2024-05-15", "today": "2024-05-16", "on Tuesday": "2024-05-14", "on Thursday": "2024-05-16", "last Thursday": "2024-05-09",
		"last week": "2024-05-06/2024-05-12", "last month": "2024-04", "last year": "2023", "two weeks ago": "2024-04-29/2024-05-05",
		"three days ago": "2024-05-13", "in April": "2024-04", "last August": "2023-08", "late June": "2023-06", "12 May": "2024-05-12", "May 12": "2024-05-12",
		"5 June 2022": "2022-06-05", "June 5, 2022": "2022-06-05", "2022-06-05": "2022-06-05", "in 2022": "2022", "this quarter": "2024-04/2024-06",
	} {
		text := "Ada Holm met Jonas Weir " + words + "."
		g := &grounding.Grounding{Text: grounding.NewText("t", text), Anchor: "2024-05-16"}
		claim := grounding.Claim{Verb: verb(t, "met"), Quote: text, When: schema.When{Written: date}}
		if _, problems := g.Check(claim); len(problems) > 0 {
			t.Errorf("%s as %s: %v", words, date, problems)
		}
		claim.When.Written = "2024-05-10"
		if _, problems := g.Check(claim); len(problems) == 0 {
			t.Errorf("%s as 2024-05-10 is accepted", words)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add(article, "Ms. Holm will visit", 3, 9)
	f.Add("a\u0301\u00ad \u200b \n x̂", "á x", 0, 2)
	f.Fuzz(func(t *testing.T, text, quote string, start, end int) {
		prepared := grounding.NewText("t", text)
		for _, s := range prepared.Find(quote) {
			if !prepared.IsAt(quote, s) {
				t.Errorf("%q is not at %v of %q", quote, s, text)
			}
		}
		g := &grounding.Grounding{Text: prepared, Anchor: "2024-05-16"}
		g.Check(grounding.Claim{Quote: quote, Start: start, End: end, When: schema.When{Written: "2024-05"}})
	})
}

func ExampleGrounding_Check() {
	text := grounding.NewText("note.txt", "Ms. Holm declined to meet Mr. Brandt on Tuesday.")
	g := &grounding.Grounding{Text: text, Anchor: "2024-05-16"}
	met, _ := schema.DefaultVocabulary().Lookup("met")
	_, problems := g.Check(grounding.Claim{
		Verb:  met,
		Quote: "Ms. Holm declined to meet Mr. Brandt on Tuesday",
		When:  schema.When{Written: "2024-05-14"},
	})
	fmt.Println(problems)
	// Output: [modality-contradicts: the sentence of the quote has “declined”, so that it does not support the status happened]
}
