// A plan that somebody else has made: looked at again, and applied with its digest.
import type { Plan } from "agentuser";
import { requireSize } from "../common/files.js";
import { clientOf, type Connection } from "../connection/connection.js";
import { changed } from "../list/store.js";
import { strings } from "../strings/index.js";
import { ChangeRun, ending, madePlan } from "./run.js";
import { keepRun } from "./runs.js";

/** Looks at the plan of a file again, object by object, and shows what it would change. */
export async function openPlan(connection: Connection, file: File, opener: Element | null): Promise<void> {
  requireSize(file, "plan");
  const made = madePlan(await clientOf(connection), planOf(await file.text()));
  const run = new ChangeRun((ids) => changed(connection, ids));
  keepRun({ run, connection, title: strings.runs.plan(file.name), opener });
  await run.plan((options) => ending(made.apply({ ...options, dryRun: true }), () => made));
}

/** The plan in a text. The package says what is wrong with one that was changed. */
function planOf(text: string): Plan {
  const plan = parsed(text) as Partial<Plan> | null | undefined;
  if (!Array.isArray(plan?.changes) || typeof plan.digest !== "string") throw new Error(strings.runs.notPlan);
  return plan as Plan;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
