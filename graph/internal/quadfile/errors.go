package quadfile

import (
	"errors"
	"fmt"
	"runtime/debug"
)

var (
	// ErrVersion means that the file was written in another format version.
	ErrVersion = errors.New("unknown format version")
	// ErrDamaged means that the file is not a store, or that some of its bytes
	// are not the bytes that were written.
	ErrDamaged = errors.New("store is damaged")
)

// RecoverPanic runs fn, which reads pages of the mapped file. bbolt trusts pages,
// so a damaged page can cause a panic or a read outside the file; RecoverPanic
// returns ErrDamaged for both.
func RecoverPanic(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return fn()
}
