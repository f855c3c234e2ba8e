package store

import "os"

// writeEmpty writes a store in which nothing is.
func writeEmpty(f *os.File) error {
	out := newBoltFile(f)
	out.first = firstTransaction(0)
	root, err := out.addPage(leafFlag, []element{
		{key: keyFormat, value: []byte(formatMark + formatVersion)},
		{key: keyState, value: state{next: 1, transaction: out.first + 1}.encode()},
	}, 0)
	roots := map[string]uint64{string(bucketMeta): root}
	for _, name := range allTables("") {
		if err == nil {
			roots[name], err = out.addPage(leafFlag, nil, 0)
		}
	}
	if err != nil {
		return err
	}
	out.bucketsFrom(roots)
	return out.finish()
}
