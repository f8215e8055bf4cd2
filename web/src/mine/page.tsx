import "../common/commands.css";
import "./mine.css";
import { Button } from "@fluentui/react-button";
import { ArrowClockwiseRegular, CalendarClockRegular, PeopleSwapRegular } from "@fluentui/react-icons";
import { SearchBox } from "@fluentui/react-search";
import { Spinner } from "@fluentui/react-spinner";
import { useRestoreFocusTarget } from "@fluentui/react-tabster";
import type { Problem } from "agentuser";
import { lazy, Suspense, useEffect, useMemo, useReducer, useState } from "react";
import { WaitingNote } from "../changes/waiting.js";
import { useClient, useConnection } from "../connection/session.js";
import { changed } from "../list/store.js";
import { href } from "../route.js";
import { announce } from "../common/announce.js";
import { Blocks } from "../common/blocks.js";
import { PageHeading } from "../common/heading.js";
import { portalIdentity } from "../common/portal.js";
import { ProblemNote } from "../common/problem.js";
import { date, number, strings } from "../strings/index.js";
import { useReading } from "../user/reading.js";
import { type Agent, type Mine, type NextAction, readActions, readMine } from "./read.js";

const AttestDialog = lazy(() => import("./attest.js"));
const HandoverDialog = lazy(() => import("./handover.js"));

/** With so many agents and more, there is a search. */
const SEARCHED = 10;

type Asked = { readonly attest: Agent } | { readonly handover: string };

export default function Page() {
  const client = useClient();
  const connection = useConnection();
  const text = strings.mine;
  const mine = useReading("mine", readMine);
  const agents = mine.value?.agents ?? [];
  const identities = [...new Set(agents.flatMap(({ identity }) => identity ?? []))];
  const [isAsked, ask] = useReducer(() => true, false);
  const actions = useReading(isAsked ? "actions" : undefined, (client, options) => readActions(client, identities, options));
  const [asked, setAsked] = useState<Asked>();
  const opener = useRestoreFocusTarget();
  useEffect(() => {
    if (mine.value !== undefined) announce(text.read(mine.value.agents.length, number(mine.value.agents.length)));
  }, [mine.value, text]);
  const attested = ({ user }: Agent) => {
    if (user?.id != null) changed(connection, [user.id]);
    actions.again();
  };
  const person = agents.length > 0 ? mine.value?.person : undefined;
  const [isReading, isReadingActions] = [mine.step === "reading", isAsked && actions.step === "reading"];
  return (
    <>
      <PageHeading title={strings.pages.mine} intro={text.intro} />
      <div className="quiet">
        <Button appearance="subtle" icon={<ArrowClockwiseRegular />} disabled={isReading} onClick={mine.again}>
          {text.refresh}
        </Button>
        {identities.length > 0 && (
          <Button appearance="subtle" icon={<CalendarClockRegular />} disabled={isReadingActions} onClick={isAsked ? actions.again : ask}>
            {text.readActions}
          </Button>
        )}
        {person !== undefined && (
          <Button appearance="subtle" {...opener} icon={<PeopleSwapRegular />} onClick={() => setAsked({ handover: person })}>
            {text.handover}
          </Button>
        )}
      </div>
      {isReading && <Spinner className="mine-reading" label={text.reading} />}
      {isReadingActions && <Spinner className="mine-reading" label={text.readingActions} />}
      <WaitingNote waiting={isReading ? mine.waiting : isReadingActions ? actions.waiting : undefined} />
      <Unread problem={mine.problem} again={mine.again} />
      {actions.problem !== undefined && <ProblemNote title={text.lifecycleUnread} problem={actions.problem} again={actions.again} />}
      {mine.value !== undefined && <Agents mine={mine.value} actions={actions.value} attest={(agent) => setAsked({ attest: agent })} />}
      {asked !== undefined && (
        <Suspense>
          {"attest" in asked ? (
            <AttestDialog client={client} agent={asked.attest} attested={() => attested(asked.attest)} close={() => setAsked(undefined)} />
          ) : (
            <HandoverDialog client={client} account={asked.handover} close={() => setAsked(undefined)} />
          )}
        </Suspense>
      )}
    </>
  );
}

