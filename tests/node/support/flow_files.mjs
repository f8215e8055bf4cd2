// The flows of tests/flows, with the input files that they name.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

const root = new URL("../../../", import.meta.url);
const folder = new URL("tests/flows/", root);

/** The flows that a binding plays, by file name. */
export function flows(binding) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  assert.ok(names.length > 20, String(names));
  const all = names.map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), "utf8"))]);
  return all.filter(([, { notIn = {} }]) => !(binding in notIn)).map(([name, flow]) => [name, { ...flow, steps: flow.steps.map(withInput) }]);
}

function withInput({ inputFile, ...step }) {
  return inputFile === undefined ? step : { ...step, input: readFileSync(new URL(inputFile, root), "utf8") };
}
