import type { AgentUser, ServicePrincipal } from "agentuser";
import { strings } from "../strings/index.js";
import { Card, Part } from "../user/section.js";
import { HolderPermissions } from "./holder.js";

interface PermissionsProps {
  readonly user: AgentUser;
  /** Its agent identity, once it was read. */
  readonly identity: ServicePrincipal | undefined;
  readonly changed: () => void;
}

/** The permissions by which the agent user acts, by those who have them: its agent identity, its blueprint, and itself. */
export function PermissionsSection({ user, identity, changed }: PermissionsProps) {
  const text = strings.permissions;
  const blueprint = identity?.agentIdentityBlueprintId;
  return (
    <Card id="permissions" title={text.title}>
      <p className="aside">{text.intro}</p>
      {identity?.id && (
        <Part title={text.ofIdentity}>
          <HolderPermissions holder={{ agentIdentityId: identity.id }} changed={changed} />
        </Part>
      )}
      {blueprint && (
        <Part title={text.ofBlueprint}>
          <HolderPermissions holder={{ blueprint }} changed={changed} />
        </Part>
      )}
      <Part title={text.ofUser}>
        <HolderPermissions holder={{ user: user.id ?? "" }} changed={changed} />
      </Part>
    </Card>
  );
}
