package quadfile

import "os"

// WriteEmpty writes a store without quads.
func WriteEmpty(f *os.File) error {
	out := NewBoltFile(f)
	out.FirstTransaction = NewFirstTransaction(0)
	root, err := out.addPage(LeafFlag, []element{
		{key: KeyFormat, value: []byte(FormatMark + FormatVersion)},
		{key: KeyRecord, value: Record{NextID: 1, Transaction: out.FirstTransaction + 1}.Encode()},
	}, 0)
	roots := map[string]uint64{string(BucketMeta): root}
	for _, name := range AllTables("") {
		if err == nil {
			roots[name], err = out.addPage(LeafFlag, nil, 0)
		}
	}
	if err != nil {
		return err
	}
	out.BucketsFrom(roots)
	return out.Finish()
}
