// Package library has six programs that use entente as a library, each in a test
// file of its own: they import no more than two of its packages and use no more
// than ten of its names. It is a module of its own, so go test runs in this folder.
package library
