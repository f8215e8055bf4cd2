import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { Spinner } from "@fluentui/react-spinner";
import type { Diagnosis } from "agentuser";
import { useEffect, useState } from "react";
import { Facts } from "../common/facts.js";
import { useClient } from "../connection/session.js";
import { announce } from "../common/announce.js";
import { problemOf, ProblemNote, ProblemText } from "../common/problem.js";
import { moment, number, strings } from "../strings/index.js";
import { checkToken, type Limit, type Missing, taskName, type TokenCheck } from "./tasks.js";

/** The permissions of the token, and what each missing one switches off. */
export function TokenPart() {
  const client = useClient();
  const text = strings.settings;
  const [asked, setAsked] = useState(0);
  const [check, setCheck] = useState<TokenCheck | { readonly failed: unknown }>();
  useEffect(() => {
    let isCurrent = true;
    setCheck(undefined);
    checkToken(client).then(
      (done) => isCurrent && setCheck(done),
      (failed: unknown) => isCurrent && setCheck({ failed }),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, asked]);
  useEffect(() => {
    if (check === undefined || "failed" in check) return;
    announce(check.missing.length === 0 ? text.nothingMissing : `${text.missing}: ${number(check.missing.length)}`);
  }, [check, text]);
  return (
    <section aria-labelledby="token" aria-busy={check === undefined}>
      <h2 id="token">{text.token}</h2>
      <p>{text.tokenIntro}</p>
      <Button disabled={check === undefined} onClick={() => setAsked(asked + 1)}>
        {text.again}
      </Button>
      {check === undefined && <Spinner label={text.checking} labelPosition="after" size="small" className="checking" />}
      {check !== undefined && ("failed" in check ? <ProblemNote problem={problemOf(check.failed)} /> : <Checked check={check} />)}
    </section>
  );
}

function Checked({ check: { diagnosis, missing, limits } }: { check: TokenCheck }) {
  const text = strings.settings;
  const { remarks = [], operations = [] } = diagnosis;
  const isWhole = missing.length === 0 && operations.every(({ verdict }) => verdict === "allowed");
  return (
    <>
      <TokenFacts diagnosis={diagnosis} />
      {remarks.map(({ code, message }) => (
        <MessageBar key={code} intent="warning" layout="multiline">
          <MessageBarBody>{message}</MessageBarBody>
        </MessageBar>
      ))}
      {isWhole && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>{text.nothingMissing}</MessageBarBody>
        </MessageBar>
      )}
      {missing.length > 0 && <MissingTable title={text.missing} rows={missing} />}
      <h3>{text.can}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.task}</th>
            <th scope="col">{text.verdict}</th>
          </tr>
        </thead>
        <tbody>
          {operations.map(({ operation, verdict, fix }) => (
            <tr key={operation}>
              <th scope="row">{taskName(operation)}</th>
              <td>
                <span className={`verdict ${verdict}`}>{text.verdicts[verdict]}</span>
                {fix !== undefined && <p>{fix}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {limits.length > 0 && (
        <MissingTable title={text.limits} intro={text.limitsIntro} rows={limits.map(({ permission, without }: Limit) => ({ permission, tasks: without }))} />
      )}
      <Reads diagnosis={diagnosis} />
    </>
  );
}

function TokenFacts({ diagnosis: { token } }: { diagnosis: Diagnosis }) {
  const text = strings.settings;
  if (token === undefined) return null;
  const facts: readonly (readonly [string, string])[] = [
    [text.account, token.account ?? ""],
    [text.application, token.applicationId ?? ""],
    [text.tenant, token.tenantId ?? ""],
    [text.kind, text.kinds[token.kind]],
    [text.expires, moment(token.expiresAt)],
  ];
  const { permissions = [] } = token;
  return (
    <>
      <Facts of={facts} />
      {permissions.length > 0 && (
        <details>
          <summary>{text.permissions(permissions.length, number(permissions.length))}</summary>
          <ul>
            {permissions.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function MissingTable({ title, intro, rows }: { title: string; intro?: string; rows: readonly Missing[] }) {
  const text = strings.settings;
  return (
    <>
      <h3>{title}</h3>
      {intro !== undefined && <p>{intro}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">{text.permission}</th>
            <th scope="col">{text.switchesOff}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ permission, tasks }) => (
            <tr key={permission}>
              <th scope="row">{permission}</th>
              <td>
                <ul>
                  {tasks.map((task) => (
                    <li key={task}>{task}</li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** The answer of Graph itself: a token may show a permission that the account's role does not allow to be used. */
function Reads({ diagnosis: { reads = [] } }: { diagnosis: Diagnosis }) {
  const text = strings.settings;
  const failed = reads.filter(({ problem }) => problem !== undefined);
  if (failed.length === 0) return null;
  return (
    <>
      <h3>{text.reads}</h3>
      <ul>
        {failed.map(({ call, problem }) => (
          <li key={call}>{problem !== undefined && <ProblemText problem={problem} />}</li>
        ))}
      </ul>
    </>
  );
}
