// Takes the indentation out of scripts, which is 5 % of what pages load of them, and out of their maps.
import { readFileSync, writeFileSync } from "node:fs";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The first number of a segment of a map, and how many digits it has. A column is not negative. */
function decode(segment) {
  let value = 0;
  for (let at = 0; ; at += 1) {
    const digit = DIGITS.indexOf(segment[at]);
    value += (digit & 31) * 32 ** at;
    if ((digit & 32) === 0) return [value / 2, at + 1];
  }
}

function encode(number) {
  let digits = "";
  for (let rest = number * 2; ; rest = Math.floor(rest / 32)) {
    digits += DIGITS[(rest % 32) + (rest >= 32 ? 32 : 0)];
    if (rest < 32) return digits;
  }
}

/** Takes the indentation out of a script and, where it has one, its map: the first column of each line is less by it. */
export function outdent(script, map) {
  const lines = readFileSync(script, "utf8").split("\n");
  // A text over several lines would lose its own blanks.
  const split = lines.find((line) => line.split("`").length % 2 === 0);
  if (split !== undefined) throw new Error(`${script}: a template goes over several lines: ${split}`);
  const indents = lines.map((line) => line.search(/\S|$/));
  writeFileSync(script, lines.map((line) => line.trimStart()).join("\n"));
  if (map === undefined) return;
  const { mappings, ...rest } = JSON.parse(readFileSync(map, "utf8"));
  const moved = mappings.split(";").map((line, at) => {
    if (line === "") return line;
    const [column, length] = decode(line);
    return encode(column - indents[at]) + line.slice(length);
  });
  writeFileSync(map, JSON.stringify({ ...rest, mappings: moved.join(";") }));
}
