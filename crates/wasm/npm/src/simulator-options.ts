/** A fault of the network, by its name. */
export type SimulatedFaultName =
  /** The tenant did it; the answer is lost. */
  | "lostAnswer"
  /** The connection is reset before the tenant sees the request. */
  | "reset"
  /** The connection is refused: nothing was sent. */
  | "refused"
  /** The tenant did it; the answer comes `delayMs` later. */
  | "delay"
  /** The request takes `delayMs`; its answer is dropped. */
  | "lateArrival"
  /** No answer ever comes. */
  | "never"
  /** 429, before the tenant sees it. */
  | "throttled"
  /** A gateway's error without a body of Graph. */
  | "serverError"
  /** The tenant did it; the second half of the body is missing. */
  | "truncatedBody"
  /** A proxy's page in place of the answer, with status 200. */
  | "wrongContentType"
  /** The tenant did it; the body is empty. */
  | "emptyBody"
  /** A proxy refuses with its own page. */
  | "foreignRefusal"
  /** The tenant did it; the next link points to another host. */
  | "foreignNextLink"
  /** The tenant did it; the next link points back to the first page. */
  | "circularNextLink"
  /** The tenant did it; the list goes on without an end by empty pages. */
  | "endlessPages"
  /** The same, by three pages in a circle. */
  | "circularPages"
  /** 400: the place in the list that the request names is forgotten. */
  | "expiredPageToken"
  /** The tenant did it; the body is JSON of another shape. */
  | "garbageJson"
  /** The tenant did it; the answer names another object. */
  | "anotherObject"
  /** A status of success with an error for a body. */
  | "errorInSuccess"
  /** A status that HTTP does not have. */
  | "strangeStatus"
  /** Graph's error with `status`, `code` and `message`, or `body` as it is given. */
  | "answer"
  /** The tenant's own answer with other `members`. */
  | "changed";

/** A fault of the network at an exact place. */
export interface SimulatedFault {
  /** The method of the request. */
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** A part of its path and query. */
  readonly path: string;
  /** The number of the request among those of that method and path, from 1, which is the default. */
  readonly nth?: number;
  /** To how many requests in a row it happens; 1 unless given. */
  readonly times?: number;
  /** The fault. */
  readonly fault: SimulatedFaultName;
  /** For `delay` and `lateArrival`. */
  readonly delayMs?: number;
  /** Whether the tenant did what was asked; false unless given. */
  readonly executed?: boolean;
  /** The status of the answer. */
  readonly status?: number;
  /** For `throttled` and `serverError`. */
  readonly retryAfterSeconds?: number;
  /** The same as a date, so many seconds after the answer's own. */
  readonly retryAfterDateSeconds?: number;
  /** For `answer`: Graph's code. */
  readonly code?: string;
  /** For `answer`: Graph's message. */
  readonly message?: string;
  /** For `answer`: the body, in place of code and message. */
  readonly body?: unknown;
  /** For `changed`: members of the tenant's own answer; null takes one out. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** A token of a simulator. */
export interface SimulatedToken {
  /** The token itself. */
  readonly token: string;
  /** How long it is good after the start, on the simulator's clock; for ever unless given. */
  readonly expiresInSeconds?: number;
  /** The person who signed in with it, by user principal name; an application unless given. */
  readonly user?: string;
}

/** The options of a simulator. Those of `agentuser simulator --options`, but for what only a server needs. */
export interface SimulatorOptions {
  /**
   * `contoso`, the tenant of the demo, unless given; `troubled` has everything that an audit finds, each once; `planted` has 2,000
   * agent users, with each finding in one of a hundred.
   */
  readonly tenant?: "contoso" | "troubled" | "planted";
  /** The edition of Microsoft Entra ID that the tenant has; P2 unless given. */
  readonly edition?: "free" | "p1" | "p2";
  /** The permissions of the token, which may then do no more than these. */
  readonly permissions?: readonly string[];
  /** Agent identities without an agent user; 24 unless given. */
  readonly identities?: number;
  /** Agent users that are there from the start; 1 unless given. */
  readonly agentUsers?: number;
  /** Where ids, delays, faults and lags come from: the same number gives the same. */
  readonly seed?: number;
  /** How many times as fast as ours its time runs; 1 unless given. */
  readonly speed?: number;
  /** The longest replication lag, on its own clock; none unless given. */
  readonly lagMs?: number;
  /** The least and the most that a good answer takes, in real time; like a real network unless given. */
  readonly latencyMs?: readonly [number, number];
  /** Where Microsoft's documents contradict each other, be as the reading of this number. */
  readonly reading?: number;
  /** Throttle by the quotas that Microsoft publishes, on its own clock; true unless given. */
  readonly quotas?: boolean;
  /** The faults. */
  readonly faults?: {
    /** Of 1,000 requests so many go wrong, as the seed draws it. */
    readonly perMille?: number;
    /** Draw only what is over within seconds. */
    readonly brisk?: boolean;
    /** Let requests to the sign-in go wrong, too. */
    readonly signIns?: boolean;
    /** Faults at exact places. */
    readonly script?: readonly SimulatedFault[];
  };
  /** The token that may do everything; drawn at random unless given. */
  readonly token?: string;
  /** More tokens that may do everything. */
  readonly tokens?: readonly SimulatedToken[];
  /** The root of Graph; `https://graph.microsoft.com` unless given. */
  readonly root?: string;
  /** Seats of every SKU. */
  readonly seats?: number;
  /** SKUs beside those of the tenant. */
  readonly skus?: readonly object[];
  /** Groups that assign licenses. */
  readonly groups?: readonly object[];
  /** Direct licenses of agent users. */
  readonly licenses?: readonly object[];
  /** The extension properties that agent users can have. */
  readonly extensions?: readonly object[];
  /** The custom security attributes that can be assigned. */
  readonly attributeSets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Lifecycle policies of agent identities. */
  readonly lifecyclePolicies?: readonly object[];
  /** Applications, people, consent and policies of its sign-in. */
  readonly signIn?: object;
}
