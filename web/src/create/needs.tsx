import { Button } from "@fluentui/react-button";
import type { Diagnosis } from "agentuser";
import { useState } from "react";
import { strings } from "../strings/index.js";
import { useReading } from "../user/reading.js";
import { Card, Read } from "../user/section.js";
import { type Form, needyRow } from "./row.js";

/** The permissions that creating will need, by what is typed: said before anything is sent. */
export function Needs({ form }: { form: Form }) {
  const text = strings.create.needs;
  const row = needyRow(form);
  const needs = useReading(JSON.stringify(row), async (client, options) => (await client.requiredPermissions(["create"], { ...options, roster: [row] })).delegated);
  const [isAsked, ask] = useState(false);
  const doctor = useReading(isAsked ? "doctor" : undefined, (client, options) => client.doctor({ ...options, operations: ["create"] }));
  return (
    <Card id="needs" title={text.title}>
      <p>{text.intro}</p>
      <Read reading={needs}>
        {({ permissions, roles = [], optional = [] }) => (
          <>
            <h3>{text.permissions}</h3>
            <ul className="plain">
              {permissions.map((permission) => (
                <li key={permission}>
                  <code>{permission}</code>
                </li>
              ))}
            </ul>
            {roles.length > 0 && (
              <>
                <h3>{text.roles}</h3>
                <ul className="plain">
                  {roles.map((role) => (
                    <li key={role}>{role}</li>
                  ))}
                </ul>
              </>
            )}
            {optional.length > 0 && (
              <details>
                <summary>{text.optional}</summary>
                <ul className="plain">
                  {optional.map(({ permissions, otherwise }, at) => (
                    <li key={at}>
                      <code>{permissions.join(", ")}</code> {text.without(otherwise)}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </>
        )}
      </Read>
      {isAsked ? (
        <Read reading={doctor} label={text.checking}>
          {(diagnosis) => <Verdict diagnosis={diagnosis} />}
        </Read>
      ) : (
        <Button size="small" onClick={() => ask(true)}>
          {text.check}
        </Button>
      )}
    </Card>
  );
}

const VERDICTS = { allowed: "good", lacking: "bad", unknown: undefined } as const;

/** Whether the token of the page allows it. */
function Verdict({ diagnosis: { operations = [], remarks = [] } }: { diagnosis: Diagnosis }) {
  const text = strings.create.needs;
  return (
    <div role="status">
      {operations.map(({ operation, verdict, missing = [], fix }) => (
        <div key={operation}>
          <p className={VERDICTS[verdict]}>{verdict === "allowed" ? text.allowed : verdict === "unknown" ? text.unknown : text.lacking(missing)}</p>
          {fix !== undefined && <p>{fix}</p>}
        </div>
      ))}
      {remarks.map(({ code, message }) => (
        <p key={code}>{message}</p>
      ))}
    </div>
  );
}
