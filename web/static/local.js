// SPARQL in the browser: the editor's requests are answered by Oxigraph in a worker that reads the site's own dump.
const LIMIT = 60_000;
let worker;
let waiting;

function begin(dump) {
  worker = new Worker(new URL("./engine.js", import.meta.url), { type: "module" });
  worker.postMessage({ dump });
  worker.onmessage = ({ data }) => waiting?.(data);
  worker.onerror = (event) => waiting?.({ error: event.message || "the engine could not start" });
}

function ask(dump, query, accept) {
  if (!worker) begin(dump);
  return new Promise((resolve) => {
    const stop = setTimeout(() => {
      worker.terminate();
      worker = undefined;
      resolve({ error: `the query took longer than ${LIMIT / 1000} s` });
    }, LIMIT);
    waiting = (answer) => {
      clearTimeout(stop);
      resolve(answer);
    };
    worker.postMessage({ query, accept });
  });
}

export function serve(endpoint, dump) {
  const network = window.fetch.bind(window);
  window.fetch = async (input, options) => {
    const request = new Request(input, options);
    if (!request.url.startsWith(endpoint)) return network(input, options);
    const asked = request.method === "POST" ? new URLSearchParams(await request.text()) : new URL(request.url).searchParams;
    const { body, media, error } = await ask(dump, asked.get("query") ?? "", request.headers.get("accept") ?? "");
    if (error) return new Response(error, { status: 400, headers: { "content-type": "text/plain" } });
    return new Response(body, { headers: { "content-type": media } });
  };
}
