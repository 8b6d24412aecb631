// The worker: Oxigraph compiled to WebAssembly over the site's dump. One query at a time, in the order they come.
import init, { Store } from "./vendor/oxigraph/web.js";

const ROWS = "application/sparql-results+json";
let store;

async function load(dump) {
  await init();
  const response = await fetch(dump);
  if (!response.ok) throw new Error(`the data cannot be read: ${response.status}`);
  const fresh = new Store();
  fresh.load(await response.text(), { format: "application/n-quads" });
  return fresh;
}

self.onmessage = async ({ data }) => {
  if (data.dump) {
    store = load(data.dump);
    store.catch(() => {});
    return;
  }
  try {
    const graph = await store;
    const form = data.query.replace(/<[^<>\s]*>|#[^\n]*/g, " ").match(/\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i)?.[1].toUpperCase();
    const media = form === "CONSTRUCT" || form === "DESCRIBE" ? "text/turtle" : ROWS;
    self.postMessage({ media, body: graph.query(data.query, { results_format: media }) });
  } catch (error) {
    self.postMessage({ error: String(error.message ?? error) });
  }
};
