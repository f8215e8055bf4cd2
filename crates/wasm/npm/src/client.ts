import { AgentUserError, problem } from "./error.js";
import { GraphList, OperationRun } from "./lists.js";
import { input as inputOf, planInput, reportInput, rosterInput, snapshotInput, type Bytes, type RosterSource } from "./bytes.js";
import type { CallOptions } from "./options.js";
import { Run, type Ended, type Host, type Kind } from "./run.js";
import { Tokens, type GetToken } from "./tokens.js";
import { NOTHING, type Fetch, platformFetch } from "./transport.js";
import type { ClientConfig } from "./messages.js";
import type {
  Access,
  AgentUser,
  AgentUserChanges,
  AgentUserRow,
  Audited,
  Blueprint,
  BlueprintChain,
  CreateResult,
  Diagnosis,
  DirectoryObject,
  Group,
  LicenseAssignment,
  Lifecycle,
  ListCount,
  ListFilter,
  Inheritance,
  OperationItems,
  OperationRequest,
  OperationResults,
  PermissionReport,
  Permissions,
  Plan,
  ProvisionReport,
  Quotas,
  Readiness,
  RequiredPermissions,
  RetiredUntil,
  RosterSummary,
  ServicePrincipal,
  Sponsored,
  SubscribedSku,
  TenantFacts,
  TimeoutSettings,
  TokenPermission,
  WantedLicense,
  Yielded,
} from "./types.js";
import { module } from "./module.js";

/** The options of a client. */
export interface ClientOptions {
  /** The cloud; by default the global one. Not together with `graphEndpoint`. */
  readonly cloud?: "global" | "usgov" | "usgovdod" | "china" | undefined;
  /** A Graph endpoint outside the clouds, such as a simulator's: an origin over https, or over http on this machine. */
  readonly graphEndpoint?: string | URL | undefined;
  /** Gives access tokens for Graph. */
  readonly getToken: GetToken;
  /**
   * Sends requests; by default the platform's own `fetch`. An error of another one leaves it open whether the request
   * arrived, and a write is looked for before it is sent again, unless the error has a member `sent` that is `"no"`.
   */
  readonly fetch?: Fetch | undefined;
  /** Requests in flight at a time, for each call; 32 unless said otherwise. */
  readonly inFlight?: number | undefined;
  /** How many requests of a roster may go together in one `$batch`; 20 by default, the most that Graph takes. */
  readonly batch?: number | undefined;
  /** The most bytes that a token may have; 65,536 by default. */
  readonly maxTokenBytes?: number | undefined;
  /** How long to wait for an answer, a change and a service. */
  readonly settings?: TimeoutSettings | undefined;
  /** How much of Graph to use; by default the limits that Microsoft publishes. */
  readonly quotas?: Quotas | undefined;
}

/** The options of a call that changes something. */
export interface ChangeOptions extends CallOptions {
  /** Plan the changes and make none. */
  readonly dryRun?: boolean | undefined;
}

/** The options of restoring an agent user. */
export interface RestoreOptions extends ChangeOptions {
  /** Its user principal name from now on, where another user has the one that it had. */
  readonly newUserPrincipalName?: string | undefined;
  /** Let Graph drop the mail addresses that another user has by now, in place of refusing. */
  readonly autoReconcileProxyConflict?: boolean | undefined;
}

/** The options of reading an agent user. */
export interface ReadOptions extends CallOptions {
  /** Members to read beside the usual ones, such as extension properties and `customSecurityAttributes`. */
  readonly select?: readonly string[] | undefined;
}

/** The options of creating an agent user. */
export interface CreateOptions extends CallOptions {
  /** The domain of a user principal name that is derived from the display name, when none is given. */
  readonly domain?: string | undefined;
  /** The services to wait for at the end; licenses are waited for in any case. */
  readonly readiness?: Readiness | undefined;
}

/** The options of provisioning an agent user. */
export interface ProvisionOptions extends CreateOptions, ChangeOptions {}

/** The options of applying a roster. */
export interface RosterOptions extends ProvisionOptions {
  /** Read the tenant's verified domains first, so that a wrong one is an error of its row; true by default. */
  readonly checkDomains?: boolean | undefined;
  /** The numbers of the rows to apply, as in their reports; all rows by default. */
  readonly rows?: readonly number[] | undefined;
  /** The shard to apply, as `i/n`: n workers share the roster and the tenant's quotas. */
  readonly shard?: string | undefined;
  /** The most bytes that the roster may have; 64 MiB by default. */
  readonly maxBytes?: number | undefined;
  /** The most rows that the roster may have; 200,000 by default. */
  readonly maxRows?: number | undefined;
  /** The most errors of the roster that are listed; 1,000 by default. More are counted by rule and field. */
  readonly maxErrors?: number | undefined;
}

