import { en, type Strings } from "./en.js";

/** The languages of the page, by the beginning of their tags. The first one is the default. */
const LANGUAGES: readonly Strings[] = [en];

const wanted = navigator.languages.map((tag) => tag.split("-")[0]);

/** The texts in the language of the person, where there is one. */
export const strings: Strings =
  wanted.flatMap((tag) => LANGUAGES.filter(({ language }) => language.tag === tag))[0] ?? en;

/** The language by which dates and numbers are written and names sorted: the person's own region of the page's language. */
export const locale: string = navigator.languages.find((tag) => tag.startsWith(strings.language.tag)) ?? strings.language.tag;

const numbers = new Intl.NumberFormat(locale);
const percents = new Intl.NumberFormat(locale, { style: "percent" });
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const moments = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const lists = new Intl.ListFormat(locale, { type: "conjunction" });

/** "2,000". */
export function number(value: number): string {
  return numbers.format(value);
}

/** "2%", from 0.02. */
export function percent(value: number): string {
  return percents.format(value);
}

/** "64 MB": so many bytes in a unit that people read, by powers of 1,024. */
export function bytes(value: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  return new Intl.NumberFormat(locale, { style: "unit", unit: units[power], unitDisplay: "short", maximumFractionDigits: 1 }).format(value / 1024 ** power);
}

/** A date of Graph, which is ISO 8601; empty where there is none. */
export function date(value: string | null | undefined): string {
  return formatted(dates, value);
}

/** A date of Graph with its time. */
export function moment(value: string | null | undefined): string {
  return formatted(moments, value);
}

/** "A, B, and C". */
export function list(values: readonly string[]): string {
  return lists.format(values);
}

/** "2 min 5 sec", from milliseconds. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts: [number, string][] = [[Math.floor(seconds / 3600), "hour"], [Math.floor(seconds / 60) % 60, "minute"], [seconds % 60, "second"]];
  const shown = parts.filter(([value, unit], at) => value > 0 || (unit === "second" && parts.slice(0, at).every(([n]) => n === 0)));
  const text = shown.map(([value, unit]) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(value));
  return text.join(" ");
}

function formatted(format: Intl.DateTimeFormat, value: string | null | undefined): string {
  const at = Date.parse(value ?? "");
  return Number.isNaN(at) ? "" : format.format(at);
}
