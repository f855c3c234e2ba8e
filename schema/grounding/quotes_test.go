package grounding_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// folderOf writes texts into a folder.
func folderOf(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// The text of a document is found by its SHA-256 or by its names, and never by less.
func TestHold(t *testing.T) {
	const text = "Ada Holm met Bo Lind. Ada Holm left."
	dir := folderOf(t, map[string]string{"herald.txt": text, "herald.yaml": "Ada Holm met Nobody.", "sub/a.b.txt": text + " ", "sub/c.txt": "c", "c.txt": "other c", "plain": text, ".hidden.txt": text})
	texts, err := grounding.OpenTexts(dir)
	if err != nil {
		t.Fatal(err)
	}
	document := func(id, url, label, sha string) *schema.Document {
		d := &schema.Document{URL: url, SHA256: sha}
		d.ID, d.Label = schema.ID(id), label
		return d
	}
	for _, test := range []struct {
		name       string
		document   *schema.Document
		keys       []string
		quote      string
		start, end int
		want       grounding.Outcome
		rule       grounding.Rule
	}{
		{"by key", document("doc:x", "", "X", ""), []string{"herald"}, "Ada Holm met Bo Lind", 0, 0, grounding.Stands, ""},
		{"by whole name", document("doc:x", "", "X", ""), []string{"herald.yaml"}, "Ada Holm met Nobody", 0, 0, grounding.Stands, ""},
		{"by id", document("doc:herald", "", "X", ""), nil, "Ada Holm met Bo Lind", 0, 0, grounding.Stands, ""},
		{"by address", document("doc:x", "https://example.org/2024/herald.html", "X", ""), nil, "Ada Holm left.", 0, 0, grounding.Stands, ""},
		{"by title", document("doc:x", "", "a.b", ""), nil, "Ada Holm left", 0, 0, grounding.Stands, ""},
		{"without an extension", document("doc:plain", "", "X", ""), nil, "Ada Holm left", 0, 0, grounding.Stands, ""},
		{"by hash", document("doc:x", "", "X", strings.ToUpper(sum(text))), nil, "Ada Holm left", 0, 0, grounding.Stands, ""},
		{"another hash", document("doc:herald", "", "X", sum("x")), nil, "Ada Holm left", 0, 0, grounding.NotChecked, grounding.TextHash},
		{"a hash that no text has", document("doc:x", "", "X", sum("x")), nil, "Ada Holm left", 0, 0, grounding.NotChecked, grounding.TextMissing},
		{"two files of one name", document("doc:c", "", "X", ""), nil, "c", 0, 0, grounding.NotChecked, grounding.TextMissing},
		{"no file", document("doc:heral", "", "X", ""), nil, "Ada Holm left", 0, 0, grounding.NotChecked, grounding.TextMissing},
		{"a hidden file", document("doc:hidden", "", ".hidden", ""), nil, "Ada Holm left", 0, 0, grounding.NotChecked, grounding.TextMissing},
		{"at its offsets", document("doc:herald", "", "X", ""), nil, "Ada Holm", 22, 30, grounding.Stands, ""},
		{"not at its offsets", document("doc:herald", "", "X", ""), nil, "Ada Holm", 21, 29, grounding.StandsApart, grounding.OffsetWrong},
		{"offsets beyond the text", document("doc:herald", "", "X", ""), nil, "Ada Holm", 1 << 40, 1<<40 + 8, grounding.StandsApart, grounding.OffsetWrong},
		{"not there", document("doc:herald", "", "X", ""), nil, "Ada Holm met Bo Lund", 0, 0, grounding.NotFound, grounding.QuoteNotFound},
		{"a part of a word", document("doc:herald", "", "X", ""), nil, "Ada Holm met Bo Lin", 0, 0, grounding.NotFound, grounding.QuoteCutsWord},
	} {
		t.Run(test.name, func(t *testing.T) {
			held := texts.Hold(&schema.Evidence{Quote: test.quote, Start: test.start, End: test.end}, grounding.DocumentOf(test.document, test.keys...))
			rule := grounding.Rule("")
			if held.Problem != nil {
				rule = held.Problem.Rule
			}
			if held.Outcome != test.want || rule != test.rule {
				t.Errorf("%+v, %v", held, held.Problem)
			}
		})
	}
	// A single file is the text of the documents with its name alone.
	one, err := grounding.OpenTexts(filepath.Join(dir, "herald.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if held := one.Hold(&schema.Evidence{Quote: "Ada"}, grounding.DocumentOf(document("doc:x", "", "X", ""))); held.Outcome != grounding.NotChecked {
		t.Errorf("%+v", held)
	}
}

// scripts are alphabets from which random texts are made. Words of the last two have no
// spaces between them.
var scripts = map[string]string{
	"Latin": "aábcdeéfghilmnoøprsštuvzABÉÖ019", "Vietnamese": "ăâđêôơưạảấầẩẫậ23", "Cyrillic": "абвгдеёжзийкАБВҐїє45", "Greek": "αάβγδεζηθλμΑΒΓώ67",
	"Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي٣٤", "Hebrew": "אבגדהוזחטיכלמנ", "Devanagari": "कखगघचछजझटठडढणतथ१२", "Hangul": "가각간갇갈감갑값갓강개객거",
	"Georgian": "აბგდევზთიკლმნ", "Astral": "𐐀𐐁𐐂𐐃𐐄𐐅𐐆𐐇𐐈𐐉", "Han": "外交部长会见了美国大使王毅一二三", "Kana": "がぎぐげごザジズゼゾあいうえお",
}

// disguise changes what the rule of the package leaves out of account.
func disguise(r *rand.Rand, text string) string {
	var out strings.Builder
	alternatives := map[rune][]string{' ': {" ", "\n", "\u00a0", " \t ", "\u2003 ", " \u200b"}, '"': {`"`, "“", "”", "„", "«"}, '\'': {"'", "’", "‘"}, '-': {"-", "–", "—", "‑", "−"}}
	for _, c := range text {
		if all := alternatives[c]; all != nil {
			out.WriteString(all[r.IntN(len(all))])
		} else {
			out.WriteRune(c)
		}
		if r.IntN(12) == 0 {
			out.WriteString([]string{"\u00ad", "\u2060", "\ufeff"}[r.IntN(3)])
		}
	}
	if r.IntN(2) == 0 {
		return norm.NFD.String(out.String())
	}
	return out.String()
}

var (
	spaces  = regexp.MustCompile(`[\s\x{a0}\x{85}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\v]+`)
	nothing = strings.NewReplacer("\u00ad", "", "\u200b", "", "\u2060", "", "\ufeff", "")
	signs   = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "‚", "'", "‛", "'", "‹", "'", "›", "'",
		"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-", "﹘", "-", "﹣", "-", "－", "-")
)

// plainly applies the rule of the package in the simplest way.
func plainly(text string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(signs.Replace(nothing.Replace(norm.NFC.String(text))), " "))
}

