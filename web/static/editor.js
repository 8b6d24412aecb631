// The SPARQL editor: YASGUI with our own terms for completion, stored queries as tabs, links to our pages, and two pictures.
import { register } from "./pictures.js";

const BASE = "https://w3id.org/teemagraafi/";
const box = document.getElementById("editor");

const setup = await (await fetch(box.dataset.setup)).json();
if (box.dataset.mode === "static") {
  const { serve } = await import("./local.js");
  serve(new URL(setup.endpoint, location.href).href, new URL(setup.dump, location.href).href);
}
const Yasgui = window.Yasgui.default ?? window.Yasgui;
const { Yasqe, Yasr } = Yasgui;

// Where a thing of ours is told of on this site.
function local(iri) {
  if (iri.startsWith(`${BASE}id/`)) return setup.pages + iri.slice(`${BASE}id/`.length) + (setup.suffix ?? "");
  if (iri.startsWith(`${BASE}code/`)) return `${setup.pages}code/${iri.slice(`${BASE}code/`.length)}${setup.suffix ?? ""}`;
  return iri;
}

// Completion from the ontology that stands beside the data: nothing that is typed leaves this site.
const known = setup.terms.map((term) => term.name).sort();
for (const name of ["prefixes", "class", "property"]) {
  const at = Yasqe.defaults.autocompleters.indexOf(name);
  if (at >= 0) Yasqe.defaults.autocompleters.splice(at, 1);
}
Yasqe.registerAutocompleter({
  name: "teemagraafi",
  bulk: false,
  autoShow: false,
  isValidCompletionPosition(yasqe) {
    const token = yasqe.getCompleteToken();
    return !/^["'<?$#]/.test(token.string);
  },
  get(yasqe, token) {
    const typed = (token?.string ?? "").trim().replace(/^tg:/, "");
    const exact = known.filter((name) => name.slice(3).startsWith(typed));
    return [...exact, ...known.filter((name) => !exact.includes(name) && name.slice(3).toLowerCase().startsWith(typed.toLowerCase()))];
  },
  postprocessHints(yasqe, hints) {
    // a term that is taken brings its prefix with it
    const take = (editor, data, hint) => {
      editor.replaceRange(hint.text, hint.from ?? data.from, hint.to ?? data.to, "complete");
      yasqe.addPrefixes({ tg: setup.prefixes.tg });
    };
    return hints.map((hint) => ({ ...hint, hint: take }));
  },
});
Yasqe.defaults.autocompleters.push("teemagraafi");

// A cell that names a thing of ours leads to its page here.
const table = Yasr.plugins.table.prototype;
const linked = table.getUriLinkFromBinding;
table.getUriLinkFromBinding = function (binding, prefixes) {
  const html = linked.call(this, binding, prefixes);
  const here = local(binding.value);
  if (here === binding.value) return html;
  const quoted = (quote) => [quote + binding.value + quote, quote + here + quote];
  return ["'", '"'].reduce((text, quote) => text.split(quoted(quote)[0]).join(quoted(quote)[1]), html).replace(/target=(['"])_blank\1/, "target=$1_self$1");
};
// The table begins with plain values; its switch shows their types.
const drawn = table.draw;
table.draw = function (config) {
  return drawn.call(this, { compact: true, ...config });
};
register(Yasr, local, setup.texts);

// A shortened cell opens at a click, but a link in it is still a link.
box.addEventListener("click", (event) => event.target.closest(".yasr td a") && event.stopPropagation(), { capture: true });

const asked = new URLSearchParams(location.hash.slice(1)).get("query") ?? new URLSearchParams(location.search).get("query");
const first = asked ?? setup.queries.find((query) => query.name === setup.first)?.text ?? "SELECT * { ?s ?p ?o } LIMIT 10";

const yasgui = new Yasgui(box, {
  autofocus: false,
  copyEndpointOnNewTab: true,
  populateFromUrl: true,
  persistenceId: "teemagraafi",
  requestConfig: { endpoint: new URL(setup.endpoint, location.href).href, method: "GET" },
  endpointCatalogueOptions: { getData: () => [] },
  yasqe: { value: first, prefixCcApi: null, autocompleters: ["variables", "teemagraafi"], showQueryButton: true, editorHeight: "22rem", ...setup.yasqe },
  yasr: { prefixes: setup.prefixes, pluginOrder: ["table", "bars", "net", "tiles", "response"], defaultPlugin: "table", maxPersistentResponseSize: 0 },
});

function open(query) {
  const same = Object.values(yasgui._tabs).find((tab) => tab.getName() === query.title);
  const tab = same ?? yasgui.addTab(true, { name: query.title, yasqe: { value: query.text } });
  yasgui.selectTabId(tab.getId());
  tab.getYasqe().setValue(query.text);
  return tab;
}

// The editor's own words in the page's language.
function translate() {
  const said = setup.texts.yasgui;
  const walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const word = node.data.trim().replace(/:$/, "");
    if (said[word] && !node.parentElement.closest(".CodeMirror-code, td")) node.data = node.data.replace(word, said[word]);
  }
  for (const button of box.querySelectorAll(".yasr_btn[aria-label]")) {
    const shown = button.textContent.trim();
    if (!shown || button.getAttribute("aria-label") === shown) continue;
    button.setAttribute("aria-label", shown);
    button.title = shown;
  }
  for (const field of box.querySelectorAll("[placeholder]")) {
    const word = field.getAttribute("placeholder");
    if (said[word]) field.setAttribute("placeholder", said[word]);
  }
}

// What a screen reader needs: names for what has only a picture, a list of tabs that holds tabs alone, a scrolling box to focus.
function tidy() {
  for (const [selector, text] of [[".yasqe_queryButton", "Ctrl+Enter"], [".yasqe_share", "URL"]]) {
    for (const button of box.querySelectorAll(selector)) if (!button.getAttribute("aria-label")) button.setAttribute("aria-label", text);
  }
  for (const area of box.querySelectorAll(".CodeMirror textarea:not([aria-label])")) area.setAttribute("aria-label", "SPARQL");
  for (const scroll of box.querySelectorAll('.CodeMirror-scroll[tabindex="-1"]')) scroll.setAttribute("tabindex", "0");
  for (const button of box.querySelectorAll(".tabsList .addTab:not([role])")) {
    button.setAttribute("role", "tab");
    button.setAttribute("aria-selected", "false");
  }
  for (const sizer of box.querySelectorAll(".tableSizer:not([aria-label])")) sizer.setAttribute("aria-label", "Page size");
  for (const head of box.querySelectorAll("table.dataTable thead th")) if (!head.textContent.trim()) head.textContent = "#";
}
new MutationObserver(() => {
  tidy();
  translate();
}).observe(box, { childList: true, subtree: true });
tidy();
translate();

const stored = document.getElementById("stored");
document.getElementById("pick").hidden = false;
stored.addEventListener("change", () => {
  const query = setup.queries.find((candidate) => candidate.name === stored.value);
  if (query) open(query).query().catch(() => {});
});
if (asked) yasgui.getTab().getYasqe().setValue(asked);
box.dataset.ready = "true";
