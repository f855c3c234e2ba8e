// Package events reads files of coded events: GDELT 1.0 and 2.0, ICEWS and POLECAT. Each
// has a mapping; the vocabulary has the verbs of CAMEO's codes and PLOVER's types.
package events

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema/pattern"
)

//go:embed gdelt.yaml
var gdelt string

//go:embed icews.yaml
var icews []byte

//go:embed polecat.yaml
var polecat []byte

// Numbers of columns of files of GDELT, which have no header.
const (
	gdelt1Daily   = 57 // without the address of the source, until March 2013
	gdelt1Columns = 58
	gdelt2Columns = 61
)

// GDELT returns what reads the rows of a file of GDELT, by its beginning.
func GDELT(head []byte) (*mapping.Mapping, error) {
	names := gdeltColumns(columnsOf(firstLine(head)))
	return mapping.Parse("gdelt.yaml", []byte(gdelt+"columns: ["+strings.Join(names, ", ")+"]\n"))
}

// gdeltColumns returns the names of the columns of a file: those of GDELT 2.0 have three
// more than those of 1.0.
func gdeltColumns(count int) []string {
	names := []string{"GlobalEventID", "Day", "MonthYear", "Year", "FractionDate"}
	for _, actor := range []string{"Actor1", "Actor2"} {
		for _, n := range []string{"Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code", "Type2Code", "Type3Code"} {
			names = append(names, actor+n)
		}
	}
	names = append(names, "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone")
	for _, place := range []string{"Actor1Geo_", "Actor2Geo_", "ActionGeo_"} {
		names = append(names, place+"Type", place+"FullName", place+"CountryCode", place+"ADM1Code")
		if count == gdelt2Columns {
			names = append(names, place+"ADM2Code")
		}
		names = append(names, place+"Lat", place+"Long", place+"FeatureID")
	}
	return append(names, "DateAdded", "'SourceURL?'")
}

var gdeltRow = pattern.New(`^[0-9]+\t[0-9]{8}\t[0-9]{6}\t[0-9]{4}\t[0-9.]+\t`)

// LooksGDELT recognizes a row of as many columns as GDELT has, which begins with a number
// and a day.
func LooksGDELT(_ string, head []byte) bool {
	line := firstLine(head)
	switch columnsOf(line) {
	case gdelt1Daily, gdelt1Columns, gdelt2Columns:
		return gdeltRow().Match(line)
	}
	return false
}

// ICEWS returns what reads the rows of a file of ICEWS.
func ICEWS() (*mapping.Mapping, error) { return mapping.Parse("icews.yaml", icews) }

// LooksICEWS recognizes the header of a file of ICEWS.
func LooksICEWS(_ string, head []byte) bool {
	return hasAll(firstLine(head), "Event ID", "Event Date", "Source Name", "CAMEO Code", "Target Name", "Story ID")
}

// POLECAT returns what reads the rows of a file of POLECAT.
func POLECAT() (*mapping.Mapping, error) { return mapping.Parse("polecat.yaml", polecat) }

// LooksPOLECAT recognizes the header of a file of POLECAT.
func LooksPOLECAT(_ string, head []byte) bool {
	return hasAll(firstLine(head), "Event ID", "Event Date", "Event Type", "Event Mode", "Actor Name", "Recipient Name", "Quad Code")
}

func firstLine(head []byte) []byte {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.TrimRight(line, "\r")
}

func columnsOf(line []byte) int { return bytes.Count(line, []byte("\t")) + 1 }

// hasAll reports whether all names are columns of a header.
func hasAll(header []byte, names ...string) bool {
	columns := make(map[string]bool)
	for _, c := range strings.FieldsFunc(string(header), func(r rune) bool { return r == '\t' || r == ',' }) {
		columns[strings.Trim(c, `"`)] = true
	}
	for _, n := range names {
		if !columns[n] {
			return false
		}
	}
	return true
}
