package export

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"reflect"

	"github.com/parquet-go/parquet-go"

	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/schema"
)

// writeParquet writes a Parquet file for each of the [tables], NAME.parquet, with dates
// as DATE.
func writeParquet(ctx context.Context, to folder, s Selection, _ Options) error {
	temp, err := safefile.TempFolder(safefile.AnyPrefix)
	if err != nil {
		return err
	}
	defer temp.Remove()
	var files []*parquetFile
	defer func() {
		for _, f := range files {
			f.file.Discard()
		}
	}()
	for _, t := range tables() {
		f, err := newParquetFile(temp.Path, t)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	if err := readTables(ctx, s, func(table int, row ...any) error { return files[table].add(row) }); err != nil {
		return err
	}
	for _, f := range files {
		if err := f.copyTo(to); err != nil {
			return err
		}
	}
	return nil
}

// parquetFile is a table as an unfinished Parquet file.
type parquetFile struct {
	table  table
	file   *safefile.Pending
	writer *parquet.GenericWriter[any]
	rows   []parquet.Row // before they are passed to the writer
}

// parquetBatch is the number of rows that are passed to the writer at once.
const parquetBatch = 512

func newParquetFile(dir string, t table) (*parquetFile, error) {
	file, err := safefile.BeginNew(filepath.Join(dir, t.name+".parquet"), 0o600)
	if err != nil {
		return nil, err
	}
	config := []parquet.WriterOption{t.parquetSchema(), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(1 << 17)}
	return &parquetFile{table: t, file: file, writer: parquet.NewGenericWriter[any](file, config...)}, nil
}

// parquetSchema returns the schema of a table: its columns in their order, all of them
// optional.
func (t table) parquetSchema() *parquet.Schema {
	var fields []reflect.StructField
	for i, c := range t.columns {
		tag, kind := c.name+",optional", reflect.TypeFor[string]()
		switch c.kind {
		case integerType:
			kind = reflect.TypeFor[int64]()
		case realType:
			kind = reflect.TypeFor[float64]()
		case booleanType:
			kind = reflect.TypeFor[bool]()
		case dateType:
			tag, kind = tag+",date", reflect.TypeFor[int32]()
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("C%d", i), Type: kind, Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", tag))})
	}
	return parquet.NewSchema(t.name, parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Elem().Interface()))
}

// add adds a row.
func (f *parquetFile) add(row []any) error {
	values := make(parquet.Row, len(row))
	for i, cell := range row {
		v, err := f.table.columns[i].parquetValue(cell)
		if err != nil {
			return fmt.Errorf("parquet: table %s: %w", f.table.name, err)
		}
		level := 1
		if cell == nil {
			level = 0
		}
		values[i] = v.Level(0, level, i)
	}
	if f.rows = append(f.rows, values); len(f.rows) < parquetBatch {
		return nil
	}
	return f.flush()
}

func (f *parquetFile) flush() error {
	_, err := f.writer.WriteRows(f.rows)
	f.rows = f.rows[:0]
	return err
}

// parquetValue returns a cell as a value of its column.
func (c tableColumn) parquetValue(cell any) (parquet.Value, error) {
	switch cell := cell.(type) {
	case nil:
		return parquet.NullValue(), nil
	case int:
		return parquet.Int64Value(int64(cell)), nil
	case float64:
		return parquet.DoubleValue(cell), nil
	case bool:
		return parquet.BooleanValue(cell), nil
	case string:
		if c.kind != dateType {
			return parquet.ByteArrayValue([]byte(cell)), nil
		}
		day, err := schema.ParseDay(cell)
		return parquet.Int32Value(int32(day)), err
	}
	return parquet.Value{}, fmt.Errorf("column %s: a value of type %T", c.name, cell)
}

// copyTo finishes the file and copies it into a folder.
func (f *parquetFile) copyTo(to folder) error {
	if err := f.flush(); err != nil {
		return err
	}
	if err := f.writer.Close(); err != nil {
		return err
	}
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	w, err := to.create(f.table.name + ".parquet")
	if err == nil {
		_, err = io.Copy(w, f.file)
	}
	return err
}
