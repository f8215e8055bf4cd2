import { Button } from "@fluentui/react-button";
import { Checkbox } from "@fluentui/react-checkbox";
import type { AssignedAppRole, Consent, DelegatedPermission, InheritedResource, PermissionHolder, Permissions } from "agentuser";
import { type ReactNode, useState } from "react";
import { list, strings } from "../strings/index.js";
import type { Change } from "../user/change.js";
import { ChangeDialog } from "../user/change-dialog.js";
import { useReading } from "../user/reading.js";
import { Read } from "../user/section.js";
import { inheritedOf, resourceName } from "./words.js";

interface HolderProps {
  /** An agent user, an agent identity or a blueprint. */
  readonly holder: PermissionHolder;
  /** Is called once a permission may be another one. */
  readonly changed: () => void;
}

/** A permission that is about to be taken: its dialog. */
type Taken = { readonly grant: DelegatedPermission } | { readonly role: AssignedAppRole } | { readonly inherited: InheritedResource };

/** The permissions of an agent user, an agent identity or a blueprint, each with the button that takes it away. */
export function HolderPermissions({ holder, changed }: HolderProps) {
  const permissions = useReading(JSON.stringify(holder), (client, options) => client.permissions(holder, options));
  const [taken, take] = useState<Taken>();
  const close = (isChanged: boolean) => {
    take(undefined);
    if (!isChanged) return;
    permissions.again();
    changed();
  };
  return (
    <>
      <Read reading={permissions}>{(value) => <Lists holder={holder} permissions={value} take={take} />}</Read>
      {taken !== undefined && <TakeDialog holder={holder} taken={taken} close={close} />}
    </>
  );
}

interface ListsProps {
  readonly holder: PermissionHolder;
  readonly permissions: Permissions;
  readonly take: (taken: Taken) => void;
}

function Lists({ holder, permissions: { delegated, appRoles, inheritable = [] }, take }: ListsProps) {
  const text = strings.permissions;
  // The permissions of an agent user are grants to its agent identity, whose own list has them.
  const grants = holder.user === undefined ? delegated : [];
  if (grants.length + appRoles.length + inheritable.length === 0) return <p className="nothing">{text.none}</p>;
  return (
    <ul className="entries">
      {grants.map((grant, at) => (
        <Entry key={grant.grantId ?? at} name={list(grant.scopes)} about={text.delegated(resourceOf(grant), forWhom(grant))}>
          {consentOf(holder, grant) !== undefined && <TakeButton title={text.revoke} of={list(grant.scopes)} take={() => take({ grant })} />}
        </Entry>
      ))}
      {appRoles.map((role, at) => (
        <Entry key={role.assignmentId ?? at} name={roleName(role)} about={text.appRole(resourceOf(role))}>
          <TakeButton title={text.takeAway} of={roleName(role)} take={() => take({ role })} />
        </Entry>
      ))}
      {inheritable.map((inherited, at) => (
        <Entry key={inherited.resourceAppId ?? at} name={text.inherits(inheritedOf(inherited))} about={text.ofResource(resourceName(inherited.resourceAppId))}>
          {isInherited(inherited) && <TakeButton title={text.inheritNone} of={resourceName(inherited.resourceAppId)} take={() => take({ inherited })} />}
        </Entry>
      ))}
    </ul>
  );
}

function Entry({ name, about, children }: { name: string; about: string; children: ReactNode }) {
  return (
    <li>
      <span className="two">
        <span>{name}</span>
        <small>{about}</small>
      </span>
      {children}
    </li>
  );
}

function TakeButton({ title, of, take }: { title: string; of: string; take: () => void }) {
  return (
    <Button size="small" aria-label={strings.permissions.takeOf(title, of)} onClick={take}>
      {title}
    </Button>
  );
}

function TakeDialog({ holder, taken, close }: { holder: PermissionHolder; taken: Taken; close: (isChanged: boolean) => void }) {
  const text = strings.permissions;
  if ("grant" in taken) return <RevokeDialog holder={holder} grant={taken.grant} close={close} />;
  if ("role" in taken) {
    const { role } = taken;
    const change: Change = (client, options) => client.removeAppRole(holder, role.appRoleId ?? role.appRole ?? "", { ...of(role), ...options });
    return <ChangeDialog title={text.takeOf(text.takeAway, roleName(role))} intro={text.takeIntro} change={change} close={close} />;
  }
  const { inherited } = taken;
  const change: Change = (client, options) =>
    client.inheritPermissions(holder.blueprint ?? "", { ...of(inherited), inheritableScopes: "none", inheritableRoles: "none", ...options });
  return <ChangeDialog title={text.inheritTitle} intro={text.inheritIntro} change={change} close={close} />;
}

/** Revokes the delegated permissions of a grant that are chosen; one alone without a choice. */
function RevokeDialog({ holder, grant, close }: { holder: PermissionHolder; grant: DelegatedPermission; close: (isChanged: boolean) => void }) {
  const text = strings.permissions;
  const [chosen, choose] = useState<readonly string[]>(grant.scopes);
  const consent = consentOf(holder, grant) ?? holder;
  const change: Change = (client, options) => client.revokePermission(consent, chosen, { ...of(grant), ...options });
  const toggle = (scope: string, isChosen: boolean) => choose(grant.scopes.filter((one) => (one === scope ? isChosen : chosen.includes(one))));
  const dialog = { title: text.revokeTitle, intro: text.revokeIntro(forWhom(grant)), change: chosen.length === 0 ? undefined : change, close };
  if (grant.scopes.length < 2) return <ChangeDialog {...dialog} />;
  return (
    <ChangeDialog {...dialog}>
      <ul className="plan-choices">
        {grant.scopes.map((scope) => (
          <li key={scope}>
            <Checkbox checked={chosen.includes(scope)} label={scope} onChange={(_, { checked }) => toggle(scope, checked === true)} />
          </li>
        ))}
      </ul>
    </ChangeDialog>
  );
}

/** The grant as the package names it. One of a blueprint for a single user is not among those that it changes. */
function consentOf({ agentIdentityId, blueprint }: PermissionHolder, { consentType, principalId }: DelegatedPermission): Consent | undefined {
  if (consentType === "AllPrincipals") return { agentIdentityId, blueprint, allPrincipals: true };
  return agentIdentityId === undefined || principalId === undefined ? undefined : { agentIdentityId, user: principalId };
}

function forWhom({ consentType, principalId = "" }: DelegatedPermission): string {
  return consentType === "AllPrincipals" ? strings.permissions.forAll : strings.permissions.forUser(principalId);
}

function of({ resourceAppId }: { readonly resourceAppId?: string }): { readonly resourceAppId?: string } {
  return resourceAppId === undefined ? {} : { resourceAppId };
}

function resourceOf({ resourceDisplayName, resourceId = "" }: Pick<DelegatedPermission, "resourceDisplayName" | "resourceId">): string {
  return resourceDisplayName ?? resourceId;
}

function roleName({ appRole, appRoleId = "" }: AssignedAppRole): string {
  return appRole ?? appRoleId;
}

const NOTHING: ReadonlySet<string | undefined> = new Set(["none", undefined]);

function isInherited({ inheritableScopes, inheritableRoles }: InheritedResource): boolean {
  return !NOTHING.has(inheritableScopes) || !NOTHING.has(inheritableRoles);
}
