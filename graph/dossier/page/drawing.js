// Drawings: their parts open evidence, and fade with the filters.
const pictures = [...document.querySelectorAll(".picture")].map((picture) => {
  const svg = picture.querySelector("svg"), canvas = picture.querySelector(".canvas");
  return { picture, svg, canvas, width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height, scale: 1 };
});

// zoom scales a drawing, and keeps the point in its middle where it is.
function zoom(p, scale) {
  scale = Math.min(4, Math.max(0.2, scale));
  const c = p.canvas, ratio = scale / p.scale;
  const x = (c.scrollLeft + c.clientWidth / 2) * ratio, y = (c.scrollTop + c.clientHeight / 2) * ratio;
  p.scale = scale;
  p.svg.setAttribute("width", p.width * scale);
  p.svg.setAttribute("height", p.height * scale);
  c.scrollLeft = x - c.clientWidth / 2;
  c.scrollTop = y - c.clientHeight / 2;
}

// fit shows a whole drawing, but never larger than it is.
function fit(p) {
  zoom(p, Math.min(1, p.canvas.clientWidth / p.width));
}

// partsOf returns the entities and lines of a drawing.
function partsOf(p) {
  return [...p.svg.querySelectorAll("[data-entity], [data-facts]")];
}

// openPart opens the evidence of a part.
function openPart(part) {
  if (part.dataset.facts) openFacts([element("bdi", namesOf(part))], part.dataset.facts.split(" "), part);
  else openEntity(part.dataset.entity, part);
}

// namesOf names the ends of a line.
function namesOf(part) {
  if (!part.dataset.from) return "Evidence";
  const name = (id) => (data.entities.find((e) => e.id === id) || { name: id }).name;
  return `${clean(name(part.dataset.from))} – ${clean(name(part.dataset.to))}`;
}

// clean removes characters that change the direction of writing, as the page does.
function clean(s) {
  return s.replace(/[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu, "");
}

// prepare makes the parts of a drawing buttons.
function prepare(p) {
  for (const part of partsOf(p)) {
    part.setAttribute("tabindex", "0");
    part.setAttribute("role", "button");
    const title = part.querySelector("title"), count = part.dataset.facts ? part.dataset.facts.split(" ").length : 0;
    const seen = [...part.querySelectorAll("text")].map((t) => t.textContent), words = title ? title.textContent.replace(/\s+/g, " ") : "";
    part.setAttribute("aria-label", [...seen, count ? `${namesOf(part)}: ${words}` : words].join(" "));
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      openPart(part);
    });
    if (count) addTarget(part);
  }
}

// addTarget widens the lines of a part, unseen, so that they can be hit.
function addTarget(part) {
  for (const line of [...part.querySelectorAll('path[fill="none"]')]) {
    const wide = line.cloneNode(false);
    wide.removeAttribute("class");
    for (const [name, to] of [["stroke", "transparent"], ["stroke-width", "14"], ["pointer-events", "stroke"]]) wide.setAttribute(name, to);
    wide.removeAttribute("stroke-dasharray");
    part.prepend(wide);
  }
  if (part.querySelector("title")) part.prepend(part.querySelector("title"));
}

// drag moves a drawing with the mouse. A click that did not move opens a part.
function drag(p) {
  let from = null;
  p.canvas.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType === "mouse") from = { x: event.clientX, y: event.clientY, left: p.canvas.scrollLeft, top: p.canvas.scrollTop, moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const dx = event.clientX - from.x, dy = event.clientY - from.y;
    from.moved = from.moved || Math.hypot(dx, dy) > 4;
    if (!from.moved) return;
    p.canvas.scrollLeft = from.left - dx;
    p.canvas.scrollTop = from.top - dy;
    getSelection().removeAllRanges();
  });
  window.addEventListener("pointerup", () => {
    p.moved = from !== null && from.moved;
    from = null;
  });
  p.canvas.addEventListener("click", (event) => {
    const part = event.target.closest("[data-entity], [data-facts]");
    if (part && !p.moved) openPart(part);
    p.moved = false;
  });
}

// fade fades the parts of which the filters show no fact.
function fade() {
  for (const p of pictures) {
    const named = new Set();
    for (const e of entries) if (e.shown) for (const id of e.named) named.add(id);
    for (const part of partsOf(p)) {
      const shown = part.dataset.facts ? part.dataset.facts.split(" ").some((id) => entryOf.get(id).shown) : named.has(part.dataset.entity);
      part.classList.toggle("faded", !shown);
    }
  }
}

for (const p of pictures) {
  prepare(p);
  drag(p);
  for (const button of p.picture.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => ({ in: () => zoom(p, p.scale * 1.25), out: () => zoom(p, p.scale / 1.25), fit: () => fit(p) })[button.dataset.zoom]());
  }
  p.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = { "+": () => zoom(p, p.scale * 1.25), "=": () => zoom(p, p.scale * 1.25), "-": () => zoom(p, p.scale / 1.25), 0: () => fit(p) }[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
  p.canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(p, p.scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
  }, { passive: false });
  fit(p);
}
listeners.push(fade);
