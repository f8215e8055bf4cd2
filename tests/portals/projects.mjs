// Projects of portals: installed by their lock files, with the packed package, below target/portals.
import { execFile, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const built = path("../../target/portals/");

/** Variables that turn the tools' telemetry, colors and prompts off. */
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", NG_CLI_ANALYTICS: "false", NO_COLOR: "1", CI: "1" };

/** Packs the package; gives the tarball's path. */
export function pack() {
  mkdirSync(built, { recursive: true });
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", built], { cwd: path("../../crates/wasm/npm/"), encoding: "utf8" });
  return join(built, JSON.parse(packed)[0].filename);
}

/** A project whose packages are installed, among them the one in the tarball. What is there already is not installed anew. */
export async function project(name, tarball) {
  const folder = join(built, name);
  const lock = (where) => existsSync(where) && readFileSync(where, "utf8");
  const isInstalled = lock(path(`${name}/package-lock.json`)) === lock(join(folder, "package-lock.json")) && existsSync(join(folder, "node_modules"));
  if (!isInstalled) rmSync(folder, { recursive: true, force: true });
  cpSync(path(`${name}/`), folder, { recursive: true });
  const run = async (program, ...commandLine) => {
    try {
      const { stdout } = await promisify(execFile)(program, commandLine, { cwd: folder, env: { ...process.env, ...QUIET }, maxBuffer: 2 ** 26 });
      return stdout;
    } catch (error) {
      throw new Error(`${name}: ${program} ${commandLine.join(" ")}\n${error.stdout}${error.stderr}`);
    }
  };
  if (!isInstalled) await run("npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund");
  const place = join(folder, "node_modules/agentuser");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  await run("tar", "-xzf", tarball, "-C", place, "--strip-components=1");
  return { folder, run, script: (script) => run("npm", "run", "--silent", script) };
}

/** Serves a folder until the test ends; gives its origin. */
export async function serve(test, ...folders) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    const bodies = await Promise.all(folders.map((folder) => readFile(join(folder, name)).catch(() => undefined)));
    const body = bodies.find((body) => body !== undefined);
    response.writeHead(body ? 200 : 404, { "Content-Type": TYPES[extname(name)] ?? "text/plain" });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

/** Starts a server that prints its address, and stops it with the test; gives its origin. */
export async function start(test, folder, commandLine, environment) {
  const child = spawn(process.execPath, commandLine, { cwd: folder, env: { ...process.env, ...QUIET, ...environment }, stdio: ["ignore", "pipe", "inherit"] });
  test.after(() => child.kill("SIGKILL"));
  let printed = "";
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (text) => {
      printed += text;
      const [origin] = /http:\/\/[\w.]+:\d+/.exec(printed) ?? [];
      if (origin !== undefined) resolve(origin);
    });
    child.on("exit", () => reject(new Error(`${commandLine.join(" ")} has ended:\n${printed}`)));
  });
}
