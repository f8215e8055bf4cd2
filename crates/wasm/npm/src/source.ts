/** A WebAssembly module, or the place to load it from. */
export type Source = string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module;

/** The places of this package's files, for hosts that serve them elsewhere; by default they are beside its scripts. */
export interface Sources {
  /** The first module, which lists agent users and shows one: `agentuser/agentuser.wasm`. */
  readonly first?: Source | undefined;
  /** The second module, which has all else: `agentuser/second.wasm`. */
  readonly second?: Source | undefined;
  /** The texts of problems: `agentuser/texts.json`. */
  readonly texts?: string | URL | Request | Response | Promise<Response> | BufferSource | undefined;
}

/** A module that is there at once: its bytes, or compiled. */
export type AtHand = BufferSource | WebAssembly.Module;

/** Whether the module is there at once. */
export function isAtHand(source: Source): source is AtHand {
  return source instanceof WebAssembly.Module || source instanceof ArrayBuffer || ArrayBuffer.isView(source);
}

/** Fetches what is not at hand. */
export async function fetched(source: Source): Promise<AtHand | Response> {
  if (isAtHand(source)) return source;
  const given = source as string | URL | Request | Response | Promise<Response>;
  const isPlace = typeof given === "string" || given instanceof URL || given instanceof Request;
  const response = isPlace ? await fetch(given) : await given;
  if (!response.ok) throw new Error(`${response.url} was answered with status ${response.status}.`);
  return response;
}
