// A plan and its application, step by step. No framework: the dialog draws its state.
import type { AgentUserClient, AgentUserEvent, ApplyPlanOptions, CallOptions, Plan, Problem, ProvisionReport, ProvisionStage, RosterSummary, StageCount } from "agentuser";
import { holdPage } from "../common/leaving.js";
import { problemOf } from "../common/problem.js";
import { type Waiting, waiting } from "../common/waiting.js";

export interface Counts {
  readonly done: number;
  readonly of: number;
}

export type RunState =
  | {
      readonly step: "planning" | "applying";
      readonly counts: Counts;
      /** How many rows have reached which stage and none further. */
      readonly stages: readonly StageCount[];
      /** The stage of each row that has told one. */
      readonly stageOf: ReadonlyMap<number, ProvisionStage>;
      /** The stage of the one object that is worked on. */
      readonly stage?: ProvisionStage;
      readonly waiting: Waiting | undefined;
      readonly stopping: boolean;
      readonly reports: readonly ProvisionReport[];
    }
  | {
      readonly step: "planned";
      readonly plan: MadePlan;
      readonly reports: readonly ProvisionReport[];
      /** The numbers of the objects to change, where others of the plan are left out. */
      readonly only?: readonly number[];
    }
  | { readonly step: "applied"; readonly reports: readonly ProvisionReport[]; readonly summary: RosterSummary | undefined; readonly isCancelled: boolean }
  | { readonly step: "failed"; readonly during: "planning" | "applying"; readonly problem: Problem | string; readonly reports: readonly ProvisionReport[] };

/** Reports as they come, and the end of them. */
export interface Reporting<Result> extends AsyncIterable<ProvisionReport> {
  readonly result: Promise<Result>;
}

/** A plan, here or in a worker. */
export interface MadePlan {
  readonly digest: string;
  /** How many changes it has. */
  readonly size: number;
  /** The bytes of its file. */
  readonly file: () => Promise<Blob>;
  /** Makes its changes, or says what they would be. */
  readonly apply: (options: ApplyPlanOptions) => Reporting<RosterSummary>;
}

/** Starts a plan. */
export type Planner = (options: CallOptions) => Reporting<MadePlan>;

/** The plan that a client makes. */
export function planBy(client: AgentUserClient, run: Reporting<Plan>): Reporting<MadePlan> {
  return ending(run, (plan) => madePlan(client, plan));
}

/** The same reports with another end. A failure is told to the one who takes the reports, who may not come to the end. */
export function ending<From, To>(run: Reporting<From>, end: (result: From) => To): Reporting<To> {
  const result = run.result.then(end);
  result.catch(() => {});
  return { result, [Symbol.asyncIterator]: () => run[Symbol.asyncIterator]() };
}

/** A plan that is here. */
export function madePlan(client: AgentUserClient, plan: Plan): MadePlan {
  return {
    digest: plan.digest,
    size: plan.changes.length,
    file: async () => new Blob([JSON.stringify(plan)], { type: "application/json" }),
    apply: (options) => client.applyPlan(plan, plan.digest, options),
  };
}

/** The reports of a step as they come. */
interface Taken {
  readonly all: readonly ProvisionReport[];
  readonly take: (report: ProvisionReport) => void;
}

/** How often the drawing follows the run, in milliseconds. */
const PAUSE = 100;

export class ChangeRun {
  state: RunState = begun("planning", new Map());
  readonly #changed: (ids: readonly string[]) => void;
  readonly #listeners = new Set<() => void>();
  #controller = new AbortController();
  #drawn = 0;

  /** `changed` is told of the agent users that may be others than before, once the making of changes has ended in any way. */
  constructor(changed: (ids: readonly string[]) => void = () => {}) {
    this.#changed = changed;
  }

