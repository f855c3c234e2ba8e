// The filters. All of them hold at once.
const names = ["q", "verb", "entity", "kind", "status", "standing", "source", "since", "until", "undated"];
const control = Object.fromEntries(names.map((name) => [name, byId(name)]));
const sections = [...document.querySelectorAll(".year")].map((section) => ({ section, items: [], link: document.querySelector(`.years a[href="#${CSS.escape(section.id)}"]`) }));
const sectionOf = new Map(sections.map((s) => [s.section, s]));
for (const e of entries) sectionOf.get(e.item.closest(".year")).items.push(e);
const listeners = []; // called after each change of what is shown

// bound returns the first or the last day of a written date: 2023, 2023-07 or
// 2023-07-12; empty for no date, and null for what is no date.
function bound(written, last) {
  const text = written.trim();
  if (text === "") return "";
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (!parts) return null;
  const [, year, month, day] = parts;
  const days = new Date(Date.UTC(2000, Number(month || 12), 0));
  days.setUTCFullYear(Number(year), Number(month || 12), 0);
  if (month && (month < "01" || month > "12") || day && (day < "01" || Number(day) > days.getUTCDate())) return null;
  if (day) return text;
  if (!last) return `${year}-${month || "01"}-01`;
  return `${year}-${month || "12"}-${days.getUTCDate()}`;
}

// query reads the filters.
function query() {
  const value = (name) => control[name].value;
  const since = bound(value("since"), false), until = bound(value("until"), true);
  let problem = "";
  if (since === null || until === null) problem = "Write a date as 2023, 2023-07 or 2023-07-12.";
  else if (since && until && since > until) problem = "The first day is after the last.";
  for (const name of ["since", "until"]) control[name].setAttribute("aria-invalid", String(problem !== ""));
  if (byId("date-error").textContent !== problem) byId("date-error").textContent = problem;
  const [type, verb] = value("verb") ? [value("verb").slice(0, value("verb").indexOf(":")), value("verb").slice(value("verb").indexOf(":") + 1)] : ["", ""];
  return {
    words: fold(value("q")).split(/\s+/).filter(Boolean), type, verb,
    entity: value("entity"), kind: value("kind"), status: value("status"), standing: value("standing"), source: value("source"),
    since: problem ? "" : since, until: problem ? "" : until, undated: control.undated.checked,
  };
}

// inPeriod reports whether a fact may have happened or held in the period asked for.
function inPeriod(e, q) {
  if (!q.since && !q.until) return true;
  if (!e.fact.dated) return q.undated;
  return (!q.since || !e.last || e.last >= q.since) && (!q.until || !e.first || e.first <= q.until);
}

function matches(e, q) {
  const f = e.fact;
  return (!q.type || (q.type === "verb" ? f.verb === q.verb : data.groups[f.verb] === q.verb)) &&
    (!q.entity || e.named.has(q.entity)) && (!q.kind || e.kinds.has(q.kind)) &&
    (!q.status || f.status === q.status) && (!q.standing || f.standing === q.standing) &&
    (!q.source || e.sources.has(q.source)) && inPeriod(e, q) &&
    q.words.every((w) => indexed(e).includes(w));
}

// indexed returns the text in which a fact is searched for, which is made once.
const indexed = (e) => e.words || (e.words = wordsOf(e.fact, e.named));

// index makes these texts while the reader does nothing, so that the first search is as
// fast as others.
function index(from, idle) {
  let i = from;
  while (i < entries.length && idle.timeRemaining() > 1) indexed(entries[i++]);
  if (i < entries.length) whenIdle((next) => index(i, next));
}
function whenIdle(run) {
  if (window.requestIdleCallback) {
    requestIdleCallback(run);
    return;
  }
  setTimeout(() => {
    const end = performance.now() + 10;
    run({ timeRemaining: () => end - performance.now() });
  }, 20);
}

// chosen describes the filters that are set, for paper.
function chosen() {
  return names.filter((name) => name === "undated" ? control.undated.checked : control[name].value).map((name) => {
    const c = control[name], label = document.querySelector(`label[for="${name}"]`).textContent;
    return c.type === "checkbox" ? label : `${label}: ${c.tagName === "SELECT" ? c.selectedOptions[0].label : c.value}`;
  });
}

const number = new Intl.NumberFormat("en");

// showSection shows a year and its link if it has facts.
function showSection(s, count) {
  s.section.hidden = count === 0;
  if (!s.link) return;
  s.link.parentElement.hidden = count === 0;
  s.link.querySelector(".n").textContent = `(${count})`;
}

// filter shows the facts that fit.
function filter() {
  const q = query();
  let count = 0;
  for (const e of entries) {
    const fits = matches(e, q);
    if (fits !== e.shown) e.item.hidden = !(e.shown = fits);
    if (fits) count++;
  }
  for (const s of sections) showSection(s, s.items.filter((e) => e.shown).length);
  byId("empty").hidden = count > 0;
  const text = `${number.format(count)} of ${number.format(entries.length)} facts are shown`;
  if (byId("count").textContent !== text) byId("count").textContent = text;
  byId("print-filter").textContent = count < entries.length ? `Filtered: ${text}. ${chosen().join("; ")}.` : "";
  for (const listener of listeners) listener();
}

function reset() {
  byId("filters").reset();
  filter();
}

// narrow sets some filters, clears all others, and goes to the facts.
function narrow(values) {
  byId("filters").reset();
  for (const [name, value] of Object.entries(values)) control[name].value = value;
  filter();
  const facts = byId("facts");
  facts.scrollIntoView();
  facts.focus({ preventScroll: true });
}