/** Licenses to add and to remove. */
export interface LicenseChange {
  /** The licenses to add, by part number or id. */
  readonly add?: readonly WantedLicense[] | undefined;
  /** The licenses to remove, by part number or id. */
  readonly remove?: readonly string[] | undefined;
}

/** The options of starting an operation by its JSON. */
export interface StartOptions extends CallOptions {
  /** The bytes beside the JSON, such as a roster; none by default. */
  readonly input?: Bytes | undefined;
}

/** The options of planning a verb for many agent users. */
export interface PlanOptions extends CallOptions {
  /** For `license`: the licenses to add, by part number or id. */
  readonly add?: readonly WantedLicense[] | undefined;
  /** For `license`: the licenses to remove, by part number or id. */
  readonly remove?: readonly string[] | undefined;
  /** For `restore`: let Graph drop the mail addresses that other users have by now, in place of refusing. */
  readonly autoReconcileProxyConflict?: boolean | undefined;
  /** For `retire`: how far they are retired; until they are deleted by default. */
  readonly until?: RetiredUntil | undefined;
  /** For `retire`: take the licenses first, so that their seats are free at once. */
  readonly freeSeats?: boolean | undefined;
  /** For `retire`: take them out of their groups first. */
  readonly leaveGroups?: boolean | undefined;
  /** For `retire`: it is known that data is lost. */
  readonly acceptDataLoss?: boolean | undefined;
}

/** Which rules of an audit run, and how they judge. */
export type AuditOptions = CallOptions & Judging;

type Judging = Omit<RequestOf<"audit">, "operation" | "records" | "timeoutMs" | "reason">;

/** The options of bringing back the agent users of reports. */
export interface UndoOptions extends ChangeOptions {
  /** Let Graph drop the mail addresses that other users have by now, in place of refusing; true by default. */
  readonly autoReconcileProxyConflict?: boolean | undefined;
}

/** The options of running operations side by side. */
export interface ManyOptions extends CallOptions {
  /** How many objects are worked on at the same time; all of them by default. The requests in flight are bounded in any case. */
  readonly atOnce?: number | undefined;
}

/** The options of retiring an agent user. */
export interface RetireOptions extends ChangeOptions {
  /** How far it is retired; until it is deleted by default. */
  readonly until?: RetiredUntil | undefined;
  /** Take the licenses first, so that their seats are free at once. */
  readonly freeSeats?: boolean | undefined;
  /** Take it out of its groups first. */
  readonly leaveGroups?: boolean | undefined;
  /** It is known that data is lost: `purged`, `unlicensed` and `freeSeats` want it. */
  readonly acceptDataLoss?: boolean | undefined;
}

/** A leaver, and the one who follows: object ids, user principal names, or for sponsors groups as `group:{id}`. */
export interface Leaver {
  /** The leaver. */
  readonly from: string;
  /** The one who follows. */
  readonly to: string;
}

/** The options of planning a hand-over. */
export interface HandoverOptions extends CallOptions {
  /** The relationships that are handed over; managers and sponsors by default. */
  readonly handedOver?: RequestOf<"planHandover">["handedOver"];
}

/** The object to stop, with everything below it: one of these. */
export type ContainTarget =
  | {
      /** A blueprint, by its application id, or an object id of its application or its principal. */
      readonly blueprint: string;
    }
  | {
      /** An agent identity, by its object id. */
      readonly agentIdentityId: string;
    }
  | {
      /** An agent user, by its object id or user principal name. */
      readonly user: string;
    };

/** The options of planning to contain. */
export interface ContainPlanOptions extends CallOptions {
  /** The accounts that are never stopped: agent users, and agent identities by their object ids. */
  readonly except?: readonly string[] | undefined;
}

/** The options of containing. */
export interface ContainOptions extends ContainPlanOptions, ChangeOptions {}

/** The options of planning a roster. */
export type RosterPlanOptions = Omit<RosterOptions, "readiness" | "dryRun">;

/** The options of applying a plan. */
export interface ApplyPlanOptions extends ChangeOptions {
  /** The numbers of the objects to change, as in the reports of a dry run; all of them, unless given. */
  readonly only?: readonly number[] | undefined;
  /** How old the plan may be, in days; 7 by default. */
  readonly maxAgeDays?: number | undefined;
  /** The most bytes that the plan may have; 128 MiB by default. */
  readonly maxBytes?: number | undefined;
  /** The most changes that the plan may have; 1,000,000 by default. */
  readonly maxChanges?: number | undefined;
  /** The most errors of the plan that are listed; 1,000 by default. */
  readonly maxErrors?: number | undefined;
}

