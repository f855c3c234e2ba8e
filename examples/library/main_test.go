package library

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// folder has a graph of the shipped example, for the programs that read one.
var folder string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if folder, err = os.MkdirTemp("", "graph"); err == nil {
		defer os.RemoveAll(folder)
		_, err = load(context.Background(), "../us-china-2023", folder)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
