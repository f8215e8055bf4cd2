// Plays a flow of tests/flows through the package, in Node and in a page alike. It throws where the flow ends otherwise.

const STEP = ["operation", "input", "inputResult", "when", "records", "save", "expect"];
const EXPECT = ["result", "problem", "items", "pages", "outcomes", "some", "events", "records", "demands", "stats"];

/**
 * Plays a flow whose input files are read already. `graph` is the simulator: `endpoint`, `token`, and the functions
 * `look(what)`, `revoke(token)`, `order({ order, body })` and `stop()`.
 */
export async function play(agentuser, flow, graph) {
  const tokens = flow.tokens && [...flow.tokens];
  const demands = [];
  const getToken = ({ signal, ...demand }) => {
    demands.push(demand);
    if (tokens === undefined) return graph.token;
    const token = tokens.shift() ?? { fails: "There are more demands than tokens in the flow." };
    if (token.fails !== undefined) throw new Error(token.fails);
    return token;
  };
  const client = new agentuser.AgentUserClient({ graphEndpoint: graph.endpoint, getToken, ...flow.client });
  const saved = {};
  let shown = "";
  let plan;
  for (const [at, written] of flow.steps.entries()) {
    const name = `step ${at + 1}`;
    const step = JSON.parse(JSON.stringify(written).replaceAll(/\{(\w+)\}/g, (text, key) => saved[key] ?? text));
    if (step.operation === undefined) {
      await act(step, graph);
      continue;
    }
    known(step, STEP, name);
    if (step.inputResult) step.input = JSON.stringify(plan);
    const before = demands.length;
    const { came, items, events, records } = await run(agentuser, client, step, graph, name);
    shown += JSON.stringify([came, items, records]);
    await check(step.expect, { ...came, demands: demands.slice(before) }, items, { events, records }, graph, name);
    if (step.save) plan = came.result;
    for (const [key, pointer] of Object.entries(step.save ?? {})) {
      saved[key] = pointer.split("/").slice(1).reduce((value, part) => value[part], came.result);
    }
  }
  for (const text of flow.never ?? []) holds(!shown.includes(text), `${text} is shown`);
}

async function act(step, graph, run) {
  if (step.revoke) await graph.revoke(step.revoke);
  else if (step.order) await graph.order(step);
  else if (step.stop) await graph.stop();
  else if (step.cancel && run) run.cancel();
  else throw new Error(`${JSON.stringify(step)} can't be played`);
}

async function run(agentuser, client, { operation, input, when, records: wanted }, graph, name) {
  const [came, items, events, records] = [{}, [], [], []];
  let awaited = when?.waiting;
  let acted;
  const started = client.start(operation, {
    input: input ?? "",
    ...(wanted ? { onRecord: (record) => void records.push(record) } : {}),
    onProgress: (event) => {
      events.push(event);
      if (awaited === undefined || event.why !== awaited) return;
      awaited = undefined;
      acted = act(when, graph, started);
    },
  });
  try {
    for await (const item of started) items.push(item);
    came.result = await started.result;
  } catch (error) {
    if (!(error instanceof agentuser.AgentUserError)) throw error;
    came.problem = error.problem;
  }
  await acted;
  holds(awaited === undefined, `${name}: there was no such wait`);
  return { came, items, events, records };
}

async function check(expect, came, pages, { events, records }, graph, name) {
  known(expect, EXPECT, name);
  const items = pages.flat();
  const found = { ...came, items: items.length, pages: pages.filter(Array.isArray).map((page) => page.length) };
  if (expect.stats !== undefined) found.stats = await graph.look("stats");
  if (expect.outcomes !== undefined) {
    const count = (outcome) => items.filter((item) => item.outcome === outcome).length;
    found.outcomes = Object.fromEntries(Object.keys(expect.outcomes).map((outcome) => [outcome, count(outcome)]));
  }
  const { some = [], events: told = [], records: kept = [], ...parts } = { problem: null, ...expect };
  for (const [part, value] of Object.entries(parts)) {
    const wrong = mismatch(value, found[part], part);
    holds(wrong === undefined, `${name}: ${wrong}; it ended with ${JSON.stringify(came)}`);
  }
  for (const [among, all] of [[items, some], [events, told], [records, kept]]) {
    for (const one of all) {
      const is = among.some((other) => mismatch(one, other, "$") === undefined);
      holds(is, `${name}: none is ${JSON.stringify(one)} of ${JSON.stringify(among)}`);
    }
  }
}

/** The first place where a value does not match, with both values. */
export function mismatch(expected, found = null, path = "$") {
  const wrong = `${path}: ${JSON.stringify(found)} does not match ${JSON.stringify(expected)}`;
  if (expected === null || typeof expected !== "object") return expected === found ? undefined : wrong;
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return wrong;
  } else if (Object.keys(expected).some((key) => key.startsWith("$"))) {
    const size = Array.isArray(found) ? found.length : found;
    const rules = {
      $least: (bound) => typeof size === "number" && size >= bound,
      $most: (bound) => typeof size === "number" && size <= bound,
      $in: (values) => values.some((value) => JSON.stringify(value) === JSON.stringify(found)),
      $contains: (part) => typeof found === "string" && found.includes(part),
    };
    return Object.entries(expected).every(([rule, value]) => rules[rule](value)) ? undefined : wrong;
  } else if (found === null || typeof found !== "object" || Array.isArray(found)) return wrong;
  for (const [key, value] of Object.entries(expected)) {
    const first = mismatch(value, found[key], `${path}.${key}`);
    if (first !== undefined) return first;
  }
  return undefined;
}

function known(members, names, name) {
  const other = Object.keys(members).find((member) => !names.includes(member));
  holds(other === undefined, `${name}: ${other} can't be played`);
}

function holds(condition, message) {
  if (!condition) throw new Error(message);
}
