import "../common/commands.css";
import { Button } from "@fluentui/react-button";
import { ArrowClockwiseRegular, ArrowDownloadRegular, DocumentCheckmarkRegular, DocumentTableSearchRegular, FolderOpenRegular } from "@fluentui/react-icons";
import { Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-menu";
import type { ReactElement } from "react";
import { chooseFile, requireSize } from "../common/files.js";
import { IN_PLACE } from "../common/menu.js";
import { strings } from "../strings/index.js";
import { FORMATS, saveReport, saveSnapshot } from "./files.js";
import type { AuditResult, AuditStore } from "./store.js";

interface CommandsProps {
  readonly store: AuditStore;
  readonly result: AuditResult;
  readonly isBusy: boolean;
  /** Audits the tenant; absent without a connection. */
  readonly run: (() => void) | undefined;
}

const FILES = ".json,.ndjson,.jsonl,application/json";

/** The bar above an audit. */
export function AuditCommands({ store, result, isBusy, run }: CommandsProps) {
  const text = strings.audit;
  const given = async (use: (file: File) => Promise<void>) => {
    const file = await chooseFile(FILES);
    if (file === undefined) return;
    await use(file).catch((error: unknown) => store.fail(text.fileFailed(file.name), error));
  };
  const taken = async (file: File, kind: "audit" | "accepted") => {
    requireSize(file, kind);
    return { name: file.name, text: await file.text() };
  };
  const compare = async (file: File) => store.judge({ older: await taken(file, "audit") });
  const accept = async (file: File) => store.judge({ accept: await taken(file, "accepted") });
  // A file is taken, or the one that was taken is left.
  const command = (icon: ReactElement, file: unknown, [take, use]: [string, typeof compare], [end, leave]: [string, () => Promise<void>]) => (
    <Button appearance="subtle" icon={icon} disabled={isBusy || result.snapshot === undefined} onClick={() => void (file === undefined ? given(use) : leave())}>
      {file === undefined ? take : end}
    </Button>
  );
  return (
    <div className="quiet">
      <Button appearance="subtle" icon={<ArrowClockwiseRegular />} disabled={isBusy || run === undefined} onClick={run}>
        {text.again}
      </Button>
      <ExportMenu store={store} result={result} />
      <Button appearance="subtle" icon={<FolderOpenRegular />} disabled={isBusy} onClick={() => void given((file) => store.open(file))}>
        {text.openFile}
      </Button>
      {command(<DocumentTableSearchRegular />, result.older, [text.compare, compare], [text.endCompare, () => store.judge({ older: undefined })])}
      {command(<DocumentCheckmarkRegular />, result.accept, [text.accept, accept], [text.endAccept, () => store.judge({ accept: undefined })])}
    </div>
  );
}

function ExportMenu({ store, result }: { store: AuditStore; result: AuditResult }) {
  const text = strings.audit;
  const failed = (error: unknown) => store.fail(text.exportFailed, error);
  return (
    <Menu {...IN_PLACE}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<ArrowDownloadRegular />}>
          {text.export}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {FORMATS.map(([format, ending, title, type]) => (
            <MenuItem key={format} onClick={() => void saveReport(result, format, ending, type).catch(failed)}>
              {title}
            </MenuItem>
          ))}
          {result.snapshot !== undefined && <MenuItem onClick={() => saveSnapshot(result)}>{text.exportSnapshot}</MenuItem>}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
