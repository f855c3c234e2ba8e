package rdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/cayleygraph/quad"
)

// Kind is the first byte of an encoded term. Since terms of one kind are
// neighbours in the order of terms, a range never leaves its kind.
type Kind byte

// The kinds, in the order of terms.
const (
	KindIRI Kind = 1 + iota
	KindBlank
	KindString
	KindLang
	KindTyped
	KindInt
	KindFloat
	KindTime
	KindBool
)

// MaxTerm is the maximum length of an encoded term in bytes.
const MaxTerm = 16 << 20

// ErrTerm means that bytes are not an encoded term.
var ErrTerm = errors.New("not a term")

// AppendTerm appends the encoded form of v to dst. The bytes of two terms of
// one kind compare as their values do: strings by their UTF-8 bytes, numbers
// and times by value, typed strings by datatype and then by text.
func AppendTerm(dst []byte, v quad.Value) ([]byte, error) {
	start := len(dst)
	switch v := Canonical(v).(type) {
	case quad.IRI:
		dst = append(append(dst, byte(KindIRI)), v...)
	case quad.BNode:
		dst = append(append(dst, byte(KindBlank)), v...)
	case quad.String:
		dst = append(append(dst, byte(KindString)), v...)
	case quad.LangString:
		dst = appendEscaped(append(dst, byte(KindLang)), string(v.Value))
		dst = append(dst, v.Lang...)
	case quad.TypedString:
		dst = appendEscaped(append(dst, byte(KindTyped)), string(v.Type))
		dst = append(dst, v.Value...)
	case quad.Int:
		dst = binary.BigEndian.AppendUint64(append(dst, byte(KindInt)), uint64(v)^1<<63)
	case quad.Float:
		dst = binary.BigEndian.AppendUint64(append(dst, byte(KindFloat)), floatBits(float64(v)))
	case quad.Time:
		dst = appendTime(append(dst, byte(KindTime)), time.Time(v))
	case quad.Bool:
		dst = append(dst, byte(KindBool), boolByte(bool(v)))
	default:
		return dst, fmt.Errorf("a %T cannot be stored", v)
	}
	if n := len(dst) - start; n > MaxTerm {
		return dst[:start], fmt.Errorf("a term of %d bytes is longer than %d", n, MaxTerm)
	}
	return dst, nil
}

// DecodeTerm is the inverse of AppendTerm. It accepts any bytes and does not
// keep them.
func DecodeTerm(b []byte) (quad.Value, error) {
	if len(b) == 0 || len(b) > MaxTerm {
		return nil, ErrTerm
	}
	body := b[1:]
	switch Kind(b[0]) {
	case KindIRI:
		return quad.IRI(body), nil
	case KindBlank:
		return quad.BNode(body), nil
	case KindString:
		return quad.String(body), nil
	case KindLang:
		value, lang, err := CutEscaped(body)
		return quad.LangString{Value: quad.String(value), Lang: string(lang)}, err
	case KindTyped:
		datatype, value, err := CutEscaped(body)
		return quad.TypedString{Value: quad.String(value), Type: quad.IRI(datatype)}, err
	}
	return decodeNumber(Kind(b[0]), body)
}

// CheckTerm returns an error unless the bytes are the encoded form of a value.
func CheckTerm(b []byte) error {
	if len(b) > 0 && len(b) <= MaxTerm && Kind(b[0]) <= KindString && b[0] > 0 {
		return nil // a kind byte and any text
	}
	value, err := DecodeTerm(b)
	if err != nil {
		return err
	}
	again, err := AppendTerm(nil, value)
	if err == nil && !bytes.Equal(again, b) {
		err = ErrTerm
	}
	return err
}

func decodeNumber(k Kind, body []byte) (quad.Value, error) {
	switch {
	case k == KindInt && len(body) == 8:
		return quad.Int(binary.BigEndian.Uint64(body) ^ 1<<63), nil
	case k == KindFloat && len(body) == 8:
		return quad.Float(floatFromBits(binary.BigEndian.Uint64(body))), nil
	case k == KindTime && len(body) == 12:
		sec := int64(binary.BigEndian.Uint64(body) ^ 1<<63)
		nano := binary.BigEndian.Uint32(body[8:])
		if nano > 999_999_999 {
			return nil, ErrTerm
		}
		return quad.Time(time.Unix(sec, int64(nano)).UTC()), nil
	case k == KindBool && len(body) == 1 && body[0] <= 1:
		return quad.Bool(body[0] == 1), nil
	}
	return nil, ErrTerm
}

// appendEscaped appends s and an end mark so that the order of strings is kept:
// a zero byte is written as 00 ff, the end as 00 01.
func appendEscaped(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, s[i])
		if s[i] == 0 {
			dst = append(dst, 0xff)
		}
	}
	return append(dst, 0, 1)
}

// CutEscaped reads what appendEscaped wrote: the datatype of a literal, or the text
// of one with a language, and what follows it. Both may share memory with b.
func CutEscaped(b []byte) (s, rest []byte, err error) {
	end := bytes.IndexByte(b, 0)
	if end >= 0 && end+1 < len(b) && b[end+1] == 1 { // no zero byte, as nearly always
		return b[:end], b[end+2:], nil
	}
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
			return nil, nil, ErrTerm
		}
	}
	return nil, nil, ErrTerm
}

// floatBits maps floats to unsigned integers of the same order, with
// not-a-number last.
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
