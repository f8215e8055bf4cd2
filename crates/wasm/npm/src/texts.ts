import { sourceOf } from "./parts.js";
import { fetched, isAtHand } from "./source.js";
import type { Problem } from "./types.js";

/** By code its meaning, its cause, its fix and, where there is one, its evidence. */
type Texts = Readonly<Record<string, readonly string[]>>;

/** The mark that stands for a text, with the full stop behind it. */
const MARK = /\uE000(\w+)\.(meaning|cause|fix|evidence)\uE001\.?/g;
const PARTS = ["meaning", "cause", "fix", "evidence"];

/** The cause of a problem whose texts could not be loaded. */
const WITHOUT = "The texts of problems could not be loaded.";

let texts: Texts | undefined;
let loading: Promise<void> | undefined;

/** Whether texts are wanted in the JSON. */
export function isMarked(json: string): boolean {
  return json.includes("\uE000");
}

/** Loads the texts, unless they are loaded. Where that fails, the next problem tries it again. */
export async function loadTexts(): Promise<void> {
  if (texts !== undefined) return;
  loading ??= read().catch(() => {}).finally(() => (loading = undefined));
  await loading;
}

/** The JSON with the texts; without them, a code stands for its meaning. */
export function filled(json: string): string {
  if (!isMarked(json)) return json;
  const known = (texts ??= atHand());
  return json.replace(MARK, (_, code: string, part: string) => {
    const text = known?.[code]?.[PARTS.indexOf(part)] ?? instead(code, part);
    return JSON.stringify(text).slice(1, -1);
  });
}

/** The JSON with the texts, once they are loaded. */
export async function completed(json: string): Promise<string> {
  if (!isMarked(json)) return json;
  await loadTexts();
  return filled(json);
}

/** The message of a problem; without its texts, with the field and Graph's words. */
export function messageOf({ message, cause, field, graphMessage }: Problem): string {
  if (cause !== WITHOUT) return message;
  const more = [field === undefined ? [] : [`The field is ${field}.`], graphMessage === undefined ? [] : [graphMessage]];
  return [message, ...more.flat().filter((text) => !message.includes(text))].join(" ");
}

function instead(code: string, part: string): string {
  if (part === "meaning") return `${code}.`;
  return part !== "fix" ? WITHOUT : `Look ${code} up in docs/errors.md of agentuser.`;
}

async function read(): Promise<void> {
  const source = await fetched(sourceOf("texts"));
  texts = source instanceof Response ? ((await source.json()) as Texts) : parsed(source as BufferSource);
}

/** The texts where they need no wait. */
function atHand(): Texts | undefined {
  try {
    const source = sourceOf("texts");
    return isAtHand(source) ? parsed(source as BufferSource) : undefined;
  } catch {
    return undefined;
  }
}

function parsed(bytes: BufferSource): Texts {
  return JSON.parse(new TextDecoder().decode(bytes)) as Texts;
}
