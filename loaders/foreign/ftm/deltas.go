package ftm

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// The operations of a delta. An entity that is added or modified comes whole.
const (
	opAdd    = "ADD"
	opModify = "MOD"
	opDelete = "DEL"
)

// IsDelta reports whether a file changes the entities of another file: its first line is
// an operation, or it is empty and its name ends as OpenSanctions ends those of deltas.
func IsDelta(name string, head []byte) bool {
	if len(bytes.TrimSpace(head)) == 0 {
		return strings.HasSuffix(strings.ToLower(name), ".delta.json")
	}
	first, _ := firstLine(head)
	return first.Op != "" && first.Entity != nil
}

// Deltas are the operations of files of deltas, in their order, on the entities of one full
// file. What reads these files makes the records of the entities that are there after the
// last operation: the last one that names an entity decides.
type Deltas struct {
	files    []deltaFile
	entities map[string]int32 // the index of each entity that an operation names, by its id
	last     []place          // the last operation on each entity
	inFull   []uint32         // 1 for an entity that the full file has
}

// deltaFile is the operations of one file.
type deltaFile struct {
	path string
	ops  []operation
}

// operation is a line of a delta.
type operation struct {
	entity, line int32
	op           byte // the first letter of its name
}

// place is a line of one of the files. The full file has the number 0.
type place struct{ file, line int32 }

// NewDeltas returns no deltas yet.
func NewDeltas() *Deltas { return &Deltas{entities: make(map[string]int32)} }

// Add reads the operations of a file, which follow those of the files before, and returns
// what reads the file for its records. A line that is not well-formed is left out here, and
// is an error then. No file may be added after any was read for its records.
func (d *Deltas) Add(path string, r io.Reader) (*mapping.Mapping, error) {
	f, number := deltaFile{path: path}, int32(len(d.files)+1)
	lines := bufio.NewReaderSize(r, 1<<16)
	for line := int32(1); ; line++ {
		text, err := lines.ReadBytes('\n')
		if line == 1 {
			text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		}
		if op, id := operationOf(text); id != "" {
			entity := d.entity(id)
			d.last[entity] = place{number, line}
			f.ops = append(f.ops, operation{entity, line, op[0]})
		}
		if err == io.EOF {
			d.files = append(d.files, f)
			return d.mapping(number)
		}
		if err != nil {
			return nil, err
		}
	}
}

// operationOf returns the operation of a line and the id of its entity; no id if the line
// is not well-formed.
func operationOf(line []byte) (op, id string) {
	var top, entity map[string]json.RawMessage // not a struct, whose keys would match in any case
	var value any
	if json.Unmarshal(line, &top) != nil || json.Unmarshal(top["op"], &op) != nil || !isOperation(op) || json.Unmarshal(top["entity"], &entity) != nil {
		return "", ""
	}
	d := json.NewDecoder(bytes.NewReader(entity["id"]))
	if d.UseNumber(); d.Decode(&value) != nil || value == nil {
		return "", ""
	}
	return op, strings.TrimSpace(fmt.Sprint(value))
}

func isOperation(op string) bool { return op == opAdd || op == opModify || op == opDelete }

// entity returns the index of an entity.
func (d *Deltas) entity(id string) int32 {
	i, known := d.entities[id]
	if !known {
		i = int32(len(d.last))
		d.entities[id] = i
		d.last, d.inFull = append(d.last, place{}), append(d.inFull, 0)
	}
	return i
}

// Full returns what reads the full file.
func (d *Deltas) Full() (*mapping.Mapping, error) { return d.mapping(0) }

func (d *Deltas) mapping(number int32) (*mapping.Mapping, error) {
	return mapping.ByCode("ftm", version, "", reader{d, number})
}

// Applied counts what a delta did to the entities before it.
type Applied struct {
	Path                    string
	Added, Changed, Deleted int

	// Operations that do not fit the entities before them: one that adds an entity which
	// is there replaces it, one that modifies an entity which is missing adds it, and one
	// that deletes such an entity does nothing.
	There, Missing, Gone int

	// First is the place of the first of these.
	First schema.Position
}

