package graph

import (
	"context"
	"regexp"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
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

// factsAtOnce is how many facts [inputDigest.removeLines] reads together.
const factsAtOnce = 512

// removeLines replaces the quads of evidence that cites a line of a file.
func (d *inputDigest) removeLines(ctx context.Context) error {
	facts, err := d.citingFacts(ctx)
	if err != nil || facts.Count() == 0 {
		return err
	}
	link, err := d.snapshot.ID(schema.EvidenceTerm)
	if err != nil {
		return err
	}
	task := progress.Begin(ctx, "computing the digest", "facts", int64(facts.Count()))
	defer task.End()
	subjects := d.snapshot.SubjectReader()
	read := func(ids []uint64) error {
		if err := subjects.ReadContext(ctx, ids, link); err != nil {
			return err
		}
		for i := range ids {
			own, all := subjects.Quads(i)
			d.replaceEvidence(own, all[len(own):])
		}
		task.Add(int64(len(ids)))
		return nil
	}
	ids := make([]uint64, 0, factsAtOnce)
	for id := range facts.All() {
		if ids = append(ids, id); len(ids) == factsAtOnce {
			if err := read(ids); err != nil {
				return err
			}
			ids = ids[:0]
		}
	}
	return read(ids)
}

// citingFacts returns the facts with evidence that cites a file.
func (d *inputDigest) citingFacts(ctx context.Context) (facts store.IDSet, err error) {
	evidence, facts := d.snapshot.NewIDSet(), d.snapshot.NewIDSet()
	for file := range d.files {
		p := store.Pattern{Predicate: schema.SourceTerm, Object: file[0], Label: file[1]}
		for q, err := range d.snapshot.MatchIDs(ctx, p) {
			if err != nil {
				return nil, err
			}
			evidence.Put(q[0])
		}
	}
	if evidence.Count() == 0 {
		return facts, nil
	}
	for q, err := range d.snapshot.MatchIDs(ctx, store.Pattern{Predicate: schema.EvidenceTerm}) {
		if err != nil {
			return nil, err
		}
		if evidence.Has(q[2]) {
			facts.Put(q[0])
		}
	}
	return facts, nil
}

// replaceEvidence replaces the quads of a fact's evidence, as far as it cites a line of a
// file. The quads of one piece of evidence follow each other.
func (d *inputDigest) replaceEvidence(fact, evidence []quad.Quad) {
	for len(evidence) > 0 {
		n := slices.IndexFunc(evidence, func(q quad.Quad) bool { return q.Subject != evidence[0].Subject })
		if n < 0 {
			n = len(evidence)
		}
		id := evidence[0].Subject
		links := func(q quad.Quad) bool { return q.Predicate == schema.EvidenceTerm && q.Object == id }
		if i := slices.IndexFunc(fact, links); i >= 0 && d.citesLine(evidence[:n]) {
			d.replace(fact[i], evidence[:n])
		}
		evidence = evidence[n:]
	}
}

// linePattern matches a locator that a loader makes for evidence without a source.
var linePattern = regexp.MustCompile(`^(?:row [0-9]+|line [0-9]+(?:, column [0-9]+)?)$`)

// isLine reports whether a quad says at which line of its source evidence stands.
func isLine(q quad.Quad) bool {
	return q.Predicate == schema.LocatorTerm && linePattern.MatchString(quad.ToString(q.Object))
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
