// The form of a new agent user and its creation. They outlive their page; the result stays until it is dismissed.
import type { AgentUser, AgentUserClient, AgentUserRow, CallOptions, ProvisionStage } from "agentuser";
import { ChangeRun } from "../changes/run.js";
import { dismissRun, keepRun } from "../changes/runs.js";
import { announce } from "../common/announce.js";
import { type Connection, clientOf } from "../connection/connection.js";
import { changed } from "../list/store.js";
import { strings } from "../strings/index.js";
import { EMPTY, type Form } from "./row.js";

export interface Creation {
  readonly row: AgentUserRow;
  readonly run: ChangeRun;
  /** The stage that an earlier try has reached. */
  readonly reached: ProvisionStage;
  /** The agent user, once all of it is made. */
  readonly user?: AgentUser;
}

export interface CreationState {
  readonly form: Form;
  readonly creation: Creation | undefined;
}

type Make = (client: AgentUserClient, options: CallOptions) => Promise<AgentUser>;

export class CreationStore {
  state: CreationState = { form: EMPTY, creation: undefined };
  readonly #connection: Connection;
  readonly #listeners = new Set<() => void>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  change(form: Partial<Form>): void {
    this.#become({ form: { ...this.state.form, ...form } });
  }

  /** Creates the agent user of a row, exactly once. */
  async create(row: AgentUserRow): Promise<void> {
    await this.#make(row, "notStarted", (client, options) => client.create(row, options));
  }

  /** Does what is left of a creation that came to the agent user and no further. */
  async finish(): Promise<void> {
    const { creation } = this.state;
    if (creation === undefined) return;
    const { row, run, reached } = creation;
    dismissRun(run);
    await this.#make(row, run.state.reports[0]?.stage ?? reached, async (client, options) => {
      const { id = "" } = await client.provision(row, options);
      return client.get(id, options);
    });
  }

  /** Forgets the creation with its result. The form is as it was. */
  dismiss(): void {
    const { creation } = this.state;
    this.#become({ creation: undefined });
    if (creation !== undefined) dismissRun(creation.run);
  }

  /** Begins another agent user. */
  another(): void {
    this.#become({ form: EMPTY });
    this.dismiss();
  }

  async #make(row: AgentUserRow, reached: ProvisionStage, make: Make): Promise<void> {
    const client = await clientOf(this.#connection);
    const run = new ChangeRun((ids) => changed(this.#connection, ids));
    const text = strings.create;
    this.#become({ creation: { row, run, reached } });
    keepRun({ run, connection: this.#connection, title: text.reviewTitle(row.displayName), page: "create" });
    announce(text.making);
    await run.change(async (options) => {
      const user = await make(client, options);
      // The next one begins with an empty form.
      this.#become({ form: EMPTY, ...(this.state.creation?.run === run ? { creation: { row, run, reached, user } } : {}) });
      changed(this.#connection, user.id ? [user.id] : []);
    });
    announce(run.state.step === "applied" ? text.made(row.displayName) : run.state.reports[0]?.id === undefined ? text.failed : text.failedPartly);
  }

  #become(change: Partial<CreationState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const stores = new WeakMap<Connection, CreationStore>();

/** The creation of a connection. */
export function creationOf(connection: Connection): CreationStore {
  const store = stores.get(connection) ?? new CreationStore(connection);
  stores.set(connection, store);
  return store;
}
