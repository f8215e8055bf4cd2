import { Button } from "@fluentui/react-button";
import { ArrowClockwiseRegular, ArrowDownloadRegular, DocumentCheckmarkRegular, DocumentTableSearchRegular, FolderOpenRegular } from "@fluentui/react-icons";
import { Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-menu";
import { IN_PLACE } from "../common/menu.js";
import { strings } from "../strings/index.js";
import { chooseFile, FORMATS, saveReport, saveSnapshot } from "./files.js";
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
  const compare = async (file: File) => store.judge({ older: { name: file.name, text: await file.text() } });
  const accept = async (file: File) => store.judge({ accept: { name: file.name, text: await file.text() } });
  const cannot = isBusy || result.snapshot === undefined;
  return (
    <div className="audit-commands">
      <Button appearance="subtle" icon={<ArrowClockwiseRegular />} disabled={isBusy || run === undefined} onClick={run}>
        {text.again}
      </Button>
      <ExportMenu store={store} result={result} />
      <Button appearance="subtle" icon={<FolderOpenRegular />} disabled={isBusy} onClick={() => void given((file) => store.open(file))}>
        {text.openFile}
      </Button>
      {result.older === undefined ? (
        <Button appearance="subtle" icon={<DocumentTableSearchRegular />} disabled={cannot} onClick={() => void given(compare)}>
          {text.compare}
        </Button>
      ) : (
        <Button appearance="subtle" icon={<DocumentTableSearchRegular />} disabled={cannot} onClick={() => void store.judge({ older: undefined })}>
          {text.endCompare}
        </Button>
      )}
      {result.accept === undefined ? (
        <Button appearance="subtle" icon={<DocumentCheckmarkRegular />} disabled={cannot} onClick={() => void given(accept)}>
          {text.accept}
        </Button>
      ) : (
        <Button appearance="subtle" icon={<DocumentCheckmarkRegular />} disabled={cannot} onClick={() => void store.judge({ accept: undefined })}>
          {text.endAccept}
        </Button>
      )}
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
