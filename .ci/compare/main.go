// Command compare measures entente's store beside stock Cayley, SQLite and oxigraph on
// the same data, and prints the ratios. The script run beside it installs its
// dependencies and builds it.
//
// To add a system, add a file with a type for it and a line in system.go. To add a
// measure, add a line in measures.go and the measurement in child.go.
//
// With the first argument paths, it measures path searches instead: see the script
// paths, and the files whose names begin with paths. To add a system there, add a line
// in paths.go and a program that reads the files of paths_world.go and prints the JSON
// of paths_answers.go.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "child" {
		exit(runChild(os.Args[2]))
	}
	if len(os.Args) > 1 && os.Args[1] == "paths" {
		exit(runPaths(os.Args[2:]))
	}
	b := &bench{}
	var only string
	flag.StringVar(&b.entente, "entente", "entente", "the command, to make the data with")
	flag.StringVar(&b.scale, "scale", "scale", "the program .ci/scale, to make CSV with")
	flag.StringVar(&b.dir, "dir", "", "`FOLDER` for the data and the stores; emptied when done")
	flag.IntVar(&b.rounds, "rounds", 3, "how often to load and to open")
	flag.BoolVar(&b.worked, "processor-time", false, "time reads by the processor's work, for a machine that is busy")
	flag.StringVar(&only, "only", "", "systems, with commas between; all by default")
	flag.Parse()
	sizes, err := parseSizes(flag.Args())
	if err == nil {
		err = b.choose(only)
	}
	if err == nil {
		err = b.run(sizes)
	}
	exit(err)
}

func exit(err error) {
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, "compare:", err)
	os.Exit(1)
}

// parseSizes parses numbers of quads: 100k 1M 10M.
func parseSizes(args []string) (sizes []int, err error) {
	for _, arg := range args {
		digits := strings.NewReplacer("k", "000", "M", "000000").Replace(arg)
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1000 {
			return nil, fmt.Errorf("a size is a number of quads such as 100k or 1M, not %q", arg)
		}
		sizes = append(sizes, n)
	}
	if len(sizes) == 0 {
		return nil, fmt.Errorf("say how many quads: 100k, 1M, 10M")
	}
	return sizes, nil
}
