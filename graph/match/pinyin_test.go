package match

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mozillazg/go-pinyin"

	"github.com/entente-kg/entente/schema"
)

var write = flag.Bool("write", false, "write pinyin.txt")

// TestPinyinTable compares pinyin.txt with the readings of go-pinyin. With -write, it
// writes the file.
func TestPinyinTable(t *testing.T) {
	table := pinyinTable()
	if *write {
		if err := os.WriteFile("pinyin.txt", table, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(table, []byte(pinyinText)) {
		t.Error("pinyin.txt differs from go-pinyin: run go generate")
	}
	for char, want := range map[rune]string{'习': "xi", '女': "nv", '乐': "le", '曾': "ceng"} {
		if got := readings(char); len(got) == 0 || !slices.Contains(got, want) {
			t.Errorf("%c is read %v, want %s", char, got, want)
		}
	}
}

// pinyinTable returns a line for each syllable: the characters of which it is the first
// reading, and those of which it is another one.
func pinyinTable() []byte {
	first, others := map[string][]rune{}, map[string][]rune{}
	for char := rune(0x4e00); char < 0xa000; char++ {
		seen := []string{}
		for i, reading := range strings.Split(pinyin.PinyinDict[int(char)], ",") {
			syllable := plainSyllable(reading)
			if syllable == "" || slices.Contains(seen, syllable) {
				continue
			}
			if seen = append(seen, syllable); i == 0 {
				first[syllable] = append(first[syllable], char)
			} else {
				others[syllable] = append(others[syllable], char)
			}
		}
	}
	var syllables []string
	for s := range first {
		syllables = append(syllables, s)
	}
	for s := range others {
		if first[s] == nil {
			syllables = append(syllables, s)
		}
	}
	slices.Sort(syllables)
	var out bytes.Buffer
	out.WriteString("# Readings of Han characters without tones, from go-pinyin v0.21.0: a syllable, the characters\n# of which it is the first reading, and those of which it is another one. The letter v is ü.\n")
	for _, s := range syllables {
		fmt.Fprintf(&out, "%s\t%s\t%s\n", s, string(first[s]), string(others[s]))
	}
	return out.Bytes()
}

// plainSyllable returns a syllable without its tone, with v for ü; empty for a reading
// that has other letters.
func plainSyllable(reading string) string {
	const umlauts = "üǖǘǚǜ"
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune(umlauts, r) {
			return 'v'
		}
		return r
	}, reading)
	s = schema.Fold(s)
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return ""
		}
	}
	return s
}
