package records_test

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// eachField calls fn with the path of each field of a value, after it has given the field
// another value. Slices get an element.
func eachField(v reflect.Value, path string, fn func(path string)) {
	change := func(to reflect.Value) {
		was := reflect.ValueOf(v.Interface())
		v.Set(to)
		fn(path)
		v.Set(was)
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachField(v.Field(i), path+"."+v.Type().Field(i).Name, fn)
		}
	case reflect.Slice:
		one := reflect.MakeSlice(v.Type(), 1, 1)
		change(one)
		was := reflect.ValueOf(v.Interface())
		v.Set(one)
		eachField(v.Index(0), path+"[0]", fn)
		v.Set(was)
	case reflect.String:
		change(reflect.ValueOf("other").Convert(v.Type()))
	case reflect.Int, reflect.Int32:
		change(reflect.ValueOf(7).Convert(v.Type()))
	case reflect.Float64:
		change(reflect.ValueOf(0.5))
	case reflect.Bool:
		change(reflect.ValueOf(!v.Bool()))
	}
}

// isUnhashed reports whether no quad depends on a field.
func isUnhashed(path string) bool {
	return slices.Contains([]string{"Fact.Pos.File", "Fact.Pos.Line", "Fact.Pos.Col", "Entity.Pos.File", "Entity.Pos.Line", "Entity.Pos.Col",
		"Document.Entity.Pos.File", "Document.Entity.Pos.Line", "Document.Entity.Pos.Col"}, path)
}

// Records that differ in any field but their position have different digests.
func TestDigestOfEveryField(t *testing.T) {
	var h records.Hasher
	seen := map[[12]byte]string{}
	add := func(path string, record schema.Record) {
		digest, ok := h.Digest(record)
		before, again := seen[digest]
		if again != isUnhashed(path) || !ok {
			t.Errorf("%s has the digest of %q", path, before)
		}
		if !again {
			seen[digest] = path
		}
	}
	var f schema.Fact
	var e schema.Entity
	var d schema.Document
	add("a fact", f)
	add("an entity", e)
	add("a document", d)
	eachField(reflect.ValueOf(&f).Elem(), "Fact", func(path string) { add(path, f) })
	eachField(reflect.ValueOf(&e).Elem(), "Entity", func(path string) { add(path, e) })
	eachField(reflect.ValueOf(&d).Elem(), "Document", func(path string) { add(path, d) })
	if _, ok := h.Digest(schema.Statement{}); ok {
		t.Error("a statement has a digest")
	}
}

func setOf(t *testing.T, facts int) *records.Set {
	t.Helper()
	var h records.Hasher
	var entries []records.Entry
	for record, err := range synth.Records(facts, 1) {
		if err != nil {
			t.Fatal(err)
		}
		digest, _ := h.Digest(record)
		entries = append(entries, records.Entry{Digest: digest, ID: records.HashID(schema.ID(fmt.Sprint(len(entries))))})
	}
	return records.NewSet("key", []schema.ID{"fact:a", "fact:b"}, entries)
}

// A set is read as it was written, and any change of its file is an error.
func TestFile(t *testing.T) {
	set, path := setOf(t, 100), filepath.Join(t.TempDir(), "folder", "set")
	if err := set.Write(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err := records.Read(path); err != nil || !reflect.DeepEqual(again, set) {
		t.Fatalf("another set: %v", err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		bad := slices.Clone(data)
		bad[i] ^= 1 << (i % 8)
		if _, err := records.Parse(bad); !errors.Is(err, records.ErrFile) {
			t.Fatalf("byte %d: %v", i, err)
		}
		if _, err := records.Parse(data[:i]); !errors.Is(err, records.ErrFile) {
			t.Fatalf("%d bytes: %v", i, err)
		}
	}
}

// Records are found in their order, and an error of the sequence comes last.
func TestCompare(t *testing.T) {
	set, failure := setOf(t, 1000), errors.New("no more")
	var all []schema.Record
	sequence := func(yield func(schema.Record, error) bool) {
		for record, err := range synth.Records(1000, 1) {
			if f, ok := record.(schema.Fact); ok && len(all)%100 == 0 {
				f.Topic = "another topic"
				record = f
			}
			all = append(all, record)
			if !yield(record, err) {
				return
			}
		}
		yield(nil, failure)
	}
	n, unknown := 0, 0
	for f, err := range set.Compare(iter.Seq2[schema.Record, error](sequence)) {
		if err != nil {
			if err != failure || n != len(all) {
				t.Errorf("%v after %d records", err, n)
			}
			continue
		}
		if !reflect.DeepEqual(f.Record, all[n]) {
			t.Fatalf("record %d is %v", n, f.Record)
		}
		if n++; f.Place < 0 {
			unknown++
		} else if set.Entries[f.Place].Digest != f.Digest {
			t.Fatalf("record %d is not at %d", n, f.Place)
		}
	}
	if unknown == 0 || unknown > len(all)/50 {
		t.Errorf("%d of %d are unknown", unknown, len(all))
	}
	for range set.Compare(sequence) {
		break
	}
}

// What a killed process has left is removed, and nothing else.
func TestSweep(t *testing.T) {
	folder := t.TempDir()
	kept := []string{"ab12", "ab12.cd34", ".other"}
	for _, name := range append([]string{".ab12.5.new", ".ab12.cd34.678.new"}, kept...) {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	records.Sweep(folder)
	files, err := os.ReadDir(folder)
	var left []string
	for _, f := range files {
		left = append(left, f.Name())
	}
	slices.Sort(kept)
	if err != nil || !slices.Equal(left, kept) {
		t.Errorf("left %q, %v", left, err)
	}
}