/** Why nothing was read. An application is told to sign in as a person. */
function Unread({ problem, again }: { problem: Problem | string | undefined; again: () => void }) {
  const text = strings.mine;
  if (problem === undefined) return null;
  if (typeof problem !== "string" && problem.code === "CallerNotAllowed") return <Empty title={text.noPerson} body={text.noPersonBody} />;
  return <ProblemNote title={text.failed} problem={problem} again={again} />;
}

interface AgentsProps {
  readonly mine: Mine;
  /** The next action on each agent identity, once they were read. */
  readonly actions: ReadonlyMap<string, NextAction> | undefined;
  readonly attest: (agent: Agent) => void;
}

function Agents({ mine: { agents, others }, actions, attest }: AgentsProps) {
  const text = strings.mine;
  const [search, setSearch] = useState("");
  const shown = useMemo(() => {
    const isDue = ({ identity }: Agent) => Number(actions?.get(identity ?? "")?.isDue === true);
    return matching(agents, search).toSorted((a, b) => isDue(b) - isDue(a));
  }, [agents, actions, search]);
  return (
    <>
      {agents.length === 0 && <Empty title={text.none} body={text.noneBody} />}
      {agents.length > SEARCHED && (
        <div className="mine-search">
          <SearchBox aria-label={text.search} placeholder={text.search} value={search} onChange={(_, { value }) => setSearch(value)} />
          <span role="status">{strings.list.countOf(number(shown.length), number(agents.length))}</span>
        </div>
      )}
      {agents.length > 0 && shown.length === 0 && <Empty title={strings.list.noMatch} body={strings.list.noMatchBody} />}
      {shown.length > 0 && (
        <Blocks label={text.list} className="agents" items={shown} keyOf={({ id }) => id} about={73}>
          {(agent) => <AgentRow agent={agent} next={actions?.get(agent.identity ?? "")} isRead={actions !== undefined} attest={attest} />}
        </Blocks>
      )}
      {others > 0 && <p className="aside">{text.others(others, number(others))}</p>}
    </>
  );
}

/** The agents that have the text in their name, user principal name or one of their ids. */
function matching(agents: readonly Agent[], search: string): readonly Agent[] {
  const wanted = search.trim().toLocaleLowerCase();
  if (wanted === "") return agents;
  const texts = ({ name, user, id, identity }: Agent) => [name, user?.userPrincipalName ?? "", id, identity ?? ""];
  return agents.filter((agent) => texts(agent).some((text) => text.toLocaleLowerCase().includes(wanted)));
}

function Empty({ title, body }: { title: string; body: string }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{body}</p>
    </div>
  );
}

interface AgentRowProps {
  readonly agent: Agent;
  readonly next: NextAction | undefined;
  /** Whether the next actions were read; one that is not there could not be read. */
  readonly isRead: boolean;
  readonly attest: (agent: Agent) => void;
}

function AgentRow({ agent, next, isRead, attest }: AgentRowProps) {
  const text = strings.mine;
  const connection = useConnection();
  const opener = useRestoreFocusTarget();
  const { user, name, identity, isEnabled, isAttestable } = agent;
  const portal = portalIdentity(identity ?? "", connection);
  return (
    <div className="agent">
      <div className="who">
        {user === undefined ? <span className="name">{name}</span> : <a href={href("users", agent.id)}>{name}</a>}
        <span>{user === undefined ? text.ofIdentity : user.userPrincipalName}</span>
        {!isEnabled && <span className="mark">{strings.list.disabled}</span>}
        {next?.isDue === true && <span className="mark due">{text.due}</span>}
      </div>
      <dl>
        <div>
          <dt>{text.columns.identity}</dt>
          <dd>{portal === undefined ? <code>{identity}</code> : <a href={portal}>{identity}</a>}</dd>
        </div>
        {isRead && (
          <div>
            <dt>{text.columns.next}</dt>
            <dd>{words(next)}</dd>
          </div>
        )}
      </dl>
      {isAttestable ? (
        <Button {...opener} aria-label={text.attestOf(name)} onClick={() => attest(agent)}>
          {text.attest}
        </Button>
      ) : (
        <p className="aside">{text.notAttestable}</p>
      )}
    </div>
  );
}

function words(next: NextAction | undefined): string {
  const text = strings.mine;
  if (next === undefined) return text.unknown;
  return next.nextAction === undefined ? text.noAction : text.actionOn(next.nextAction, date(next.nextActionDateTime));
}
