package loaders

import (
	"fmt"
	"reflect"
	"unsafe"
)

// OpenWith makes an input of one file for a loader that is not in the list.
func OpenWith(l Loader, name string, data []byte, opts *Options) (*Input, error) {
	in := newInput(opts)
	in.Dataset = datasetName(name)
	_, err := in.addSource(name, name, l, inMemory(data))
	return in, err
}

// Scanned returns how many bytes were read to compute positions in the files of
// an input.
func (in *Input) Scanned() (n int) {
	for _, f := range in.files {
		n += int(f.scanned.Load())
	}
	return n
}

// SetBlockSize sets the usual number of bytes of a block.
func (in *Input) SetBlockSize(n int) { in.blockSize = n }

// SetMaxKept sets how many bytes of undivided files may have their facts kept.
func (in *Input) SetMaxKept(n int64) { in.maxKept = n }

// SetMaxSaved sets how many bytes of saved facts are in memory.
func (in *Input) SetMaxSaved(n int) { in.maxSaved = n }

// SavedFact writes a fact in which every field is set, as it is saved, and returns it
// and what is read again.
func SavedFact() (written, read any) {
	text := "some text of a block of rows"
	f, n := &factDraft{}, 0
	fillFields(reflect.ValueOf(f).Elem(), &n, text)
	f.source, f.errs, f.defaults = nil, nil, nil
	for _, e := range append(f.evidenceList, f.ownEvidence) {
		e.inline = 1
	}
	w := &draftCodec{text: text}
	w.fact(f)
	from := &replay{block: &block{}}
	r := &draftCodec{text: text, saved: string(w.data), from: from}
	out := from.newFact()
	r.fact(out)
	return f, out
}

// fillFields sets all fields of a value to different values.
func fillFields(v reflect.Value, n *int, text string) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
		if *n%2 == 0 {
			v.SetString(text[*n%10 : 10+*n%10])
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32:
		v.SetInt(int64(*n * *n * 100))
	case reflect.Float64:
		v.SetFloat(1 / float64(*n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fillFields(v.Index(i), n, text)
		}
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*source]() || v.Type() == reflect.TypeFor[*positionedError]() {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		fillFields(v.Elem(), n, text)
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			fillFields(reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem(), n, text)
		}
	default:
		panic(v.Type())
	}
}

// CSVRowEnds returns where the rows of a table end.
func CSVRowEnds(text []byte, comma byte) (ends []int) {
	at := 0
	for at < len(text) {
		n := csvRowLength(text[at:], comma)
		if n == 0 {
			break
		}
		at += n
		ends = append(ends, at)
	}
	return ends
}

// ScanJSON reports whether the fast scanner reads a value, whether the slow parser
// does, and whether both find the same.
func ScanJSON(text string) (fast, slow, same bool) {
	s := &source{file: &file{path: "f"}, text: text, firstLine: 1}
	var scanner jsonScanner
	scanner.reset(text, 1)
	got := scanner.single()
	want, err := newJSONParser(s, text, 1).single()
	return got != nil, err == nil, got != nil && err == nil && sameNodes(got, want)
}

func sameNodes(a, b *node) bool {
	if a.text != b.text || a.kind != b.kind || len(a.items) != len(b.items) || len(a.keys) != len(b.keys) {
		return false
	}
	for i := range a.keys {
		if a.keys[i] != b.keys[i] {
			return false
		}
	}
	for i := range a.items {
		if !sameNodes(a.items[i], b.items[i]) {
			return false
		}
	}
	return true
}

// Divided returns how many blocks an input of one file is divided into; 0 for a file
// that is parsed whole.
func (in *Input) Divided() int {
	f := in.files[0]
	if !f.isMapping() || f.isWhole || f.size <= int64(in.blockSize) {
		return 0
	}
	blocks, err := f.divide(in.opts.Vocabulary, in.blockSize)
	if err != nil {
		return 0
	}
	return len(blocks)
}
