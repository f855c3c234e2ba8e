package dossier_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/dossier"
	"github.com/entente-kg/entente/schema"
)

// TestPage drives pages in one headless Chromium. No page sends a request, has an error,
// or opens a dialog, whatever a reader does.
func TestPage(t *testing.T) {
	t.Parallel()
	b := browser(t)
	g := loaded(t, everything(t)...)
	all := write(t, g, dossier.Question{})
	t.Run("search", func(t *testing.T) { testSearch(t, openPage(t, b, all)) })
	t.Run("choices", func(t *testing.T) { testChoices(t, openPage(t, b, all)) })
	t.Run("dates", func(t *testing.T) { testDates(t, openPage(t, b, all), g) })
	t.Run("together", func(t *testing.T) { testTogether(t, openPage(t, b, all)) })
	t.Run("mouse", func(t *testing.T) { testMouse(t, openPage(t, b, all)) })
	t.Run("keyboard", func(t *testing.T) { testKeyboard(t, openPage(t, b, all)) })
	t.Run("every link opens", func(t *testing.T) { testLinks(t, openPage(t, b, all)) })
	path := write(t, g, dossier.Question{Scope: dossier.Between, Entities: []schema.ID{"person:xie-feng", "country:cuba"}})
	t.Run("drawing", func(t *testing.T) { testDrawing(t, openPage(t, b, path)) })
	t.Run("theme", func(t *testing.T) { testTheme(t, openPage(t, b, all)) })
	t.Run("hostile names", func(t *testing.T) { testHostile(t, openPage(t, b, write(t, hostileGraph(t), dossier.Question{}))) })
	t.Run("without script", func(t *testing.T) {
		testWithoutScript(t, openPage(t, b, all, withoutScript))
	})
	t.Run("printed", func(t *testing.T) { testPrinted(t, openPage(t, b, all)) })
	t.Run("accessible", func(t *testing.T) { testAccessible(t, b, g) })
	t.Run("narrow", func(t *testing.T) { testNarrow(t, openPage(t, b, all, screen(320, 800, "light"))) })
}

// set sets a control of the filters, as a reader does.
func (p *tab) set(name, to string) {
	p.Helper()
	value[bool](p, fmt.Sprintf(`(() => { const c = document.getElementById(%q);
		if (c.type === "checkbox") c.checked = %[2]q === "on"; else c.value = %[2]q;
		c.dispatchEvent(new Event(c.tagName === "SELECT" || c.type === "checkbox" ? "change" : "input", { bubbles: true })); return true; })()`, name, to))
}

func testSearch(t *testing.T, p *tab) {
	total := p.count()
	p.types("#q", "SECURITY deputies")
	words := value[int](p, `[...document.querySelectorAll("#facts .fact")].filter((a) => { const s = a.textContent.toLowerCase(); return s.includes("security") && s.includes("deputies"); }).length`)
	if n := p.count(); n == total || n != p.shown() || n < words {
		t.Errorf("%d facts are announced, %d shown, %d have the words", n, p.shown(), words)
	}
	p.set("q", "")
	p.types("#q", "qin GANG")
	if n := p.count(); n == 0 || n == total {
		t.Errorf("%d facts by an alias", n)
	}
	p.types("#q", "zzzz")
	if n := p.count(); n != 0 || !value[bool](p, `document.getElementById("empty").checkVisibility()`) {
		t.Errorf("%d facts with words that are nowhere", n)
	}
	p.click("#empty button")
	if n := p.count(); n != total || !value[bool](p, `document.activeElement.id === "q"`) {
		t.Errorf("%d facts after a reset", n)
	}
	p.quietly()
}

// Each choice of each filter shows as many facts as it says.
func testChoices(t *testing.T, p *tab) {
	for _, name := range []string{"verb", "entity", "kind", "status", "standing", "source"} {
		wrong := value[[]string](p, fmt.Sprintf(`(() => { const c = document.getElementById(%q), wrong = [];
			if (c.options.length < 3) wrong.push("only " + c.options.length + " choices");
			for (const o of c.options) {
				if (!o.value) continue;
				c.value = o.value; c.dispatchEvent(new Event("change"));
				const shown = [...document.querySelectorAll("#facts .facts > li")].filter((li) => li.checkVisibility()).length;
				const said = Number(/\((\d+)\)$/.exec(o.label)[1]), announced = parseInt(document.getElementById("count").textContent);
				if (shown !== said || announced !== said) wrong.push(o.label + ": " + shown + " shown, " + announced + " announced");
			}
			c.value = ""; c.dispatchEvent(new Event("change")); return wrong; })()`, name))
		for _, w := range wrong {
			t.Errorf("%s: %s", name, w)
		}
	}
	p.quietly()
}

