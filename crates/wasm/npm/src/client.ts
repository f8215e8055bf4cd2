import { AgentUserError, problem } from "./error.js";
import { AgentUsers, OperationRun } from "./lists.js";
import { bytes, type Bytes } from "./bytes.js";
import type { CallOptions } from "./options.js";
import { Run, type Host, type Kind } from "./run.js";
import { Tokens, type GetToken } from "./tokens.js";
import { NOTHING, type Fetch } from "./transport.js";
import type { ClientConfig } from "./messages.js";
import type {
  AgentUser,
  AgentUserChanges,
  AgentUserRow,
  CreateResult,
  DirectoryObject,
  ListCount,
  ListFilter,
  OperationItems,
  OperationRequest,
  OperationResults,
  ProvisionReport,
  Quotas,
  Readiness,
  RosterSummary,
  ServicePrincipal,
  SubscribedSku,
  TenantFacts,
  TimeoutSettings,
} from "./types.js";
import { module } from "./module.js";

/** How a client is set up. */
export interface ClientOptions {
  /** The cloud; the global one unless said otherwise. Not together with `graphEndpoint`. */
  readonly cloud?: "global" | "usgov" | "usgovdod" | "china" | undefined;
  /** A Graph endpoint of one's own, such as a simulator's: an origin over https, or http on this machine. */
  readonly graphEndpoint?: string | URL | undefined;
  /** Where tokens come from. */
  readonly getToken: GetToken;
  /** What sends requests; the platform's own `fetch` unless said otherwise. */
  readonly fetch?: Fetch | undefined;
  /** Requests in flight at a time, for each call; 16 unless said otherwise. */
  readonly inFlight?: number | undefined;
  /** Requests of a roster that may go as one by `$batch`; 20, the most that Graph takes, unless said otherwise. */
  readonly batch?: number | undefined;
  /** How long to wait for what. */
  readonly settings?: TimeoutSettings | undefined;
  /** How much of Graph to use; what Microsoft publishes, unless said otherwise. */
  readonly quotas?: Quotas | undefined;
}

/** What a call takes that changes something. */
export interface ChangeOptions extends CallOptions {
  /** Only say what would change. */
  readonly dryRun?: boolean | undefined;
}

/** What a call takes that brings an agent user about. */
export interface CreateOptions extends CallOptions {
  /** The domain of a user principal name that is derived from the display name, when it is not given. */
  readonly domain?: string | undefined;
  /** What to wait for at the end. */
  readonly readiness?: Readiness | undefined;
}

/** The same, with a dry run. */
export interface ProvisionOptions extends CreateOptions, ChangeOptions {}

/** How a roster is applied. */
export interface RosterOptions extends ProvisionOptions {
  /** Ask for the tenant's verified domains first, so that a wrong one is an error of its row; so unless `false`. */
  readonly checkDomains?: boolean | undefined;
  /** These rows alone, by the numbers of their reports. */
  readonly rows?: readonly number[] | undefined;
  /** The i-th of n shards alone, as `i/n`: n workers share the roster and the tenant's quotas. */
  readonly shard?: string | undefined;
}

/** Which agent users to list; all of the filters must hold. */
export interface ListQuery extends ListFilter {
  /** Entries per page, 1 to 999. */
  readonly pageSize?: number | undefined;
}

/** The request of an operation. */
type RequestOf<Name extends keyof OperationResults> = Extract<OperationRequest, { operation: Name }>;

/** What an operation yields before its result. */
type ItemOf<Name> = Name extends keyof OperationItems ? OperationItems[Name] : never;

/**
 * Microsoft Graph, for agent users.
 *
 * All calls of a client share its token and what throttling has taught. A call that fails rejects with an
 * {@link AgentUserError}; one that changes a single agent user has its report there.
 */
export class AgentUserClient {
  readonly #host: Host;

