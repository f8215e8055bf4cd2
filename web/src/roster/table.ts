// The file as a table, for the eye: the package reads it strictly and says what is wrong, and this finds the place.
import type { Problem, RowError } from "agentuser";
import Papa from "papaparse";

export interface FileRow {
  /** Its number as the package counts: the header of a table is row 1, the first object of JSON is row 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

export interface FileTable {
  readonly columns: readonly string[];
  readonly rows: readonly FileRow[];
  /** The number of the header; none in JSON. */
  readonly header?: number;
}

/** The errors by their places: a row's number and a column's place, where -1 is the row as a whole. */
export interface Places {
  /** In the order of the file. */
  readonly listed: readonly Placed[];
  readonly at: ReadonlyMap<string, readonly RowError[]>;
  /** Those of the file as a whole. */
  readonly ofFile: readonly RowError[];
  readonly rows: ReadonlySet<number>;
}

export interface Placed {
  readonly error: RowError;
  readonly row: number;
  readonly column: number;
}

const NOTHING: FileTable = { columns: [], rows: [] };

/** The text of a file, by its byte order mark. */
export function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** The rows of a file. One that is neither a table nor JSON has none. */
export function tableOf(text: string): FileTable {
  const begin = text.trimStart().charAt(0);
  return begin === "[" || begin === "{" ? ofJson(text) : ofCsv(text);
}

function ofCsv(text: string): FileTable {
  const { rest, separator } = beforeHeader(text);
  const { data } = Papa.parse<string[]>(rest, { delimiter: separator ?? separatorOf(rest) });
  const [columns = [], ...records] = data;
  // A blank line is a row to a spreadsheet, and nothing to a roster.
  const rows = records.flatMap((cells, at) => (cells.some((cell) => cell.trim() !== "") ? [{ number: at + 2, cells: cells.map((cell) => cell.trim()) }] : []));
  return { columns: columns.map((name) => name.trim()), rows, header: 1 };
}

/** The text before the header: lines that Excel, PowerShell and the portal write there. */
function beforeHeader(text: string): { readonly rest: string; readonly separator?: string } {
  const line = /^([^\r\n]*)(?:\r\n|\r|\n)/.exec(text);
  if (line === null) return { rest: text };
  const [whole, content = ""] = line;
  const said = content.replace(/^["\s,;]+|["\s,;]+$/g, "");
  const separator = /^"?sep=(.)"?$/i.exec(content)?.[1];
  if (said !== "" && separator === undefined && !said.startsWith("#TYPE ") && !/^version:v/i.test(said)) return { rest: text };
  const after = beforeHeader(text.slice(whole.length));
  return separator === undefined ? after : { rest: after.rest, separator };
}

/** The separator that the header has most of, outside quotes. */
function separatorOf(text: string): string {
  const header = (/^[^\r\n]*/.exec(text)?.[0] ?? "").split('"').filter((_, at) => at % 2 === 0).join("");
  const count = (separator: string) => header.split(separator).length;
  return [",", ";", "\t"].reduce((most, one) => (count(one) > count(most) ? one : most));
}

function ofJson(text: string): FileTable {
  const objects = objectsOf(text);
  const columns = [...new Set(objects.flatMap((object) => (isObject(object) ? Object.keys(object) : [])))];
  const rows = objects.map((object, at) => ({ number: at + 1, cells: columns.map((name) => (isObject(object) ? valueText(object[name]) : "")) }));
  return { columns, rows };
}

function objectsOf(text: string): readonly unknown[] {
  try {
    const json: unknown = JSON.parse(text);
    if (Array.isArray(json)) return json;
    return isObject(json) && Array.isArray(json["value"]) ? json["value"] : [json];
  } catch {
    return linesOf(text);
  }
}

/** The values of JSON lines; none where a line is something else, of which the package tells. */
function linesOf(text: string): readonly unknown[] {
  try {
    return text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "").map((line): unknown => JSON.parse(line));
  } catch {
    return [];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(valueText).join("; ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Where each error is in the table. */
export function placesOf(problem: Problem | undefined, table: FileTable = NOTHING): Places {
  const columns = new Map(table.columns.map((name, at) => [name.toLowerCase(), at]));
  const column = (field: string) => columns.get(field.toLowerCase()) ?? columns.get(field.split(".")[0]?.toLowerCase() ?? "") ?? -1;
  const numbers = new Set(table.rows.map(({ number }) => number));
  const at = new Map<string, RowError[]>();
  const [listed, ofFile]: [Placed[], RowError[]] = [[], []];
  for (const error of problem?.rowErrors ?? []) {
    const placed = { error, row: error.row ?? 0, column: column(error.field) };
    const isHeader = placed.row === table.header && placed.column >= 0;
    if (!numbers.has(placed.row) && !isHeader) {
      ofFile.push(error);
      continue;
    }
    listed.push(placed);
    const key = placeKey(placed.row, placed.column);
    at.set(key, [...(at.get(key) ?? []), error]);
  }
  return { listed, at, ofFile, rows: new Set(listed.map(({ row }) => row)) };
}

export function placeKey(row: number, column: number): string {
  return `${row}:${column}`;
}
