package draw_test

import (
	"bytes"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/paths"
)

// needs skips a test without a program, or fails it in CI.
func needs(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", program)
	}
	if err != nil {
		t.Skipf("%s is missing", program)
	}
	return path
}

func TestPNG(t *testing.T) {
	t.Parallel()
	f := open(t, records(5))
	for _, theme := range draw.Themes() {
		d, err := draw.Around(t.Context(), f, person(0), paths.Query{}, draw.Options{Theme: theme})
		if err != nil {
			t.Fatal(err)
		}
		var one, two bytes.Buffer
		if err := d.PNG(&one); err != nil {
			t.Fatal(err)
		}
		if err := d.PNG(&two); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("two PNGs differ: %v", err)
		}
		img, err := png.Decode(&one)
		if err != nil {
			t.Fatal(err)
		}
		width, height := d.Size()
		if got := img.Bounds().Size(); float64(got.X) < 2*width || float64(got.Y) < 2*height {
			t.Errorf("the image has %v pixels, want 2 x %v x %v", got, width, height)
		}
		if r, _, _, _ := img.At(0, 0).RGBA(); (r < 0x8000) != (theme == draw.Dark) {
			t.Errorf("theme %s has a ground of red %x", theme, r)
		}
	}
}

// Every name in a PDF is found as a text, in every script.
func TestPDF(t *testing.T) {
	t.Parallel()
	pdftotext := needs(t, "pdftotext")
	f := open(t, records(12))
	d, err := draw.Around(t.Context(), f, person(0), paths.Query{}, draw.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var one, two bytes.Buffer
	if err := d.PDF(&one); err != nil {
		t.Fatal(err)
	}
	if err := d.PDF(&two); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("two PDFs differ: %v", err)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, one.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(pdftotext, file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Ann Lee 0", "谢锋", "尚福同志", "Лавров", "بن سلمان", "Παπαδόπουλος", "김정은", "Nguyễn Phú Trọng", "<script>alert(1)", "]]>&amp;\"'<b>", "नरेन्द्र", "שלום כהן"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not a text of the PDF:\n%s", want, out)
		}
	}
}
