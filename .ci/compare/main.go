// Command compare measures entente's store beside stock Cayley, SQLite and
// oxigraph on the same data, and prints the ratios. The script run beside it
// installs what it needs and builds it.
//
// To add a system: a file with a type for it, and a line in system.go. To add a
// measure: a line in measures.go, and where child.go takes it.
//
// With the first argument paths, it measures how paths are found instead, beside
// other systems: the script paths, and the files that begin with that word. To add
// a system there: a line in paths.go, and a program that reads what paths_world.go
// writes and prints what paths_answers.go reads.
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

// parseSizes reads numbers of quads: 100k 1M 10M.
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
