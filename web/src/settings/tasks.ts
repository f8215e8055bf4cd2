// The tasks of the page, by the operations of the package, and what a token lacks for them.
import type { AgentUserClient, Diagnosis, OperationResults, PermissionSet, RequiredPermissions } from "agentuser";
import { strings } from "../strings/index.js";

export type Task = keyof typeof strings.settings.tasks & keyof OperationResults;

const TASKS = Object.keys(strings.settings.tasks) as readonly Task[];

export interface TokenCheck {
  readonly diagnosis: Diagnosis;
  readonly missing: readonly Missing[];
  readonly limits: readonly Limit[];
}

/** A permission that the token lacks, and the tasks that it switches off. */
export interface Missing {
  readonly permission: string;
  readonly tasks: readonly string[];
}

/** A permission that the token lacks and a task can do without, in words of the table of permissions. */
export interface Limit {
  readonly permission: string;
  readonly without: readonly string[];
}

/** Reads the token and tries reads. The table of permissions is in the package: no request is sent for it. */
export async function checkToken(client: AgentUserClient): Promise<TokenCheck> {
  const diagnosis = await client.doctor({ operations: TASKS });
  const needs = await Promise.all(TASKS.map((task) => client.requiredPermissions([task])));
  const { operations = [], token } = diagnosis;
  const missing = grouped(operations.flatMap(({ operation, missing = [] }) => missing.map((permission): [string, string] => [permission, taskName(operation)])));
  const held = token?.permissions;
  // A task that is not allowed is left out: its other permissions do not matter then.
  const isLacking = (task: Task) => operations.some(({ operation, verdict }) => operation === task && verdict === "lacking");
  const limits = held === undefined ? [] : grouped(TASKS.flatMap((task, at) => (isLacking(task) ? [] : limitsOf(task, needs[at], new Set(held), token?.kind === "application"))));
  return {
    diagnosis,
    missing: missing.map(([permission, tasks]) => ({ permission, tasks })),
    limits: limits.map(([permission, without]) => ({ permission, without })),
  };
}

export function taskName(operation: string): string {
  return (strings.settings.tasks as Readonly<Record<string, string>>)[operation] ?? operation;
}

/** The operations that a task can do without, or needs under a condition. A permission is held, too, where another one allows its requests. */
function limitsOf(task: Task, needed: RequiredPermissions | undefined, held: ReadonlySet<string>, isApplication: boolean): readonly [string, string][] {
  if (needed === undefined) return [];
  const { optional = [], conditional = [] }: PermissionSet = isApplication ? needed.application : needed.delegated;
  const allowing = needed.requests.map((request) => (isApplication ? request.application : request.delegated));
  const isHeld = (permission: string) => held.has(permission) || allowing.some((any) => any.includes(permission) && any.some((one) => held.has(one)));
  const lacking = (permissions: readonly string[], words: string) => permissions.filter((one) => !isHeld(one)).map((one): [string, string] => [one, strings.settings.limit(taskName(task), words)]);
  return [
    ...conditional.flatMap(({ permissions, when }) => lacking(permissions, strings.settings.notWhen(when))),
    ...optional.flatMap(({ permissions, otherwise }) => lacking(permissions, otherwise)),
  ];
}

function grouped(pairs: readonly [string, string][]): readonly [string, readonly string[]][] {
  const groups = new Map<string, Set<string>>();
  for (const [name, value] of pairs) groups.set(name, (groups.get(name) ?? new Set()).add(value));
  return [...groups].map(([name, values]) => [name, [...values]]);
}