// The dates of the page select the facts that --since, --until and --undated select.
func testDates(t *testing.T, p *tab, g *graph.Graph) {
	periods := [][2]string{{"2023", ""}, {"", "2022"}, {"2023-06", "2023-07-12"}, {"2019", "2019"}, {"1900", "1950-02"}, {"2023-02", "2023-02"}}
	for _, day := range value[[]string](p, `[...new Set(entries().flatMap((f) => [f["first-day"], f["last-day"]]).filter(Boolean))].slice(0, 12);
		function entries() { return JSON.parse(document.getElementById("data").textContent).facts; }`) {
		periods = append(periods, [2]string{day, ""}, [2]string{"", day})
	}
	for _, period := range periods {
		for _, undated := range []bool{false, true} {
			want := 0
			for _, err := range g.Facts(t.Context(), graph.Filter{Conditions: graph.Conditions{Since: period[0], Until: period[1], Undated: undated}}) {
				if err != nil {
					t.Fatal(err)
				}
				want++
			}
			p.set("since", period[0])
			p.set("until", period[1])
			p.set("undated", map[bool]string{true: "on"}[undated])
			if n := p.count(); n != want || n != p.shown() {
				t.Errorf("%v, undated %v: %d facts are announced and %d shown, want %d", period, undated, n, p.shown(), want)
			}
		}
	}
	for _, bad := range []string{"yesterday", "2023-13", "2023-02-30", "2023-00"} {
		p.set("since", bad)
		if text := value[string](p, `document.getElementById("date-error").textContent`); !strings.Contains(text, "2023-07-12") {
			t.Errorf("%q: the error is %q", bad, text)
		}
	}
	p.set("since", "2023")
	p.set("until", "2022")
	if text := value[string](p, `document.getElementById("date-error").textContent`); !strings.Contains(text, "after") {
		t.Errorf("a period that ends before it begins: %q", text)
	}
	p.quietly()
}

// Filters hold together, and the buttons of the summary set them.
func testTogether(t *testing.T, p *tab) {
	wrong := value[[]string](p, `[...document.querySelectorAll("button.show[data-status]")].map((b) => { b.click();
		const want = parseInt(b.closest("tr").querySelector(".num").textContent), got = parseInt(document.getElementById("count").textContent);
		return want === got ? "" : b.getAttribute("aria-label") + ": " + got + ", want " + want; }).filter(Boolean)`)
	for _, w := range wrong {
		t.Error(w)
	}
	p.do(`document.querySelector("[data-reset]").click()`)
	p.set("kind", "Person")
	people := p.count()
	p.set("status", "happened")
	happened := p.count()
	p.set("q", "met")
	if n := p.count(); !(n > 0 && n < happened && happened < people) {
		t.Errorf("%d, %d and %d facts with one, two and three filters", people, happened, n)
	}
	if text := value[string](p, `document.getElementById("print-filter").textContent`); !strings.Contains(text, "Kind of entity: People") || !strings.Contains(text, "Search: met") {
		t.Errorf("paper would say %q", text)
	}
	p.quietly()
}

func testMouse(t *testing.T, p *tab) {
	first := "#facts .fact"
	visible := `document.querySelector("#facts .fact .evidence").checkVisibility()`
	if value[bool](p, visible) {
		t.Error("evidence is open before a click")
	}
	p.click(first + " h4 button")
	if !value[bool](p, visible+` && document.querySelector("#facts .fact h4 button").getAttribute("aria-expanded") === "true"`) {
		t.Error("a click does not open evidence")
	}
	p.click(first + " h4 button")
	if value[bool](p, visible) {
		t.Error("a second click does not close evidence")
	}
	p.click("#summary .refs a")
	if !value[bool](p, `document.getElementById("panel").open && document.querySelector("#panel .evidence").checkVisibility()`) {
		t.Error("a fact of the summary does not open its evidence")
	}
	p.click("#panel-close")
	if value[bool](p, `document.getElementById("panel").open`) {
		t.Error("the panel stays open")
	}
	p.quietly()
}

