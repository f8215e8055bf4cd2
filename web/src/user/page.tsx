import "./user.css";
import { Spinner } from "@fluentui/react-spinner";
import type { AgentUser } from "agentuser";
import { useEffect, useReducer } from "react";
import { useConnection } from "../connection/session.js";
import { changed as changedInLists, watchChanges } from "../list/store.js";
import type { PageProps } from "../pages.js";
import { href } from "../route.js";
import { problemOf } from "../common/problem.js";
import { PermissionsSection } from "../permissions/section.js";
import { strings } from "../strings/index.js";
import { AccessSection } from "./access.js";
import { ChainSection } from "./chain.js";
import { UserCommands } from "./commands.js";
import { CopyText } from "../common/copy.js";
import { DeletedUser } from "./deleted.js";
import { DetailsSection } from "./details.js";
import { FindingsSection } from "./findings.js";
import { GroupsSection } from "./groups.js";
import { LicensesSection } from "./licenses.js";
import { LifecycleSection } from "./lifecycle.js";
import { PeopleSection } from "./people.js";
import { Readiness } from "./readiness.js";
import { Changes, type Reading, useReading } from "./reading.js";
import { Card, SectionProblem } from "./section.js";

/** Codes of an agent user that is not among those that exist. */
const ABSENT: ReadonlySet<string> = new Set(["NotFound", "NotAnAgentUser"]);

export default function Page({ path }: PageProps) {
  const [id = ""] = path;
  const [changes, again] = useReducer((n: number) => n + 1, 0);
  return (
    <Changes value={changes}>
      <User id={id} again={again} />
    </Changes>
  );
}

function User({ id, again }: { id: string; again: () => void }) {
  const connection = useConnection();
  const user = useReading(id, (client, options) => client.get(id, options));
  const { value, problem } = user;
  const objectId = value?.id ?? id;
  // The lists and this page follow, whoever made the change.
  const changed = () => changedInLists(connection, [objectId]);
  useEffect(() => watchChanges(connection, (ids) => ids.includes(objectId) && again()), [connection, objectId, again]);
  const parent = value?.identityParentId ?? undefined;
  const identity = useReading(parent, (client, options) => client.identity(parent ?? "", options));
  // Parts that are about the agent identity then have nothing to say, nor have they where Graph shows none.
  const isOrphan = codeOf(identity) === "ParentNotFound";
  if (ABSENT.has(codeOf(user) ?? "")) return <DeletedUser id={id} problem={problem ?? problemOf(undefined)} changed={changed} />;
  return (
    <div className="user">
      <Heading user={user} />
      {user.step === "failed" && problem !== undefined && <SectionProblem problem={problem} again={user.again} isOld={value !== undefined} />}
      {value !== undefined && <UserCommands user={value} changed={changed} again={again} />}
      <div className="cards">
        <ChainSection user={value} identity={identity} isOrphan={isOrphan} />
        {value !== undefined && <DetailsSection user={value} changed={changed} />}
        <div className="column">
          {value !== undefined && (
            <Card id="readiness" title={strings.user.readiness.title}>
              <Readiness user={value} />
            </Card>
          )}
          <PeopleSection id={id} parent={isOrphan ? undefined : parent} changed={changed} />
          {!isOrphan && (parent !== undefined || user.step === "reading") && <LifecycleSection parent={parent} changed={changed} />}
          {value !== undefined && <FindingsSection user={value} />}
        </div>
        <div className="column">
          <LicensesSection id={id} changed={changed} />
          <GroupsSection id={id} changed={changed} />
          {value !== undefined && <PermissionsSection user={value} identity={identity.value} changed={changed} />}
          <AccessSection id={id} />
        </div>
      </div>
    </div>
  );
}

/** The code of the problem with which a reading failed. */
function codeOf({ step, problem }: Reading<unknown>): string | undefined {
  return step === "failed" && problem !== undefined && typeof problem !== "string" ? problem.code : undefined;
}

function Heading({ user: { value, step } }: { user: Reading<AgentUser> }) {
  const title = value?.displayName ?? value?.userPrincipalName ?? strings.pages.user;
  return (
    <div className="heading user-heading">
      <a className="up" href={href("users")}>
        {strings.pages.users}
      </a>
      <h1 id="heading" tabIndex={-1}>
        {title}
      </h1>
      {value === undefined && step === "reading" && <Spinner size="tiny" label={strings.app.loading} />}
      {value !== undefined && (
        <div className="facts-line">
          <Status user={value} />
          <span>{value.userPrincipalName}</span>
          <CopyText name={strings.columns.id} text={value.id ?? ""} />
        </div>
      )}
    </div>
  );
}

function Status({ user: { accountEnabled } }: { user: AgentUser }) {
  const text = strings.list;
  if (accountEnabled === undefined || accountEnabled === null) return <span className="status">{text.unknown}</span>;
  return <span className={`status ${accountEnabled ? "enabled" : "disabled"}`}>{accountEnabled ? text.enabled : text.disabled}</span>;
}
