// Package spool keeps values with keys until they are read again in groups of one key.
// Memory does not grow with the values: beyond a number of them they are in temporary
// files.
package spool

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
)

// Spool keeps values. [New] makes one.
type Spool[T any] struct {
	key    func(T) string
	prefix int
	most   int
	count  int
	groups map[string][]T   // by key, until there are too many values
	parts  map[string]*part // by the first bytes of keys
}

// part is a file with the values whose keys begin alike.
type part struct {
	file    *os.File
	writer  *bufio.Writer
	encoder *gob.Encoder
	count   int
}

// New returns an empty spool of values with keys. It keeps up to most values in memory.
// Beyond that it has a file for each distinct beginning of keys, of prefix bytes, and when
// it is read the values of one file are in memory.
func New[T any](key func(T) string, prefix, most int) *Spool[T] {
	return &Spool[T]{key: key, prefix: prefix, most: most, groups: make(map[string][]T)}
}

// Add adds a value.
func (s *Spool[T]) Add(value T) error {
	s.count++
	if s.parts != nil {
		return s.write(value)
	}
	key := s.key(value)
	s.groups[key] = append(s.groups[key], value)
	if s.count <= s.most {
		return nil
	}
	s.parts = make(map[string]*part)
	for _, group := range s.groups {
		for _, value := range group {
			if err := s.write(value); err != nil {
				return err
			}
		}
	}
	s.groups = nil
	return nil
}

func (s *Spool[T]) write(value T) error {
	key := s.key(value)
	begin := key[:min(s.prefix, len(key))]
	p := s.parts[begin]
	if p == nil {
		file, err := os.CreateTemp("", "entente-")
		if err != nil {
			return err
		}
		_ = os.Remove(file.Name()) // the system frees the file when it is closed
		w := bufio.NewWriterSize(file, 1<<14)
		p = &part{file, w, gob.NewEncoder(w), 0}
		s.parts[begin] = p
	}
	p.count++
	return p.encoder.Encode(value)
}

// Groups yields the values of each key together, as they were added, in the order of keys.
// It is called once, after the last Add.
func (s *Spool[T]) Groups() iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		if s.parts == nil {
			yieldGroups(s.groups, yield)
			return
		}
		for _, begin := range slices.Sorted(maps.Keys(s.parts)) {
			groups, err := s.read(s.parts[begin])
			if err != nil {
				yield(nil, fmt.Errorf("temporary file: %w", err))
				return
			}
			if !yieldGroups(groups, yield) {
				return
			}
		}
	}
}

func yieldGroups[T any](groups map[string][]T, yield func([]T, error) bool) bool {
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		if !yield(groups[key], nil) {
			return false
		}
		delete(groups, key)
	}
	return true
}

func (s *Spool[T]) read(p *part) (map[string][]T, error) {
	if err := p.writer.Flush(); err != nil {
		return nil, err
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	decoder, groups := gob.NewDecoder(bufio.NewReader(p.file)), make(map[string][]T)
	for range p.count {
		var value T
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		key := s.key(value)
		groups[key] = append(groups[key], value)
	}
	return groups, nil
}

// Close removes the files.
func (s *Spool[T]) Close() error {
	var errs []error
	for _, p := range s.parts {
		errs = append(errs, p.file.Close())
	}
	s.parts, s.groups = nil, nil
	return errors.Join(errs...)
}
