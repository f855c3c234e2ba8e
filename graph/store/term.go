package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/cayleygraph/quad"
)

// kind is the first byte of an encoded term. Terms of one kind lie together in
// the dictionary, so a range never leaves its kind.
type kind byte

const (
	kindIRI kind = 1 + iota
	kindBlank
	kindString
	kindLang
	kindTyped
	kindInt
	kindFloat
	kindTime
	kindBool
)

// maxTerm is the longest encoded term in bytes.
const maxTerm = 16 << 20

var errTerm = errors.New("not a term")

// appendTerm appends the encoded form of v to dst. The bytes of two terms of
// one kind compare as their values do: strings by their UTF-8 bytes, numbers
// and times by value, typed strings by datatype and then by text.
func appendTerm(dst []byte, v quad.Value) ([]byte, error) {
	start := len(dst)
	switch v := canonical(v).(type) {
	case quad.IRI:
		dst = append(append(dst, byte(kindIRI)), v...)
	case quad.BNode:
		dst = append(append(dst, byte(kindBlank)), v...)
	case quad.String:
		dst = append(append(dst, byte(kindString)), v...)
	case quad.LangString:
		dst = appendEscaped(append(dst, byte(kindLang)), string(v.Value))
		dst = append(dst, v.Lang...)
	case quad.TypedString:
		dst = appendEscaped(append(dst, byte(kindTyped)), string(v.Type))
		dst = append(dst, v.Value...)
	case quad.Int:
		dst = binary.BigEndian.AppendUint64(append(dst, byte(kindInt)), uint64(v)^1<<63)
	case quad.Float:
		dst = binary.BigEndian.AppendUint64(append(dst, byte(kindFloat)), floatBits(float64(v)))
	case quad.Time:
		dst = appendTime(append(dst, byte(kindTime)), time.Time(v))
	case quad.Bool:
		dst = append(dst, byte(kindBool), boolByte(bool(v)))
	default:
		return dst, fmt.Errorf("a %T cannot be stored", v)
	}
	if n := len(dst) - start; n > maxTerm {
		return dst[:start], fmt.Errorf("a term of %d bytes is longer than %d", n, maxTerm)
	}
	return dst, nil
}

// decodeTerm is the inverse of appendTerm. It takes any bytes and keeps none.
func decodeTerm(b []byte) (quad.Value, error) {
	if len(b) == 0 || len(b) > maxTerm {
		return nil, errTerm
	}
	body := b[1:]
	switch kind(b[0]) {
	case kindIRI:
		return quad.IRI(body), nil
	case kindBlank:
		return quad.BNode(body), nil
	case kindString:
		return quad.String(body), nil
	case kindLang:
		value, lang, err := cutEscaped(body)
		return quad.LangString{Value: quad.String(value), Lang: string(lang)}, err
	case kindTyped:
		datatype, value, err := cutEscaped(body)
		return quad.TypedString{Value: quad.String(value), Type: quad.IRI(datatype)}, err
	}
	return decodeNumber(kind(b[0]), body)
}

func decodeNumber(k kind, body []byte) (quad.Value, error) {
	switch {
	case k == kindInt && len(body) == 8:
		return quad.Int(binary.BigEndian.Uint64(body) ^ 1<<63), nil
	case k == kindFloat && len(body) == 8:
		return quad.Float(floatFromBits(binary.BigEndian.Uint64(body))), nil
	case k == kindTime && len(body) == 12:
		sec := int64(binary.BigEndian.Uint64(body) ^ 1<<63)
		nano := binary.BigEndian.Uint32(body[8:])
		if nano > 999_999_999 {
			return nil, errTerm
		}
		return quad.Time(time.Unix(sec, int64(nano)).UTC()), nil
	case k == kindBool && len(body) == 1 && body[0] <= 1:
		return quad.Bool(body[0] == 1), nil
	}
	return nil, errTerm
}

// appendEscaped appends s and an end mark, keeping the order of strings: a zero
// byte becomes 00 ff and the end is 00 01.
func appendEscaped(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, s[i])
		if s[i] == 0 {
			dst = append(dst, 0xff)
		}
	}
	return append(dst, 0, 1)
}

func cutEscaped(b []byte) (s, rest []byte, err error) {
	for i := 0; i+1 < len(b); i++ {
		if b[i] != 0 {
			s = append(s, b[i])
			continue
		}
		switch i++; b[i] {
		case 0xff:
			s = append(s, 0)
		case 1:
			return s, b[i+1:], nil
		default:
			return nil, nil, errTerm
		}
	}
	return nil, nil, errTerm
}

// floatBits orders floats as unsigned integers; not-a-number comes last.
func floatBits(f float64) uint64 {
	if math.IsNaN(f) {
		return math.MaxUint64
	}
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

func floatFromBits(bits uint64) float64 {
	switch {
	case bits == math.MaxUint64:
		return math.NaN()
	case bits>>63 == 1:
		return math.Float64frombits(bits &^ (1 << 63))
	}
	return math.Float64frombits(^bits)
}

func appendTime(dst []byte, t time.Time) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(t.Unix())^1<<63)
	return binary.BigEndian.AppendUint32(dst, uint32(t.Nanosecond()))
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}
