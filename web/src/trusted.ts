import { Mistake } from "./common/mistake.js";

/** Chromium's Trusted Types, for the one thing that this page makes of a text: the address of a worker. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string };
}

/** Addresses of this site, and no others. */
function ownAddress(address: string): string {
  const { origin, href } = new URL(address, location.href);
  if (origin !== location.origin) throw new Mistake(`${origin} is not this site.`);
  return href;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("agentuser", { createScriptURL: ownAddress });

/** Starts a worker from an address that `import url from "./x.ts?worker&url"` gives. It is ended by `end`. */
export function worker(address: string, name: string, end?: AbortSignal): Worker {
  const started = new Worker(policy?.createScriptURL(address) ?? ownAddress(address), { type: "module", name });
  end?.addEventListener("abort", () => started.terminate());
  return started;
}
