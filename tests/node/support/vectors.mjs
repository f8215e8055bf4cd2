// Runs a case of tests/vectors through the package, in Node and in a page alike.

const ROOT = "https://graph.microsoft.com/v1.0";

/** The result of a case, and the expected one. */
export async function run(agentuser, one) {
  return one.operation === undefined ? pure(agentuser, one) : operation(agentuser, one);
}

/** The members of a case that hold its expected result. */
function expectation({ result, items, problem }) {
  const expected = {};
  if (problem !== undefined) expected.problem = problem;
  else expected.result = result;
  if (items !== undefined) expected.items = sorted(items);
  return expected;
}

function pure(agentuser, one) {
  const call = {
    validate: ({ agentUser, ...options }) => agentuser.validate(agentUser, options),
    validateMember: ({ member, value, ...options }) => ({ violations: agentuser.validateMember(member, value, options) }),
    validateRoster: (options) => agentuser.validateRoster(one.input ?? "", options),
    derive: ({ displayName, ...options }) => agentuser.derive(displayName, options),
    accessPolicies: (options) => agentuser.accessPolicies(options),
    explainCode: ({ code }) => agentuser.explainCode(code),
    explain: (answer) => agentuser.explain(answer, one.input ?? ""),
    renderReport: ({ of, ...options }) => ({
      text: of === "findings" ? agentuser.renderFindings(one.input ?? "", options) : agentuser.renderAgentUsers(one.input ?? "", options),
    }),
  }[one.function];
  let came;
  try {
    came = { result: call(one.request) };
  } catch (error) {
    came = { problem: problem(agentuser, error) };
  }
  return { came, expected: expectation(one) };
}

async function operation(agentuser, one) {
  const left = [...one.exchange];
  const strange = [];
  const fetch = async (url, { method, body }) => {
    const text = body ? new TextDecoder().decode(body) : "";
    const at = left.findIndex(
      (known) =>
        known.method === method &&
        ROOT + known.url === url &&
        same(known.body, text === "" ? undefined : JSON.parse(text)),
    );
    if (at < 0) {
      strange.push({ method, url, body: text });
      return new Response(null, { status: 501 });
    }
    const [{ answer }] = left.splice(at, 1);
    const json = answer.body === undefined ? null : JSON.stringify(answer.body).replaceAll("{root}", ROOT);
    return new Response(json, { status: answer.status, headers: answer.headers ?? {} });
  };
  const client = new agentuser.AgentUserClient({ getToken: () => "token", fetch, batch: 1 });
  const started = client.start(one.operation, { input: one.input ?? "" });
  const items = [];
  const came = {};
  try {
    for await (const item of started) items.push(withoutIds(item));
    came.result = withoutIds(await started.result);
  } catch (error) {
    came.problem = withoutIds(problem(agentuser, error));
  }
  if (one.items !== undefined || items.length > 0) came.items = sorted(items);
  const unsent = left.map(({ method, url }) => ({ method, url }));
  return { came: { ...came, strange, unsent }, expected: { ...expectation(one), strange: [], unsent: [] } };
}

function problem(agentuser, error) {
  if (!(error instanceof agentuser.AgentUserError)) throw error;
  return error.problem;
}

/** The same without the ids that each run draws anew. */
function withoutIds(value) {
  const isOwn = (name) => name === "runId" || name === "clientRequestId";
  return JSON.parse(JSON.stringify(value, (name, member) => (isOwn(name) ? undefined : member)));
}

/** Items come in any order. */
function sorted(items) {
  return [...items].sort((a, b) => (ordered(a) < ordered(b) ? -1 : 1));
}

function same(a, b) {
  return ordered(a) === ordered(b);
}

/** JSON with its members in one order. */
function ordered(value) {
  return (
    JSON.stringify(value, (_, member) =>
      member !== null && typeof member === "object" && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? ""
  );
}
