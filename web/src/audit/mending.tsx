import { Button } from "@fluentui/react-button";
import type { Finding, PermissionHolder } from "agentuser";
import { lazy, Suspense, useState } from "react";
import { portalIdentity, portalUser } from "../common/portal.js";
import type { Connection } from "../connection/connection.js";
import { useSession } from "../connection/session.js";
import { hrefAt } from "../route.js";
import { strings } from "../strings/index.js";
import { showPart, type UserPart } from "../user/parts.js";
import { nameOf } from "./findings.js";
import { storeOf } from "./store.js";

const PermissionsDialog = lazy(() => import("../permissions/dialog.js"));

/** The part of an agent user's page in which the findings of a rule are mended. Of a rule that is not here, a plan mends all. */
const PARTS: Readonly<Record<string, UserPart>> = {
  "parent-deleted": "chain",
  "parent-disabled": "chain",
  "shared-parent": "commands",
  "no-sponsor": "people",
  "sponsor-unusable": "people",
  "no-manager": "people",
  "manager-unusable": "people",
  "leave-date": "commands",
  "disabled-and-licensed": "groups",
  "license-error": "licenses",
  "license-without-mailbox": "licenses",
  "mailbox-missing": "readiness",
  "no-usage-location": "details",
  "domain-unverified": "details",
  "domain-federated": "details",
  "role-group": "groups",
  "privileged-role": "access",
  "grant-for-all": "permissions",
  "blocked-permission": "permissions",
  "sign-in-blocked": "chain",
  "lifecycle-action": "lifecycle",
};

/** Rules whose findings are mended in Microsoft Entra alone, by the object that is mended there. */
const IN_ENTRA: Readonly<Record<string, "user" | "parent">> = {
  "parent-deleted": "parent",
  "parent-disabled": "parent",
  "privileged-role": "user",
  "sign-in-blocked": "user",
};

/** Rules about the permissions of an agent identity or a blueprint, which may have no agent user. */
const HELD: ReadonlySet<string> = new Set(["grant-for-all", "all-inherited"]);

/** The words of a rule's mending: of the findings that a plan mends, or of the others. */
export function mendingText(rule: string, isPlanned: boolean): string {
  const { planned, others } = strings.mending;
  const words: Readonly<Record<string, string>> = isPlanned ? planned : others;
  return words[rule] ?? (isPlanned ? strings.mending.plan : strings.mending.unknown);
}

interface MendingProps {
  readonly finding: Finding;
  /** Plans the fix; absent where no plan mends the finding. */
  readonly plan?: (() => void) | undefined;
  /** Whether the page of its agent user is the one that is shown. */
  readonly isHere?: boolean;
}

/** The way to what mends a finding in this page: its plan, or the part of the page in which a person decides. */
export function Mending({ finding, plan, isHere = false }: MendingProps) {
  const session = useSession();
  const connection = session.state === "connected" ? session.connection : undefined;
  const { user, rule, subject } = finding;
  const text = strings.mending;
  const named = (way: string) => text.of(way, nameOf(finding));
  if (connection === undefined) return null;
  if (plan !== undefined) {
    return (
      <Button size="small" aria-label={named(text.planOne)} onClick={plan}>
        {text.planOne}
      </Button>
    );
  }
  const entra = entraOf(finding, connection);
  const part = PARTS[rule];
  return (
    <>
      {user !== undefined && part !== undefined && isHere && (
        <Button size="small" onClick={() => showPart(part)}>
          {text.parts[part]}
        </Button>
      )}
      {user !== undefined && part !== undefined && !isHere && (
        <a href={hrefAt({ part }, "users", user.id)} aria-label={named(text.parts[part])}>
          {text.parts[part]}
        </a>
      )}
      {user === undefined && HELD.has(rule) && <HolderButton finding={finding} connection={connection} />}
      {rule === "blueprint-crowded" && <a href={hrefAt({ blueprint: subject.id }, "create")}>{text.crowded}</a>}
      {entra !== undefined && (
        <a href={entra} target="_blank" rel="noopener noreferrer" aria-label={named(strings.list.viewInEntra)}>
          {strings.list.viewInEntra}
        </a>
      )}
    </>
  );
}

function entraOf({ rule, user, evidence, subject }: Finding, connection: Connection): string | undefined {
  const where = IN_ENTRA[rule];
  if (where === undefined) return undefined;
  const { identityParentId = subject.id } = evidence as { readonly identityParentId?: string };
  return where === "parent" ? portalIdentity(identityParentId, connection) : portalUser(user?.id ?? "", connection);
}

/** The permissions of an agent identity or a blueprint: neither has a page. */
function HolderButton({ finding: { subject }, connection }: { finding: Finding; connection: Connection }) {
  const [isOpen, open] = useState(false);
  const holder: PermissionHolder = subject.kind === "agentIdentity" ? { agentIdentityId: subject.id } : { blueprint: subject.id };
  return (
    <>
      <Button size="small" aria-label={strings.mending.of(strings.mending.parts.permissions, subject.name)} onClick={() => open(true)}>
        {strings.mending.parts.permissions}
      </Button>
      {isOpen && (
        <Suspense>
          <PermissionsDialog name={subject.name} holder={holder} changed={() => storeOf(connection).becomeStale()} close={() => open(false)} />
        </Suspense>
      )}
    </>
  );
}
