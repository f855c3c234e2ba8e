package loaders

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
