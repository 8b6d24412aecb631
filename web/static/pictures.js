// Three views of a result for YASGUI: bars of a name and numbers, a network of two things a row, a map of tiles. Plain SVG.
const SVG = "http://www.w3.org/2000/svg";
const NUMBER = /#(integer|decimal|double|float|int|long)$/;

// Column and row of each region, north at the top: the same map as the queries' own pictures have.
const REGIONS = {
  Lappi: [3, 0], "Pohjois-Pohjanmaa": [3, 1], Kainuu: [4, 1], "Keski-Pohjanmaa": [2, 2], "Pohjois-Savo": [4, 2], "Pohjois-Karjala": [5, 2],
  Pohjanmaa: [1, 3], "Etelä-Pohjanmaa": [2, 3], "Keski-Suomi": [3, 3], "Etelä-Savo": [4, 3], Satakunta: [1, 4], Pirkanmaa: [2, 4],
  "Päijät-Häme": [3, 4], Kymenlaakso: [4, 4], "Etelä-Karjala": [5, 4], "Varsinais-Suomi": [1, 5], "Kanta-Häme": [2, 5], Uusimaa: [3, 5], Ahvenanmaa: [0, 6],
};
const SHADES = ["#eef3f8", "#cfe1f0", "#9cc4e2", "#5b9bc9", "#2a6ea3", "#0b2f4e"];

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
      const svg = this.canvas(1000, shown.length * group + 40, `${texts.chart}: ${name}, ${numeric.join(", ")}`);
      numeric.forEach((n, at) => {
        add(svg, "rect", { x: 380 + at * 150, y: 6, width: 12, height: 12, class: `series-${at % 4}` });
        add(svg, "text", { x: 398 + at * 150, y: 17 }, n);
      });
      shown.forEach((row, place) => {
        const top = 32 + place * group;
        add(svg, "text", { x: 370, y: top + group / 2, "text-anchor": "end" }, short(row[name].value, 52));
        numeric.forEach((n, at) => {
          if (!row[n]) return; // what no document states is not zero
          const value = Number(row[n].value);
          const width = Math.max(1, (Math.max(value, 0) / most) * 480);
          add(svg, "rect", { x: 380, y: top + at * 14, width, height: 12, class: `series-${at % 4}` });
          add(svg, "text", { x: 388 + width, y: top + at * 14 + 10, class: "amount" }, value.toLocaleString(document.documentElement.lang));
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
      const sources = [...new Set(edges.map((edge) => edge[0]))];
      const targets = [...new Set(edges.map((edge) => edge[1]))];
      const apart = !sources.some((iri) => targets.includes(iri));
      const [svg, at] = apart ? this.columns(sources, targets) : this.circle([...nodes.keys()]);
      for (const [one, other] of edges) {
        const [x1, y1] = at.get(one);
        const [x2, y2] = at.get(other);
        add(svg, "line", { x1, y1, x2, y2, class: "edge" });
      }
      for (const [iri, label] of nodes) {
        const [x, y, right] = at.get(iri);
        const link = add(svg, "a", { href: local(iri) });
        add(link, "circle", { cx: x, cy: y, r: 5, class: "node" });
        add(link, "text", { x: x + (right ? 9 : -9), y: y + 4, "text-anchor": right ? "start" : "end" }, short(label, apart ? 52 : 30));
      }
    }
    // Two kinds of things face each other; a thing stands about where those it is tied to stand.
    columns(sources, targets) {
      const tall = 26 * Math.max(sources.length, targets.length) + 20;
      const svg = this.canvas(1100, tall, texts.neighbours);
      svg.setAttribute("role", "group");
      const at = new Map();
      sources.forEach((iri, place) => at.set(iri, [400, (tall * (place + 0.5)) / sources.length, false]));
      targets.forEach((iri, place) => at.set(iri, [700, (tall * (place + 0.5)) / targets.length, true]));
      return [svg, at];
    }
    circle(iris) {
      const [wide, tall] = [1160, 760];
      const svg = this.canvas(wide, tall, texts.neighbours);
      svg.setAttribute("role", "group");
      const at = new Map();
      iris.forEach((iri, place) => {
        const angle = (2 * Math.PI * place) / iris.length - Math.PI / 2;
        at.set(iri, [wide / 2 + 320 * Math.cos(angle), tall / 2 + 340 * Math.sin(angle), Math.cos(angle) >= 0]);
      });
      return [svg, at];
    }
  }

  class Tiles extends Picture {
    label = texts.map;
    read() {
      const { rows, texts: named, numeric } = columns(this.yasr);
      const name = named.find((column) => rows.some((row) => row[column]?.value in REGIONS));
      return { rows: rows.filter((row) => row[name]?.value in REGIONS), name, number: numeric[0] };
    }
    canHandleResults() {
      return this.read().name !== undefined;
    }
    getIcon() {
      return icon("M4 4h5v5H4zm6 0h5v5h-5zm6 0h4v5h-4zM4 10h5v5H4zm6 0h5v5h-5zm6 0h4v5h-4zM4 16h5v4H4zm6 0h5v4h-5zm6 0h4v4h-4z");
    }
    draw() {
      const { rows, name, number } = this.read();
      const sums = new Map();
      for (const row of rows) sums.set(row[name].value, (sums.get(row[name].value) ?? 0) + (number ? Number(row[number]?.value ?? 0) : 1));
      const most = Math.max(...sums.values(), 1e-9);
      const svg = this.canvas(640, 750, `${texts.map}: ${number ?? texts.questions}`);
      for (const [region, [column, line]] of Object.entries(REGIONS)) {
        const value = sums.get(region);
        const shade = value === undefined ? 0 : Math.min(5, Math.max(1, Math.round((value / most) * 5)));
        const ink = shade > 3 ? "light" : "dark";
        add(svg, "rect", { x: 10 + column * 104, y: 10 + line * 104, width: 98, height: 98, fill: SHADES[shade], class: "tile" });
        region.split(/(?<=-)/).forEach((part, n) => add(svg, "text", { x: 59 + column * 104, y: 36 + 16 * n + line * 104, "text-anchor": "middle", class: ink }, part));
        add(svg, "text", { x: 59 + column * 104, y: 78 + line * 104, "text-anchor": "middle", class: `${ink} amount` }, value?.toLocaleString(document.documentElement.lang) ?? "–");
      }
    }
  }
  Yasr.registerPlugin("bars", Bars);
  Yasr.registerPlugin("net", Net);
  Yasr.registerPlugin("tiles", Tiles);
}
