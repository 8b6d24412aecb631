// Search on a static site: every word that is asked for begins a word of a name, accents and case aside.
const list = document.getElementById("hits");
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
