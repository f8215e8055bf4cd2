// Runs the tests of this folder, or those that are named: node tests/run.mjs list keys
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs") && (named.length === 0 || named.includes(name.replace(".test.mjs", ""))));
const { status } = spawnSync(process.execPath, ["--test", "--test-concurrency=3", ...options, ...files.map((name) => folder + name)], { stdio: "inherit" });
process.exitCode = status ?? 1;
