package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// shownPlace is the place of an input as seen from the current folder.
func shownPlace(place string) string {
	if !filepath.IsAbs(place) {
		return place
	}
	here, err := os.Getwd()
	if err != nil {
		return place
	}
	if real, err := filepath.EvalSymlinks(here); err == nil {
		here = real
	}
	if relative, err := filepath.Rel(here, place); err == nil {
		return relative
	}
	return place
}

// samePath reports whether two paths lead to one file or folder.
func samePath(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// waysOut are what a person can do about two inputs of one name.
const waysOut = "to keep both, load this one with --dataset NAME; to replace the other, with --replace"

// elsewhere says of an input that it would replace a dataset of another place,
// with paths as seen from here.
func elsewhere(err error, in *loaders.Input) error {
	e := (*graph.PlaceError)(nil)
	if !errors.As(err, &e) {
		return err
	}
	was := "of which the graph does not know where it was loaded from"
	if e.Old != "" {
		was = "loaded from " + shownPlace(e.Old) + titled(e.OldTitle)
	}
	now := shownPlace(e.New) + titled(e.NewTitle)
	hint := waysOut
	if e.Carried {
		hint = fmt.Sprintf("%s brings the dataset under this name; to replace the other, load it with --replace; to keep both, load it into another graph", in.Path)
	}
	said := fmt.Errorf("there is a dataset %q, %s, which %s would replace", e.Dataset, was, now)
	return schema.WithHint(placeError{said, err}, func() string { return hint })
}

func titled(title string) string {
	if title = strings.TrimSpace(title); title == "" {
		return ""
	}
	return fmt.Sprintf(" (“%s”)", title)
}

// placeError has a text of its own in place of that of its cause.
type placeError struct {
	error
	cause error
}

func (e placeError) Unwrap() error { return e.cause }

// twice refuses two inputs of one name in one command.
func twice(a, b, dataset string) error {
	err := inputError{fmt.Errorf("%s and %s would both be dataset %q, and one would replace the other", a, b, dataset)}
	return schema.WithHint(err, func() string {
		return "load them one by one, with --dataset NAME to keep both or with --replace to keep the last; or rename one"
	})
}
