//go:build unix

package store

import (
	"errors"
	"syscall"
)

// outOfSpace reports whether the system refused a mapping because of its size.
func outOfSpace(err error) bool {
	return errors.Is(err, syscall.ENOMEM) || errors.Is(err, syscall.EINVAL)
}
