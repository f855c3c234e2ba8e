package paths

import "slices"

// maxSplits is the highest number of branches to split for paths with via nodes: to
// find such paths without loops is NP-hard.
const maxSplits = 1 << 18

// splitBranch refines a branch whose best path is not known or has a loop. It first
// continues the backward search up to the bound. If the bound is reached, it makes a
// branch of each next node.
func (r *kShortest) splitBranch(b *branch) error {
	if r.splits++; r.splits > maxSplits {
		return ErrCut
	}
	if r.back.queue.first() <= b.bound {
		for bound := b.bound; r.back.queue.first() <= bound; {
			if err := r.stepBack(nil); err != nil {
				return err
			}
		}
		return r.addBranch(b)
	}
	if len(b.prefix) == 0 {
		for _, node := range r.plan.from {
			if !slices.Contains(b.barred, node) {
				if err := r.addBranch(&branch{prefix: []uint32{node}}); err != nil {
					return err
				}
			}
		}
		return nil
	}
	var children []*branch
	places := map[uint32]int{}
	err := r.eachNext(b, func(node uint32, w weight) {
		if i, ok := places[node]; ok { // the node is in both adjacencies
			children[i].spent = min(children[i].spent, b.spent+w)
			return
		}
		places[node] = len(children)
		children = append(children, &branch{prefix: append(slices.Clone(b.prefix), node), spent: b.spent + w})
	})
	for _, child := range children {
		switch {
		case err != nil:
		case !containsNode(r.plan.to, child.prefix[len(child.prefix)-1]):
			err = r.addBranch(child)
		case r.missingVia(child.prefix) == 0:
			child.bound, child.rest = child.spent, []uint32{}
			r.pushBranch(child)
		}
	}
	return err
}
