// The built page on 127.0.0.1 with its header fields. By itself, on a simulator of this computer, until its input ends:
// node serve/local.mjs http://127.0.0.1:8080 TOKEN
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { caching, headers } from "./headers.mjs";

const DIST = new URL("../dist/", import.meta.url);
const TYPES = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

/** Serves the built page with this config.json, to Graph and the sign-in at these endpoints. */
export async function serve({ config = {}, endpoints } = {}) {
  if (!existsSync(DIST)) throw new Error("web/dist is missing: npm run build");
  const fields = headers(endpoints === undefined ? {} : { endpoints });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    const name = pathname === "/" ? "/index.html" : pathname;
    const body = name === "/config.json" ? JSON.stringify(config) : await readFile(new URL(`.${name}`, DIST)).catch(() => undefined);
    const type = TYPES[name.split(".").pop()] ?? "text/plain";
    response.writeHead(body === undefined ? 404 : 200, { ...fields, "Cache-Control": body === undefined ? "no-cache" : caching(name), "Content-Type": type });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [endpoint, token] = process.argv.slice(2);
  const { origin, close } = await serve({ config: { simulator: { endpoint, token } }, endpoints: [endpoint] });
  console.log(origin);
  process.stdin.resume().on("end", close);
}
