package export

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"

	"github.com/entente-kg/entente/graph/safefile"
)

// writeSQLite writes a SQLite database with the [tables] and [views]. Every reference
// has a foreign key, except to facts outside of the selection.
func writeSQLite(ctx context.Context, w io.Writer, s Selection, _ Options) (err error) {
	folder, err := safefile.TempFolder(safefile.AnyPrefix)
	if err != nil {
		return err
	}
	defer folder.Remove()
	path := filepath.Join(folder.Path, "graph.db")
	if err := makeDatabase(ctx, path, s); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// makeDatabase makes the database at a path, in one transaction.
func makeDatabase(ctx context.Context, path string, s Selection) error {
	db := sql.OpenDB(sqliteFile(path))
	defer db.Close()
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	d := &database{ctx: ctx, tx: tx, tables: tables()}
	if err := d.create(); err != nil {
		return err
	}
	if err := readTables(ctx, s, d.insert); err != nil {
		return err
	}
	if err := d.finish(); err != nil {
		return err
	}
	return tx.Commit()
}

// sqliteFile is the path of a new database. It needs no journal, since a file that is
// not complete is removed.
type sqliteFile string

func (f sqliteFile) Connect(context.Context) (driver.Conn, error) {
	return f.Driver().Open("file:" + string(f) + "?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=locking_mode(exclusive)")
}

func (sqliteFile) Driver() driver.Driver { return &sqlite.Driver{} }

// database is the transaction that makes a database.
type database struct {
	ctx     context.Context
	tx      *sql.Tx
	tables  []table
	inserts []*sql.Stmt // one for each table
}

// create makes the tables, and prepares the statements that insert rows.
func (d *database) create() error {
	for _, t := range d.tables {
		if _, err := d.tx.ExecContext(d.ctx, t.definition()); err != nil {
			return err
		}
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ")
		insert, err := d.tx.PrepareContext(d.ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.name, t.columnNames(), marks))
		if err != nil {
			return err
		}
		d.inserts = append(d.inserts, insert)
	}
	return nil
}

// insert inserts a row. SQLite's own program ends a text at a NUL, so a NUL becomes
// U+FFFD.
func (d *database) insert(table int, row ...any) error {
	for i, cell := range row {
		if text, ok := cell.(string); ok {
			row[i] = withoutNUL(text)
		}
	}
	_, err := d.inserts[table].ExecContext(d.ctx, row...)
	if err != nil {
		return fmt.Errorf("table %s: %v: %w", d.tables[table].name, row[0], err)
	}
	return nil
}

// withoutNUL replaces each NUL of a text by the replacement character.
func withoutNUL(s string) string { return strings.ReplaceAll(s, "\x00", "\ufffd") }

// finish makes the indexes and views, and checks that no reference leads nowhere.
func (d *database) finish() error {
	for _, statement := range append(indexes(d.tables), viewDefinitions()...) {
		if _, err := d.tx.ExecContext(d.ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	var table, parent string
	var row, constraint sql.NullInt64
	err := d.tx.QueryRowContext(d.ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &constraint)
	switch err {
	case sql.ErrNoRows:
		return nil
	case nil:
		return fmt.Errorf("row %d of table %s refers to a row of %s that is missing", row.Int64, table, parent)
	}
	return err
}

// definition returns the statement that makes a table. The notes are comments in it,
// which SQLite keeps.
func (t table) definition() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s ( -- %s\n", t.name, t.note)
	for _, c := range t.columns {
		fmt.Fprintf(&b, "  %q %s", c.name, map[valueType]string{textType: "TEXT", dateType: "TEXT", integerType: "INTEGER", booleanType: "BOOLEAN", realType: "REAL"}[c.kind])
		if c.refs != "" {
			fmt.Fprintf(&b, " REFERENCES %s", c.refs)
		}
		b.WriteString(",")
		if c.note != "" {
			b.WriteString(" -- " + c.note)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "  PRIMARY KEY (%s)\n) WITHOUT ROWID", strings.Join(t.key, ", "))
	return b.String()
}

// indexes returns the statements that make an index of every reference that does not
// begin a primary key.
func indexes(tables []table) []string {
	var statements []string
	for _, t := range tables {
		for _, c := range t.columns {
			if c.refs != "" && c.name != t.key[0] {
				statements = append(statements, fmt.Sprintf("CREATE INDEX %s_%s ON %s (%q)", t.name, c.name, t.name, c.name))
			}
		}
	}
	return append(statements, "CREATE INDEX names_name ON names (name)", "CREATE INDEX facts_first_day ON facts (first_day)", "CREATE INDEX facts_verb ON facts (verb)")
}

func viewDefinitions() []string {
	var statements []string
	for _, v := range views() {
		statements = append(statements, fmt.Sprintf("CREATE VIEW %s AS -- %s%s", v.name, v.note, v.query))
	}
	return statements
}
