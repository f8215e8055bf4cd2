// For Node, where fetch() reads no files.
import { readFileSync } from "node:fs";
import { openBy } from "./files.js";

openBy((file) => {
  try {
    return readFileSync(file);
  } catch (reason) {
    const fix = 'Lay them beside the bundle, or keep the package out of it: serverExternalPackages: ["agentuser"] in next.config.';
    const cause = "A bundler takes the package's scripts and leaves its files behind.";
    throw new Error(`The file ${file} of the package agentuser can't be read. ${cause} ${fix}`, { cause: reason });
  }
});
