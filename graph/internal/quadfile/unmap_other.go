//go:build !linux

package quadfile

// unmap does nothing: the system cannot do it.
func unmap([]byte) {}