// Applied returns the counts of each delta, once all files were read.
func (d *Deltas) Applied() (all []Applied) {
	isThere := make([]bool, len(d.inFull))
	for i := range d.inFull {
		isThere[i] = atomic.LoadUint32(&d.inFull[i]) == 1
	}
	for _, f := range d.files {
		a := Applied{Path: f.path}
		for _, o := range f.ops {
			a.count(o, isThere[o.entity])
			isThere[o.entity] = o.op != opDelete[0]
		}
		all = append(all, a)
	}
	return all
}

// count counts an operation on an entity that is there before it, or not.
func (a *Applied) count(o operation, isThere bool) {
	fits := isThere == (o.op != opAdd[0])
	switch {
	case o.op == opDelete[0] && isThere:
		a.Deleted++
	case o.op == opDelete[0]:
		a.Gone++
	case isThere:
		a.Changed++
	default:
		a.Added++
	}
	if fits {
		return
	}
	switch o.op {
	case opAdd[0]:
		a.There++
	case opModify[0]:
		a.Missing++
	}
	if a.First == (schema.Position{}) {
		a.First = schema.Position{File: a.Path, Line: int(o.line), Col: 1}
	}
}

// errDelta returns the error of an operation where entities were expected.
func errDelta() error {
	return schema.WithHint(errors.New("a delta, which changes the entities of another file"), func() string {
		return "load it after the full file, as in entente load FULL DELTA, or into its dataset, with --dataset NAME"
	})
}

// errMixed returns the error of an operation in a full file, or of an entity in a delta.
func errMixed(what string) error {
	return schema.WithHint(fmt.Errorf("%w: %s", mapping.ErrRefused, what), func() string {
		return "entities and deltas are in files of their own: entente load FULL DELTA"
	})
}

// current returns the entity of a line, unless a later operation replaces or deletes it;
// then, and after an error, it returns nil.
func (f reader) current(x *entity) *mapping.Node {
	op := x.row.Child("op")
	if f.number > 0 {
		return f.changed(x, op)
	}
	if op != nil {
		x.fail("op", op, errMixed("a delta among entities"))
		return nil
	}
	if i, isNamed := f.deltas.entities[x.row.TextOf("id")]; isNamed {
		atomic.StoreUint32(&f.deltas.inFull[i], 1)
		return nil
	}
	return x.row
}

// changed returns the entity of a line of a delta.
func (f reader) changed(x *entity, op *mapping.Node) *mapping.Node {
	of, id := x.row.Child("entity"), x.row.Child("entity").TextOf("id")
	switch {
	case op == nil && x.row.Child("schema") != nil:
		x.fail("schema", x.row.Child("schema"), errMixed("an entity among deltas"))
		return nil
	case op == nil:
		x.fail("op", nil, errors.New("a line of a delta without an op"))
		return nil
	case !isOperation(op.Value()):
		x.fail("op", op, schema.WithHint(fmt.Errorf("unknown op %q", op.Value()), func() string {
			return "known are ADD, MOD and DEL"
		}))
		return nil
	case id == "":
		x.fail("id", of, errors.New("a delta without the id of an entity"))
		return nil
	}
	i, isNamed := f.deltas.entities[id]
	if !isNamed || areMany(x.row, "op") || areMany(x.row, "entity") || areMany(of, "id") {
		x.fail("id", of.Child("id"), errors.New("a delta is one object a line, in which each key is there once"))
		return nil
	}
	if f.deltas.last[i] != (place{f.number, x.row.Line}) || op.Value() == opDelete {
		return nil
	}
	return of
}

// areMany reports whether a node has several children of a name.
func areMany(n *mapping.Node, name string) bool {
	number := 0
	for range n.All(name) {
		number++
	}
	return number > 1
}
