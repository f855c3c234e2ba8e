// Package manual contains the pages that "entente help PAGE" prints. To add a page,
// add a Markdown file to this folder; its first line is its title.
package manual

import (
	"bufio"
	"embed"
	"strings"
	"unicode/utf8"
)

//go:embed *.md
var files embed.FS

// Page returns the Markdown of a page; ok is false if no page has the name.
func Page(name string) (text string, ok bool) {
	if strings.ContainsAny(name, `/\.`) {
		return "", false
	}
	body, err := files.ReadFile(name + ".md")
	return string(body), err == nil
}

// Pages returns the names of all pages, sorted.
func Pages() (names []string) {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // impossible: the folder is embedded
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".md"))
	}
	return names
}

// Title returns the title of a page. It reads no more of the page, since every command
// asks for the titles of all pages.
func Title(name string) string {
	f, err := files.Open(name + ".md")
	if err != nil {
		return ""
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(f, 128).ReadString('\n')
	return strings.TrimSuffix(strings.TrimPrefix(line, "# "), "\n")
}

// Section returns the Markdown of the section with a heading, upper and lower case
// alike; ok is false if no page has the heading.
func Section(heading string) (text string, ok bool) {
	for _, name := range Pages() {
		page, _ := Page(name)
		for _, section := range strings.Split(page, "\n## ")[1:] {
			if first, _, _ := strings.Cut(section, "\n"); strings.EqualFold(first, heading) {
				return "## " + strings.TrimRight(section, "\n") + "\n", true
			}
		}
	}
	return "", false
}

// Layout lays out a page for a terminal with a number of columns. A wider table
// becomes a list: the first cell of each row, and the other cells below it, wrapped.
// All other lines stay unchanged.
func Layout(text string, columns int) string {
	var out strings.Builder
	var table []string
	flush := func() {
		writeTable(&out, table, columns)
		table = nil
	}
	code := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if !code && strings.HasPrefix(line, "|") {
			table = append(table, strings.TrimSuffix(line, "\n"))
			continue
		}
		flush()
		out.WriteString(line)
	}
	flush()
	return out.String()
}

func writeTable(out *strings.Builder, rows []string, columns int) {
	fits := true
	for _, row := range rows {
		fits = fits && utf8.RuneCountInString(row) <= columns
	}
	for i, row := range rows {
		switch {
		case fits:
			out.WriteString(row + "\n")
		case i > 1: // the rows after the head and its underline
			writeRow(out, cells(rows[0]), cells(row), columns)
		}
	}
}

// cells splits a row of a table into cells. A bar after a backslash does not end a
// cell.
func cells(row string) []string {
	row = strings.ReplaceAll(strings.Trim(row, "|"), `\|`, "\x00")
	parts := strings.Split(row, "|")
	for i := range parts {
		parts[i] = strings.ReplaceAll(strings.TrimSpace(parts[i]), "\x00", "|")
	}
	return parts
}

// writeRow writes the cells of a row below each other. The third and later cells
// follow the head of their column and a colon.
func writeRow(out *strings.Builder, head, row []string, columns int) {
	out.WriteString(row[0] + "\n")
	for i, cell := range row[1:] {
		if i > 0 && head[i+1] != "" {
			cell = head[i+1] + ": " + cell
		}
		writeWrapped(out, cell, "    ", columns)
	}
}

func writeWrapped(out *strings.Builder, text, indent string, columns int) {
	column := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			out.WriteString(indent)
			column = len(indent)
		case column+1+n > columns:
			out.WriteString("\n" + indent)
			column = len(indent)
		default:
			out.WriteString(" ")
			column++
		}
		out.WriteString(word)
		column += n
	}
	if column > 0 {
		out.WriteString("\n")
	}
}
