//go:build !unix

package main

// readCutFile panics in place of a fault: this system cannot truncate a mapped file.
func readCutFile() (any, error) { panic("unexpected fault address") }
