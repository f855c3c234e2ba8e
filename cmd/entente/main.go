// Command entente builds a knowledge graph of who dealt with whom, when, and on
// what evidence, and answers questions about it.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/completion"
	"github.com/entente-kg/entente/cmd/entente/internal/statusline"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema/progress"
)

func main() {
	program := gizmo.Main(jobs()...)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A run that does not end within a second may hang: the next signal kills it.
	context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, stop) })
	code := run(ctx, program, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run runs the program with arguments and streams, and returns the exit code.
func run(ctx context.Context, program gizmo.Program, args []string, in io.Reader, out, errs io.Writer) int {
	ctx, meter := progress.With(ctx)
	a := &app{program: program, console: console{in: in, out: out, errs: errs, colored: hasColors(errs)}}
	if file, ok := errs.(*os.File); ok {
		a.line = statusline.Start(file, meter)
	}
	if a.line != nil {
		defer a.line.Stop()
		errs = a.line.Writer()
		a.console.errs = errs
	}
	root := a.root()
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		completion.Register(root, partialLine{&a.console}) // only here, since Cobra never frees what is registered
	}
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	return a.console.report(root.ExecuteContextC(ctx))
}
