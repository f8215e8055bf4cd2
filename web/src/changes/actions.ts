// The actions on many agent users: each is a plan first.
import type { AgentUserClient, CallOptions, OperationRun, Plan, ProvisionReport } from "agentuser";
import { strings } from "../strings/index.js";

export type ActionId = "enable" | "disable" | "license" | "retire" | "restore" | "handover";

/** The choices in the form of an action. */
export interface Choices {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly until?: "disabled" | "deleted";
  readonly freeSeats?: boolean;
  readonly leaveGroups?: boolean;
  readonly acceptDataLoss?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly handedOver?: "both" | "manager" | "sponsor";
  readonly onlySelected?: boolean;
}

export function titleOf(action: ActionId, n: number, count: string): string {
  const text = strings.actions;
  const titles = {
    enable: text.titleEnable,
    disable: text.titleDisable,
    license: text.titleLicense,
    retire: text.titleRetire,
    restore: text.titleRestore,
    handover: text.titleHandover,
  };
  return titles[action](n, count);
}

/** Plans an action for agent users, and changes nothing. */
export function planOf(
  client: AgentUserClient,
  action: ActionId,
  users: readonly string[],
  choices: Choices,
  options: CallOptions,
): OperationRun<ProvisionReport, Plan> {
  if (action === "handover") {
    const { from = "", to = "", handedOver } = choices;
    return client.planHandover([{ from, to }], { handedOver, ...options });
  }
  const { add = [], remove = [], until, freeSeats, leaveGroups, acceptDataLoss } = choices;
  const more = action === "license" ? { add, remove } : action === "retire" ? { until, freeSeats, leaveGroups, acceptDataLoss } : {};
  return client.plan(action, users, { ...more, ...options });
}
