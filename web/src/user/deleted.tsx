import { Button } from "@fluentui/react-button";
import { ArrowUndoRegular } from "@fluentui/react-icons";
import { Spinner } from "@fluentui/react-spinner";
import type { Problem, ProvisionReport } from "agentuser";
import { href } from "../route.js";
import { ProblemNote } from "../common/problem.js";
import { strings } from "../strings/index.js";
import { ChangeDialog, useDialog } from "./change-dialog.js";
import { CopyText } from "../common/copy.js";
import { useReading } from "./reading.js";

/** The page of an agent user that does not exist: it may be in the recycle bin. A dry run of restoring it looks there. */
export function DeletedUser({ id, problem, changed }: { id: string; problem: Problem | string; changed: () => void }) {
  const found = useReading(`bin ${id}`, (client, options) => client.restore(id, { ...options, dryRun: true }));
  if (found.step === "reading" && found.value === undefined) return <Spinner className="waiting" label={strings.list.readingDeleted} />;
  if (found.value !== undefined) return <InBin report={found.value} changed={changed} />;
  const isAbsent = typeof found.problem === "object" && found.problem.code === "DeletedItemNotFound";
  return (
    <div className="empty">
      <h1 id="heading" tabIndex={-1}>
        {isAbsent ? strings.user.absent : strings.user.perhapsInBin}
      </h1>
      {isAbsent ? <ProblemNote problem={problem} /> : <ProblemNote title={strings.user.binUnread} problem={found.problem ?? problem} />}
      {!isAbsent && <Button onClick={found.again}>{strings.app.tryAgain}</Button>}
      <a href={href("users")}>{strings.app.toUsers}</a>
    </div>
  );
}

function InBin({ report, changed }: { report: ProvisionReport; changed: () => void }) {
  const [isOpen, open, close] = useDialog();
  const { id = "", userPrincipalName } = report;
  const text = strings.user;
  return (
    <div className="empty">
      <h1 id="heading" tabIndex={-1}>
        {userPrincipalName || id}
      </h1>
      <span className="status deleted">{text.inBin}</span>
      <p>{text.inBinBody}</p>
      <CopyText name={strings.columns.id} text={id} />
      <Button appearance="primary" icon={<ArrowUndoRegular />} onClick={open}>
        {strings.actions.restore}
      </Button>
      <a href={`${href("users")}?view=deleted`}>{text.toBin}</a>
      {isOpen && (
        <ChangeDialog
          title={strings.actions.titleRestore(1, "1")}
          intro={text.restoreIntro}
          change={(client, options) => client.restore(id, options)}
          close={(isChanged) => {
            close();
            if (isChanged) changed();
          }}
        />
      )}
    </div>
  );
}