// All of it without a mouse: evidence opens by Enter, the panel closes by Escape, and
// the focus returns.
func testKeyboard(t *testing.T, p *tab) {
	p.press("\t")
	if !value[bool](p, `document.activeElement.matches(".skip") && document.activeElement.getBoundingClientRect().left >= 0`) {
		t.Error("the first Tab does not lead to a link that skips to the facts")
	}
	p.press(kb.Enter)
	p.pressUntil("#facts .fact h4 button")
	p.press(kb.Enter)
	if !value[bool](p, `document.activeElement.closest(".fact").querySelector(".evidence").checkVisibility()`) {
		t.Error("Enter does not open evidence")
	}
	p.pressUntil(`#facts .evidence a[href^="#source-"]`)
	p.do(`window.before = document.activeElement; true`)
	p.press(kb.Enter)
	if !value[bool](p, `document.getElementById("panel").open && document.getElementById("panel").contains(document.activeElement)`) {
		t.Error("Enter on a source does not open the panel")
	}
	for range 50 {
		p.press("\t")
		if !value[bool](p, `document.getElementById("panel").contains(document.activeElement) || document.activeElement === document.body`) {
			t.Fatal("the focus leaves the open panel")
		}
	}
	p.press(kb.Escape)
	if !value[bool](p, `!document.getElementById("panel").open && document.activeElement === window.before`) {
		t.Error("Escape does not close the panel and return the focus")
	}
	p.pressUntil(".entities button")
	p.press(kb.Enter)
	p.pressUntil("#panel-body > button")
	p.press(kb.Enter)
	if n := p.count(); n == 0 || n != p.shown() || value[bool](p, `document.getElementById("panel").open`) || !value[bool](p, `document.activeElement.id === "facts"`) {
		t.Errorf("%d facts of an entity, with the focus on %s", n, value[string](p, `document.activeElement.id`))
	}
	p.quietly()
}

// Each link within the page to a fact, an entity or a document opens it.
func testLinks(t *testing.T, p *tab) {
	closed := value[[]string](p, `[...document.querySelectorAll('main a[href^="#fact-"], main a[href^="#entity-"], main a[href^="#source-"]')].map((a) => { a.click();
		const panel = document.getElementById("panel"), title = document.getElementById("panel-title").textContent, open = panel.open;
		panel.close();
		return open && title && panel.textContent ? "" : a.getAttribute("href"); }).filter(Boolean)`)
	for _, href := range closed {
		t.Errorf("%s does not open", href)
	}
	if ids := value[int](p, `(() => { const all = [...document.querySelectorAll("[id]")].map((e) => e.id); return all.length - new Set(all).size; })()`); ids > 0 {
		t.Errorf("%d ids are there twice", ids)
	}
	p.quietly()
}

// The parts of a drawing open by mouse and keyboard, and fade with the filters; the
// drawing zooms and moves.
func testDrawing(t *testing.T, p *tab) {
	closed := value[[]string](p, `[...document.querySelectorAll(".canvas [role=button]")].map((part) => { part.dispatchEvent(new MouseEvent("click", { bubbles: true }));
		const panel = document.getElementById("panel"), open = panel.open, articles = panel.querySelectorAll(".fact").length, title = document.getElementById("panel-title").textContent;
		panel.close();
		return open && title && articles >= (part.dataset.facts || "").split(" ").filter(Boolean).length ? "" : part.outerHTML.slice(0, 200); }).filter(Boolean)`)
	for _, part := range closed {
		t.Errorf("a click on %s does not open all its facts", part)
	}
	p.pressUntil(".canvas")
	width := `document.querySelector(".canvas svg").getBoundingClientRect().width`
	before := value[float64](p, width)
	p.press("+")
	if zoomed := value[float64](p, width); zoomed <= before {
		t.Errorf("+ zooms from %v to %v", before, zoomed)
	}
	p.press("+")
	p.press("+")
	p.press(kb.ArrowRight)
	if !value[bool](p, `new Promise((done) => setTimeout(() => done(document.querySelector(".canvas").scrollLeft > 0), 500))`) {
		t.Error("an arrow key does not move the drawing")
	}
	p.click(`[data-zoom="fit"]`)
	p.pressUntil(".canvas [data-facts]")
	p.run(chromedp.Evaluate[chromedp.Void](`window.before = document.activeElement`))
	p.press(kb.Enter)
	if !value[bool](p, `document.querySelector("#panel .fact") !== null`) {
		t.Error("Enter on a line does not open its facts")
	}
	p.press(kb.Escape)
	if !value[bool](p, `document.activeElement === window.before`) {
		t.Error("the focus does not return to the line")
	}
	p.set("q", "zzzz")
	if !value[bool](p, `[...document.querySelectorAll(".canvas [role=button]")].every((part) => part.matches(".faded"))`) {
		t.Error("what the filters leave out does not fade")
	}
	p.quietly()
}

