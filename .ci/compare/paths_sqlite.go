package main

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answerSQLite answers with SQLite and a bidirectional breadth-first search in the
// program, which keeps the set of visited entities. A query returns all neighbours as
// one text: the driver needs a fifth of the time that it needs for one row each. For
// counts, one query returns the neighbours of a whole level. The database is in
// memory. It has each link from both ends, in a table of all links and in another that
// clusters the links of a verb.
func answerSQLite(folder string, rounds int) error {
	runtime.GOMAXPROCS(1)
	w, err := readPathWorld(folder)
	if err != nil {
		return err
	}
	start := time.Now()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := fillLinks(db, folder); err != nil {
		return err
	}
	f, err := newSQLiteFinder(db, w)
	if err != nil {
		return err
	}
	a := &pathAnswers{Version: strings.TrimPrefix(sqlite{}.title(), "SQLite "), Build: time.Since(start).Seconds()}
	debug.FreeOSMemory()
	a.Memory = statusOf(os.Getpid(), "VmRSS")
	return a.answer([]pathQuestion{
		{askShortest, func(i int) (int, error) { return f.shortest(f.all, w.Pairs[i][0], w.Pairs[i][1]) }},
		{askConstrained, func(i int) (int, error) { return f.shortest(f.constrained, w.Pairs[i][0], w.Pairs[i][1]) }},
		{askNear, func(i int) (int, error) { return f.near(w.Pairs[i][0], 3) }},
	}, len(w.Pairs), rounds)
}

const (
	linkTables = `
PRAGMA temp_store = MEMORY;
CREATE TABLE lines (a INTEGER, b INTEGER, verb INTEGER, first INTEGER, last INTEGER);
CREATE TABLE links (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE dealings (a INTEGER NOT NULL, verb INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, b INTEGER NOT NULL,
	PRIMARY KEY (a, verb, first, last, b)) WITHOUT ROWID;`
	linksOfLines = `
INSERT INTO links SELECT a, b FROM lines UNION SELECT b, a FROM lines;
INSERT INTO dealings SELECT a, verb, first, last, b FROM lines UNION SELECT b, verb, first, last, a FROM lines;
DROP TABLE lines;
VACUUM;
ANALYZE;`
)

func fillLinks(db *sql.DB, folder string) error {
	if _, err := db.Exec(linkTables); err != nil {
		return err
	}
	if err := fillLines(db, folder); err != nil {
		return err
	}
	_, err := db.Exec(linksOfLines)
	return err
}

func fillLines(db *sql.DB, folder string) error {
	file, err := os.Open(linksFile(folder))
	if err != nil {
		return err
	}
	defer file.Close()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.Prepare(`INSERT INTO lines VALUES (?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		l := strings.Split(lines.Text(), "\t")
		if _, err := insert.Exec(l[0], l[1], l[2], l[3], l[4]); err != nil {
			return err
		}
	}
	return errors.Join(lines.Err(), tx.Commit())
}

// sqliteFinder finds paths, and reuses its memory for the next search.
type sqliteFinder struct {
	all, constrained, level *sql.Stmt
	seen                    [2][]int // for each entity: the last search that reached it from that end
	before                  [2][]int // the entity before it
	search                  int
	front                   [2][]int
}

const (
	linksOfOne   = `SELECT group_concat(b) FROM links WHERE a = ?`
	linksOfSome  = `SELECT group_concat(b) FROM dealings WHERE a = ? AND verb IN (%d, %d, %d) AND first <= %d AND last >= %d`
	linksOfLevel = `SELECT group_concat(l.b) FROM json_each(?) f CROSS JOIN links l ON l.a = f.value`
)

func newSQLiteFinder(db *sql.DB, w *pathWorld) (*sqliteFinder, error) {
	f := &sqliteFinder{}
	for side := range 2 {
		f.seen[side], f.before[side] = make([]int, w.Nodes), make([]int, w.Nodes)
	}
	var errs [3]error
	f.all, errs[0] = db.Prepare(linksOfOne)
	f.constrained, errs[1] = db.Prepare(fmt.Sprintf(linksOfSome, w.Verbs[0], w.Verbs[1], w.Verbs[2], w.Until, w.Since))
	f.level, errs[2] = db.Prepare(linksOfLevel)
	return f, errors.Join(errs[:]...)
}

// shortest returns the number of hops of a shortest path, -1 if there is none.
func (f *sqliteFinder) shortest(links *sql.Stmt, from, to int) (int, error) {
	f.search++
	for side, end := range [2]int{from, to} {
		f.seen[side][end], f.before[side][end] = f.search, -1
		f.front[side] = append(f.front[side][:0], end)
	}
	for len(f.front[0]) > 0 && len(f.front[1]) > 0 {
		side := 0
		if len(f.front[1]) < len(f.front[0]) {
			side = 1
		}
		met, err := f.further(links, side)
		if err != nil {
			return 0, err
		}
		if met >= 0 {
			return len(f.path(met)) - 1, nil
		}
	}
	return -1, nil
}

// further expands one end by one hop. Met is an entity that the other end has reached,
// or -1.
func (f *sqliteFinder) further(links *sql.Stmt, side int) (met int, err error) {
	var next []int
	for _, near := range f.front[side] {
		list, err := numbers(links.QueryRow(near))
		if err != nil {
			return 0, err
		}
		for node := range list {
			if f.seen[side][node] == f.search {
				continue
			}
			f.seen[side][node], f.before[side][node] = f.search, near
			if f.seen[1-side][node] == f.search {
				return node, nil
			}
			next = append(next, node)
		}
	}
	f.front[side] = next
	return -1, nil
}

func (f *sqliteFinder) path(met int) (nodes []int) {
	for node := met; node >= 0; node = f.before[0][node] {
		nodes = append(nodes, node)
	}
	slices.Reverse(nodes)
	for node := f.before[1][met]; node >= 0; node = f.before[1][node] {
		nodes = append(nodes, node)
	}
	return nodes
}

// near counts the other entities within a number of hops of an entity.
func (f *sqliteFinder) near(from, hops int) (count int, err error) {
	f.search++
	f.seen[0][from] = f.search
	front := []int{from}
	for range hops {
		list, err := numbers(f.level.QueryRow(numberList(front)))
		if err != nil {
			return 0, err
		}
		front = front[:0]
		for node := range list {
			if f.seen[0][node] != f.search {
				f.seen[0][node] = f.search
				front = append(front, node)
			}
		}
		count += len(front)
	}
	return count, nil
}

// numbers yields the numbers of a row that has them separated by commas.
func numbers(row *sql.Row) (iter.Seq[int], error) {
	var text sql.NullString
	err := row.Scan(&text)
	return func(yield func(int) bool) {
		for rest, more := text.String, text.Valid; more; {
			var digits string
			digits, rest, more = strings.Cut(rest, ",")
			if n, _ := strconv.Atoi(digits); !yield(n) {
				return
			}
		}
	}, err
}

// numberList formats numbers as JSON.
func numberList(numbers []int) string {
	text := []byte{'['}
	for i, n := range numbers {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(n), 10)
	}
	return string(append(text, ']'))
}