/** The agent whose permissions are meant: one of them. */
export interface PermissionHolder {
  /** The agent user: its object id or user principal name. */
  readonly user?: string | undefined;
  /** The agent identity: its object id. */
  readonly agentIdentityId?: string | undefined;
  /** The blueprint whose principal it is: its application id, or an object id. */
  readonly blueprint?: string | undefined;
}

/** The principal that acts by delegated permissions, and the users that it acts for. */
export interface Consent extends PermissionHolder {
  /** Whether the permissions are for all users of the tenant; then no user is named. */
  readonly allPrincipals?: boolean | undefined;
}

/** The options of a change of permissions. */
export interface PermissionOptions extends ChangeOptions {
  /** The application id of the resource; that of Microsoft Graph by default. */
  readonly resourceAppId?: string | undefined;
}

/** The options of setting what agent identities inherit. What is not named stays as it is. */
export interface InheritOptions extends PermissionOptions {
  /** Whether they inherit the delegated permissions that are granted to the blueprint's principal. */
  readonly inheritableScopes?: Inheritance | undefined;
  /** Whether they inherit the app roles that are assigned to the blueprint's principal. */
  readonly inheritableRoles?: Inheritance | undefined;
}

/** The options of a diagnosis or a probe. */
export interface DoctorOptions extends CallOptions {
  /** The operations to look at; all by default. */
  readonly operations?: readonly (keyof OperationResults)[] | undefined;
  /** Whether to ask Graph, by reads, what no page of Microsoft answers, in place of a diagnosis. */
  readonly probe?: boolean | undefined;
  /** Ask, too, what needs an agent user, which is made under this agent identity and deleted for ever. */
  readonly probeWrites?: string | undefined;
}

/** The operations, and the roster, that permissions are needed for. */
export interface NeededForOptions extends CallOptions {
  /** A roster whose rows say what is needed. */
  readonly roster?: RosterSource | undefined;
  /** The domain of user principal names that are derived from display names, for rows of the roster that have none. */
  readonly domain?: string | undefined;
  /** The services that every row of the roster waits for. */
  readonly readiness?: Readiness | undefined;
}

/** The conditions of a list, all of which must hold, and its pages. */
export interface ListQuery extends ListFilter {
  /** Entries per page, 1 to 999. */
  readonly pageSize?: number | undefined;
  /** Members to read beside those that every list reads, by Graph's property names. */
  readonly select?: readonly string[] | undefined;
}

/** The options of listing blueprints. */
export interface BlueprintOptions extends CallOptions {
  /** The beginning of the display name. */
  readonly displayNameStartsWith?: string | undefined;
}

/** The conditions of a list of agent identities, all of which must hold, and its pages. */
export interface IdentityQuery {
  /** The beginning of the display name. */
  readonly displayNameStartsWith?: string | undefined;
  /** The blueprint: its application (client) id; or the object id of its application or of its principal. */
  readonly blueprint?: string | undefined;
  /** True for those that are enabled, false for those that are not. */
  readonly accountEnabled?: boolean | undefined;
  /**
   * True for those without an agent user. The list of all agent users is read for it first; those in the recycle bin count
   * for none.
   */
  readonly withoutAgentUser?: boolean | undefined;
  /** Entries per page, 1 to 100. */
  readonly pageSize?: number | undefined;
}

/** The request of an operation. */
type RequestOf<Name extends keyof OperationResults> = Extract<OperationRequest, { operation: Name }>;

/** The items of an operation. */
type ItemOf<Name> = Name extends keyof OperationItems ? OperationItems[Name] : never;

/**
 * Microsoft Graph, for agent users.
 *
 * All calls of a client share its token and what throttling has taught. A call that fails rejects with an
 * {@link AgentUserError}; one that changes a single agent user has its report there.
 */
export class AgentUserClient {
  readonly #host: Host;

  /**
   * @throws {AgentUserError} when the cloud, the endpoint or the settings can't be used.
   * @throws {TypeError} when there is no `getToken`.
   */
  constructor(options: ClientOptions) {
    const { cloud, graphEndpoint, getToken, fetch, inFlight, batch, maxTokenBytes, settings, quotas } = options ?? {};
    if (typeof getToken !== "function") {
      const fix = "Call new AgentUserClient({ getToken }) with a function that gives an access token for Microsoft Graph.";
      throw new TypeError(`The option getToken is ${getToken === undefined ? "missing" : "not a function"}. ${fix}`);
    }
    const endpoint = graphEndpoint === undefined ? undefined : origin(graphEndpoint);
    const config: ClientConfig = { cloud, graphEndpoint: endpoint, inFlight, batch, maxTokenBytes, settings, quotas };
    try {
      const session = new (module().Session)(JSON.stringify(config));
      const tokens = new Tokens(getToken, session.scope(), maxTokenBytes);
      this.#host = { session, tokens, fetch: fetch ?? platformFetch, timeoutMs: settings?.operationTimeoutMs ?? undefined };
    } catch (thrown) {
      throw problem(thrown);
    }
  }

