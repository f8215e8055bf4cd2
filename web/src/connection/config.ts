import { strings } from "../strings/index.js";

export type Cloud = "global" | "usgov" | "usgovdod" | "china";

/** The content of config.json, beside the page. Without a client id and without a simulator, the page is not configured. */
export interface Config {
  /** The application (client) id of the app registration. */
  readonly clientId?: string;
  /** The tenant: its id or one of its domains. */
  readonly tenantId?: string;
  readonly cloud?: Cloud;
  /** The Graph endpoint of a cloud that is not among those, or of a simulator. */
  readonly graphEndpoint?: string;
  /** Its sign-in endpoint. */
  readonly loginEndpoint?: string;
  /** A simulator on this computer, with a token that it takes: for rehearsals and tests. */
  readonly simulator?: { readonly endpoint: string; readonly token: string };
}

export class ConfigError extends Error {}

const CLOUDS: readonly string[] = ["global", "usgov", "usgovdod", "china"] satisfies Cloud[];
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TENANT = /^[0-9a-z]([0-9a-z.-]*[0-9a-z])?$/i;
const LOCAL = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The origin of an address that a token may be sent to. */
function origin(value: unknown, onlyLocal: boolean): string | undefined {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.href.replace(/\/$/, "") !== url.origin) return undefined;
  const local = LOCAL.has(url.hostname);
  return local || (url.protocol === "https:" && !onlyLocal) ? url.origin : undefined;
}

/** Reads a configuration. Every member is checked, because a wrong one would send a token elsewhere or end in a riddle. */
export function readConfig(json: unknown): Config {
  const text = strings.connection;
  if (json === null || typeof json !== "object" || Array.isArray(json)) throw new ConfigError(text.configNotObject);
  const check = (name: string, value: unknown, holds: boolean, wanted: string) => {
    if (value !== undefined && !holds) throw new ConfigError(text.configMember(name, wanted));
  };
  const { clientId, tenantId, cloud, graphEndpoint, loginEndpoint, simulator, ...unknown } = json as Record<string, unknown>;
  for (const name of Object.keys(unknown)) throw new ConfigError(text.configUnknown(name));
  check("clientId", clientId, typeof clientId === "string" && ID.test(clientId), text.wantsId);
  check("tenantId", tenantId, typeof tenantId === "string" && TENANT.test(tenantId), text.wantsTenant);
  check("cloud", cloud, CLOUDS.includes(cloud as string), text.wantsCloud);
  check("graphEndpoint", graphEndpoint, origin(graphEndpoint, false) !== undefined, text.wantsOrigin);
  check("loginEndpoint", loginEndpoint, origin(loginEndpoint, false) !== undefined, text.wantsOrigin);
  if (simulator !== undefined) {
    const { endpoint, token } = (simulator ?? {}) as Record<string, unknown>;
    check("simulator.endpoint", endpoint ?? null, origin(endpoint, true) !== undefined, text.wantsLocal);
    check("simulator.token", token ?? null, typeof token === "string", text.wantsText);
  }
  return json as Config;
}

/** Reads the file beside the page. */
export async function fetchConfig(): Promise<Config> {
  let json: unknown;
  try {
    const response = await fetch("./config.json", { cache: "no-cache", credentials: "same-origin" });
    if (!response.ok) throw new Error(String(response.status));
    json = await response.json();
  } catch {
    throw new ConfigError(strings.connection.configUnread);
  }
  return readConfig(json);
}
