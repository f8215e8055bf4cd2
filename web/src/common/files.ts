// Files that a person gives to the page. None is read that is larger than what its reader takes.
import { bytes, strings } from "../strings/index.js";

const MEBIBYTE = 2 ** 20;

/** The most bytes of each kind of file, as the package takes them. */
export const MOST = {
  roster: 64 * MEBIBYTE,
  plan: 128 * MEBIBYTE,
  /** A report or a snapshot of an audit. */
  audit: 512 * MEBIBYTE,
  accepted: 16 * MEBIBYTE,
} as const;

/**
 * Refuses a file that is larger than what is read of its kind, before anything of it is read.
 * @throws {Error} with a sentence that has both sizes.
 */
export function requireSize({ size }: Blob, kind: keyof typeof MOST): void {
  if (size > MOST[kind]) throw new Error(strings.files.tooLarge(bytes(size), bytes(MOST[kind])));
}

/** Lets a person choose a file; undefined where none is chosen. */
export function chooseFile(accept: string): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.addEventListener("change", () => resolve(input.files?.[0]));
    input.addEventListener("cancel", () => resolve(undefined));
    input.click();
  });
}