// randomText returns words of an alphabet, in plain signs.
func randomText(r *rand.Rand, letters []rune, words int) (all []string) {
	for range words {
		var word strings.Builder
		for range 1 + r.IntN(7) {
			word.WriteRune(letters[r.IntN(len(letters))])
		}
		all = append(all, []string{"", "", "", "", `"`, "-", "'"}[r.IntN(7)]+word.String()+[]string{"", "", "", ",", ".", `"`, ";"}[r.IntN(7)])
	}
	return all
}

// In random texts of many scripts a quote that differs from the text only in what the rule
// leaves out of account is found where it is; with one letter or digit that is another, one
// less or one more, it is refused.
func TestOneChangedLetterOfRandomQuotesIsRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for name, alphabet := range scripts {
		letters := []rune(alphabet)
		refused, elsewhere := 0, 0
		for range 60 {
			words := randomText(r, letters, 40)
			raw := disguise(r, strings.Join(words, " "))
			text := grounding.NewText("t", raw)
			whole := plainly(raw)
			from := r.IntN(30)
			quote := strings.Trim(strings.Join(words[from:from+4+r.IntN(6)], " "), `"',.;-`)
			for _, q := range []string{quote, disguise(r, quote)} {
				places := text.Find(q)
				if len(places) == 0 {
					t.Fatalf("%s: %q is not in %q", name, q, raw)
				}
				for _, s := range places {
					if got := plainly(raw[s.Start:s.End]); got != plainly(quote) || !text.IsAt(quote, s) {
						t.Fatalf("%s: %q is at %v, where %q has %q", name, quote, s, raw, got)
					}
				}
			}
			for i, c := range []rune(quote) {
				if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
					continue
				}
				other := letters[r.IntN(len(letters))]
				for _, edit := range [][]rune{{other}, {}, {c, other}, {unicode.To(1-btoi(unicode.IsUpper(c)), c)}, {c, '\u0327'}} {
					changed := []rune(quote)
					changed = slices.Replace(changed, i, i+1, edit...)
					if plainly(string(changed)) == plainly(quote) || len(changed) == 0 {
						continue
					}
					isThere := strings.Contains(whole, plainly(string(changed)))
					if found := len(text.Find(string(changed))) > 0; found && !isThere {
						t.Fatalf("%s: %q of %q is found in %q", name, string(changed), quote, raw)
					} else if found {
						elsewhere++
					} else {
						refused++
					}
				}
			}
		}
		// A quote that ends a letter earlier may be the text's own words, in scripts
		// without spaces.
		if t.Logf("%s: %d refused, %d are words of the text too", name, refused, elsewhere); refused < 1000 || elsewhere*20 > refused {
			t.Errorf("%s: %d refused, %d found", name, refused, elsewhere)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Offsets in code points, bytes and units of UTF-16 are told from each other in any text.
func TestUnits(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	letters := []rune(scripts["Astral"] + "aéß字")
	for range 300 {
		raw := disguise(r, strings.Join(randomText(r, letters, 60), " ")) + " the end"
		quote := "the end"
		bytes := len(raw) - len(quote)
		points, units := utf8.RuneCountInString(raw[:bytes]), 0
		for _, c := range raw[:bytes] {
			units += 1 + btoi(c > 0xffff)
		}
		g := &grounding.Grounding{Text: grounding.NewText("t", raw)}
		for start, want := range map[int]grounding.Rule{points: "", bytes: grounding.OffsetUnit, units: grounding.OffsetUnit, points + 1: grounding.OffsetWrong} {
			if start != points && (start == bytes || start == units) && (bytes == points || units == points) {
				continue
			}
			found, problems := g.Check(grounding.Claim{Quote: quote, Start: start, End: start + len(quote)})
			if want == "" && (len(problems) > 0 || found.Span != grounding.Span{Start: bytes, End: len(raw)}) || want != "" && (len(problems) != 1 || problems[0].Rule != want) {
				t.Fatalf("%d of %d points, %d bytes, %d units: %v, want %q", start, points, bytes, units, problems, want)
			}
		}
	}
}
