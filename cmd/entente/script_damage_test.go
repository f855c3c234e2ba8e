package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// spoil overwrites a file except its first bytes.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	for i := 2 * os.Getpagesize(); i < len(data); i++ {
		data[i] = 0xa5
	}
	ts.Check(os.WriteFile(name, data, 0o644))
}

// flip changes a bit in blocks of a table: flip g/graph.db spol.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	if !flipBlocks(data, args[1]) {
		ts.Fatalf("no block of %s", args[1])
	}
	ts.Check(os.WriteFile(name, data, 0o644))
}

// flipBlocks damages the first block of a table in each page that contains one, also in
// pages of older states. It finds blocks by their checksum, which the documentation of
// the file format defines.
func flipBlocks(file []byte, table string) (found bool) {
	for at := 2 * os.Getpagesize(); at < len(file); at += os.Getpagesize() {
		found = flipInPage(file[at:min(len(file), at+os.Getpagesize())], table) || found
	}
	return found
}

func flipInPage(page []byte, table string) bool {
	const head, element, leaf, bucket = 16, 16, 2, 1
	u32 := binary.NativeEndian.Uint32
	if len(page) < head || page[8] != leaf {
		return false
	}
	for i := range int(binary.NativeEndian.Uint16(page[10:])) {
		e := page[min(head+element*i, len(page)-element):]
		key, value := int(u32(e[4:])), int(u32(e[4:])+u32(e[8:]))
		end := value + int(u32(e[12:]))
		switch {
		case end > len(e) || end-value < 5:
		case u32(e) == bucket && flipInPage(e[value+16:end], table):
			return true
		case u32(e) == 0:
			sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
			fmt.Fprintf(sum, "3%s%s%s", table, e[key:value], e[value+4:end])
			if binary.BigEndian.Uint32(e[value:]) == sum.Sum32() {
				e[end-1] ^= 1
				return true
			}
		}
	}
	return false
}

// unname removes the newest state from the meta page that refers to it: unname g/graph.db
// clears the page, unname g/graph.db FILE replaces it by the page of an older file, and
// unname g/graph.db other by the meta page of the previous state.
func unname(ts *testscript.TestScript, neg bool, args []string) {
	name, size := ts.MkAbs(args[0]), os.Getpagesize()
	data, err := os.ReadFile(name)
	ts.Check(err)
	transaction := func(page int) uint64 { return binary.NativeEndian.Uint64(data[page*size+16+48:]) }
	newest := 0
	if transaction(1) > transaction(0) {
		newest = 1
	}
	page := data[newest*size:][:size]
	switch {
	case len(args) == 1:
		clear(page)
	case args[1] == "other":
		copy(page, data[(1-newest)*size:][:size])
	default:
		older, err := os.ReadFile(ts.MkAbs(args[1]))
		ts.Check(err)
		copy(page, older[newest*size:])
	}
	ts.Check(os.WriteFile(name, data, 0o644))
}

// generate makes a file that is too large for the repository: generate line-of-10-MB
// big.jsonl.
func generate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: generate WHAT FILE")
	}
	text := ""
	switch args[0] {
	case "line-of-10-MB":
		text = `{"kind": "Person", "name": "` + strings.Repeat("x", 10<<20) + "\"}\n"
	case "lists-in-lists":
		text = "people: " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\n"
	case "lists-in-lists-of-json":
		text = `{"people": ` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "}\n"
	case "objects-in-objects":
		text = strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	case "aliases-of-aliases":
		text = bomb()
	case "long-script":
		text = strings.Repeat("x", 2<<20) + "\n1 + 1\n" + strings.Repeat("[", 900_000) + "\n1 + 1\n"
	case "deep":
		text = strings.Repeat("(a=", 20_000) + "\n1 + 1\n"
	case "bomb.nq":
		text = strings.Repeat("<http://e.org/a> <http://e.org/b> \"x\" .\n", 70<<20/40)
	case "bomb.json":
		text = `["` + strings.Repeat(" ", 70<<20) + `"]`
	case "long.nq":
		text = "<http://e.org/a> <http://e.org/b> \"x\" .\n<http://e.org/a> <http://e.org/b> \"" + strings.Repeat("é%d ", 1<<19) + "\" .\n"
	case "bad-rows":
		text = "from,to,type\n" + strings.Repeat("Nobody,Ely Ratner,met\n", 30)
	default:
		ts.Fatalf("cannot generate %q", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// bomb returns a small YAML file that expands to a billion values.
func bomb() string {
	var b strings.Builder
	b.WriteString("l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&b, "l%d: &l%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*l%d, ", i-1), 10), ", "))
	}
	return b.String()
}

// pack compresses a file: pack FILE FILE.gz.
func pack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pack FILE FILE.gz")
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o644))
}
