import { Badge } from "@fluentui/react-badge";
import { ChevronRightRegular } from "@fluentui/react-icons";
import type { AgentUser, BlueprintChain, ChainLink, ServicePrincipal } from "agentuser";
import type { ReactNode } from "react";
import { useConnection } from "../connection/session.js";
import { portalIdentity, portalUser } from "../common/portal.js";
import { number, strings } from "../strings/index.js";
import { CopyText } from "../common/copy.js";
import { type Reading, useReading } from "./reading.js";
import { Card, Read } from "./section.js";

interface ChainProps {
  readonly user: AgentUser | undefined;
  readonly identity: Reading<ServicePrincipal>;
  /** Whether the agent identity does not exist. */
  readonly isOrphan: boolean;
}

/** Blueprint, its principal, agent identity and agent user, with the state of each. */
export function ChainSection({ user, identity, isOrphan }: ChainProps) {
  const parent = user?.identityParentId ?? undefined;
  const blueprint = identity.value?.agentIdentityBlueprintId ?? undefined;
  const chain = useReading(blueprint, (client, options) => client.verifyBlueprint(blueprint ?? "", options));
  const again = () => (blueprint === undefined ? identity.again() : chain.again());
  const text = strings.user.chain;
  const isBusy = (parent !== undefined && identity.step === "reading") || (blueprint !== undefined && chain.step === "reading");
  return (
    <Card id="chain" title={text.title} again={again} isBusy={isBusy}>
      <Links user={user} identity={identity.value} chain={chain.value} isOrphan={isOrphan} />
      {user !== undefined && parent === undefined && <p>{text.noParent}</p>}
      {identity.step === "failed" && <Read reading={identity}>{() => null}</Read>}
      {blueprint !== undefined && <Health chain={chain} parent={parent} />}
    </Card>
  );
}

interface LinksProps {
  readonly user: AgentUser | undefined;
  readonly identity: ServicePrincipal | undefined;
  readonly chain: BlueprintChain | undefined;
  readonly isOrphan: boolean;
}

function Links({ user, identity, chain, isOrphan }: LinksProps) {
  const connection = useConnection();
  const text = strings.user.chain;
  const mine = chain?.identities.find((one) => one.identity.id === user?.identityParentId);
  const parentId = user?.identityParentId ?? "";
  return (
    <ol className="chain">
      <LinkBox kind={text.blueprint} name={chain?.blueprint.displayName} id={chain?.blueprint.appId ?? identity?.agentIdentityBlueprintId} idName={text.appId} state={chain?.blueprint.state} />
      <LinkBox kind={text.principal} name={chain?.principal.displayName} id={chain?.principal.id} idName={strings.columns.id} state={chain?.principal.state} />
      <LinkBox
        kind={text.identity}
        name={identity?.displayName ?? mine?.identity.displayName}
        id={parentId}
        idName={strings.columns.id}
        state={isOrphan ? "missing" : (mine?.identity.state ?? stateOf(identity?.accountEnabled))}
        portal={portalIdentity(parentId, connection)}
      />
      <LinkBox
        kind={text.user}
        name={user?.displayName}
        id={user?.id}
        idName={strings.columns.id}
        state={mine?.agentUser.state ?? stateOf(user?.accountEnabled)}
        portal={portalUser(user?.id ?? "", connection)}
      />
    </ol>
  );
}

/** The state that a single object tells of itself. */
function stateOf(accountEnabled: boolean | null | undefined): ChainLink["state"] | undefined {
  if (typeof accountEnabled !== "boolean") return undefined;
  return accountEnabled ? "present" : "disabled";
}

const GOOD: ReadonlySet<string> = new Set(["present", "none"]);

interface LinkBoxProps {
  readonly kind: string;
  readonly name: string | null | undefined;
  readonly id: string | null | undefined;
  readonly idName: string;
  readonly state: ChainLink["state"] | undefined;
  readonly portal?: string | undefined;
}

function LinkBox({ kind, name, id, idName, state, portal }: LinkBoxProps) {
  const title: ReactNode = name || (id && state !== "notRead" ? strings.list.unnamed : strings.list.unknown);
  return (
    <li>
      <ChevronRightRegular className="arrow" aria-hidden />
      <span className="kind">{kind}</span>
      <strong>{portal === undefined ? title : <PortalLink href={portal}>{title}</PortalLink>}</strong>
      {state !== undefined && (
        <Badge appearance="tint" color={GOOD.has(state) ? "success" : state === "notRead" ? "informative" : "danger"}>
          {strings.user.chain.states[state]}
        </Badge>
      )}
      {id && <CopyText name={idName} text={id} />}
    </li>
  );
}

function PortalLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" title={strings.list.viewInEntra}>
      {children}
    </a>
  );
}

/** Whether the agent user can work, as far as its chain decides that. */
function Health({ chain, parent }: { chain: Reading<BlueprintChain>; parent: string | undefined }) {
  return (
    <Read reading={chain}>
      {(value) => {
        const { identities, verdict, remarks = [], notRead = [] } = value;
        const text = strings.user.chain;
        const mine = identities.find(({ identity }) => identity.id === parent);
        const links = mine === undefined ? [] : [value.blueprint, value.principal, mine.identity, mine.agentUser];
        const faults = links.filter(({ state }) => !GOOD.has(state));
        const isUnknown = mine === undefined || faults.some(({ state }) => state === "notRead");
        return (
          <>
            <p className={faults.length > 0 && !isUnknown ? "verdict bad" : "verdict"}>
              {isUnknown ? text.unknown : faults.length === 0 ? text.sound : text.broken}
            </p>
            {notRead.map(({ part, problem }) => (
              <p key={part}>{strings.user.notReadBecause(problem.message, problem.permissions ?? [])}</p>
            ))}
            <details>
              <summary>{text.whole(identities.length, number(identities.length), text.verdicts[verdict])}</summary>
              <ul>
                {remarks.map(({ code, message }, at) => (
                  <li key={code + at}>{message}</li>
                ))}
              </ul>
            </details>
          </>
        );
      }}
    </Read>
  );
}
