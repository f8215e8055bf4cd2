// Runs the tests in tests/node or tests/browser. It names each file, because versions of Node read a folder's name differently.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(`../../../../tests/${process.argv[2]}/`, import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs"));
const { status } = spawnSync(process.execPath, ["--test", ...files.map((name) => folder + name)], { stdio: "inherit" });
process.exitCode = status ?? 1;