  /** Verifies that an agent identity can be the parent of an agent user. */
  verifyParent(identityParentId: string, options?: CallOptions): Promise<ServicePrincipal> {
    return this.#read({ operation: "verifyParent", identityParentId }, options);
  }

  /** Lists agent identities. The list asks for nothing before it is read. */
  listIdentities(query: IdentityQuery = {}, options?: CallOptions): GraphList<ServicePrincipal> {
    return this.#list({ operation: "listIdentities", ...query }, options);
  }

  /** Reads one agent identity, by object id. */
  identity(agentIdentityId: string, options?: CallOptions): Promise<ServicePrincipal> {
    return this.#read({ operation: "identity", agentIdentityId }, options);
  }

  /** Reads the sponsors of an agent identity: people and groups. */
  identitySponsors(agentIdentityId: string, options?: CallOptions): Promise<DirectoryObject[]> {
    return this.#read({ operation: "identitySponsors", agentIdentityId }, options);
  }

  /** Reads the owners of an agent identity: people and service principals. */
  identityOwners(agentIdentityId: string, options?: CallOptions): Promise<DirectoryObject[]> {
    return this.#read({ operation: "identityOwners", agentIdentityId }, options);
  }

  /** Reads the next action of Microsoft's lifecycle policies on an agent identity, its date, and whether attesting helps. */
  lifecycle(agentIdentityId: string, options?: CallOptions): Promise<Lifecycle> {
    return this.#read({ operation: "lifecycle", agentIdentityId }, options);
  }

