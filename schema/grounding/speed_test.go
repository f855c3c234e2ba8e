package grounding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// chronicle returns a text of about so many bytes, and the sentences in it.
func chronicle(size int) (text string, sentences []string) {
	r := rand.New(rand.NewPCG(1, 2))
	first := strings.Fields("Ada Bo Cy Dag Eva Finn Gro Hal Ida Jon Kai Lea Mads Nora Ole Pia")
	last := strings.Fields("Holm Weir Brandt Lind Aker Borg Raske Aas Friis Dahl Krogh Moe Rask Sund Thorn Voss")
	var out strings.Builder
	for out.Len() < size {
		s := fmt.Sprintf("%s %s met %s %s in room %d on %s and spoke about “item” no. %d for an hour", first[r.IntN(16)], last[r.IntN(16)], first[r.IntN(16)],
			last[r.IntN(16)], r.IntN(1000), time.Date(2020, 1, 1+r.IntN(1500), 0, 0, 0, 0, time.UTC).Format("2 January 2006"), r.IntN(100_000))
		sentences = append(sentences, s)
		out.WriteString(s + ". The weather that day was as it always is at the coast, and nobody wrote of it.\n\n")
	}
	return out.String(), sentences
}

// claimOf returns the claim that a sentence of a chronicle makes.
func claimOf(verb *schema.Definition, sentence string) grounding.Claim {
	words := strings.Fields(sentence)
	a, b := words[0]+" "+words[1], words[3]+" "+words[4]
	day, _ := time.Parse("2 January 2006", strings.Join(words[9:12], " "))
	return grounding.Claim{Verb: verb, Quote: sentence, When: schema.When{Written: day.Format("2006-01-02")}, Participants: []grounding.Participant{
		{Role: "actor", Name: a, Mentions: []grounding.Mention{{ID: "a", Text: a}}}, {Role: "recipient", Name: b, Mentions: []grounding.Mention{{ID: "b", Text: b}}}}}
}

// Ten thousand claims are held to a text of 1 MB.
func BenchmarkCheck(b *testing.B) {
	text, sentences := chronicle(1 << 20)
	met := verb(b, "met")
	for _, kind := range []string{"true", "refused"} {
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				g := &grounding.Grounding{Text: grounding.NewText("t", text), Anchor: "2024-05-16"}
				for i := range 10_000 {
					claim := claimOf(met, sentences[i%len(sentences)])
					if kind == "refused" {
						claim.Quote = strings.Replace(claim.Quote, "spoke", "smoke", 1)
					}
					if _, problems := g.Check(claim); (len(problems) > 0) != (kind == "refused") {
						b.Fatal(claim.Quote, problems)
					}
				}
			}
			b.ReportMetric(10_000*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
		})
	}
}

func BenchmarkNewText(b *testing.B) {
	text, _ := chronicle(1 << 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		grounding.NewText("t", text)
	}
}

// hostile are texts, and claims about them, that a naive search reads again and again.
var hostile = map[string]func(n int) (text string, claims []grounding.Claim){
	"one word": func(n int) (string, []grounding.Claim) {
		return strings.Repeat("a ", n), []grounding.Claim{{Quote: "a"}, {Quote: "a a a"}, {Quote: strings.Repeat("a ", 100) + "b"}}
	},
	"no spaces": func(n int) (string, []grounding.Claim) {
		return strings.Repeat("a", 2*n), []grounding.Claim{{Quote: "a"}, {Quote: strings.Repeat("a", 1000)}, {Quote: strings.Repeat("a", 1000) + "b"}}
	},
	"one sentence": func(n int) (string, []grounding.Claim) {
		return strings.Repeat("not ", n/4) + "met " + strings.Repeat("not ", n/4), []grounding.Claim{{Quote: "met"}, {Quote: "met", Status: schema.Refused}}
	},
	"dates": func(n int) (string, []grounding.Claim) {
		var out strings.Builder
		for i := range n / 12 {
			out.WriteString(time.Date(1600, 1, 1+i, 0, 0, 0, 0, time.UTC).Format("2006-01-02 "))
		}
		return "met. " + out.String(), []grounding.Claim{{Quote: "met", When: schema.When{Written: "1599-01-01"}}, {Quote: "met", When: schema.When{Written: "2150", Words: "1600-01-01"}}}
	},
	"mentions": func(n int) (string, []grounding.Claim) {
		p := grounding.Participant{Role: "actor", Name: "he"}
		for i := range 100 {
			p.Mentions = append(p.Mentions, grounding.Mention{ID: "m", Text: "the" + strings.Repeat("n", i%3)}, grounding.Mention{ID: "w", Text: "absent"})
		}
		return strings.Repeat("then ", n/4) + "Ada met Bo", []grounding.Claim{{Quote: "Ada met Bo", Participants: []grounding.Participant{p}}}
	},
	"offsets": func(n int) (string, []grounding.Claim) {
		return strings.Repeat("𝒶 ", n/5) + "met", []grounding.Claim{{Quote: "met", Start: 1, End: n/5*2 - 1}, {Quote: "met", Start: 3, End: 6}}
	},
	"marks": func(n int) (string, []grounding.Claim) {
		return "e" + strings.Repeat("\u0301\u0323", n/4) + strings.Repeat("\u00ad \u200b", n/8), []grounding.Claim{{Quote: "e"}, {Quote: "e\u0323\u0301"}, {Quote: " \u00ad"}}
	},
	"dots": func(n int) (string, []grounding.Claim) {
		return strings.Repeat("x", n/2) + strings.Repeat(". ", n/4) + "met" + strings.Repeat("x.", n/4), []grounding.Claim{{Quote: "met"}, {Quote: ". ."}}
	},
}

// No text makes the work grow with its length times the number of claims: 1000 claims
// about a quarter of a megabyte would otherwise take minutes.
func TestHostileTexts(t *testing.T) {
	for name, of := range hostile {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			text, claims := of(1 << 18)
			g := &grounding.Grounding{Text: grounding.NewText("t", text), Anchor: "2024-05-16"}
			for i := range 1000 {
				claim := claims[i%len(claims)]
				claim.Verb = verb(t, "met")
				g.Check(claim)
			}
			if took := time.Since(begin); took > 30*time.Second {
				t.Errorf("1000 claims take %v", took)
			} else {
				t.Log(took)
			}
		})
	}
}
