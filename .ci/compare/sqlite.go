package main

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/entente-kg/entente/schema/nquads"
)

// sqlite is SQLite with a usual schema for quads: a table of terms, a table of quads
// of term ids clustered by subject, and an index for each other access path. It uses
// our reader of N-Quads. The load is one transaction without a journal; it makes the
// indexes last, and syncs the file at its end. After the load, the database is in WAL
// mode, and each commit is synced.
type sqlite struct{}

const (
	sqliteTables = `
CREATE TABLE terms (id INTEGER PRIMARY KEY, term TEXT NOT NULL);
CREATE TABLE quads (s INTEGER NOT NULL, p INTEGER NOT NULL, o INTEGER NOT NULL, g INTEGER NOT NULL, PRIMARY KEY (s, p, o, g)) WITHOUT ROWID;`
	sqliteIndexes = `
CREATE UNIQUE INDEX terms_term ON terms (term);
CREATE INDEX quads_po ON quads (p, o);
CREATE INDEX quads_o ON quads (o);
CREATE INDEX quads_g ON quads (g);
ANALYZE;`
	sqliteBulk = `?_journal_mode=OFF&_synchronous=OFF&_locking_mode=EXCLUSIVE&_cache_size=-262144`
	sqliteLive = `?_journal_mode=WAL&_synchronous=FULL&_cache_size=-65536`
)

func (sqlite) title() string {
	version, _, _ := sqlite3.Version()
	return "SQLite " + version
}
func (sqlite) inMemory() bool { return false }
func (sqlite) largest() int   { return 0 }

func sqliteFile(dir string) string { return filepath.Join(dir, "quads.sqlite") }

func (s sqlite) load(file, dir string) error {
	db, err := sql.Open("sqlite3", sqliteFile(dir)+sqliteBulk)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	err = s.fill(db, file)
	return errors.Join(err, db.Close(), syncFile(sqliteFile(dir)))
}

func (sqlite) fill(db *sql.DB, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := db.Exec(sqliteTables); err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	rows := &rowWriter{tx: tx, ids: map[string]int64{}}
	if err := rows.copy(f, file); err != nil {
		return err
	}
	if _, err := tx.Exec(sqliteIndexes); err != nil {
		return err
	}
	return tx.Commit()
}

// rowWriter gives ids to terms, and inserts many rows with each statement.
type rowWriter struct {
	tx           *sql.Tx
	ids          map[string]int64
	line         []byte
	terms, quads []any
	full         [2]*sql.Stmt
}

const rowsInStatement = 250

func (w *rowWriter) copy(r io.Reader, name string) error {
	var err error
	if w.full[0], err = w.tx.Prepare(insertTerms(rowsInStatement)); err != nil {
		return err
	}
	if w.full[1], err = w.tx.Prepare(insertQuads(rowsInStatement)); err != nil {
		return err
	}
	in := nquads.NewReader(r, name)
	for {
		s, err := in.Read()
		if errors.Is(err, io.EOF) {
			return w.flush()
		}
		if err != nil {
			return err
		}
		if err := w.add(s); err != nil {
			return err
		}
	}
}

func (w *rowWriter) add(s nquads.Statement) error {
	for _, term := range []*nquads.Term{&s.Subject, &s.Predicate, &s.Object, &s.Label} {
		id, err := w.id(term)
		if err != nil {
			return err
		}
		w.quads = append(w.quads, id)
	}
	if len(w.quads) < 4*rowsInStatement {
		return nil
	}
	_, err := w.full[1].Exec(w.quads...)
	w.quads = w.quads[:0]
	return err
}

// id returns the id of a term, 0 for an absent one.
func (w *rowWriter) id(t *nquads.Term) (int64, error) {
	if t.Kind == nquads.None {
		return 0, nil
	}
	w.line = appendTerm(w.line[:0], t)
	if id, ok := w.ids[string(w.line)]; ok {
		return id, nil
	}
	id, term := int64(len(w.ids)+1), string(w.line)
	w.ids[term] = id
	w.terms = append(w.terms, id, term)
	if len(w.terms) < 2*rowsInStatement {
		return id, nil
	}
	_, err := w.full[0].Exec(w.terms...)
	w.terms = w.terms[:0]
	return id, err
}

func (w *rowWriter) flush() error {
	for _, rest := range []struct {
		sql  string
		args []any
	}{{insertTerms(len(w.terms) / 2), w.terms}, {insertQuads(len(w.quads) / 4), w.quads}} {
		if len(rest.args) == 0 {
			continue
		}
		if _, err := w.tx.Exec(rest.sql, rest.args...); err != nil {
			return err
		}
	}
	return nil
}

func insertTerms(n int) string {
	return "INSERT INTO terms VALUES " + strings.Repeat(",(?,?)", n)[min(n, 1):]
}

func insertQuads(n int) string {
	return "INSERT INTO quads VALUES " + strings.Repeat(",(?,?,?,?)", n)[min(n, 1):]
}

// appendTerm appends the N-Quads form of a term.
func appendTerm(b []byte, t *nquads.Term) []byte {
	switch t.Kind {
	case nquads.IRI:
		return append(append(append(b, '<'), t.Text...), '>')
	case nquads.Blank:
		return append(append(b, "_:"...), t.Text...)
	}
	b = append(b, '"')
	for _, c := range t.Text {
		if i := strings.IndexByte("\\\"\n\r\t", c); i >= 0 {
			b = append(b, '\\', `\"nrt`[i])
		} else {
			b = append(b, c)
		}
	}
	b = append(b, '"')
	switch {
	case t.Datatype != nil:
		b = append(append(append(b, "^^<"...), t.Datatype...), '>')
	case t.Lang != nil:
		b = append(append(b, '@'), t.Lang...)
	}
	return b
}

