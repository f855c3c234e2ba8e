//go:build unix

package store

import (
	"errors"
	"syscall"
)

// outOfSpace reports whether a mapping was refused for its size.
func outOfSpace(err error) bool {
	return errors.Is(err, syscall.ENOMEM) || errors.Is(err, syscall.EINVAL)
}
