package dossier_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser starts one headless Chromium for a test and its subtests. Without Chromium the
// test is skipped; with CI=true that is a failure.
func browser(t testing.TB) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "chromium is not installed: Debian's chromium has it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.WSURLReadTimeout(time.Minute), chromedp.CombinedOutput(new(quiet)))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		closeBrowser()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// quiet drops what Chromium prints.
type quiet struct{}

func (*quiet) Write(p []byte) (int, error) { return len(p), nil }

// missing skips a test that needs a program which is not installed.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// tab is a page in a tab of the browser. It records what a page must not do.
type tab struct {
	testing.TB
	ctx context.Context
	url string

	mu  sync.Mutex
	bad []string // requests, console errors, exceptions, dialogs
}

// step is an action without a value.
type step = chromedp.Action[chromedp.Void]

// openPage opens a dossier in a new tab, after some settings of the tab.
func openPage(t testing.TB, browser context.Context, html string, settings ...step) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "dossier.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	p := &tab{TB: t, ctx: ctx, url: "file://" + file}
	if err := chromedp.Listen(ctx, p.watch); err != nil {
		t.Fatal(err)
	}
	for _, enable := range []string{"Network.enable", "Log.enable", "Page.enable"} {
		if _, err := chromedp.Call(ctx, cdp.Command[struct{}, cdp.Empty]{Method: enable}, struct{}{}); err != nil {
			t.Fatal(err)
		}
	}
	p.run(settings...)
	p.run(chromedp.Navigate(p.url))
	return p
}

// watch records what a page must not do.
func (p *tab) watch(event any) {
	say := func(format string, args ...any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.bad = append(p.bad, fmt.Sprintf(format, args...))
	}
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if url, _, _ := strings.Cut(e.Request.URL, "#"); url != p.url && !strings.HasPrefix(url, "data:") {
			say("a request of %s", url)
		}
	case *cdpruntime.EventExceptionThrown:
		say("exception: %v", e.ExceptionDetails)
	case *cdpruntime.EventConsoleAPICalled:
		if e.Type == cdpruntime.ConsoleAPICalledTypeError || e.Type == cdpruntime.ConsoleAPICalledTypeWarning || e.Type == cdpruntime.ConsoleAPICalledTypeAssert {
			say("console: %s", e.Args[0].Value)
		}
	case *cdplog.EventEntryAdded:
		say("log: %s: %s", e.Entry.Level, e.Entry.Text)
	case *page.EventJavascriptDialogOpening:
		say("dialog: %s", e.Message)
	}
}

// quietly fails the test if the page did what it must not do.
func (p *tab) quietly() {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, what := range p.bad {
		p.Error(what)
	}
}

// limited returns the context of one action: a page that does not answer is an error.
func (p *tab) limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, time.Minute)
}

func (p *tab) run(actions ...step) {
	p.Helper()
	ctx, stop := p.limited()
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.Fatal(err)
	}
}

// value evaluates an expression in the page. A promise is waited for.
func value[T any](p *tab, expression string) T {
	p.Helper()
	ctx, stop := p.limited()
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return v
}

// do runs a script in the page.
func (p *tab) do(script string) {
	p.Helper()
	p.run(chromedp.Evaluate[chromedp.Void](script))
}

// click clicks on the first element that matches a selector, once it is drawn.
func (p *tab) click(selector string) {
	p.Helper()
	value[bool](p, fmt.Sprintf(`new Promise((drawn) => { document.querySelector(%q).scrollIntoView({ block: "center" });
		requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))); })`, selector))
	p.run(chromedp.Click(chromedp.CSS(selector)))
}

// types types a text into the first element that matches a selector.
func (p *tab) types(selector, text string) {
	p.Helper()
	p.run(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// press presses a key, such as "\t" or "\r".
func (p *tab) press(keys string) {
	p.Helper()
	p.run(chromedp.KeyEvent(keys))
}

// pressUntil presses Tab until the focused element matches a selector.
func (p *tab) pressUntil(selector string) {
	p.Helper()
	for range 600 {
		p.press("\t")
		if value[bool](p, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
	}
	p.Fatalf("no Tab leads to %s", selector)
}

// shown returns the number of facts that the list shows.
func (p *tab) shown() int {
	p.Helper()
	return value[int](p, `[...document.querySelectorAll("#facts .facts > li")].filter((li) => li.checkVisibility()).length`)
}

// count returns the number that the page announces.
func (p *tab) count() (n int) {
	p.Helper()
	text := strings.ReplaceAll(value[string](p, `document.getElementById("count").textContent`), ",", "")
	if _, err := fmt.Sscanf(text, "%d of", &n); err != nil {
		p.Fatalf("the count is %q", text)
	}
	return n
}

// screen sets the size of the window and the theme of the system.
func screen(width, height int64, theme string) step {
	return chromedp.Steps(chromedp.EmulateViewport(width, height), func(ctx context.Context, t *chromedp.Target) (v chromedp.Void, err error) {
		_, err = cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		return v, err
	})
}

// withoutScript forbids the page to run scripts.
func withoutScript(ctx context.Context, t *chromedp.Target) (v chromedp.Void, err error) {
	_, err = cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return v, err
}

// axe returns the source of axe-core.
func axe(t testing.TB) string {
	t.Helper()
	source, err := os.ReadFile("../../.ci/readers/node_modules/axe-core/axe.min.js")
	if errors.Is(err, os.ErrNotExist) {
		missing(t, "npm's axe-core is not installed: npm ci --ignore-scripts in .ci/readers")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}
