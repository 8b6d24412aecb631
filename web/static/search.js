// Suggestions while typing on a server; the whole search on a static site. Without scripts the form still works on a server.
for (const field of document.querySelectorAll("[data-suggest]")) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.hidden = true;
  field.closest("form").append(list);
  let waiting;
  const close = () => { list.hidden = true; };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const asked = field.value.trim();
      const answer = asked.length < 2 ? [] : await (await fetch(`${field.dataset.suggest}&q=${encodeURIComponent(asked)}`)).json();
      if (field.value.trim() !== asked) return;
      list.replaceChildren(...answer.map(({ name, kind, href }) => {
        const item = document.createElement("li");
        const link = item.appendChild(Object.assign(document.createElement("a"), { href }));
        link.append(name, Object.assign(document.createElement("span"), { className: "tags", textContent: kind }));
        return item;
      }));
      list.hidden = !answer.length;
    }, 150);
  });
  field.form.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    if (event.key === "Escape") close();
    if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || list.hidden) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (links[at] ?? field).focus();
  });
  document.addEventListener("click", (event) => field.form.contains(event.target) || close());
}

const list = document.getElementById("hits");
if (list) await search(list);

async function search(list) {
const status = document.getElementById("status");
const field = document.getElementById("q");
const page = document.documentElement.lang === "fi" ? "index.html" : `index.${document.documentElement.lang}.html`;
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const words = (text) => fold(text).split(/[^\p{L}\p{N}+]+/u).filter(Boolean);
const names = (await (await fetch(list.dataset.names)).json()).map(([name, href]) => ({ name, href, words: words(name) }));

function show() {
  const wanted = words(field.value);
  const seen = new Set();
  list.textContent = "";
  for (const { name, href, words: own } of wanted.length ? names : []) {
    if (seen.size >= 100) break;
    if (seen.has(href) || !wanted.every((word) => own.some((candidate) => candidate.startsWith(word)))) continue;
    seen.add(href);
    const link = Object.assign(document.createElement("a"), { href: new URL(href + page, new URL(list.dataset.names, location.href)).href, textContent: name });
    list.appendChild(document.createElement("li")).appendChild(link);
  }
  status.textContent = wanted.length && !seen.size ? status.dataset.none : "";
}
field.value = new URLSearchParams(location.search).get("q") ?? "";
field.addEventListener("input", show);
show();
}
