// The objects that the signed-in person sponsors: one request, which needs no role. The next lifecycle actions are other requests, which Graph may
// refuse to a sponsor, so that they are read when the person asks for them.
import type { AgentUser, AgentUserClient, CallOptions, Lifecycle, Sponsored } from "agentuser";
import { problemOf } from "../common/problem.js";

/** An agent user with its agent identity, or an agent identity whose agent user the person does not sponsor. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly user: AgentUser | undefined;
  /** The object id of the agent identity. */
  readonly identity: string | undefined;
  readonly isEnabled: boolean;
  /** Whether the person sponsors the agent identity itself: only then may the person attest it. */
  readonly isAttestable: boolean;
}

export interface Mine {
  /** The account of the token; absent where the token shows none. */
  readonly person: string | undefined;
  readonly agents: readonly Agent[];
  /** How many guests, blueprints and other objects the person sponsors. */
  readonly others: number;
}

/** The next action of the lifecycle policies on an agent identity. */
export interface NextAction {
  readonly nextAction: string | undefined;
  readonly nextActionDateTime: string | undefined;
  /** Whether a policy wants that it is attested. */
  readonly isDue: boolean;
}

/** Reads what the signed-in person sponsors. */
export async function readMine(client: AgentUserClient, options: CallOptions): Promise<Mine> {
  const { person, agentUsers, agentIdentities, others } = await client.sponsored(undefined, options);
  const agents = [...usersOf(agentUsers, agentIdentities), ...identitiesOf(agentUsers, agentIdentities)];
  return { person: person ?? undefined, agents: agents.toSorted((a, b) => a.name.localeCompare(b.name)), others: others.length };
}

function usersOf(users: Sponsored["agentUsers"], identities: Sponsored["agentIdentities"]): Agent[] {
  const sponsored = new Set(identities.map(({ id }) => id));
  return users.flatMap((user) => {
    const { id, displayName, userPrincipalName, identityParentId, accountEnabled } = user;
    if (id == null) return [];
    const identity = identityParentId ?? undefined;
    return [{ id, name: displayName ?? userPrincipalName ?? id, user, identity, isEnabled: accountEnabled !== false, isAttestable: sponsored.has(identity) }];
  });
}

function identitiesOf(users: Sponsored["agentUsers"], identities: Sponsored["agentIdentities"]): Agent[] {
  const parents = new Set(users.map(({ identityParentId }) => identityParentId));
  return identities.flatMap(({ id, displayName, accountEnabled }) => {
    if (id == null || parents.has(id)) return [];
    return [{ id, name: displayName ?? id, user: undefined, identity: id, isEnabled: accountEnabled !== false, isAttestable: true }];
  });
}

/**
 * Reads the next lifecycle action on each agent identity; it lacks those that could not be read. The first is read alone: a missing
 * permission is missing for all of them.
 */
export async function readActions(client: AgentUserClient, identities: readonly string[], options: CallOptions): Promise<ReadonlyMap<string, NextAction>> {
  const actions = new Map<string, NextAction>();
  const read = async (identity: string) => {
    try {
      actions.set(identity, nextOf(await client.lifecycle(identity, options)));
    } catch (error) {
      const problem = problemOf(error);
      if (typeof problem === "string" || problem.code !== "ParentNotFound") throw error;
    }
  };
  const [first, ...others] = identities;
  if (first !== undefined) await read(first);
  await Promise.all(others.map(read));
  return actions;
}

function nextOf({ nextAction, nextActionDateTime, policies }: Lifecycle): NextAction {
  const isDue = policies.some(({ attestation }) => attestation === "helps" || attestation === "mayHelp");
  return { nextAction: nextAction ?? undefined, nextActionDateTime: nextActionDateTime ?? undefined, isDue };
}