  get isRunning(): boolean {
    return this.state.step === "planning" || this.state.step === "applying";
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  /** Plans. Where `isWanted` leaves out objects of the plan, a dry run tells their numbers. */
  async plan(planner: Planner, isWanted: (report: ProvisionReport) => boolean = () => true): Promise<void> {
    await this.#run("planning", async (options, reports) => {
      const run = planner(options);
      for await (const report of run) reports.take(report);
      const plan = await run.result;
      if (reports.all.every(isWanted)) {
        this.#become({ step: "planned", plan, reports: reports.all });
        return;
      }
      const dry = plan.apply({ ...options, dryRun: true });
      const numbered: ProvisionReport[] = [];
      for await (const report of dry) numbered.push(report);
      await dry.result;
      const wanted = numbered.filter(isWanted);
      this.#become({ step: "planned", plan, reports: wanted, only: wanted.flatMap(({ row }) => row ?? []) });
    });
  }

  /** Makes the changes of the plan that is shown; of some of its objects alone, where their numbers are given. */
  async apply(only?: readonly number[]): Promise<void> {
    if (this.state.step !== "planned") return;
    const { plan, only: wanted } = this.state;
    // Requests that are on their way would be lost with the page.
    const release = holdPage();
    await this.#run("applying", async (options, reports) => {
      const run = plan.apply({ ...options, only: only ?? wanted });
      for await (const report of run) reports.take(report);
      const summary = await run.result;
      this.#become({ step: "applied", reports: reports.all, summary, isCancelled: false });
    });
    release();
    this.#changed(changedIds(this.state.reports));
  }

  /** Makes a change of one object, which was looked at before, and keeps its report where there is one. */
  async change(work: (options: CallOptions) => Promise<ProvisionReport | void>): Promise<void> {
    const release = holdPage();
    await this.#run("applying", async (options, reports) => {
      const report = await work(options);
      if (report) reports.take(report);
      this.#become({ step: "applied", reports: reports.all, summary: undefined, isCancelled: false });
    });
    release();
    this.#changed(changedIds(this.state.reports));
  }

  /** Ends what runs in good order. */
  stop(): void {
    if (this.state.step !== "planning" && this.state.step !== "applying") return;
    this.#become({ ...this.state, stopping: true });
    this.#controller.abort(new DOMException("", "AbortError"));
  }

  async #run(step: "planning" | "applying", work: (options: CallOptions, reports: Taken) => Promise<void>): Promise<void> {
    this.#controller = new AbortController();
    const stages = new Map<number, ProvisionStage>();
    this.#become(begun(step, stages));
    const reports: ProvisionReport[] = [];
    const take = (report: ProvisionReport) => {
      reports.push(report);
      this.#follow({ reports });
    };
    try {
      await work({ signal: this.#controller.signal, onProgress: (event) => this.#progress(event, stages) }, { all: reports, take });
    } catch (error) {
      // An error about one object has the report of it.
      const { report } = error as { readonly report?: ProvisionReport };
      if (report !== undefined) reports.push(report);
      const isCancelled = this.#controller.signal.aborted;
      if (step === "applying" && isCancelled) this.#become({ step: "applied", reports, summary: undefined, isCancelled });
      else this.#become({ step: "failed", during: step, problem: problemOf(error), reports });
    }
  }

  #progress(event: AgentUserEvent, stageOf: Map<number, ProvisionStage>): void {
    if (event.event === "rows") this.#follow({ counts: { done: event.done, of: event.of }, stages: event.stages });
    else if (event.event === "stage") this.#follow(event.row === undefined ? { stage: event.stage, waiting: undefined } : { stageOf: stageOf.set(event.row, event.stage) });
    else if (event.event === "waiting") this.#follow({ waiting: waiting(event) });
  }

  /** Follows the run; the drawing is told now and then, and of the rest by the next step. */
  #follow(change: Partial<Extract<RunState, { step: "planning" | "applying" }>>): void {
    const { state } = this;
    if (state.step !== "planning" && state.step !== "applying") return;
    this.state = { ...state, ...change };
    if (performance.now() - this.#drawn < PAUSE && change.waiting === undefined) return;
    this.#tell();
  }

  #become(state: RunState): void {
    this.state = state;
    this.#tell();
  }

  #tell(): void {
    this.#drawn = performance.now();
    for (const listener of this.#listeners) listener();
  }
}

/** The agent users that are not as they were. Objects of other kinds are in no list. */
export function changedIds(reports: readonly ProvisionReport[]): readonly string[] {
  return reports.flatMap(({ id, kind, outcome }) => (id !== undefined && kind === undefined && outcome !== "unchanged" ? [id] : []));
}

function begun(step: "planning" | "applying", stageOf: ReadonlyMap<number, ProvisionStage>): RunState {
  return { step, counts: { done: 0, of: 0 }, stages: [], stageOf, waiting: undefined, stopping: false, reports: [] };
}
