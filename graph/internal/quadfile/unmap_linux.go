package quadfile

import "syscall"

// unmap frees the memory of the pages of a mapped file. They are mapped again when they are
// read. An error does not matter: the pages stay.
func unmap(file []byte) { _ = syscall.Madvise(file, syscall.MADV_DONTNEED) }
