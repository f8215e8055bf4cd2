// The worker of the list: it reads the agent users, keeps them, and searches and sorts them.
import { type AgentUserClient, init, initAll, renderAgentUsers, type AgentUser, type AgentUserEvent, type Unread } from "agentuser/init";
import type { Opening, TokenHandlers } from "../connection/opening.js";
import { clientBy } from "../connection/worker-client.js";
import type { Clock } from "../common/clock.js";
import { Mistake } from "../common/mistake.js";
import { line, Moved } from "../common/rpc.js";
import type { Extra, Facets, Progress, Query, Refreshed, Row, Source, View } from "./model.js";
import { actionsOf, sponsorsOf } from "./governance.js";
import { Rows } from "./rows.js";

/** How many rows go with a view: those of a large window. */
const FIRST = 80;

/** How long the page is not told of more rows, in milliseconds: it draws them anew each time. */
const PAUSE = 100;

export interface ListOpening extends Opening {
  readonly locale: string;
}

export interface Export {
  readonly indices: Uint32Array;
  readonly format: "csv" | "json" | "html";
  readonly links: boolean;
}

/** The calls that the page answers. */
export type PageHandlers = TokenHandlers & {
  progress(progress: Progress): void;
};

/** The calls that the worker answers. */
export type WorkerHandlers = {
  open(opening: ListOpening): Promise<void>;
  /** Reads the agent users, and tells of its progress. */
  list(source: Source): Promise<void>;
  find(query: Query): Moved<View>;
  rows(indices: Uint32Array): readonly (Row | undefined)[];
  facets(): Facets;
  /** Reads the names of the tenant's SKUs by id. */
  skus(): Promise<ReadonlyMap<string, string>>;
  /** Reads it, judged by the tenant's clock where that is another one, and says what of it could not be read. */
  read(what: { readonly extra: Extra; readonly clock: Clock }): Promise<readonly Unread[]>;
  /** Reads agent users again. */
  refresh(ids: readonly string[]): Promise<Refreshed>;
  export(what: Export): Promise<string>;
};

let rows = new Rows("en");
let users: AgentUser[] = [];
let shown: Source = "active";
let client: AgentUserClient | undefined;

const handlers: WorkerHandlers = {
  async open(opening) {
    await init(opening.module);
    rows = new Rows(opening.locale);
    client = clientBy(opening, page);
  },

  async list(source) {
    shown = source;
    const client = connected();
    const onProgress = (event: AgentUserEvent) => {
      if (event.event !== "waiting") return;
      const { why, waitMs } = event;
      void page.progress({ read: rows.length, ended: false, waiting: { why, waitMs } });
    };
    const list = source === "active" ? client.list({}, { onProgress }) : client.listDeleted({ onProgress });
    let told = 0;
    for await (const some of list.pages()) {
      some.forEach(take);
      if (performance.now() - told < PAUSE) continue;
      told = performance.now();
      void page.progress({ read: rows.length, ended: false });
    }
    void page.progress({ read: rows.length, ended: true });
  },

  find(query) {
    const indices = rows.find(query);
    const first = [...indices.subarray(0, FIRST)].flatMap((at) => rows.at(at) ?? []);
    return new Moved({ indices, first, rows: rows.length, gone: rows.gone }, [indices.buffer]);
  },

  rows: (indices) => [...indices].map((at) => rows.at(at)),

  facets: () => rows.facets(),

  async skus() {
    const skus = await connected().skus();
    const names = new Map(skus.map(({ skuId, skuPartNumber }) => [skuId ?? "", skuPartNumber ?? skuId ?? ""]));
    rows.skus = names;
    return names;
  },

  read: ({ extra, clock }) => (extra === "blueprints" ? readBlueprints(connected()) : readGovernance(connected(), clock)),

  async refresh(ids) {
    const reads = ids.map((user) => ({ operation: "get" as const, user }));
    const gone: number[] = [];
    let isStale = false;
    for await (const item of connected().many(reads)) {
      if (Array.isArray(item)) {
        // Agent users that are read exist, so that the recycle bin has them no longer.
        if (shown === "active") item.forEach(take);
        else for (const { id } of item) gone.push(...removed(id ?? ""));
        continue;
      }
      // A report among reads is a failed one: only "not found" says something of the agent user.
      const id = ids[(item.row ?? 0) - 1] ?? "";
      if (item.problem?.code !== "NotFound") isStale = true;
      else if (shown === "active") gone.push(...removed(id));
      else if (!rows.has(id)) isStale = true;
    }
    return { gone, isStale };
  },

  async export({ indices, format, links }) {
    await initAll();
    return renderAgentUsers([...indices].flatMap((at) => users[at] ?? []), { format, links, formulaSafe: true });
  },
};
/** The page that has this worker. */
const page = line<PageHandlers>(self as unknown as Worker, handlers);

function connected(): AgentUserClient {
  if (client === undefined) throw new Mistake("The list is not open.");
  return client;
}

function take(user: AgentUser): void {
  users[rows.take(user)] = user;
}

function removed(id: string): readonly number[] {
  const at = rows.remove(id);
  return at === undefined ? [] : [at];
}

/** The blueprint of each parent. */
async function readBlueprints(client: AgentUserClient): Promise<readonly Unread[]> {
  const blueprints = new Map((await client.listBlueprints()).map(({ appId, displayName }) => [appId, displayName]));
  const parents = new Map<string, string>();
  for await (const { id, agentIdentityBlueprintId } of client.listIdentities()) {
    if (id && agentIdentityBlueprintId) parents.set(id, blueprints.get(agentIdentityBlueprintId) ?? agentIdentityBlueprintId);
  }
  rows.extend(({ identityParentId }) => ({ blueprint: parents.get(identityParentId) ?? "" }));
  return [];
}

/** Sponsors and the next lifecycle actions, as an audit reads them: in one pass over the tenant. */
async function readGovernance(client: AgentUserClient, clock: Clock): Promise<readonly Unread[]> {
  const { snapshot } = await client.audit({ rules: ["sponsor-unusable", "lifecycle-action"], snapshot: true, ...clock });
  if (!snapshot) return [];
  const { sponsors, sponsorsUnread } = sponsorsOf(snapshot);
  const { actions, actionsUnread } = actionsOf(snapshot);
  rows.extend(({ id, identityParentId }) => {
    const names = sponsors?.get(id);
    return {
      ...(names === undefined ? {} : { sponsors: names }),
      ...(actions === undefined ? {} : { nextAction: "", nextActionDateTime: "", ...actions.get(identityParentId) }),
    };
  });
  return [...sponsorsUnread, ...actionsUnread];
}
