package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"testing"
)

// What is read of the parts is counted, whatever their sizes are said to be.
func TestLargeParts(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("part.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(bytes.Repeat([]byte("<a></a>"), 1000)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for room, want := range map[int64]error{6999: errUnpacked, 7000: nil} {
		b := &book{parts: map[string]*zip.File{"part.xml": archive.File[0]}, room: room}
		if b.hasRows(sheet{part: "part.xml"}); b.room < 0 != (want != nil) {
			t.Errorf("room for %d bytes: %d are left", room, b.room)
		}
		b.room = room
		if _, err := b.rows(sheet{part: "part.xml"}, nil); !errors.Is(err, want) {
			t.Errorf("room for %d bytes: %v, want %v", room, err, want)
		}
	}
}
