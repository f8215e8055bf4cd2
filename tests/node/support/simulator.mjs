import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = process.env.AGENTUSER_CLI ?? fileURLToPath(new URL("../../../target/debug/agentuser", import.meta.url));

/** Starts a simulated Graph, which ends with the test, if there is one, or after two minutes without a request. */
export async function simulator(test, options = {}) {
  const child = spawn(program, ["simulator", "--json", "--options", "-"], { stdio: ["pipe", "pipe", "inherit"] });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  test?.after(stop);
  child.stdin.end(JSON.stringify({ idleSeconds: 120, speed: 600, ...options }));
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`the simulator ended with ${code}`))),
    once(child, "error").then(([error]) => Promise.reject(error)),
  ]);
  const { endpoint, token } = JSON.parse(line);
  const ask = async (method, what, body) => {
    const response = await fetch(`${endpoint}/simulator/${what}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    endpoint,
    token,
    stop,
    look: (what) => ask("GET", what),
    script: (faults) => ask("POST", "script", faults),
    order: ({ order, body }) => ask("POST", order, body),
    revoke: (refused) => ask("POST", "revoke", { token: refused }),
  };
}

/** The object id of the agent identity of that number. */
export function identity(number) {
  return `a1d00000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** A roster's row for that agent identity. */
export function row(number, more = {}) {
  return {
    identityParentId: identity(number),
    displayName: `Agent ${number}`,
    userPrincipalName: `agent.${number}@contoso.com`,
    usageLocation: "DE",
    ...more,
  };
}

/** A roster of so many rows. */
export function roster(count, more = {}) {
  return JSON.stringify(Array.from({ length: count }, (_, index) => row(index + 1, more)));
}
