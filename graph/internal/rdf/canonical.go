package rdf

import (
	"strconv"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/voc/xsd"
)

// Canonical returns the one value that stands for all spellings of v, so that
// a literal is one term however it was written:
//
//   - a typed string of xsd:string, xsd:integer, xsd:double, xsd:boolean or
//     xsd:dateTime becomes quad.String, Int, Float, Bool or Time if its text
//     is valid and nothing is lost (an integer beyond 64 bits stays as it is);
//   - every other typed string keeps its text, and an XML Schema datatype is
//     written with the prefix xsd:;
//   - times are in UTC, -0 is 0, and a literal with an empty datatype or
//     language is a plain string.
func Canonical(v quad.Value) quad.Value {
	switch v := v.(type) {
	case quad.TypedString:
		if other := canonicalTyped(v); other != nil {
			return other
		}
	case quad.LangString:
		if v.Lang == "" {
			return v.Value
		}
	case quad.Float:
		if v == 0 {
			return quad.Float(0)
		}
	case quad.Time:
		return quad.Time(time.Unix(time.Time(v).Unix(), int64(time.Time(v).Nanosecond())).UTC())
	}
	return v
}

// canonicalTyped returns the canonical value of a typed string, nil if that is
// the typed string itself: it costs no allocation to keep a value as it is.
func canonicalTyped(t quad.TypedString) quad.Value {
	local, isFull := strings.CutPrefix(string(t.Type), xsd.NS)
	if isFull {
		t.Type = quad.IRI(xsd.Prefix + local)
	}
	text := string(t.Value)
	switch t.Type {
	case "", xsd.String:
		return t.Value
	case xsd.Integer:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return quad.Int(n)
		}
	case xsd.Double:
		if f, ok := parseDouble(text); ok {
			return f
		}
	case xsd.Boolean:
		switch text {
		case "true", "1", "True":
			return quad.Bool(true)
		case "false", "0", "False":
			return quad.Bool(false)
		}
	case xsd.DateTime:
		if at, ok := parseDateTime(text); ok {
			return at
		}
	}
	if isFull {
		return t
	}
	return nil
}

// parseDouble reads the lexical form of xsd:double, which is narrower than the
// syntax of strconv: no hexadecimal, no underscores, INF and NaN in capitals.
func parseDouble(s string) (quad.Float, bool) {
	switch s {
	case "INF", "+INF", "-INF", "NaN":
	default:
		if strings.Trim(s, "0123456789+-.eE") != "" {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if f == 0 {
		f = 0 // not -0
	}
	return quad.Float(f), err == nil
}

// parseDateTime reads an xsd:dateTime that has a zone and at most nanoseconds.
// Others keep their text: without a zone there is no instant.
func parseDateTime(s string) (quad.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || strings.Contains(s, ",") {
		return quad.Time{}, false
	}
	if _, fraction, ok := strings.Cut(s, "."); ok && strings.IndexFunc(fraction, notDigit) > 9 {
		return quad.Time{}, false
	}
	return quad.Time(at.UTC()), true
}

func notDigit(r rune) bool { return r < '0' || r > '9' }
