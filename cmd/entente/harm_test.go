package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/loaders/synth"
)

// harmed is a small graph of three datasets with levels. It has the current file and
// the files after each earlier load.
type harmed struct {
	file  []byte
	older [][]byte
	pages int
	want  map[string]string // the answers of commands
}

// harmedCommands are the commands whose answers are compared with the answers of the
// undamaged graph. query starts a process, so it runs seldom; "query here" runs its
// script in this process.
var harmedCommands = [][]string{
	{"facts", "--all", "--format", "json"}, {"path", "Fiza Baba", "Nipa Nopa"}, {"show", "Fiza Baba", "--all"},
	{"near", "Fiza Baba", "--all"}, {"timeline", "Fiza Baba", "--all"}, {"export", "--format", "nquads"}, {"stats"},
	{"query", script}, {"query here"},
}

const script = `entity("Fiza Baba").both().all()`

func harmedGraph(t *testing.T) *harmed {
	t.Helper()
	h, dir := &harmed{want: map[string]string{}}, filepath.Join(t.TempDir(), "g")
	for i, n := range []int{45, 35, 12, 5} {
		g, err := graph.Open(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.Load(t.Context(), fmt.Sprint("world", min(i, 2)), synth.Records(n, uint64(i+1)), &graph.LoadOptions{MaxErrors: -1}); err != nil {
			t.Fatal(err)
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		if h.file, err = os.ReadFile(filepath.Join(dir, graph.File)); err != nil {
			t.Fatal(err)
		}
		h.older = append(h.older, h.file)
	}
	h.older = h.older[:len(h.older)-1]
	h.pages = len(bytes.TrimRight(h.file, "\x00"))/4096 + 1
	for _, command := range harmedCommands {
		code, out, errs := h.ask(t, dir, command)
		if code != exitOK {
			t.Fatalf("%v: %d %s", command, code, errs)
		}
		h.want[command[0]] = out
	}
	t.Logf("%d bytes in %d pages", len(h.file), h.pages)
	return h
}

// ask runs a command. A command that does not end is a failure of the test.
func (h *harmed) ask(t *testing.T, dir string, command []string) (code int, out, errs string) {
	if command[0] == "query here" {
		return queryHere(t.Context(), dir)
	}
	var stdout, stderr bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	code = run(ctx, program, append(command, "--graph", dir), nil, &stdout, &stderr)
	if ctx.Err() != nil {
		t.Errorf("%v hangs", command)
	}
	return code, stdout.String(), stderr.String()
}

// queryHere runs the script in this process, in the way of a child of query.
func queryHere(ctx context.Context, dir string) (code int, out, errs string) {
	var rows bytes.Buffer
	g, err := graph.Open(ctx, dir, &graph.Options{ReadOnly: true})
	if err == nil {
		if stale := g.Stale(); stale != nil {
			errs = stale.Error()
		}
		err = errors.Join(queryRows(ctx, g, &rows), g.Close())
	}
	if err != nil {
		return exitCode(err), rows.String(), errs + err.Error()
	}
	return exitOK, rows.String(), errs
}

func queryRows(ctx context.Context, g *graph.Graph, rows io.Writer) error {
	snapshot, err := g.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	runner := gizmo.New(cayley.New(snapshot), &gizmo.Options{Vocabulary: g.Vocabulary(), Names: true})
	for row, err := range runner.Run(ctx, script, gizmo.Limits{}) {
		if err != nil {
			return err
		}
		fmt.Fprintf(rows, "%+v\n", row)
	}
	return nil
}

// check runs a command on a damaged graph. The answer must be correct, or the exit code
// must be 6. An answer with a warning that the graph is stale may lack the last change.
func (h *harmed) check(t *testing.T, dir, harm string, command []string) (refused bool) {
	code, out, errs := h.ask(t, dir, command)
	switch {
	case strings.Contains(errs, "panic") || strings.Contains(errs, "goroutine"):
		t.Errorf("%s: %s: %s", harm, command[0], errs)
	case code == exitDamaged:
		return true
	case code == exitOK && (out == h.want[command[0]] || strings.Contains(errs, "the last change may be lost")):
	case code == exitNotFound && strings.Contains(errs, "the last change may be lost"):
	default:
		t.Errorf("%s: %s: exit code %d, %d bytes instead of %d: %s", harm, command[0], code, len(out), len(h.want[command[0]]), errs)
	}
	return false
}

// harm is a damaged file, with a description of the damage.
type harm struct {
	name string
	file []byte
}

func (h *harmed) flip(bit int) harm {
	file := bytes.Clone(h.file)
	file[bit/8] ^= 1 << (bit % 8)
	return harm{fmt.Sprintf("page %d, bit %d flipped", bit/8/4096, bit%(8*4096)), file}
}

// other swaps pages, replaces pages by pages of older states, and truncates the file.
func (h *harmed) other(rng *rand.Rand) harm {
	file := bytes.Clone(h.file)
	page := func(file []byte, i int) []byte { return file[4096*i:][:4096] }
	switch a, b := rng.IntN(h.pages), rng.IntN(h.pages); rng.IntN(4) {
	case 0:
		kept := bytes.Clone(page(file, a))
		copy(page(file, a), page(file, b))
		copy(page(file, b), kept)
		return harm{fmt.Sprintf("pages %d and %d swapped", a, b), file}
	case 1:
		copy(page(file, a)[8:], page(file, b)[8:])
		return harm{fmt.Sprintf("page %d as page %d, with its own number", a, b), file}
	case 2:
		i := rng.IntN(len(h.older))
		if older := h.older[i]; 4096*a+4096 <= len(older) {
			copy(page(file, a), page(older, a))
		}
		return harm{fmt.Sprintf("page %d as in state %d", a, i), file}
	}
	size := rng.IntN(4096 * h.pages)
	return harm{fmt.Sprintf("cut after %d bytes", size), file[:size]}
}

// TestHarm damages a graph and runs commands on it. It flips ENTENTE_FLIPS random bits,
// one at a time, and makes equally many swaps, older pages and cuts; if ENTENTE_FLIPS is
// negative, it flips every bit of every page. query, which starts a process, runs on
// every twentieth damaged graph. The seed is the day, or ENTENTE_SEED.
func TestHarm(t *testing.T) {
	h := harmedGraph(t)
	day, _ := strconv.Atoi(time.Now().UTC().Format("20060102"))
	seed := uint64(sizeOf(t, "ENTENTE_SEED", day, day))
	flips := sizeOf(t, "ENTENTE_FLIPS", 15, 60)
	if testing.Short() {
		flips = 20
	}
	if flips < 0 {
		h.everyBit(t)
		return
	}
	t.Logf("ENTENTE_SEED=%d", seed)
	refused := h.each(t, 2*flips, func(i int) harm {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		if i%2 == 0 {
			return h.flip(rng.IntN(8 * 4096 * h.pages))
		}
		return h.other(rng)
	}, func(i int, command string) bool { return command == "query" && i%40 > 1 })
	if refused < int64(flips) {
		t.Errorf("only %d commands met the damage", refused)
	}
}

// put writes the file of the graph, and runs path so that it caches a view.
func put(dir string, file []byte) error {
	return errors.Join(os.RemoveAll(filepath.Join(dir, "graph.paths")), os.WriteFile(filepath.Join(dir, graph.File), file, 0o644))
}

// everyBit flips every bit of every page: first one bit of each byte, then another bit
// of each byte, and so on. It begins at step ENTENTE_FROM, so that a long run can be
// done in parts. A command that answers correctly with any content of a chunk does not
// read the chunk, and does not run on flips of its bits.
func (h *harmed) everyBit(t *testing.T) {
	debug.SetGCPercent(800)
	bits, from, readers := 8*4096*h.pages, sizeOf(t, "ENTENTE_FROM", 0, 0), h.readers(t)
	h.each(t, bits-from, func(i int) harm {
		if i%10_000 == 0 {
			t.Logf("%d bits of %d", from+i, bits)
		}
		return h.flip(h.spread(from + i))
	}, func(i int, command string) bool {
		return !readers[h.spread(from+i)/8/chunk][command] || command == "query" && i%1000 != 0
	})
}

// spread returns the bit to flip at a step. Successive steps are a prime number of bytes
// apart, and the order of the bits of a byte depends on the byte.
func (h *harmed) spread(i int) int {
	bytes := 4096 * h.pages
	at := i * 999_983 % bytes
	return 8*at + (i/bytes+at*5)%8
}

// TestSpread checks that the steps reach every bit once, and every byte once in each
// eighth of the steps.
func TestSpread(t *testing.T) {
	h := &harmed{pages: 3}
	bits, bytes := map[int]bool{}, map[int]bool{}
	for i := range 8 * 4096 * h.pages {
		bit := h.spread(i)
		bits[bit], bytes[bit/8] = true, true
		if (i+1)%(4096*h.pages) == 0 {
			if len(bytes) != 4096*h.pages {
				t.Fatalf("%d bytes up to step %d", len(bytes), i)
			}
			clear(bytes)
		}
	}
	if len(bits) != 8*4096*h.pages {
		t.Errorf("%d bits", len(bits))
	}
}

// chunk is the number of bytes of a page for which readers are determined together.
const chunk = 64

// readers lists the commands that read each chunk. query counts as a reader of the
// chunks that "query here" reads.
func (h *harmed) readers(t *testing.T) []map[string]bool {
	readers := make([]map[string]bool, 4096*h.pages/chunk)
	for i := range readers {
		readers[i] = map[string]bool{}
	}
	spoils := []func(b byte) byte{func(byte) byte { return 0 }, func(b byte) byte { return b ^ 0xa5 }, func(b byte) byte { return ^b }}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		dir := filepath.Join(t.TempDir(), "g")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for at := int(next.Add(1) - 1); at < len(readers); at = int(next.Add(1) - 1) {
				for _, spoil := range spoils {
					h.noteReaders(t, dir, at, spoil, readers[at])
				}
			}
		})
	}
	wg.Wait()
	return readers
}

