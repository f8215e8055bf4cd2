// The package in the tools that portals are built with, each by its own production build: all show the agent users of the simulator.
import assert from "node:assert/strict";
import { cpSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/support.mjs";
import { simulator } from "../node/support/simulator.mjs";
import { pack, project, serve, start } from "./projects.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

let tarball, graph, browser, agents;
before(async () => {
  tarball = pack();
  graph = await simulator(undefined, { agentUsers: 3, latencyMs: [0, 0], idleSeconds: 600 });
  const { users } = await graph.look("state");
  agents = users.filter((user) => user.identityParentId).map((user) => user.userPrincipalName).sort();
  assert.ok(agents.length >= 3, String(agents));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await graph?.stop();
});

/** A page shows the agent users, without an error. */
async function shows(origin) {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${origin}/#${new URLSearchParams({ endpoint: graph.endpoint, token: graph.token })}`);
  await page.waitForSelector("#agents li").catch((error) => assert.fail(`${error.message}\n${errors.join("\n")}`));
  assert.deepEqual(names(await page.locator("#agents li").allTextContents()), agents);
  assert.deepEqual(errors, []);
  await page.close();
}

/** The file of a project, as text. */
function file(path) {
  return readFileSync(join(HERE, path), "utf8");
}

/** Names, in order. */
function names(list) {
  return list.map((name) => name.trim()).filter((name) => name !== "").sort();
}

// The slowest are first, so that none of them is left to the end.
describe("portals", { concurrency: 2 }, () => {
  test("Angular", async (context) => {
    const angular = await project("angular", tarball);
    await angular.script("build");
    await shows(await serve(context, join(angular.folder, "dist")));
    // Angular's TypeScript is the last that knows this way of finding types.
    const older = ["--module", "commonjs", "--moduleResolution", "node10", "--target", "es2022", "--lib", "es2022,dom,dom.iterable,dom.asynciterable"];
    await angular.run("node", "node_modules/typescript/bin/tsc", "--noEmit", "--strict", ...older, "node10.ts");
  });

  test("Next, by Turbopack and by webpack", async (context) => {
    const next = await project("next", tarball);
    const environment = { GRAPH_ENDPOINT: graph.endpoint, GRAPH_TOKEN: graph.token };
    for (const build of ["build", "build:webpack"]) {
      await next.script(build);
      // A deployment takes what was traced, and no more.
      const traced = readFileSync(join(next.folder, ".next/server/app/server/page.js.nft.json"), "utf8");
      for (const part of ["agentuser_bg.wasm", "agentuser_second.wasm", "texts.json"]) assert.ok(traced.includes(`agentuser/dist/${part}"`), part);
      const origin = await start(context, next.folder, ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", "0"], environment);
      const prerendered = await (await fetch(origin)).text();
      assert.match(prerendered, /<p>zoe<\/p>/);
      const served = await (await fetch(`${origin}/server`)).text();
      assert.deepEqual(names([...served.matchAll(/<li>([^<]+)<\/li>/g)].map(([, name]) => name)), agents);
      await shows(origin);
    }
  });

  test("a worker, by Vite", async (context) => {
    const vite = await project("vite", tarball);
    await vite.script("build");
    await shows(await serve(context, join(vite.folder, "dist")));
  });

  test("webpack", async (context) => {
    const webpack = await project("webpack", tarball);
    await webpack.script("build");
    await shows(await serve(context, join(webpack.folder, "dist"), webpack.folder));
  });

  test("esbuild, for browsers and for Node", async (context) => {
    const esbuild = await project("esbuild", tarball);
    await esbuild.script("build");
    await esbuild.script("build:node");
    await shows(await serve(context, join(esbuild.folder, "dist"), esbuild.folder));
    const server = (path) => esbuild.run("node", path, graph.endpoint, graph.token);
    assert.deepEqual(names((await server("dist/server.mjs")).split("\n")), agents);
    // Where the files are not beside the bundle, the error has the recipe.
    cpSync(join(esbuild.folder, "dist/server.mjs"), join(esbuild.folder, "alone/server.mjs"));
    await assert.rejects(server("alone/server.mjs"), /can't be read\. .* beside the bundle/);
  });

  for (const [runner, scripts] of Object.entries({ jest: ["test", "test:modules"], vitest: ["test"] })) {
    test(runner, async () => {
      const { script } = await project(runner, tarball);
      for (const name of scripts) await script(name);
    });
  }

  test("Node, by import, require() and agentuser/init", async () => {
    const { run } = await project("node", tarball);
    for (const program of ["import.mjs", "require.cjs", "init.mjs"]) {
      assert.deepEqual(names((await run("node", program, graph.endpoint, graph.token)).split("\n")), agents, program);
    }
    // As Node 20.0 to 20.18, which `engines` lets in.
    for (const program of ["import.mjs", "require.cjs"]) {
      const older = await run("node", "--no-experimental-require-module", program, graph.endpoint, graph.token);
      assert.deepEqual(names(older.split("\n")), agents, program);
    }
    // A Node that requires modules has one copy for both ways.
    const copies = 'import("agentuser").then(({ AgentUserError }) => console.log(AgentUserError === require("agentuser").AgentUserError))';
    assert.equal(await run("node", "-e", copies), "true\n");
  });
});

test("the lock files name no host, and each version is exact", () => {
  for (const { name } of readdirSync(HERE, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const read = (file) => JSON.parse(readFileSync(join(HERE, name, file), "utf8"));
    const { dependencies = {}, devDependencies = {} } = read("package.json");
    for (const version of Object.values({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+$/, name);
    const { packages } = read("package-lock.json");
    assert.deepEqual(Object.values(packages).filter(({ resolved }) => resolved !== undefined), [], name);
  }
});

test("the package's README has the recipes that the projects follow, and their versions", () => {
  const readme = file("../../crates/wasm/npm/README.md");
  const [section] = /(?<=^## Bundlers and frameworks\n)[^]*?(?=^## )/m.exec(readme);
  const script = (project, name) => JSON.parse(file(`${project}/package.json`)).scripts[name];
  const recipes = [
    ...[...file("next/next.config.mjs").matchAll(/^ +(.*),$/gm)].map(([, line]) => line),
    script("esbuild", "build").split("&& ")[1],
    /"assets": .*\]/.exec(file("angular/angular.json"))[0],
    script("jest", "test:modules").replace(/ --config .*/, ""),
  ];
  for (const recipe of recipes) assert.ok(section.includes(recipe), recipe);
  const versions = { next: "Next", webpack: "webpack", esbuild: "esbuild", jest: "Jest", vitest: "vitest", vite: "Vite" };
  for (const [name, shown] of Object.entries(versions)) {
    const version = JSON.parse(file(`${name}/package.json`)).dependencies[name];
    assert.ok(section.includes(`${shown} ${version}`), `${shown} ${version}`);
  }
  assert.ok(section.includes(`Angular ${JSON.parse(file("angular/package.json")).dependencies["@angular/core"]}`));
});
