// Sponsors and lifecycle policies, as an audit's snapshot has them.
import type { Snapshot, Unread } from "agentuser";

/** The names of the sponsors of each agent user whose sponsors could be read. */
export function sponsorsOf({ sponsors, people }: Snapshot) {
  if ("unknown" in sponsors) return { sponsorsUnread: [sponsors.unknown] };
  const known = "known" in people ? people.known : [];
  const names = new Map(known.map(({ id, displayName, userPrincipalName }) => [id, displayName ?? userPrincipalName ?? id]));
  const read = sponsors.known.flatMap(({ id, sponsors }): [string, string[]][] =>
    "known" in sponsors ? [[id, sponsors.known.map((sponsor) => names.get(sponsor) ?? sponsor)]] : [],
  );
  return { sponsors: new Map(read), sponsorsUnread: [] };
}

/** The next action on each agent identity: the earliest of the policies that govern it. */
export function actionsOf({ lifecycle }: Snapshot) {
  if ("unknown" in lifecycle) return { actionsUnread: [lifecycle.unknown] };
  const actions = new Map<string, { readonly nextAction: string; readonly nextActionDateTime: string }>();
  const actionsUnread: Unread[] = [];
  for (const { subjects } of lifecycle.known) {
    if ("unknown" in subjects) {
      actionsUnread.push(subjects.unknown);
      continue;
    }
    for (const { id, nextAction, nextActionDateTime = "", relationship = "effective" } of subjects.known) {
      if (nextAction === undefined || relationship !== "effective") continue;
      const former = actions.get(id);
      if (former === undefined || nextActionDateTime < former.nextActionDateTime) actions.set(id, { nextAction, nextActionDateTime });
    }
  }
  return { actions, actionsUnread };
}
