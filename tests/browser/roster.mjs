// Applies a roster on the example's page: node tests/browser/roster.mjs ENDPOINT TOKEN ROSTER
import { apply, open, said } from "./support.mjs";

const [endpoint, token, roster] = process.argv.slice(2);
const { page, errors, close } = await open();
try {
  await apply(page, endpoint, token, roster);
  const lines = await said(page);
  lines.forEach((line) => console.log(line));
  errors.forEach((error) => console.error(error));
  process.exitCode = errors.length === 0 && lines.at(-1).endsWith(" rows, 0 failed") ? 0 : 1;
} finally {
  await close();
}