  /** @throws {AgentUserError} when the cloud, the endpoint or the settings can't be used. */
  constructor({ cloud, graphEndpoint, getToken, fetch, inFlight, batch, settings, quotas }: ClientOptions) {
    if (typeof getToken !== "function") throw new TypeError("getToken must be a function.");
    const endpoint = graphEndpoint === undefined ? undefined : origin(graphEndpoint);
    const config: ClientConfig = { cloud, graphEndpoint: endpoint, inFlight, batch, settings, quotas };
    try {
      const session = new (module().Session)(JSON.stringify(config));
      const tokens = new Tokens(getToken, session.scope());
      // Called as a method of anything else, the platform's own refuses.
      this.#host = { session, tokens, fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)) };
    } catch (thrown) {
      throw problem(thrown);
    }
  }

  /** Verifies that an agent identity can be the parent of an agent user. */
  verifyParent(identityParentId: string, options?: CallOptions): Promise<ServicePrincipal> {
    return this.#read({ operation: "verifyParent", identityParentId }, options);
  }

  /** The verified domains of the tenant, if the caller may read them: what `validate` takes to check domains, too. */
  verifiedDomains(options?: CallOptions): Promise<TenantFacts> {
    return this.#read({ operation: "verifiedDomains" }, options);
  }

  /** One agent user, by id or user principal name. */
  get(user: string, options?: CallOptions): Promise<AgentUser> {
    return this.#read({ operation: "get", user }, options);
  }

  /** The agent user of a parent, if it has one. */
  findByParent(identityParentId: string, options?: CallOptions): Promise<AgentUser | null> {
    return this.#read({ operation: "findByParent", identityParentId }, options);
  }

  /** Lists agent users. Nothing is asked for before somebody reads. */
  list({ pageSize, ...filter }: ListQuery = {}, options?: CallOptions): AgentUsers {
    return this.#list({ operation: "list", filter, pageSize }, options);
  }

  /** Lists the agent users in the recycle bin. */
  listDeleted(options?: CallOptions): AgentUsers {
    return this.#list({ operation: "listDeleted" }, options);
  }

  /** Brings one agent user about, exactly once, and reads it. */
  create(agentUser: AgentUserRow, { domain, readiness, ...options }: CreateOptions = {}): Promise<AgentUser> {
    return this.#run(CREATED, { operation: "create", agentUser, domain, readiness }, options);
  }

  /** Brings one agent user about, exactly once, with its manager, sponsors and licenses, and waits until it is ready. */
  provision(
    agentUser: AgentUserRow,
    { domain, readiness, dryRun, ...options }: ProvisionOptions = {},
  ): Promise<ProvisionReport> {
    return this.#run(REPORT, { operation: "provision", agentUser, domain, readiness, dryRun }, options);
  }

  /** Brings every row of a roster about, CSV or JSON. Run again, it changes what is left to change. */
  applyRoster(
    roster: Bytes,
    { domain, checkDomains, readiness, dryRun, rows, shard, ...options }: RosterOptions = {},
  ): OperationRun<ProvisionReport, RosterSummary> {
    const request: OperationRequest = {
      operation: "applyRoster",
      domain,
      checkDomains,
      readiness,
      dryRun,
      rows: rows && [...rows],
      shard,
    };
    return new OperationRun(new Run(this.#host, rosterKind(), request, bytes(roster), options));
  }

  /** Changes members; only what differs is sent. `null` clears one. */
  update(user: string, changes: AgentUserChanges, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "update", user, changes }, options);
  }

