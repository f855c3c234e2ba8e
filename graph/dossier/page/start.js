for (const article of document.querySelectorAll(".fact")) addButton(article);

document.addEventListener("click", (event) => {
  const button = event.target.closest("h4 button");
  if (button) {
    const article = button.closest(".fact");
    setOpen(article, !article.classList.contains("open"));
    return;
  }
  const link = event.target.closest('a[href^="#"]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && follow(link)) event.preventDefault();
});

for (const name of names) {
  control[name].addEventListener(control[name].tagName === "SELECT" || control[name].type === "checkbox" ? "change" : "input", filter);
}
byId("filters").addEventListener("submit", (event) => event.preventDefault());
for (const button of document.querySelectorAll("[data-reset]")) {
  button.addEventListener("click", () => { reset(); control.q.focus(); });
}
for (const button of document.querySelectorAll("button.show")) {
  button.addEventListener("click", () => narrow({ standing: button.dataset.standing, status: button.dataset.status }));
}

byId("expand").addEventListener("click", (event) => {
  const open = event.target.textContent === "Show all evidence";
  for (const e of entries) setOpen(e.article, open);
  event.target.textContent = open ? "Hide all evidence" : "Show all evidence";
});

// Entities and documents open in the panel too.
for (const card of document.querySelectorAll(".entities > li, .sources > li")) {
  const button = element("button", "Facts", { type: "button", class: "show" });
  button.append(element("span", ` of ${card.querySelector("bdi").textContent}`, { class: "sr" }));
  button.addEventListener("click", () => card.dataset.entity ? openEntity(card.dataset.entity, button) : openSource(card, button));
  card.querySelector("p").append(button);
}

byId("panel-close").addEventListener("click", closePanel);
panel.addEventListener("click", (event) => { if (event.target === panel) closePanel(); });
panel.addEventListener("close", () => {
  byId("panel-body").replaceChildren();
  if (opener && opener.isConnected) opener.focus();
});

const themes = [["", "as the system"], ["light", "light"], ["dark", "dark"]];
let theme = 0;
byId("theme").addEventListener("click", () => {
  theme = (theme + 1) % themes.length;
  if (themes[theme][0]) document.documentElement.dataset.theme = themes[theme][0];
  else delete document.documentElement.dataset.theme;
  byId("theme-name").textContent = themes[theme][1];
});
byId("print").addEventListener("click", () => window.print());

// A link to a fact opens it.
function arrive() {
  const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
  if (target && target.dataset.fact) setOpen(target, true);
}
window.addEventListener("hashchange", arrive);
arrive();
filter(); // a browser may have kept values of the form
whenIdle((idle) => index(0, idle));