func (sqlite) open(_, dir string, _ bool) (session, error) {
	db, err := sql.Open("sqlite3", sqliteFile(dir)+sqliteLive)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("PRAGMA mmap_size=34359738368"); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &sqliteSession{here{}, db}, nil
}

type sqliteSession struct {
	here
	db *sql.DB
}

func (s *sqliteSession) close() error { return s.db.Close() }

const (
	sqliteHop = `SELECT s.term, p.term, o.term, g.term FROM terms s JOIN quads q ON q.s = s.id
JOIN terms p ON p.id = q.p JOIN terms o ON o.id = q.o LEFT JOIN terms g ON g.id = q.g WHERE s.term = ?`
	sqliteFind = `SELECT s.term FROM quads q JOIN terms s ON s.id = q.s
WHERE q.p = (SELECT id FROM terms WHERE term = '<dip:name>') AND q.o = (SELECT id FROM terms WHERE term = ?)`
	sqliteScan = `SELECT count(*), sum(s), sum(p), sum(o), sum(g) FROM quads`
	sqliteAll  = `SELECT s.term, p.term, o.term, g.term FROM quads q JOIN terms s ON s.id = q.s
JOIN terms p ON p.id = q.p JOIN terms o ON o.id = q.o LEFT JOIN terms g ON g.id = q.g`
)

func (s *sqliteSession) hop(subjects []string, check bool) (answer, error) {
	return s.each(sqliteHop, subjects, 4, check)
}

func (s *sqliteSession) find(names []string, check bool) (answer, error) {
	return s.each(sqliteFind, names, 1, check)
}

// each runs a prepared query for each argument; terms is the number of terms in a row.
func (s *sqliteSession) each(question string, args []string, terms int, check bool) (answer, error) {
	stmt, err := s.db.Prepare(question)
	if err != nil {
		return answer{}, err
	}
	defer stmt.Close()
	return timedRead(func(a *answer) error {
		for _, arg := range args {
			rows, err := stmt.Query(arg)
			if err != nil {
				return err
			}
			if err := count(a, rows, terms, check); err != nil {
				return err
			}
		}
		return nil
	})
}

func count(a *answer, rows *sql.Rows, terms int, check bool) error {
	defer rows.Close()
	row := make([]string, terms)
	to := make([]any, terms)
	for i := range row {
		to[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		a.Rows++
		if check {
			a.Digest += hash(row...)
		}
	}
	return rows.Err()
}

func (s *sqliteSession) all(check bool) (answer, error) {
	return timedRead(func(a *answer) error {
		rows, err := s.db.Query(sqliteAll)
		if err != nil {
			return err
		}
		return count(a, rows, 4, check)
	})
}

func (s *sqliteSession) scan() (answer, error) {
	return timedRead(func(a *answer) error {
		var sum float64
		return s.db.QueryRow(sqliteScan).Scan(&a.Rows, &sum, &sum, &sum, &sum)
	})
}

func (s *sqliteSession) add(lines string) (answer, error) {
	return s.write(lines, `INSERT OR IGNORE INTO quads VALUES (?, ?, ?, ?)`, true)
}

func (s *sqliteSession) remove(lines string) (answer, error) {
	return s.write(lines, `DELETE FROM quads WHERE s = ? AND p = ? AND o = ? AND g = ?`, false)
}

func (s *sqliteSession) write(lines, change string, create bool) (answer, error) {
	return timed(func(a *answer) error {
		tx, err := s.db.BeginTx(context.Background(), nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		w := &sqliteChange{ids: map[string]int64{}, create: create}
		if err := w.prepare(tx, change); err != nil {
			return err
		}
		if a.Rows, err = w.run(lines); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// sqliteChange changes single quads. Terms that become unused remain.
type sqliteChange struct {
	find, insert, change *sql.Stmt
	ids                  map[string]int64
	create               bool
	line                 []byte
}

func (w *sqliteChange) prepare(tx *sql.Tx, change string) (err error) {
	if w.find, err = tx.Prepare(`SELECT id FROM terms WHERE term = ?`); err != nil {
		return err
	}
	if w.insert, err = tx.Prepare(`INSERT INTO terms (term) VALUES (?)`); err != nil {
		return err
	}
	w.change, err = tx.Prepare(change)
	return err
}

func (w *sqliteChange) run(lines string) (changed int, err error) {
	in := nquads.NewReader(strings.NewReader(lines), "batch")
	for {
		s, err := in.Read()
		if errors.Is(err, io.EOF) {
			return changed, nil
		}
		if err != nil {
			return changed, err
		}
		var ids [4]any
		for i, term := range []*nquads.Term{&s.Subject, &s.Predicate, &s.Object, &s.Label} {
			if ids[i], err = w.id(term); err != nil {
				return changed, err
			}
		}
		result, err := w.change.Exec(ids[:]...)
		if err != nil {
			return changed, err
		}
		n, err := result.RowsAffected()
		changed += int(n)
		if err != nil {
			return changed, err
		}
	}
}

func (w *sqliteChange) id(t *nquads.Term) (id int64, err error) {
	if t.Kind == nquads.None {
		return 0, nil
	}
	w.line = appendTerm(w.line[:0], t)
	if id, ok := w.ids[string(w.line)]; ok {
		return id, nil
	}
	term := string(w.line)
	err = w.find.QueryRow(term).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) && w.create {
		var result sql.Result
		if result, err = w.insert.Exec(term); err == nil {
			id, err = result.LastInsertId()
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	w.ids[term] = id
	return id, err
}
