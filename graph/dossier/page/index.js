// The facts of the page, and what each is found by.
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const fold = (s) => (/[^\0-\x7f]/.test(s) ? s.normalize("NFKD").replace(/\p{M}/gu, "") : s).toLowerCase();
const kinds = new Map(data.entities.map((e) => [e.id, e.kind]));
const aliases = new Map(data.entities.map((e) => [e.id, (e.aliases || []).map((a) => a.value)]));

// namedIn returns the entities that a fact names: participants, places and speakers.
function namedIn(fact) {
  const ids = fact.roles.map((r) => r.id);
  for (const e of fact.evidence) {
    for (const ref of [...(e.at || []), ...(e.via || []), ...(e["said-by"] ? [e["said-by"]] : [])]) ids.push(ref.id);
  }
  return new Set(ids.filter((id) => kinds.has(id)));
}

// wordsOf returns the text in which a fact is searched for.
function wordsOf(fact, named) {
  const words = [fact.sentence, fact.topic, fact.when.text, fact.id, fact.status, fact.standing];
  for (const id of named) words.push(...aliases.get(id));
  for (const e of fact.evidence) {
    const d = e.source;
    words.push(e.quote, e.note, e.when.text, e.dataset, d.name, d.publisher, d.author, d.url, d.published && d.published.text);
    for (const ref of [...(e.at || []), ...(e.via || []), ...(e["said-by"] ? [e["said-by"]] : [])]) words.push(ref.name);
  }
  return fold(words.filter(Boolean).join("\n"));
}

const articles = [...document.querySelectorAll("#facts .fact")];
const entries = data.facts.map((fact, i) => {
  const named = namedIn(fact);
  return {
    fact, named, article: articles[i], item: articles[i].parentElement, shown: true, words: "",
    kinds: new Set([...named].map((id) => kinds.get(id))),
    sources: new Set(fact.evidence.map((e) => e.source.id)),
    first: fact["first-day"] || "", last: fact["last-day"] || "",
  };
});
const entryOf = new Map(entries.map((e) => [e.fact.id, e]));
