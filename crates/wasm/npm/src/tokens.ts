import { problemLater } from "./error.js";
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

/** An access token, alone or with the moment it expires. */
export type AccessToken = string | DatedToken;

/** An access token with the moment it expires. */
export interface DatedToken {
  /** The token. */
  readonly token: string;
  /** When it expires: a date, or milliseconds since 1970. Without it, Graph's refusal tells. */
  readonly expiresOn?: Date | number | null | undefined;
}

/** Gives access tokens. It is called once for all calls that lack one; if it fails, the calls that wait for it fail. */
export type GetToken = (request: TokenRequest) => AccessToken | Promise<AccessToken>;

/** A token that Graph refused. */
export interface Refused {
  /** The token's number. */
  readonly tag: number;
  /** The claims that Graph asked for with its refusal. */
  readonly claims?: string;
}

/** A token in use. */
export interface Token {
  /** The token's number; every new token has a new one. */
  readonly tag: number;
  /** The token itself. */
  readonly text: string;
}

/** A token in use, with what tells whether it is still good. */
interface CurrentToken extends Token {
  readonly renewAt: number;
  /** The claims that the sign-in was told of. */
  readonly claims: string | undefined;
}

interface TokenDemand {
  /** The refusal that the sign-in was told of. */
  readonly refused: Refused | undefined;
  readonly token: Promise<Token>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * The token of a client. One sign-in at a time serves all of its calls. A call whose token was refused takes the token of a
 * sign-in under way only if that was told of the refusal: else a cache may answer it with the refused token.
 */
export class Tokens {
  readonly #getToken: GetToken;
  readonly #scope: string;
  readonly #maxBytes: number | undefined;
  #current: CurrentToken | undefined;
  #demand: TokenDemand | undefined;

  constructor(getToken: GetToken, scope: string, maxBytes?: number) {
    this.#getToken = getToken;
    this.#scope = scope;
    this.#maxBytes = maxBytes;
  }

  /** The token in use, unless it is about to expire or was refused. */
  current(refused: Refused | undefined): Token | undefined {
    const token = this.#current;
    if (token === undefined || Date.now() >= token.renewAt) return undefined;
    const met = refused === undefined || (refused.tag !== token.tag && isAsked(refused.claims, token.claims));
    return met ? token : undefined;
  }

  /** A token that was not refused. Joins the sign-in that is under way, or waits for its end and begins another. */
  async get(refused: Refused | undefined, signal: AbortSignal): Promise<Token> {
    for (;;) {
      const demand = (this.#demand ??= this.#ask(refused));
      if (covers(demand.refused, refused)) return await this.#wait(demand, signal);
      // How it ends concerns others.
      await this.#wait(demand, signal).catch(() => undefined);
      signal.throwIfAborted();
      const current = this.current(refused);
      if (current !== undefined) return current;
    }
  }

  async #wait(demand: TokenDemand, signal: AbortSignal): Promise<Token> {
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
      try {
        return this.#keep(given, refused?.claims);
      } catch (thrown) {
        throw await problemLater(thrown);
      }
    };
    const token = ask().finally(() => {
      if (this.#demand?.controller === controller) this.#demand = undefined;
    });
    return { refused, token, controller, waiting: 0 };
  }

  #keep(given: AccessToken, claims: string | undefined): Token {
    const { token, expiresOn = undefined } = typeof given === "string" ? { token: given } : (given ?? {});
    // Header fields would refuse it with a message that shows it.
    const text = module().bearerText(typeof token === "string" ? token : "", "The text that getToken gave", this.#maxBytes);
    const now = Date.now();
    const lifetime = expiresOn == null ? NaN : Number(expiresOn) - now;
    const renewAt = Number.isFinite(lifetime) ? now + module().renewAfter(lifetime) : Infinity;
    // The same token keeps its number: who had it refused does not take it for another one.
    const former = this.#current ?? { tag: 0, text: undefined };
    this.#current = { tag: former.text === text ? former.tag : former.tag + 1, text, renewAt, claims };
    return this.#current;
  }
}

/** Whether a sign-in that was told of one refusal meets another one. */
function covers(told: Refused | undefined, other: Refused | undefined): boolean {
  if (other === undefined) return true;
  return told !== undefined && told.tag >= other.tag && isAsked(other.claims, told.claims);
}

/** Whether these claims, where there are some, were passed on. */
function isAsked(claims: string | undefined, passedOn: string | undefined): boolean {
  return claims === undefined || claims === passedOn;
}

/** The promise, or the signal's reason once it is aborted. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
