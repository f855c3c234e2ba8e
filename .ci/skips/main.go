// Command skips reads the output of `go test -json` and prints the failures. It fails
// if a test failed or was skipped.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

// known matches the accepted skips: Cayley's own suite skips one case, whose
// expectation does not decide it, with and without the optimizer.
var known = regexp.MustCompile(`^github.com/entente-kg/entente/graph/cayley TestCayley.*/order_with_a_next_path(_\(unoptimized\))?#01$`)

func main() {
	output := make(map[string]*strings.Builder)
	bad := 0
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Println(lines.Text())
			bad++
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			if output[key] == nil {
				output[key] = &strings.Builder{}
			}
			output[key].WriteString(e.Output)
		case "fail", "build-fail":
			bad++
			fmt.Printf("FAIL %s\n%s", key, text(output[key]))
		case "skip":
			if e.Test != "" && !known.MatchString(key) {
				bad++
				fmt.Printf("SKIPPED %s\n%s", key, text(output[key]))
			}
		case "pass":
			if e.Test == "" {
				fmt.Printf("ok %s %.1fs\n", e.Package, e.Elapsed)
			}
		}
		if e.Action != "output" {
			delete(output, key)
		}
	}
	if bad > 0 || lines.Err() != nil {
		fmt.Println("failed or skipped:", bad, lines.Err())
		os.Exit(1)
	}
}

func text(b *strings.Builder) string {
	if b == nil {
		return ""
	}
	return b.String()
}
