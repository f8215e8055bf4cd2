import { problem } from "./error.js";
import { module } from "./module.js";

/** A request for an access token. */
export interface TokenRequest {
  /** The scope: `{Graph's origin}/.default`. */
  readonly scope: string;
  /** The claims challenge to pass on to the sign-in, as JSON text. Browsers see one only where CORS exposes it. */
  readonly claims?: string;
  /** True when Graph refused the former token: a cache must not give it again. */
  readonly refused: boolean;
  /** Aborted when no call waits for the token any more. */
  readonly signal: AbortSignal;
}

/** An access token, alone or with the moment it expires (a date, or milliseconds since 1970). */
export type AccessToken = string | { readonly token: string; readonly expiresOn?: Date | number | null };

/** Gives access tokens. It is called once for all calls that lack one; if it fails, the calls that wait for it fail. */
export type GetToken = (request: TokenRequest) => AccessToken | Promise<AccessToken>;

/** A token that Graph refused. */
export interface Refused {
  readonly tag: number;
  readonly claims?: string;
}

/** A token in use. */
export interface Token {
  /** The token's number; every new token has a new one. */
  readonly tag: number;
  readonly text: string;
}

interface TokenDemand {
  readonly token: Promise<Token>;
  readonly controller: AbortController;
  waiting: number;
}

/** The token of a client. One sign-in at a time serves all of its calls. */
export class Tokens {
  readonly #getToken: GetToken;
  readonly #scope: string;
  readonly #maxBytes: number | undefined;
  #current: (Token & { readonly renewAt: number }) | undefined;
  #demand: TokenDemand | undefined;

  constructor(getToken: GetToken, scope: string, maxBytes?: number) {
    this.#getToken = getToken;
    this.#scope = scope;
    this.#maxBytes = maxBytes;
  }

  /** The token in use, unless it is about to expire or was refused. */
  current(refused: Refused | undefined): Token | undefined {
    const token = this.#current;
    return token && token.tag !== refused?.tag && Date.now() < token.renewAt ? token : undefined;
  }

  /** A token that was not refused. Joins the sign-in that is under way. */
  async get(refused: Refused | undefined, signal: AbortSignal): Promise<Token> {
    const demand = (this.#demand ??= this.#ask(refused));
    demand.waiting += 1;
    try {
      return await unlessAborted(demand.token, signal);
    } finally {
      demand.waiting -= 1;
      if (demand.waiting === 0) {
        demand.controller.abort();
        if (this.#demand === demand) this.#demand = undefined;
      }
    }
  }

  #ask(refused: Refused | undefined): TokenDemand {
    const controller = new AbortController();
    const ask = async (): Promise<Token> => {
      const given = await this.#getToken({
        scope: this.#scope,
        refused: refused !== undefined,
        signal: controller.signal,
        ...(refused?.claims === undefined ? {} : { claims: refused.claims }),
      });
      return this.#keep(given);
    };
    const token = ask().finally(() => {
      if (this.#demand?.controller === controller) this.#demand = undefined;
    });
    return { token, controller, waiting: 0 };
  }

  #keep(given: AccessToken): Token {
    const { token, expiresOn = undefined } = typeof given === "string" ? { token: given } : (given ?? {});
    // Header fields would refuse it with a message that shows it.
    const text = bearerText(typeof token === "string" ? token : "", this.#maxBytes);
    const now = Date.now();
    const lifetime = expiresOn == null ? NaN : Number(expiresOn) - now;
    const renewAt = Number.isFinite(lifetime) ? now + module().renewAfter(lifetime) : Infinity;
    this.#current = { tag: (this.#current?.tag ?? 0) + 1, text, renewAt };
    return this.#current;
  }
}

function bearerText(text: string, maxBytes?: number): string {
  try {
    return module().bearerText(text, "The text that getToken gave", maxBytes);
  } catch (thrown) {
    throw problem(thrown);
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
