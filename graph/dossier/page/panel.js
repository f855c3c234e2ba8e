// Evidence opens in its place in the list, and in a panel from everywhere else.
const panel = byId("panel");
let opener = null;

function element(name, text, attributes = {}) {
  const e = document.createElement(name);
  e.textContent = text;
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}

// setOpen opens or closes the evidence of a fact.
function setOpen(article, open) {
  article.classList.toggle("open", open);
  const button = article.querySelector("h4 button");
  if (button) button.setAttribute("aria-expanded", String(open));
}

// addButton makes the sentence of a fact a button.
function addButton(article) {
  const heading = article.querySelector("h4"), button = element("button", "", { type: "button", "aria-expanded": "false" });
  button.append(...heading.childNodes);
  heading.append(button);
}

// copyOf copies a fact for the panel: ids stay with the original.
function copyOf(article, open) {
  const copy = article.cloneNode(true);
  for (const e of [copy, ...copy.querySelectorAll("[id]")]) e.removeAttribute("id");
  setOpen(copy, open);
  return copy;
}

// openPanel shows nodes in the panel. The focus returns to where it was.
function openPanel(title, nodes, from) {
  opener = from || document.activeElement;
  byId("panel-title").replaceChildren(...title);
  byId("panel-body").replaceChildren(...nodes);
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  byId("panel-title").focus();
}

function closePanel() {
  if (panel.open) panel.close();
}

// openFacts shows facts, by their ids, with their evidence.
function openFacts(title, ids, from) {
  const found = ids.map((id) => document.querySelector(`.fact[data-fact="${CSS.escape(id)}"]`)).filter(Boolean);
  const heading = element("h3", found.length === 1 ? "1 fact" : `${found.length} facts`);
  openPanel(title, [heading, ...found.map((a) => copyOf(a, found.length === 1))], from);
}

// openEntity shows an entity and the facts that name it.
function openEntity(id, from) {
  const card = document.querySelector(`.entities > [data-entity="${CSS.escape(id)}"]`);
  if (!card) return;
  const copy = card.cloneNode(true), name = copy.querySelector("bdi").cloneNode(true);
  const own = entries.filter((e) => e.named.has(id));
  const only = element("button", "Show only these facts in the list", { type: "button" });
  only.addEventListener("click", () => {
    opener = null; // the focus goes to the facts
    closePanel();
    narrow({ entity: id });
  });
  const details = document.createElement("div");
  details.append(...[...copy.children].filter((c) => c.tagName === "P").slice(1));
  openPanel([name], [details, ...(own.length ? [only] : []), element("h3", own.length === 1 ? "1 fact" : `${own.length} facts`),
    ...own.map((e) => copyOf(e.article, false))], from);
}

// openSource shows a document and the facts that cite it.
function openSource(card, from) {
  const id = card.dataset.source, copy = card.cloneNode(true);
  const own = entries.filter((e) => e.sources.has(id));
  openPanel([copy.querySelector("cite").firstElementChild.cloneNode(true)], [...copy.querySelectorAll("dl"), element("h3", own.length === 1 ? "1 fact" : `${own.length} facts`),
    ...own.map((e) => copyOf(e.article, false))], from);
}

// follow opens what a link within the page leads to, and reports whether it did.
function follow(link) {
  const target = byId(decodeURIComponent(link.hash.slice(1)));
  if (!target) return false;
  if (target.dataset.entity) openEntity(target.dataset.entity, link);
  else if (target.dataset.source) openSource(target, link);
  else if (target.dataset.fact) openFacts([element("span", "Evidence")], [target.dataset.fact], link);
  else return false;
  return true;
}