  /** Moves an agent user to the recycle bin. */
  delete(user: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "delete", user }, options);
  }

  /** Brings an agent user back from the recycle bin, by its id. */
  restore(id: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "restore", id }, options);
  }

  /** Deletes an agent user in the recycle bin for ever, by its id. */
  purge(id: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "purge", id }, options);
  }

  /** The manager of an agent user. */
  manager(user: string, options?: CallOptions): Promise<DirectoryObject | null> {
    return this.#read({ operation: "manager", user }, options);
  }

  /** Sets the manager. */
  setManager(user: string, manager: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "setManager", user, manager }, options);
  }

  /** Removes the manager. */
  clearManager(user: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "clearManager", user }, options);
  }

  /** The sponsors of an agent user. */
  sponsors(user: string, options?: CallOptions): Promise<DirectoryObject[]> {
    return this.#read({ operation: "sponsors", user }, options);
  }

  /** Adds a sponsor: a user, or `group:` and the id of a group. */
  addSponsor(user: string, sponsor: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "addSponsor", user, sponsor }, options);
  }

  /** Removes a sponsor. */
  removeSponsor(user: string, sponsor: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "removeSponsor", user, sponsor }, options);
  }

  /** The SKUs of the tenant, with their seats. */
  skus(options?: CallOptions): Promise<SubscribedSku[]> {
    return this.#read({ operation: "skus" }, options);
  }

  /** Adds and removes licenses, by part number or id. */
  changeLicenses(
    user: string,
    { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
    options?: ChangeOptions,
  ): Promise<ProvisionReport> {
    return this.#change({ operation: "changeLicenses", user, add: [...add], remove: [...remove] }, options);
  }

  /** Waits until the mailbox and Teams, as asked, are provisioned. */
  waitReady(user: string, readiness: Readiness, options: CallOptions = {}): Promise<ProvisionReport> {
    return this.#run(REPORT, { operation: "waitReady", user, readiness }, options);
  }

  /**
   * Starts an operation by its JSON (docs/schema.json), with the bytes beside it: what the other methods do, as the JSON
   * tier has it. A report that names a problem is a result here.
   */
  start<Name extends keyof OperationResults>(
    request: RequestOf<Name>,
    { input = "", ...options }: CallOptions & { readonly input?: Bytes } = {},
  ): OperationRun<ItemOf<Name>, OperationResults[Name]> {
    // Reports are not held back: the rows of a roster go on although nobody takes them.
    const ahead = request.operation === "applyRoster" ? Infinity : 0;
    const kind: Kind<ItemOf<Name>, OperationResults[Name], OperationResults[Name]> = { ahead, end };
    return new OperationRun(new Run(this.#host, kind, request, bytes(input), options));
  }

  #run<Raw, Result>(
    kind: Kind<never, Raw, Result>,
    request: OperationRequest,
    options: CallOptions = {},
  ): Promise<Result> {
    return new Run(this.#host, kind, request, NOTHING, options).result;
  }

  #read<Name extends keyof OperationResults>(
    request: RequestOf<Name>,
    options?: CallOptions,
  ): Promise<OperationResults[Name]> {
    return this.#run<OperationResults[Name], OperationResults[Name]>({ ahead: 0, reads: true, end }, request, options);
  }

  #change(
    request: Extract<OperationRequest, { dryRun?: boolean }>,
    { dryRun, ...options }: ChangeOptions = {},
  ): Promise<ProvisionReport> {
    return this.#run(REPORT, { ...request, dryRun }, options);
  }

  #list(request: OperationRequest, options: CallOptions = {}): AgentUsers {
    const kind: Kind<AgentUser[], ListCount, ListCount> = { ahead: 0, reads: true, end };
    return new AgentUsers(() => new Run(this.#host, kind, request, NOTHING, options));
  }
}

function end<Result>(result: Result): Result {
  return result;
}

const REPORT: Kind<never, ProvisionReport, ProvisionReport> = { ahead: 0, end: succeeded };

const CREATED: Kind<never, CreateResult, AgentUser> = {
  ahead: 0,
  end: ({ report, agentUser }, run) => {
    succeeded(report, run);
    return agentUser as AgentUser;
  },
};

/** A report that names a problem is a failure of its call. */
function succeeded(report: ProvisionReport, run: Run<never, unknown, unknown>): ProvisionReport {
  if (report.problem) throw new AgentUserError(report.problem, { report }, run.cause(report.problem.code));
  return report;
}

/** Rows may fail; a run that was cancelled before all of them ended says so. */
function rosterKind(): Kind<ProvisionReport, RosterSummary, RosterSummary> {
  let cancelled: ProvisionReport["problem"];
  return {
    ahead: Infinity,
    see: ({ problem }) => {
      if (problem?.code === "Cancelled") cancelled = problem;
    },
    end: (summary, run) => {
      if (cancelled && run.cancelled) throw new AgentUserError(cancelled, { summary }, run.cause("Cancelled"));
      return summary;
    },
  };
}

/** A URL of nothing but an origin is written with a slash. */
function origin(endpoint: string | URL): string {
  return String(endpoint).replace(/\/$/, "");
}
