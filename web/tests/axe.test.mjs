// Every state of every page in both themes, wide and narrow: axe finds nothing, the console has nothing, and nothing sticks out.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { STATES } from "./states.mjs";
import { faults, launch, open, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

describe("states", { concurrency: 2 }, () => {
  for (const { name, options, hash = "", prepare, reach } of STATES) {
    test(name, async (context) => {
      const graph = await simulator(context, options);
      await prepare?.(graph);
      const { page, console } = await open(context, browser, graph, { hash });
      await reach(page);
      assert.deepEqual(await faults(page), []);
      assert.deepEqual(console, []);
    });
  }
});
