// A portal's page: it validates while somebody types, connects, creates one agent user, and applies rosters.
import { AgentUserClient, AgentUserError, derive, validate, validateRoster } from "agentuser";

const element = (id) => document.getElementById(id);
const values = (form) => Object.fromEntries(new FormData(element(form)));
let client;
let verifiedDomains;
let controller;

element("connect").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { endpoint, token } = values("connect");
  client = new AgentUserClient({ root: endpoint, getToken: () => token });
  try {
    ({ verifiedDomains } = await client.known());
    element("connection").value = `connected: ${verifiedDomains.join(", ")}`;
  } catch (error) {
    element("connection").value = words(error);
  }
});

element("one").addEventListener("input", ({ target }) => {
  const form = element("one");
  if (target.name === "displayName" && verifiedDomains) {
    form.userPrincipalName.value = derive(target.value, { domain: verifiedDomains[0] }).userPrincipalName ?? "";
  }
  const { violations } = validate(values("one"), verifiedDomains ? { verifiedDomains } : {});
  for (const input of form.querySelectorAll("input")) {
    const broken = violations.find(({ field }) => field === input.name);
    input.setCustomValidity(broken ? `${broken.message}. ${broken.fix}` : "");
  }
  element("fix").textContent = target.validationMessage;
});

element("one").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const user = await client.create(values("one"));
    element("created").value = `${user.userPrincipalName} is there: ${user.id}`;
  } catch (error) {
    element("created").value = words(error);
  }
});

element("many").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { roster } = values("many");
  element("rows").replaceChildren();
  element("summary").value = "";
  const { problem } = validateRoster(await roster.arrayBuffer(), { verifiedDomains });
  if (problem) {
    for (const { row, column, message, fix } of problem.rowErrors ?? []) line(row, column, "failed", `${message}. ${fix}`);
    element("summary").value = problem.message;
    return;
  }
  controller = new AbortController();
  const run = client.applyRoster(roster, { signal: controller.signal, onProgress });
  try {
    for await (const { row, userPrincipalName, outcome, problem: why } of run) {
      line(row, userPrincipalName, outcome, why ? `${why.message} ${why.fix}` : "");
    }
    const { rows, created, failed } = await run.result;
    element("summary").value = `${rows} rows, ${created} created, ${failed} failed`;
  } catch (error) {
    const { rows, created, cancelled } = error.summary ?? {};
    element("summary").value = `${words(error)} ${rows} rows, ${created} created, ${cancelled} cancelled`;
  }
});

element("cancel").addEventListener("click", () => controller?.abort());

function onProgress(event) {
  if (event.event === "rows") Object.assign(element("progress"), { value: event.done, max: event.of });
  if (event.event === "waiting") element("state").value = `waiting: ${event.why}, ${Math.ceil(event.milliseconds / 1000)} s`;
}

function line(row, name, outcome, why) {
  const tr = element("rows").insertRow();
  tr.className = outcome;
  for (const text of [row, name, outcome, why]) tr.insertCell().textContent = text ?? "";
}

function words(error) {
  return error instanceof AgentUserError ? `${error.message} ${error.problem.fix}` : String(error);
}