  /** Attests an agent identity, as Microsoft's lifecycle policies ask from time to time. */
  attest(agentIdentityId: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "attest", agentIdentityId }, options);
  }

  /** Lists the blueprints of the tenant, at most 10,000. */
  listBlueprints({ displayNameStartsWith, ...options }: BlueprintOptions = {}): Promise<Blueprint[]> {
    return this.#read({ operation: "listBlueprints", displayNameStartsWith }, options);
  }

  /** Reads one blueprint, by its application id, or by the object id of its application or of its principal. */
  blueprint(blueprint: string, options?: CallOptions): Promise<Blueprint> {
    return this.#read({ operation: "blueprint", blueprint }, options);
  }

  /**
   * Verifies the chain from a blueprint to its principal, its agent identities and their agent users: what is missing,
   * disabled, in the recycle bin or not to be read.
   */
  verifyBlueprint(blueprint: string, options?: CallOptions): Promise<BlueprintChain> {
    return this.#read({ operation: "verifyBlueprint", blueprint }, options);
  }

  /** Reads the verified domains of the tenant, where the caller may; `validate` compares domains with them. */
  verifiedDomains(options?: CallOptions): Promise<TenantFacts> {
    return this.#read({ operation: "verifiedDomains" }, options);
  }

  /** Reads one agent user, by object id or user principal name. */
  get(user: string, { select, ...options }: ReadOptions = {}): Promise<AgentUser> {
    return this.#read({ operation: "get", user, select: select && [...select] }, options);
  }

  /** Reads the agent user of a parent; null where it has none. */
  findByParent(identityParentId: string, { select, ...options }: ReadOptions = {}): Promise<AgentUser | null> {
    return this.#read({ operation: "findByParent", identityParentId, select: select && [...select] }, options);
  }

  /** Lists agent users. The list asks for nothing before it is read. */
  list({ pageSize, select, ...filter }: ListQuery = {}, options?: CallOptions): GraphList<AgentUser> {
    return this.#list({ operation: "list", filter, pageSize, select: select && [...select] }, options);
  }

  /** Lists the agent users in the recycle bin. */
  listDeleted(options?: CallOptions): GraphList<AgentUser> {
    return this.#list({ operation: "listDeleted" }, options);
  }

  /** Creates an agent user, exactly once, with its manager, sponsors, groups and licenses, and reads it. */
  create(agentUser: AgentUserRow, { domain, readiness, ...options }: CreateOptions = {}): Promise<AgentUser> {
    return this.#run(CREATED, { operation: "create", agentUser, domain, readiness }, options);
  }

  /** Makes an agent user what the row says: creates it, exactly once, or changes what differs. */
  provision(
    agentUser: AgentUserRow,
    { domain, readiness, dryRun, ...options }: ProvisionOptions = {},
  ): Promise<ProvisionReport> {
    return this.#run(REPORT, { operation: "provision", agentUser, domain, readiness, dryRun }, options);
  }

  /** Applies a roster: CSV, JSON or rows. Applied again, it changes what is left to change. */
  applyRoster(
    roster: RosterSource,
    {
      domain,
      checkDomains,
      readiness,
      dryRun,
      rows,
      shard,
      maxBytes,
      maxRows,
      maxErrors,
      ...options
    }: RosterOptions = {},
  ): OperationRun<ProvisionReport, RosterSummary> {
    const request: OperationRequest = {
      operation: "applyRoster",
      domain,
      checkDomains,
      readiness,
      dryRun,
      rows: rows && [...rows],
      shard,
      maxBytes,
      maxRows,
      maxErrors,
    };
    return new OperationRun(new Run(this.#host, rosterKind(), request, rosterInput(roster, { maxBytes, maxRows }), options));
  }

  /** Plans a roster and changes nothing; its result is the plan, which holds the roster. */
  planRoster(
    roster: RosterSource,
    { rows, ...options }: RosterPlanOptions = {},
  ): OperationRun<ProvisionReport, Plan> {
    const { domain, checkDomains, shard, maxBytes, maxRows, maxErrors, ...call } = options;
    const limits = { maxBytes, maxRows, maxErrors };
    const request: OperationRequest = {
      operation: "planRoster",
      domain,
      checkDomains,
      rows: rows && [...rows],
      shard,
      ...limits,
    };
    return new OperationRun(new Run(this.#host, planKind(), request, rosterInput(roster, limits), call));
  }

  /** Plans a verb for many agent users, named by object id or user principal name, and changes nothing. */
  plan(
    verb: RequestOf<"plan">["verb"],
    users: readonly string[],
    { add, remove, autoReconcileProxyConflict, until, freeSeats, leaveGroups, acceptDataLoss, ...options }: PlanOptions = {},
  ): OperationRun<ProvisionReport, Plan> {
    const licenses = { add: add && [...add], remove: remove && [...remove] };
    const request: OperationRequest = {
      operation: "plan",
      verb,
      users: [...users],
      ...licenses,
      autoReconcileProxyConflict,
      until,
      freeSeats,
      leaveGroups,
      acceptDataLoss,
    };
    return new OperationRun(new Run(this.#host, planKind(), request, NOTHING, options));
  }

  /**
   * Plans to hand over what leavers are the manager or a sponsor of, and changes nothing. Its reports are of the agent users and
   * agent identities that have something to change, and of each leaver.
   */
  planHandover(
    leavers: readonly Leaver[],
    { handedOver, ...options }: HandoverOptions = {},
  ): OperationRun<ProvisionReport, Plan> {
    const lines = leavers.map(({ from, to }) => `${from},${to}`);
    const request: OperationRequest = { operation: "planHandover", leavers: lines, handedOver };
    return new OperationRun(new Run(this.#host, planKind(), request, NOTHING, options));
  }

  /** Plans to contain, and changes nothing. Its reports are of each object that would be stopped. */
  planContain(
    target: ContainTarget,
    { except, ...options }: ContainPlanOptions = {},
  ): OperationRun<ProvisionReport, Plan> {
    const request: OperationRequest = { operation: "planContain", ...target, except: except && [...except] };
    return new OperationRun(new Run(this.#host, planKind(), request, NOTHING, options));
  }

  /**
   * Stops a blueprint, an agent identity or an agent user at once, with everything below it: disabled from the top, agent users
   * signed out. Keep its reports: `restoreReported` brings back what they say.
   */
  contain(
    target: ContainTarget,
    { except, dryRun, ...options }: ContainOptions = {},
  ): OperationRun<ProvisionReport, RosterSummary> {
    const request: OperationRequest = { operation: "contain", ...target, except: except && [...except], dryRun };
    return new OperationRun(new Run(this.#host, rosterKind(), request, NOTHING, options));
  }

  /**
   * Makes the changes of a plan, and no other: a plan, or the content of its file. `approved` is the digest of the plan that
   * was looked at.
   */
  applyPlan(
    plan: Plan | Bytes,
    approved: string,
    { maxAgeDays, dryRun, only, maxBytes, maxChanges, maxErrors, ...options }: ApplyPlanOptions = {},
  ): OperationRun<ProvisionReport, RosterSummary> {
    const limits = { maxBytes, maxChanges, maxErrors };
    const request: OperationRequest = { operation: "applyPlan", approved, maxAgeDays, dryRun, only: only && [...only], ...limits };
    return new OperationRun(new Run(this.#host, rosterKind(), request, planInput(plan, maxBytes), options));
  }

  /** Audits the agent users of the tenant, in one pass of reads, and changes nothing. */
  audit(options: AuditOptions = {}): Promise<Audited> {
    const [judging, call] = auditOptions(options);
    return this.#read({ operation: "audit", ...judging }, call);
  }

  /** Audits a snapshot offline: the content of its file. */
  auditSnapshot(snapshot: Bytes, options: AuditOptions = {}): Promise<Audited> {
    const [judging, call] = auditOptions(options);
    const kind: Kind<never, Audited, Audited> = { ahead: 0, reads: true, end };
    return new Run(this.#host, kind, { operation: "auditSnapshot", ...judging }, snapshotInput(snapshot), call).result;
  }

  /** Changes members; only what differs is sent. `null` clears one. */
  update(user: string, changes: AgentUserChanges, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "update", user, changes }, options);
  }

  /** Moves an agent user to the recycle bin. */
  delete(user: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "delete", user }, options);
  }

  /** Brings an agent user back from the recycle bin, by its id or the user principal name that it had. */
  restore(
    user: string,
    { newUserPrincipalName, autoReconcileProxyConflict, ...options }: RestoreOptions = {},
  ): Promise<ProvisionReport> {
    return this.#change({ operation: "restore", user, newUserPrincipalName, autoReconcileProxyConflict }, options);
  }

  /** Deletes an agent user in the recycle bin for ever, by its id or the user principal name that it had. */
  purge(user: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "purge", user }, options);
  }

  /**
   * Takes an agent user out of service: disabled, signed out, and deleted as far as was asked for. Licenses and groups stay with
   * it, because the recycle bin keeps them, unless its seats are to be free.
   */
  retire(
    user: string,
    { until, freeSeats, leaveGroups, acceptDataLoss, ...options }: RetireOptions = {},
  ): Promise<ProvisionReport> {
    return this.#change({ operation: "retire", user, until, freeSeats, leaveGroups, acceptDataLoss }, options);
  }

  /**
   * Brings back the agent users and other objects of reports, those of `retire`, of `contain` and of plans: out of the recycle bin, able to sign in, with the
   * licenses that were taken.
   */
  restoreReported(
    reports: Bytes | readonly ProvisionReport[],
    { dryRun, autoReconcileProxyConflict, ...options }: UndoOptions = {},
  ): OperationRun<ProvisionReport, RosterSummary> {
    const request: OperationRequest = { operation: "restoreReported", dryRun, autoReconcileProxyConflict };
    return new OperationRun(new Run(this.#host, rosterKind(), request, reportInput(reports), options));
  }

  /**
   * Runs operations side by side, up to 20 in one request: those on one object that end with a report, and the reads of one agent
   * user. Those on the same object run one after the other, in their order. A failed one is a report with a problem, and the others
   * go on; `row` of a report is its place, from 1. A read yields an array with the agent user.
   */
  many(
    operations: readonly OperationRequest[],
    { atOnce, ...options }: ManyOptions = {},
  ): OperationRun<Yielded, RosterSummary> {
    const request: OperationRequest = { operation: "many", operations: [...operations], atOnce };
    return new OperationRun(new Run(this.#host, manyKind(), request, NOTHING, options));
  }

  /** Ends the sign-in sessions of an agent user. Access tokens that are out may live on to their end. */
  revokeSessions(user: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "revokeSessions", user }, options);
  }

  /** Reads the manager of an agent user; null where it has none. */
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

  /** Reads the sponsors of an agent user. */
  sponsors(user: string, options?: CallOptions): Promise<DirectoryObject[]> {
    return this.#read({ operation: "sponsors", user }, options);
  }

  /**
   * Reads the agent users, agent identities and others that a person sponsors, directly and by groups, at most 10,000; without a
   * person, those of the signed-in one. An application that names no person is refused with `CallerNotAllowed`.
   */
  sponsored(person?: string, options?: CallOptions): Promise<Sponsored> {
    return this.#read({ operation: "sponsored", person }, options);
  }

  /** Adds a sponsor: a user, or `group:` and the id of a group. */
  addSponsor(user: string, sponsor: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "addSponsor", user, sponsor }, options);
  }

  /** Removes a sponsor. */
  removeSponsor(user: string, sponsor: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "removeSponsor", user, sponsor }, options);
  }

  /**
   * Finds users of any kind, at most 100: all, or those whose user principal name or display name begins so. Each has its `@odata.type`, by
   * which people and agent users are told apart.
   */
  findUsers(nameStartsWith?: string, options?: CallOptions): Promise<DirectoryObject[]> {
    return this.#read({ operation: "findUsers", nameStartsWith }, options);
  }

  /** Finds groups, at most 100: all, or those whose display name begins so. */
  findGroups(displayNameStartsWith?: string, options?: CallOptions): Promise<Group[]> {
    return this.#read({ operation: "findGroups", displayNameStartsWith }, options);
  }

  /** Reads the groups that an agent user is a direct member of. */
  groups(user: string, options?: CallOptions): Promise<Group[]> {
    return this.#read({ operation: "groups", user }, options);
  }

  /** Adds an agent user to a group, by its id or display name. */
  addToGroup(user: string, group: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "addToGroup", user, group }, options);
  }

  /** Removes an agent user from a group, by its id or display name. */
  removeFromGroup(user: string, group: string, options?: ChangeOptions): Promise<ProvisionReport> {
    return this.#change({ operation: "removeFromGroup", user, group }, options);
  }

  /** Reads the SKUs of the tenant, with their seats. */
  skus(options?: CallOptions): Promise<SubscribedSku[]> {
    return this.#read({ operation: "skus" }, options);
  }

  /** Reads the licenses of an agent user: each assignment with its state, its group, and the plans that are off. */
  licenses(user: string, options?: CallOptions): Promise<LicenseAssignment[]> {
    return this.#read({ operation: "licenses", user }, options);
  }

  /** Adds and removes licenses, by part number or id. Service plans that are off stay off, unless a license names them. */
  changeLicenses(
    user: string,
    { add = [], remove = [] }: LicenseChange,
    options?: ChangeOptions,
  ): Promise<ProvisionReport> {
    return this.#change({ operation: "changeLicenses", user, add: [...add], remove: [...remove] }, options);
  }

  /** Waits until the mailbox, Teams and OneDrive, as asked, are provisioned. */
  waitReady(user: string, readiness: Readiness, options: CallOptions = {}): Promise<ProvisionReport> {
    return this.#run(REPORT, { operation: "waitReady", user, readiness }, options);
  }

  /**
   * Reads what an agent user has access to: groups, directory roles, delegated permissions, app roles, and what its blueprint
   * lets it inherit, each with where it comes from. A part that may not be read says why.
   */
  access(user: string, options?: CallOptions): Promise<Access> {
    return this.#read({ operation: "access", user }, options);
  }

  /**
   * Lists the permissions of an agent user, an agent identity or a blueprint's principal: delegated permission grants, app
   * roles, and what a blueprint lets its agent identities inherit.
   */
  permissions(of: PermissionHolder, options?: CallOptions): Promise<Permissions> {
    return this.#read({ operation: "permissions", ...of }, options);
  }

  /**
   * Grants delegated permissions, for one user or for all. Those that are granted already stay. With `user` alone, the agent
   * identity of that agent user acts for it.
   */
  grantPermission(
    consent: Consent,
    scopes: readonly string[],
    { dryRun, resourceAppId, ...options }: PermissionOptions = {},
  ): Promise<PermissionReport> {
    const request = { ...consent, scopes: [...scopes], resourceAppId, dryRun };
    return this.#permit({ operation: "grantPermission", ...request }, options);
  }

  /** Revokes delegated permissions. Others of the same grant stay. */
  revokePermission(
    consent: Consent,
    scopes: readonly string[],
    { dryRun, resourceAppId, ...options }: PermissionOptions = {},
  ): Promise<PermissionReport> {
    const request = { ...consent, scopes: [...scopes], resourceAppId, dryRun };
    return this.#permit({ operation: "revokePermission", ...request }, options);
  }

  /** Assigns an app role. */
  assignAppRole(
    to: PermissionHolder,
    appRole: string,
    { dryRun, resourceAppId, ...options }: PermissionOptions = {},
  ): Promise<PermissionReport> {
    return this.#permit({ operation: "assignAppRole", ...to, appRole, resourceAppId, dryRun }, options);
  }

  /** Takes an app role away. */
  removeAppRole(
    of: PermissionHolder,
    appRole: string,
    { dryRun, resourceAppId, ...options }: PermissionOptions = {},
  ): Promise<PermissionReport> {
    return this.#permit({ operation: "removeAppRole", ...of, appRole, resourceAppId, dryRun }, options);
  }

  /**
   * Lets a blueprint create agent users for its agent identities: by its application id, or the object id of its application
   * or of its principal. The permission is in tokens that the blueprint gets afterwards.
   */
  allowCreation(blueprint: string, { dryRun, ...options }: ChangeOptions = {}): Promise<PermissionReport> {
    return this.#permit({ operation: "allowCreation", blueprint, dryRun }, options);
  }

  /** Sets what the agent identities of a blueprint inherit of a resource's permissions. */
  inheritPermissions(
    blueprint: string,
    { dryRun, resourceAppId, inheritableScopes, inheritableRoles, ...options }: InheritOptions,
  ): Promise<PermissionReport> {
    const request = { blueprint, resourceAppId, inheritableScopes, inheritableRoles, dryRun } as const;
    return this.#permit({ operation: "inheritPermissions", ...request }, options);
  }

  /** Waits until the token of this client carries a permission, and gets new tokens for that. */
  waitPermission(permission: string, options?: CallOptions): Promise<TokenPermission> {
    return this.#read({ operation: "waitPermission", permission }, options);
  }

  /**
   * Tells which permissions and roles operations need, such as `create`, or a roster. Nothing is sent, and no token is asked
   * for.
   */
  requiredPermissions(
    operations: readonly (keyof OperationResults)[] = [],
    { roster, domain, readiness, ...options }: NeededForOptions = {},
  ): Promise<RequiredPermissions> {
    const kind: Kind<never, RequiredPermissions, RequiredPermissions> = { ahead: 0, reads: true, end };
    const file = roster === undefined ? NOTHING : rosterInput(roster);
    const request: OperationRequest = {
      operation: "requiredPermissions",
      operations: [...operations],
      domain,
      readiness,
    };
    return new Run(this.#host, kind, request, file, options).result;
  }

  /**
   * Reads the token for a diagnosis, tries reads that change nothing, and says which operations will fail and how to get what they
   * need. With `probe` or `probeWrites` it asks Graph what no page of Microsoft answers; that report has no ids and no names.
   */
  doctor({ operations, probe, probeWrites, ...options }: DoctorOptions = {}): Promise<Diagnosis> {
    const asked = operations && [...operations];
    return this.#read({ operation: "doctor", operations: asked, probe, probeWrites }, options);
  }

  /**
   * Starts an operation by its JSON (docs/schema.json), with the bytes beside it: what the other methods do, as the JSON
   * tier has it. A report that names a problem is a result here.
   */
  start<Name extends keyof OperationResults>(
    request: RequestOf<Name>,
    { input = "", ...options }: StartOptions = {},
  ): OperationRun<ItemOf<Name>, OperationResults[Name]> {
    // Reports are not held back: the others go on although nobody takes them.
    const ahead = REPORTING.has(request.operation) ? Infinity : 0;
    const kind: Kind<ItemOf<Name>, OperationResults[Name], OperationResults[Name]> = { ahead, end };
    return new OperationRun(new Run(this.#host, kind, request, inputOf(input), options));
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

  #permit(
    request: Extract<OperationRequest, { resourceAppId?: unknown }> | RequestOf<"allowCreation">,
    options?: CallOptions,
  ): Promise<PermissionReport> {
    return this.#run<PermissionReport, PermissionReport>({ ahead: 0, end }, request, options);
  }

  #list<Entry>(request: OperationRequest, options: CallOptions = {}): GraphList<Entry> {
    const kind: Kind<Entry[], ListCount, ListCount> = { ahead: 0, reads: true, end };
    return new GraphList(() => new Run(this.#host, kind, request, NOTHING, options));
  }
}

/** How an audit judges, and the options of its call. */
function auditOptions({
  rules,
  severity,
  beta,
  now,
  leaveDays,
  idleDays,
  blueprintIdentities,
  mailboxHours,
  actionDays,
  snapshot,
  accept,
  compare,
  fix,
  ...call
}: AuditOptions): [Judging, CallOptions] {
  const thresholds = { leaveDays, idleDays, blueprintIdentities, mailboxHours, actionDays };
  return [{ rules, severity, beta, now, snapshot, accept, compare, fix, ...thresholds }, call];
}

function end<Result>(result: Result): Result {
  return result;
}

/** The operations that yield a report for each of many agent users. */
const REPORTING: ReadonlySet<string> = new Set([
  "applyRoster", "planRoster", "plan", "planHandover", "planContain", "applyPlan", "restoreReported", "contain", "many",
]);

const REPORT: Kind<never, ProvisionReport, ProvisionReport> = { ahead: 0, end: succeeded };

const CREATED: Kind<never, CreateResult, AgentUser> = {
  ahead: 0,
  end: ({ report, agentUser }, run) => {
    succeeded(report, run);
    return agentUser as AgentUser;
  },
};

/** The report; a problem in it is a failure of the call. */
function succeeded(report: ProvisionReport, run: Ended): ProvisionReport {
  if (report.problem) throw new AgentUserError(report.problem, { report }, run.cause(report.problem.code));
  return report;
}

/** A roster may have rows that failed. It fails as a whole when it was cancelled before all rows had ended. */
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

/** Reads may be among many operations. What they yield has no problem. */
function manyKind(): Kind<Yielded, RosterSummary, RosterSummary> {
  const { see, ...kind } = rosterKind();
  return { ...kind, see: (item) => (Array.isArray(item) ? undefined : see?.(item)) };
}

function planKind(): Kind<ProvisionReport, Plan, Plan> {
  return { ahead: Infinity, end };
}

/** The text of an endpoint. A `URL` that is only an origin is written with a slash. */
function origin(endpoint: string | URL): string {
  return String(endpoint).replace(/\/$/, "");
}
