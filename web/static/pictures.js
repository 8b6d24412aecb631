// Two views of a result for YASGUI: bars of a name and a number, and a network of two things a row. Plain SVG.
const SVG = "http://www.w3.org/2000/svg";
const NUMBER = /#(integer|decimal|double|float|int|long)$/;

function add(parent, name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return parent.appendChild(node);
}

function short(text, most) {
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}

function columns(yasr) {
  const rows = yasr.results?.getBindings() ?? [];
  const names = yasr.results?.getVariables() ?? [];
  const filled = (name) => rows.map((row) => row[name]).filter(Boolean);
  const numeric = names.filter((n) => filled(n).length && filled(n).every((cell) => NUMBER.test(cell.datatype ?? "")));
  const things = names.filter((n) => filled(n).length && filled(n).every((cell) => cell.type === "uri"));
  const texts = names.filter((n) => filled(n).length && filled(n).every((cell) => cell.type === "literal") && !numeric.includes(n));
  return { rows, names, numeric, things, texts };
}

function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  add(svg, "path", { d: path, fill: "currentColor" });
  return svg;
}

class Picture {
  priority = 5;
  constructor(yasr) {
    this.yasr = yasr;
  }
  canvas(width, height, label) {
    const svg = document.createElementNS(SVG, "svg");
    for (const [key, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "picture" })) svg.setAttribute(key, value);
    add(svg, "title", {}, label);
    this.yasr.resultsEl.textContent = "";
    return this.yasr.resultsEl.appendChild(svg);
  }
}

export function register(Yasr, local, texts) {
  class Bars extends Picture {
    label = texts.chart;
    canHandleResults() {
      const { rows, numeric, texts: named, things } = columns(this.yasr);
      return rows.length > 0 && numeric.length > 0 && (named.length > 0 || things.length > 0);
    }
    getIcon() {
      return icon("M4 4h3v16H4zm6 6h3v10h-3zm6-3h3v13h-3z");
    }
    draw() {
      const { rows, numeric, texts: named, things } = columns(this.yasr);
      const name = named[0] ?? things[0];
      const shown = rows.filter((row) => row[name] && row[numeric[0]]).slice(0, 60);
      const most = Math.max(...shown.flatMap((row) => numeric.map((n) => Number(row[n]?.value ?? 0))), 1e-9);
      const group = numeric.length * 14 + 12;
      const svg = this.canvas(900, shown.length * group + 40, `${texts.chart}: ${name}, ${numeric.join(", ")}`);
      numeric.forEach((n, at) => {
        add(svg, "rect", { x: 280 + at * 150, y: 6, width: 12, height: 12, class: `series-${at % 4}` });
        add(svg, "text", { x: 298 + at * 150, y: 17 }, n);
      });
      shown.forEach((row, place) => {
        const top = 32 + place * group;
        add(svg, "text", { x: 270, y: top + group / 2, "text-anchor": "end" }, short(row[name].value, 38));
        numeric.forEach((n, at) => {
          if (!row[n]) return; // what no document states is not zero
          const value = Number(row[n].value);
          const width = Math.max(1, (Math.max(value, 0) / most) * 480);
          add(svg, "rect", { x: 280, y: top + at * 14, width, height: 12, class: `series-${at % 4}` });
          add(svg, "text", { x: 288 + width, y: top + at * 14 + 10, class: "amount" }, value.toLocaleString(document.documentElement.lang));
        });
      });
    }
  }

  class Net extends Picture {
    label = texts.neighbours;
    canHandleResults() {
      const { rows, things } = columns(this.yasr);
      return rows.length > 0 && things.length > 1;
    }
    getIcon() {
      return icon("M5 3a3 3 0 1 1 0 6 3 3 0 0 1 0-6zm14 0a3 3 0 1 1 0 6 3 3 0 0 1 0-6zm-7 12a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7 6h10v1H7zm-.6 2.2 4.4 7 .9-.5-4.5-7zm11.2 0-4.4 7-.9-.5 4.5-7z");
    }
    draw() {
      const { rows, names, things } = columns(this.yasr);
      const [from, to] = things;
      const named = (row, thing) => (names.includes(`${thing}Label`) ? row[`${thing}Label`]?.value : undefined) ?? row[thing].value.split(/[/#]/).pop();
      const nodes = new Map();
      const edges = [];
      for (const row of rows.slice(0, 200)) {
        if (!row[from] || !row[to]) continue;
        nodes.set(row[from].value, named(row, from));
        nodes.set(row[to].value, named(row, to));
        edges.push([row[from].value, row[to].value]);
      }
      const size = 760;
      const svg = this.canvas(size + 400, size, texts.neighbours);
      svg.setAttribute("role", "group");
      const at = new Map();
      [...nodes.keys()].forEach((iri, place) => {
        const angle = (2 * Math.PI * place) / nodes.size - Math.PI / 2;
        at.set(iri, [(size + 400) / 2 + (size / 2 - 60) * Math.cos(angle), size / 2 + (size / 2 - 40) * Math.sin(angle), angle]);
      });
      for (const [one, other] of edges) {
        const [x1, y1] = at.get(one);
        const [x2, y2] = at.get(other);
        add(svg, "line", { x1, y1, x2, y2, class: "edge" });
      }
      for (const [iri, label] of nodes) {
        const [x, y, angle] = at.get(iri);
        const link = add(svg, "a", { href: local(iri) });
        const right = Math.cos(angle) >= 0;
        add(link, "circle", { cx: x, cy: y, r: 5, class: "node" });
        add(link, "text", { x: x + (right ? 9 : -9), y: y + 4, "text-anchor": right ? "start" : "end" }, short(label, 24));
      }
    }
  }
  Yasr.registerPlugin("bars", Bars);
  Yasr.registerPlugin("net", Net);
}