func testTheme(t *testing.T, p *tab) {
	ground := `getComputedStyle(document.body).backgroundColor`
	p.run(screen(1280, 800, "dark"))
	dark := value[string](p, ground)
	p.run(screen(1280, 800, "light"))
	light := value[string](p, ground)
	p.click("#theme")
	p.click("#theme")
	if chosen := value[string](p, ground); dark == light || chosen != dark {
		t.Errorf("dark %s, light %s, dark by choice %s", dark, light, chosen)
	}
	p.quietly()
}

func testHostile(t *testing.T, p *tab) {
	value[bool](p, `(() => { for (const b of document.querySelectorAll("button, a[href^='#']")) { if (b.id !== "print") b.click(); document.getElementById("panel").close(); } return true; })()`)
	if value[int](p, `document.querySelectorAll("img, iframe, object, embed, base, a[href^='javascript']").length`) > 0 {
		t.Error("a name became markup")
	}
	if !value[bool](p, `document.querySelector("blockquote").textContent.includes("</scr" + "ipt><img src=x onerror=alert(1)>")`) {
		t.Error("the quote is not shown as it is")
	}
	p.quietly()
}

// Without script, all evidence is there, and no control that does nothing.
func testWithoutScript(t *testing.T, p *tab) {
	hidden := value[[]string](p, `[...document.querySelectorAll(".evidence, blockquote, .cite")].filter((e) => !e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80))`)
	if len(hidden) > 0 {
		t.Errorf("%d parts are hidden, such as %s", len(hidden), hidden[0])
	}
	dead := value[[]string](p, `[...document.querySelectorAll("button, input, select")].filter((e) => e.checkVisibility()).map((e) => e.id || e.outerHTML)`)
	if len(dead) > 0 {
		t.Errorf("controls that do nothing: %q", dead)
	}
	p.quietly()
}

// The printed page has every quote and writes addresses out; its colours are those of
// paper.
func testPrinted(t *testing.T, p *tab) {
	p.set("standing", "disputed")
	shown := p.count()
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		missing(t, "pdftotext is not installed: Debian's poppler-utils has it")
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-raw", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(bytes.ReplaceAll(out, []byte("\f"), nil))), "")
	for _, want := range []string{fmt.Sprintf("Filtered:%dof", shown), "Standing:Disputed", "Whosaysso", "Whodeniesit", "Receipt"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on paper", want)
		}
	}
	for _, href := range value[[]string](p, `[...document.querySelectorAll("#facts .facts > li a.out, #sources a.written")].filter((a) => a.checkVisibility() || a.closest("li:not([hidden]) .evidence")).map((a) => a.getAttribute("href"))`) {
		if !strings.Contains(text, strings.Join(strings.Fields(href), "")) {
			t.Errorf("no address %s on paper", href)
		}
	}
	p.quietly()
}

// Nothing is wider than a screen of 320 pixels.
func testNarrow(t *testing.T, p *tab) {
	value[bool](p, `document.getElementById("expand").click(), true`)
	if wide := value[int](p, `document.scrollingElement.scrollWidth`); wide > 320 {
		t.Errorf("the page is %d pixels wide", wide)
		t.Log(value[[]string](p, `[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 320).slice(0, 5).map((e) => e.outerHTML.slice(0, 200))`))
	}
	p.quietly()
}

// testAccessible runs axe-core over a page with all evidence open, and with the panel
// open, in both themes, wide and narrow.
func testAccessible(t *testing.T, b context.Context, g *graph.Graph) {
	source := axe(t)
	few := graph.Filter{Conditions: graph.Conditions{Standings: []schema.Standing{schema.StandingDisputed, schema.StandingDenied, schema.StandingHearsay}}}
	disputed := write(t, g, dossier.Question{Filter: few})
	path := write(t, g, dossier.Question{Scope: dossier.Between, Entities: []schema.ID{"person:xie-feng", "country:cuba"}})
	for _, c := range []struct {
		width       int64
		theme, html string
	}{{320, "light", disputed}, {320, "dark", path}, {1280, "light", path}, {1280, "dark", disputed}} {
		t.Run(fmt.Sprint(c.width, " ", c.theme), func(t *testing.T) {
			p := openPage(t, b, c.html, screen(c.width, 900, c.theme))
			p.do(source)
			for _, state := range []string{`document.getElementById("expand").click()`, `document.querySelector("main .refs a").click()`} {
				p.do(state)
				for _, v := range value[[]string](p, `axe.run().then((r) => [...(r.passes.length < 15 ? ["only " + r.passes.length + " rules apply"] : []), ...r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + (n.any[0] || {message: ""}).message).join(" | "))])`) {
					t.Errorf("%s: %s", state, v)
				}
			}
			p.quietly()
		})
	}
}
