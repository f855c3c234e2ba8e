package loaders_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// mistake is a file as a user writes it who has not read the manual.
type mistake struct {
	what  string
	file  string
	text  string
	facts string   // the facts, if the file simply works
	wants []string // errors with their hints, in order; a part of each
}

const (
	meetings = "actor,verb,recipient,when,actor-kind,recipient-kind\n"
	terms    = "actor,verb,recipient,since,until,actor-kind,recipient-kind\n"
)

// met is a table with one meeting.
func met(actor, verb, recipient, when string) string {
	return meetings + strings.Join([]string{actor, verb, recipient, when, "Person", "Person"}, ",") + "\n"
}

func held(until string) string {
	return terms + "Xie Feng,holds-post,Ambassador,2023-05," + until + ",Person,Post\n"
}

const xieMet = "person:xie-feng met person:ely-ratner, 2023-07-12"

// zipped returns a zip archive with empty files.
func zipped(names ...string) string {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		_, _ = w.Create(name)
	}
	_ = w.Close()
	return out.String()
}

func gzipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return out.String()
}

// mistakes lists what first users do. Each either works, or has an error that says
// where and what is wrong and how to mend it.
var mistakes = []mistake{
	{"a misspelled key", "f.yaml", "people: [Xie Feng, Ely Ratner]\nfacts:\n  - verb: met\n    actr: Xie Feng\n    recipient: Ely Ratner\n    wen: 2023\n", "",
		[]string{`f.yaml:4:5: unknown key of a fact: "actr"; did you mean "actor"?`, `f.yaml:6:5: unknown key of a fact: "wen"; did you mean "when"?`}},
	{"semicolons of Excel", "f.csv", "actor;verb;recipient;when;actor-kind;recipient-kind\r\nXie Feng;met;Ely Ratner;2023-07-12;Person;Person\r\n", xieMet, nil},
	{"a line that says the separator", "f.csv", "sep=;\r\n" + strings.ReplaceAll(met("Xie Feng", "met", "Ely Ratner", "2023-07-12"), ",", ";"), xieMet, nil},
	{"tabs", "f.csv", strings.ReplaceAll(met("Xie Feng", "met", "Ely Ratner", "2023-07-12"), ",", "\t"), xieMet, nil},
	{"bars", "f.csv", strings.ReplaceAll(met("Xie Feng", "met", "Ely Ratner", "2023-07-12"), ",", "|"), xieMet, nil},
	{"lines of old Macs", "f.csv", strings.ReplaceAll(met("Xie Feng", "met", "Ely Ratner", "2023-07-12"), "\n", "\r"), "", []string{"f.csv:1:1: the lines end with a carriage return alone, as on old Macs; save the file"}},
	{"no header", "f.csv", "Xie Feng,met,Ely Ratner,2023-07-12\n", "", []string{`f.csv:1:1: the first row is not a header, but data: "Xie Feng,met,Ely Ratner,2023-07-12"; write a first row with the names of the columns`}},
	{"a title above the header", "f.csv", "Visits of 2023,,,,,\n,,,,,\n" + met("Xie Feng", "met", "Ely Ratner", "2023"), "", []string{`f.csv:1:1: the first row is not the header: "Visits of 2023,,,,,"; row 3 looks like the header: remove the rows above it`}},
	{"names of columns of one's own", "f.csv", "Who,Whom,What,Date\nXie Feng,Ely Ratner,met,2023\n", "", []string{`unknown column: "Who"; did you mean "actor"? then rename the column, or add --map "Who=actor"`}},
	{"no kinds", "f.csv", "actor,verb,recipient\nXie Feng,met,Ely Ratner\n", "", []string{`f.csv:2:1: unknown name: "Xie Feng"; declare it`, `f.csv:2:14: unknown name: "Ely Ratner"; declare it`}},
	{"days as numbers", "f.csv", met("Xie Feng", "met", "Ely Ratner", "45119"), "", []string{`f.csv:2:25: bad date "45119": a number; if it is a day as spreadsheets count them, it is 2023-07-12`}},
	{"a narrow column", "f.csv", met("Xie Feng", "met", "Ely Ratner", "########"), "", []string{`bad date "########": not the date, but a column that is too narrow`}},
	{"N/A as a date", "f.csv", met("Xie Feng", "met", "Ely Ratner", "N/A"), "", []string{`f.csv:2:25: bad date "N/A": a mark for a date that is not known; leave it empty`}},
	{"a dash as a date", "f.csv", met("Xie Feng", "met", "Ely Ratner", "-"), "", []string{`bad date "-": a mark for a date that is not known; leave it empty`}},
	{"unknown as an end", "f.csv", held("unknown"), "", []string{`bad date "unknown": a mark for a date that is not known; leave it empty`}},
	{"N/A as a name", "f.csv", met("N/A", "met", "Ely Ratner", "2023"), "", []string{`f.csv:2:1: unknown name: "N/A"; leave it empty where the name is not known`}},
	{"unknown as a name", "f.csv", met("Xie Feng", "met", "unknown", "2023"), "", []string{`f.csv:2:14: unknown name: "unknown"; leave it empty`}},
	{"an error of a spreadsheet as a name", "f.csv", met("#REF!", "met", "Ely Ratner", "2023"), "", []string{`unknown name: "#REF!"; leave it empty`}},
	{"merged cells", "f.csv", meetings + "Xie Feng,met,Ely Ratner,2023-07-12,Person,Person\n,met,Qin Gang,2023,,Person\n", xieMet, []string{`f.csv:3:2: bad participants: "met" needs another participant besides "person:qin-gang"; the row has no actor; where a spreadsheet has merged cells`}},
	{"spaces at the ends", "f.csv", "actor ,verb, recipient,when,actor-kind,recipient-kind\nXie Feng ,met , Ely Ratner  ,2023-07-12 ,Person ,Person\n", xieMet, nil},
	{"spaces that do not break", "f.csv", met("Xie\u00a0Feng", "met", "Ely Ratner\u00a0", "12\u00a0July\u00a02023"), xieMet, nil},
	{"several names in a cell", "f.csv", met("Xie Feng", "met", "Ely Ratner; Kurt Campbell", "2023"), "", []string{`f.csv:2:14: unknown name: "Ely Ratner; Kurt Campbell"; separate the names of a cell by |: Ely Ratner|Kurt Campbell`}},
	{"a verb with a capital letter", "f.csv", met("Xie Feng", "Met With", "Ely Ratner", "2023-07-12"), xieMet, nil},
	{"a verb in the present", "f.csv", met("Xie Feng", "meets", "Ely Ratner", "2023"), "", []string{`f.csv:2:10: unknown verb "meets"; did you mean "met"?`}},
	{"a verb as a noun", "f.csv", met("Xie Feng", "visiting", "Ely Ratner", "2023"), "", []string{`unknown verb "visiting"; did you mean "visited"?`}},
	{"a verb in the future", "f.csv", met("Xie Feng", "will meet", "Ely Ratner", "2023"), "", []string{`unknown verb "will meet"; for what is yet to come write the verb in the past, "met", and status: planned`}},
	{"a verb in another language", "f.csv", met("Xie Feng", "traf", "Ely Ratner", "2023"), "", []string{`unknown verb "traf"; entente verbs WORD finds verbs`}},
	{"a date with a question mark", "f.csv", met("Xie Feng", "met", "Ely Ratner", "2023?"), "person:xie-feng met person:ely-ratner, 2023?", nil},
	{"two dates in a cell", "f.csv", met("Xie Feng", "met", "Ely Ratner", "2023-07-12; 2023-07-14"), "", []string{`bad date "2023-07-12; 2023-07-14": 2 dates; write a row or a fact for each date, or 2023-07-12/2023-07-14 if`}},
	{"the day before the month", "f.csv", met("Xie Feng", "met", "Ely Ratner", "2023-13-07"), "", []string{`bad date "2023-13-07": there is no month 13; write the month before the day: 2023-07-13`}},
	{"a date of two numbers", "f.csv", met("Xie Feng", "met", "Ely Ratner", "07/23"), "", []string{`bad date "07/23": has no year of four digits; write the year`}},
	{"a date with two orders", "f.csv", met("Xie Feng", "met", "Ely Ratner", "03/04/2015"), "", []string{`ambiguous: 2015-04-03 (dmy) or 2015-03-04 (mdy); --dates dmy or --dates mdy`}},
	{"a winter of one year", "f.csv", met("Xie Feng", "met", "Ely Ratner", "winter 2023"), "", []string{`ambiguous: 2022-12/2023-02 or 2023-12/2024-02; write winter 2022/23 (2022-12/2023-02) or winter 2023/24 (2023-12/2024-02)`}},
	{"present", "f.csv", held("present"), "person:xie-feng holds-post post:ambassador, 2023-05/..", nil},
	{"to date", "f.csv", held("to date"), "person:xie-feng holds-post post:ambassador, 2023-05/..", nil},
	{"bis heute", "f.csv", held("bis heute"), "person:xie-feng holds-post post:ambassador, 2023-05/..", nil},
	{"an end before the start", "f.csv", held("2022"), "", []string{`bad date "2023-05/2022": ends before it begins`}},
	{"a byte order mark", "f.csv", "\ufeff" + met("Xie Feng", "met", "Ely Ratner", "2023-07-12"), xieMet, nil},
	{"mixed encodings", "f.csv", met("Jos\u00e9", "met", "Ely Ratner", "2023") + "Jos\xe9,met,Ely Ratner,2023,Person,Person\n", "", []string{`f.csv:3:4: not UTF-8: byte 0xe9; --encoding windows-1252`}},
	{"empty rows", "f.csv", meetings + ",,,,,\nXie Feng,met,Ely Ratner,2023-07-12,Person,Person\n\n,,,,,\n", xieMet, nil},
	{"a row of totals", "f.csv", meetings + "Total,1,,,,\n", "", []string{`f.csv:2:1: unknown name: "Total"; declare it`, `f.csv:2:7: unknown verb "1"; entente verbs`}},
	{"a row twice", "f.csv", met("Xie Feng", "met", "Ely Ratner", "2023-07-12") + "Xie Feng,met,Ely Ratner,2023-07-12,Person,Person\n", xieMet + "\n" + xieMet, nil},
	{"an empty file", "f.csv", "", "", []string{"f.csv: is empty"}},
	{"a comma too many", "f.csv", meetings + "Xie Feng,met,Ely Ratner, Pentagon,2023,Person,Person\n", "", []string{"f.csv:2:47: a row of 7 fields, not 6 as in the header: \"Xie Feng,met,Ely Ratner, Pentagon,2023,Person,Person\"; put a cell that has the separator itself in double quotes"}},
	{"a quote that is not closed", "f.csv", met("Xie Feng", "met", `"Ely Ratner`, "2023"), "", []string{"f.csv:2:14: a quote that is never closed"}},
	{"the same column twice", "f.csv", "actor,verb,recipient,when,date\nA,met,B,2023,2023\n", "", []string{`two columns with the same meaning: "when" and "date"`}},
	{"an unknown kind", "f.csv", strings.ReplaceAll(met("Xie Feng", "met", "Ely Ratner", "2023"), "Person,Person", "Person,human"), "", []string{`unknown name: "Ely Ratner"`, `f.csv:2:37: unknown kind: "human"; known are Person`}},
	{"oneself", "f.csv", met("Xie Feng", "met", "Xie Feng", "2023"), "", []string{`"person:xie-feng" stands on both sides of "met"`}},
	{"a damaged workbook", "f.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "", []string{"f.xlsx: not a workbook"}},
	{"a workbook named .csv", "f.csv", zipped("[Content_Types].xml", "xl/workbook.xml"), "", []string{"f.csv: is an Excel workbook; give it the extension .xlsx"}},
	{"an old workbook", "f.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 500), "", []string{"f.xls: is an Excel workbook or another file of Office; save the sheet as CSV"}},
	{"a Word document", "f.docx", zipped("[Content_Types].xml", "word/document.xml"), "", []string{"f.docx: is a Word document; copy its tables"}},
	{"a zip archive", "f.zip", zipped("a.csv", "b.csv"), "", []string{"f.zip: is a zip archive of 2 files, the first \"a.csv\"; an archive of one file is read as it is"}},
	{"a PDF", "f.pdf", "%PDF-1.7\n%\xe2\xe3\n", "", []string{"f.pdf: is a PDF document; copy its tables"}},
	{"a compressed file", "f.csv.gz", gzipped(met("Xie Feng", "met", "Ely Ratner", "2023-07-12")), xieMet, nil},
	{"a compressed file named .csv", "f.csv", gzipped("x"), "", []string{"f.csv: is compressed by gzip; add the extension .gz"}},
	{"a web page named .csv", "f.csv", "<!DOCTYPE html>\n<html><body>Log in</body></html>\n", "", []string{"f.csv: is a web page (HTML); open it in a browser"}},
	{"a web page", "f.html", "<html><body>Log in</body></html>\n", "", []string{"f.html: is a web page (HTML); open it in a browser"}},
	{"plain text", "f.txt", "Xie Feng met Ely Ratner in 2023\n", "", []string{"f.txt: unknown format: want .csv"}},
	{"tabs in YAML", "f.yaml", "facts:\n\t- Xie Feng met Ely Ratner\n", "", []string{"f.yaml:2:1: not YAML: found character that cannot start any token"}},
	{"a colon in YAML", "f.yaml", "facts:\n  - note: he said: hello\n", "", []string{"f.yaml:2:3: not YAML: mapping values are not allowed in this context"}},
	{"single quotes in JSON", "f.json", "{'facts': []}\n", "", []string{"f.json:1:2: not JSON: invalid character '\\''; texts and keys of JSON stand in straight double quotes"}},
	{"a comma at the end in JSON", "f.json", `{"people": ["A",]}`, "", []string{"f.json:1:17: not JSON: invalid character ']' looking for beginning of value; remove the comma before it"}},
	{"a missing comma in JSON", "f.json", `{"people": ["A" "B"]}`, "", []string{"not JSON: invalid character '\"' after array element; a comma is missing before it"}},
}

func TestMistakesOfFirstUsers(t *testing.T) {
	for _, m := range mistakes {
		t.Run(m.what, func(t *testing.T) {
			facts, problems := readMistake(t, m)
			if got := strings.Join(facts, "\n"); got != m.facts {
				t.Errorf("facts:\n%s\nwant:\n%s", got, m.facts)
			}
			for i, want := range m.wants {
				if i >= len(problems) || !strings.Contains(problems[i], want) {
					t.Errorf("problems:\n%s\nwant %s", strings.Join(problems, "\n"), want)
				}
			}
			if len(m.wants) == 0 && len(problems) > 0 {
				t.Errorf("problems: %q", problems)
			}
		})
	}
}

// readMistake returns the facts of a file, and its problems with their hints.
func readMistake(t *testing.T, m mistake) (facts, problems []string) {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, m.file)
	if err := os.WriteFile(name, []byte(m.text), 0o600); err != nil {
		t.Fatal(err)
	}
	add := func(err error) {
		for _, p := range loaders.Problems(err) {
			text := strings.ReplaceAll(p.Error(), dir+string(filepath.Separator), "")
			if hint := p.Hint(); hint != "" {
				text += "; " + hint
			}
			problems = append(problems, text)
		}
	}
	in, err := loaders.Open(name, nil)
	if err != nil {
		add(err)
		return nil, problems
	}
	for record, err := range in.Records(t.Context()) {
		if err != nil {
			add(err)
		}
		if f, is := record.(schema.Fact); is {
			facts = append(facts, schema.DefaultVocabulary().Normalize(f).String())
		}
	}
	return facts, problems
}
