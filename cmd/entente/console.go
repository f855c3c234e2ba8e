package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/entente-kg/entente/cmd/entente/internal/shell"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// console is the streams of a run, and what it says beside its answers.
type console struct {
	in   io.Reader
	out  io.Writer // answers
	errs io.Writer // errors and notes
}

// report prints what went wrong, with a hint where there is one, and returns the
// exit code.
func (c *console) report(cmd *cobra.Command, err error) int {
	if err == nil {
		return exitOK
	}
	code := exitCode(err)
	text := err.Error()
	if code == exitInterrupted {
		text = "interrupted"
	}
	if errors.As(err, new(shell.ReportedError)) {
		return code
	}
	c.complain(text, schema.Hint(err))
	if code == exitUsage && schema.Hint(err) == "" {
		fmt.Fprintf(c.errs, "  hint: %s --help\n", cmd.CommandPath())
	}
	return code
}

func (c *console) complain(text, hint string) {
	fmt.Fprintln(c.errs, c.red("entente:")+" "+render.Clean(strings.TrimSpace(text)))
	if hint != "" {
		fmt.Fprintln(c.errs, "  hint: "+render.Clean(hint))
	}
}

// red is a text in red, on a terminal that has colours.
func (c *console) red(s string) string {
	file, ok := c.errs.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return s
	}
	return "\x1b[31m" + s + "\x1b[0m"
}

// warn tells of something that an answer leaves out.
func (c *console) warn(format string, args ...any) {
	fmt.Fprintln(c.errs, render.Clean("note: "+fmt.Sprintf(format, args...)))
}
