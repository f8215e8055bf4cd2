import type { Source } from "./source.js";

/** Opens a file of this package. Browsers fetch it. */
let reader: (file: URL) => Source = (file) => file;

/** Sets how files of this package are opened, for hosts where `fetch` reads no files. */
export function openBy(opener: (file: URL) => Source): void {
  reader = opener;
}

/** Opens a file of this package. */
export function open(file: URL): Source {
  return reader(file);
}
