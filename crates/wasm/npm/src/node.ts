// The entry for Node, where the file is read at once.
import "./read-files.js";
import { loadSync } from "./module.js";
import { sourceOf } from "./parts.js";

export { initAll } from "./init.js";
export * from "./main.js";

loadSync(sourceOf("first") as BufferSource);
