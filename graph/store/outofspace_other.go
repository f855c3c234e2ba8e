//go:build !unix

package store

func outOfSpace(error) bool { return false }
