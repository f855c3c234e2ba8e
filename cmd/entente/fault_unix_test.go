//go:build unix

package main

import (
	"os"
	"syscall"
)

// readCutFile reads a memory-mapped file that was truncated after it was mapped.
func readCutFile() (any, error) {
	f, err := os.CreateTemp("", "entente-test-*")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name())
	if err := f.Truncate(1 << 16); err != nil {
		return nil, err
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, 1<<16, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	if err := f.Truncate(0); err != nil {
		return nil, err
	}
	return data[1<<15], nil
}
