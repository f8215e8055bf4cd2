// The page's texts are in one table: no component has a text of its own, and styles know no left and right.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parseSync } from "vite";

const SRC = new URL("../src/", import.meta.url);
const files = readdirSync(SRC, { recursive: true }).map((name) => name.replaceAll("\\", "/"));

/** Attributes that people read. */
const READ = new Set(["label", "title", "aria-label", "aria-description", "placeholder", "alt", "hint", "content", "intro", "validationMessage", "text", "summary"]);
const LETTERS = /\p{L}{2}/u;

/** Every node of a tree; of a node that is left out, none. */
function* nodes(node, isLeftOut = () => false) {
  if (Array.isArray(node)) for (const one of node) yield* nodes(one, isLeftOut);
  else if (node !== null && typeof node === "object") {
    if (typeof node.type === "string" && isLeftOut(node)) return;
    if (typeof node.type === "string") yield node;
    for (const [name, value] of Object.entries(node)) if (name !== "parent") yield* nodes(value, isLeftOut);
  }
}

/** The texts that a component shows and does not take from the table. */
export function literals(name, source) {
  const { program, errors } = parseSync(name, source);
  assert.deepEqual(errors.map(({ message }) => message), [], name);
  const found = [];
  const text = (value) => value?.type === "Literal" && typeof value.value === "string" && LETTERS.test(value.value);
  for (const node of nodes(program)) {
    if (node.type === "JSXText" && LETTERS.test(node.value)) found.push(node.value.trim());
    if (node.type === "JSXElement" || node.type === "JSXFragment") {
      for (const child of node.children) if (child.type === "JSXExpressionContainer" && text(child.expression)) found.push(child.expression.value);
    }
    if (node.type === "JSXAttribute" && READ.has(node.name.name ?? "")) {
      const value = node.value?.type === "JSXExpressionContainer" ? node.value.expression : node.value;
      if (text(value) || (value?.type === "TemplateLiteral" && value.quasis.some(({ value }) => LETTERS.test(value.raw)))) found.push(source.slice(node.start, node.end));
    }
  }
  return found;
}

/** Two words, or a word that ends as a sentence does. */
const PHRASE = /\p{L}{2,}[,:]? \p{L}{2,}|^\p{Lu}\p{L}+.*[.!?…]$/u;

/** The sentences of a program that are not in the table. The words of a mistake are for those who write the page. */
export function phrases(name, source) {
  const { program, errors } = parseSync(name, source);
  assert.deepEqual(errors.map(({ message }) => message), [], name);
  const found = [];
  // Attributes of elements are looked at by their names.
  const isLeftOut = ({ type, callee }) => (type === "NewExpression" && callee.name === "Mistake") || type === "JSXAttribute";
  for (const node of nodes(program, isLeftOut)) {
    // A condition of a style sheet begins with a parenthesis.
    if (node.type === "Literal" && typeof node.value === "string" && PHRASE.test(node.value) && !node.value.startsWith("(")) found.push(node.value);
    if (node.type === "TemplateLiteral" && node.quasis.some(({ value }) => PHRASE.test(value.raw))) found.push(source.slice(node.start, node.end));
  }
  return found;
}

test("the finder of texts finds them", () => {
  const found = literals("a.tsx", 'const a = <p title="Some text">Other text {"third text"} {`x`}<b aria-label={`A ${1}bc`} className="plain" /></p>;');
  assert.equal(found.length, 4, String(found));
});

test("the finder of sentences finds them", () => {
  const found = phrases("a.ts", 'import "some/file"; throw new Mistake("Some words."); const a = [matchMedia("(some: state)"), "Some text", "Failed.", `${1} more rows`, "sha-256", "a1", "one/two", "accountEnabled"];');
  assert.deepEqual(found, ["Some text", "Failed.", "`${1} more rows`"]);
});

for (const name of files.filter((name) => /\.tsx?$/.test(name) && !name.startsWith("strings/"))) {
  test(`${name} has no text of its own`, () => {
    const source = readFileSync(new URL(name, SRC), "utf8");
    assert.deepEqual([...literals(name, source), ...phrases(name, source)], []);
  });
}

/** Properties and values that name a side. */
const SIDES = /(^|[\s;{])(left|right|(margin|padding|border|inset)-(left|right|top|bottom)|top|bottom|width|height|(min|max)-(width|height))\s*:|:\s*(left|right)\s*[;}]|text-align:\s*(left|right)/m;

for (const name of files.filter((name) => name.endsWith(".css"))) {
  test(`${name} has logical properties only`, () => {
    // Media queries have no logical names.
    const source = readFileSync(new URL(name, SRC), "utf8").replace(/\/\*[^]*?\*\//g, "").replace(/@media[^{]*/g, "");
    assert.equal(SIDES.exec(source)?.[0], undefined);
  });
}