// noteReaders damages a chunk and records the commands that notice the damage.
func (h *harmed) noteReaders(t *testing.T, dir string, at int, spoil func(byte) byte, readers map[string]bool) {
	file := bytes.Clone(h.file)
	for i, b := range file[at*chunk:][:chunk] {
		file[at*chunk+i] = spoil(b)
	}
	if bytes.Equal(file, h.file) {
		return
	}
	if err := put(dir, file); err != nil {
		t.Error(err)
	}
	for _, command := range harmedCommands {
		if name := command[0]; name != "query" && !readers[name] {
			code, out, errs := h.ask(t, dir, command)
			readers[name] = code != exitOK || errs != "" || out != h.want[name]
		}
	}
	readers["query"] = readers["query here"]
}

// each damages the graph n times, on all processors, and runs the commands except the
// skipped ones. It returns how many commands failed with exit code 6.
func (h *harmed) each(t *testing.T, n int, harm func(i int) harm, leaveOut func(i int, command string) bool) (refused int64) {
	var next, all atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		dir := filepath.Join(t.TempDir(), "g")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for i := int(next.Add(1) - 1); i < n && !t.Failed(); i = int(next.Add(1) - 1) {
				d := harm(i)
				if err := put(dir, d.file); err != nil {
					t.Error(err)
				}
				for _, command := range harmedCommands {
					if !leaveOut(i, command[0]) && h.check(t, dir, d.name, command) {
						all.Add(1)
					}
				}
			}
		})
	}
	wg.Wait()
	return all.Load()
}
