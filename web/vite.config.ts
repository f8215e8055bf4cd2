import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { headers } from "./serve/headers.mjs";

const path = (name: string) => new URL(name, import.meta.url).pathname;

/** Puts the notices of what the package's modules have inside beside those that Vite collects. */
const notices: Plugin = {
  name: "notices",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "third-party-modules.md", source: readFileSync(path("../crates/wasm/npm/THIRD-PARTY.md")) });
  },
};

export default defineConfig({
  plugins: [notices],
  // The page may be in any folder of any server.
  base: "./",
  build: {
    // Data addresses would need more room in the policy of the page.
    assetsInlineLimit: 0,
    // The tests look up in it what each page loads.
    manifest: true,
    modulePreload: { polyfill: false },
    // The notices of what is built in, which their licenses ask for.
    license: { fileName: "third-party.md" },
    rolldownOptions: {
      input: { index: path("index.html"), redirect: path("redirect.html") },
      // Every file of Fluent begins with "use client", which means nothing here.
      onLog: (level, log, handle) => (log.code === "MODULE_LEVEL_DIRECTIVE" ? undefined : handle(level, log)),
    },
  },
  worker: { format: "es" },
  server: {
    host: "127.0.0.1",
    headers: headers({ development: true }),
    // The npm package of this repository is a link beside this folder.
    fs: { allow: [path("..")] },
  },
});
