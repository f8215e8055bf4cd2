// The header fields in the files of hosts are those that the page is tested with. nginx and Apache serve a site by theirs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { caching, headers } from "../../serve/headers.mjs";

const hosts = fileURLToPath(new URL("../../serve/hosts/", import.meta.url));
const read = (name) => readFileSync(hosts + name, "utf8");

/** The header fields that a path has to have. */
const wanted = (path) => lower({ ...headers(), "Cache-Control": caching(path) });
const lower = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));

/** A server takes the fields of each path's own rules over those for all. */
function equal(all, assets, host) {
  assert.deepEqual(lower(all), wanted("/index.html"), host);
  assert.deepEqual(lower({ ...all, ...assets }), wanted("/assets/a.js"), host);
}

test("Netlify and Cloudflare Pages", () => {
  const [, all, assets] = read("_headers").split(/^\/.*\n/m);
  const fields = (rule) => Object.fromEntries([...rule.matchAll(/^ {2}([\w-]+): (.*)$/gm)].map(([, name, value]) => [name, value]));
  equal(fields(all), fields(assets), "_headers");
  // Cloudflare joins the values of both rules unless the first is taken away.
  assert.match(assets, /^ {2}! Cache-Control$/m);
});

test("Azure Static Web Apps", () => {
  const { globalHeaders, routes, mimeTypes } = JSON.parse(read("staticwebapp.config.json"));
  assert.deepEqual(routes.map(({ route }) => route), ["/assets/*"]);
  equal(globalHeaders, routes[0].headers, "staticwebapp.config.json");
  assert.deepEqual(mimeTypes, { ".wasm": "application/wasm" });
});

test("Internet Information Services", () => {
  const [all, assets] = read("web.config").split('<location path="assets">');
  const plain = (text) => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  const fields = Object.fromEntries([...all.matchAll(/<add name="(.*?)" value="(.*?)" \/>/g)].map(([, name, value]) => [name, plain(value)]));
  // The server makes these fields of its modes.
  assert.match(all, /cacheControlMode="DisableCache"/);
  const [, custom, days] = /cacheControlCustom="(.*?)" cacheControlMode="UseMaxAge" cacheControlMaxAge="(\d+)\.00:00:00"/.exec(assets);
  const kept = { "Cache-Control": custom.replace(", ", `, max-age=${days * 86_400}, `) };
  equal({ ...fields, "Cache-Control": "no-cache" }, kept, "web.config");
});

/** A site of three files, which the servers' own users may read. */
function site(context) {
  const folder = mkdtempSync(join(tmpdir(), "agentuser-site-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "assets"));
  for (const name of ["index.html", "assets/a.js", "assets/a.wasm"]) writeFileSync(join(folder, name), "");
  return folder;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks until a server answers, or has ended. */
async function answer(url, child) {
  for (;;) {
    assert.equal(child.exitCode, null, `${child.spawnfile} has ended`);
    try {
      return await fetch(url);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A server's answers have the fields that are wanted, and its modules the type that browsers want. */
async function serves(port, program, ...commandLine) {
  const child = spawn(program, commandLine, { stdio: ["ignore", "inherit", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  await new Promise((resolve, reject) => child.on("spawn", resolve).on("error", reject));
  try {
    for (const path of ["/index.html", "/assets/a.js"]) {
      const { headers: fields } = await answer(`http://127.0.0.1:${port}${path}`, child);
      assert.deepEqual(Object.fromEntries(Object.keys(wanted(path)).map((name) => [name, fields.get(name)])), wanted(path), path);
    }
    const get = (path) => fetch(`http://127.0.0.1:${port}${path}`);
    assert.equal((await get("/assets/a.wasm")).headers.get("Content-Type"), "application/wasm");
    // A file that is missing now may be there after the next upload.
    const { status, headers: fields } = await get("/assets/missing.js");
    assert.deepEqual([status, fields.get("Cache-Control")], [404, null]);
    assert.equal(fields.get("Content-Security-Policy"), headers()["Content-Security-Policy"]);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

test("nginx", async (context) => {
  const folder = site(context);
  const port = await freePort();
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  const server = `server { listen 127.0.0.1:${port}; root ${folder}; include ${hosts}nginx.conf; }`;
  const http = `http { include /etc/nginx/mime.types; access_log off; ${places} ${server} }`;
  writeFileSync(join(folder, "server.conf"), `daemon off; master_process off; pid ${folder}/pid; events {} ${http}`);
  await serves(port, "/usr/sbin/nginx", "-e", join(folder, "errors"), "-c", join(folder, "server.conf"));
});

test("Apache", async (context) => {
  const folder = site(context);
  const port = await freePort();
  cpSync(`${hosts}.htaccess`, join(folder, ".htaccess"));
  const modules = ["mpm_event", "authz_core", "headers", "mime"];
  writeFileSync(
    join(folder, "server.conf"),
    [
      ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
      `ServerName 127.0.0.1\nListen 127.0.0.1:${port}\nServerRoot ${folder}\nPidFile ${folder}/pid\nErrorLog ${folder}/errors`,
      `User www-data\nGroup www-data\nTypesConfig /dev/null\nDocumentRoot ${folder}`,
      `<Directory ${folder}>\nAllowOverride All\n</Directory>`,
    ].join("\n"),
  );
  await serves(port, "/usr/sbin/apache2", "-X", "-f", join(folder, "server.conf"));
});
