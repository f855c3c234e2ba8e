package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
	"github.com/entente-kg/entente/schema/progress"
)

// Digest returns the digest of what a snapshot of a graph states, in hexadecimal. It is the
// sum of [store.Snapshot.Digest] without what only says from which bytes a dataset was read:
//   - the notes of loads, and the hash of each input;
//   - for each file of an input that is cited as a document, the hash of its bytes;
//   - for evidence that cites a line or row of such a file, the line, and the id, which
//     follows from the line. One hash stands for all other quads of such evidence.
//
// A file that was formatted, commented or moved has the digest that it had before.
func Digest(ctx context.Context, s *Snapshot) (string, error) {
	all, err := s.Digest(ctx)
	if err != nil {
		return "", err
	}
	return digestOfFacts(ctx, s, all)
}

// digestOfFacts returns [Digest] for the digest of all quads of a snapshot.
func digestOfFacts(ctx context.Context, s *Snapshot, all string) (string, error) {
	sum, err := store.ParseDigest(all)
	if err != nil {
		return "", err
	}
	d := &inputDigest{snapshot: s, sum: sum}
	for _, p := range []store.Pattern{{Label: LoadsLabel}, {Predicate: inputTerm}} {
		if err := d.remove(ctx, p); err != nil {
			return "", err
		}
	}
	if err := d.removeFiles(ctx); err != nil {
		return "", err
	}
	if err := d.removeLines(ctx); err != nil {
		return "", err
	}
	return d.sum.String(), nil
}

// inputDigest removes from a digest what says from which bytes datasets were read.
type inputDigest struct {
	snapshot *store.Snapshot
	sum      store.Digest
	files    map[[2]quad.Value]bool // the documents that are files of inputs, with the labels of their datasets
}

// remove removes the quads that match a pattern.
func (d *inputDigest) remove(ctx context.Context, p store.Pattern) error {
	for q, err := range d.snapshot.Match(ctx, p) {
		if err != nil {
			return err
		}
		d.sum.Remove(q)
	}
	return nil
}

// removeFiles finds the documents that are files of inputs, and removes the hashes of
// their bytes.
func (d *inputDigest) removeFiles(ctx context.Context) error {
	d.files = make(map[[2]quad.Value]bool)
	for q, err := range d.snapshot.Match(ctx, store.Pattern{Predicate: schema.SHA256Term}) {
		if err != nil {
			return err
		}
		isFile, err := d.isFile(ctx, q.Subject, q.Label)
		if err != nil {
			return err
		}
		if isFile {
			d.files[[2]quad.Value{q.Subject, q.Label}] = true
			d.sum.Remove(q)
		}
	}
	return nil
}

// isFile reports whether a document is a file of the input of a dataset: its id follows
// from its title, which is the path of the file, and from the dataset.
func (d *inputDigest) isFile(ctx context.Context, document, label quad.Value) (bool, error) {
	dataset, ok := schema.DatasetName(label)
	if !ok {
		return false, nil
	}
	for q, err := range d.snapshot.Match(ctx, store.Pattern{Subject: document, Predicate: schema.LabelTerm, Label: label}) {
		if err != nil {
			return false, err
		}
		if schema.FileID(dataset, quad.ToString(q.Object)).Value() == document {
			return true, nil
		}
	}
	return false, nil
}

// citation is the ids of evidence that cites a file, and of its fact.
type citation struct{ evidence, fact uint64 }

// citationsAtOnce is how many pieces of evidence are read together.
const citationsAtOnce = 1024

// removeLines replaces the quads of evidence that cites a line of a file.
func (d *inputDigest) removeLines(ctx context.Context) error {
	cited, err := d.evidenceOfFiles(ctx)
	if err != nil || cited.Count() == 0 {
		return err
	}
	task := progress.Begin(ctx, "computing the digest", "evidence", int64(cited.Count()))
	defer task.End()
	subjects := d.snapshot.SubjectReader()
	part := make([]citation, 0, citationsAtOnce)
	for q, err := range d.snapshot.MatchIDs(ctx, store.Pattern{Predicate: schema.EvidenceTerm}) {
		if err != nil {
			return err
		}
		if !cited.Has(q[2]) {
			continue
		}
		if part = append(part, citation{q[2], q[0]}); len(part) == cap(part) {
			if err := d.replaceEvidence(ctx, subjects, part); err != nil {
				return err
			}
			task.Add(int64(len(part)))
			part = part[:0]
		}
	}
	return d.replaceEvidence(ctx, subjects, part)
}

// evidenceOfFiles returns the evidence that cites a file.
func (d *inputDigest) evidenceOfFiles(ctx context.Context) (store.IDSet, error) {
	evidence := d.snapshot.NewIDSet()
	for file := range d.files {
		p := store.Pattern{Predicate: schema.SourceTerm, Object: file[0], Label: file[1]}
		for q, err := range d.snapshot.MatchIDs(ctx, p) {
			if err != nil {
				return nil, err
			}
			evidence.Put(q[0])
		}
	}
	return evidence, nil
}

// replaceEvidence replaces the quads of evidence, as far as it cites a line of a file.
func (d *inputDigest) replaceEvidence(ctx context.Context, subjects *store.SubjectReader, part []citation) error {
	slices.SortFunc(part, func(a, b citation) int { return cmp.Compare(a.evidence, b.evidence) })
	var ids, factIDs []uint64
	for _, c := range part {
		ids, factIDs = append(ids, c.evidence), append(factIDs, c.fact)
	}
	slices.Sort(factIDs)
	factIDs = slices.Compact(factIDs)
	facts := make([]quad.Value, 0, len(factIDs))
	for fact, err := range d.snapshot.Terms(ctx, factIDs) {
		if err != nil {
			return err
		}
		facts = append(facts, fact)
	}
	if err := subjects.ReadContext(ctx, ids, 0); err != nil {
		return err
	}
	for i, c := range part {
		quads, _ := subjects.Quads(i)
		if at, ok := slices.BinarySearch(factIDs, c.fact); ok && d.citesLine(quads) {
			link := quad.Quad{Subject: facts[at], Predicate: schema.EvidenceTerm, Object: quads[0].Subject, Label: quads[0].Label}
			d.replace(link, quads)
		}
	}
	return nil
}

// linePattern matches a locator that a loader makes for evidence without a source.
var linePattern = pattern.New(`^(?:row [0-9]+|line [0-9]+(?:, column [0-9]+)?(?: of the delta [^\n]+)?)$`)

// isLine reports whether a quad says at which line of its source evidence stands.
func isLine(q quad.Quad) bool {
	return q.Predicate == schema.LocatorTerm && linePattern().MatchString(quad.ToString(q.Object))
}

// citesLine reports whether the quads of evidence cite a line of a file.
func (d *inputDigest) citesLine(quads []quad.Quad) bool {
	citesFile := func(q quad.Quad) bool {
		return q.Predicate == schema.SourceTerm && d.files[[2]quad.Value{q.Object, q.Label}]
	}
	return slices.ContainsFunc(quads, citesFile) && slices.ContainsFunc(quads, isLine)
}

// replace replaces the quads of evidence by one hash of them without its id and its line.
func (d *inputDigest) replace(link quad.Quad, quads []quad.Quad) {
	const id = quad.BNode("evidence")
	d.sum.Remove(link)
	link.Object = id
	together := []quad.Quad{link}
	for _, q := range quads {
		d.sum.Remove(q)
		if isLine(q) {
			continue
		}
		q.Subject = id
		together = append(together, q)
	}
	d.sum.AddTogether(together)
}
