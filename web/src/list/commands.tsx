import { Button } from "@fluentui/react-button";
import { Menu, MenuItem, MenuItemCheckbox, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-menu";
import {
  AddRegular,
  ArrowClockwiseRegular,
  ArrowDownloadRegular,
  ArrowUndoRegular,
  CertificateRegular,
  CheckmarkCircleRegular,
  ColumnTripleEditRegular,
  MoreHorizontalRegular,
  OpenRegular,
  PeopleSwapRegular,
  PersonDeleteRegular,
  SubtractCircleRegular,
} from "@fluentui/react-icons";
import { memo, type ReactElement } from "react";
import { announce } from "../common/announce.js";
import { download } from "../common/download.js";
import { IN_PLACE } from "../common/menu.js";
import { go } from "../route.js";
import { number, strings } from "../strings/index.js";
import type { ActionId } from "../changes/actions.js";
import { COLUMNS } from "./columns.js";
import type { ColumnId, Source } from "./model.js";
import type { ListStore } from "./store.js";

interface CommandsProps {
  readonly store: ListStore;
  /** How many rows are selected, and how many are shown. */
  readonly selected: number;
  readonly shown: number;
  readonly source: Source;
  readonly narrow: boolean;
  readonly columns: readonly ColumnId[];
  readonly chooseColumns: (columns: readonly ColumnId[]) => void;
  readonly refresh: () => void;
  readonly act: (action: ActionId) => void;
  /** The page of the one selected agent user in the Entra portal. */
  readonly portal: string | undefined;
}

interface Command {
  readonly id: ActionId;
  readonly title: string;
  readonly icon: ReactElement;
}

const ACTIONS: Readonly<Record<Source, readonly Command[]>> = {
  active: [
    { id: "enable", title: strings.actions.enable, icon: <CheckmarkCircleRegular /> },
    { id: "disable", title: strings.actions.disable, icon: <SubtractCircleRegular /> },
    { id: "license", title: strings.actions.license, icon: <CertificateRegular /> },
    { id: "handover", title: strings.actions.handover, icon: <PeopleSwapRegular /> },
    { id: "retire", title: strings.actions.retire, icon: <PersonDeleteRegular /> },
  ],
  deleted: [{ id: "restore", title: strings.actions.restore, icon: <ArrowUndoRegular /> }],
};

/** The bar above the list: what concerns it as a whole, and what is done to the selected ones. */
export const Commands = memo(function Commands(props: CommandsProps) {
  const { selected, source, narrow, refresh, act, portal } = props;
  const text = strings.list;
  const none = selected === 0;
  return (
    <div className="commands">
      {source === "active" && (
        <Button appearance="subtle" icon={<AddRegular />} onClick={() => go("create")}>
          {text.create}
        </Button>
      )}
      <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={refresh}>
        {text.refresh}
      </Button>
      <ExportMenu {...props} />
      <ColumnsMenu {...props} />
      <span className="line" />
      {narrow ? (
        <Menu {...IN_PLACE}>
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="subtle" icon={<MoreHorizontalRegular />} disabled={none}>
              {text.actions}
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {ACTIONS[source].map(({ id, title, icon }) => (
                <MenuItem key={id} icon={icon} onClick={() => act(id)}>
                  {title}
                </MenuItem>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      ) : (
        ACTIONS[source].map(({ id, title, icon }) => (
          <Button key={id} appearance="subtle" icon={icon} disabled={none} onClick={() => act(id)}>
            {title}
          </Button>
        ))
      )}
      {portal === undefined ? (
        <Button appearance="subtle" icon={<OpenRegular />} disabled>
          {text.viewInEntra}
        </Button>
      ) : (
        <Button as="a" appearance="subtle" icon={<OpenRegular />} href={portal} target="_blank" rel="noopener noreferrer">
          {text.viewInEntra}
        </Button>
      )}
    </div>
  );
});

const FORMATS = [
  ["csv", strings.list.exportCsv, "text/csv"],
  ["json", strings.list.exportJson, "application/json"],
  ["html", strings.list.exportHtml, "text/html"],
] as const;

function ExportMenu({ store, shown }: CommandsProps) {
  const save = (format: (typeof FORMATS)[number][0], type: string) =>
    store.export(format, (report, rows) => {
      download(`${strings.list.exportFile}.${format}`, report, type);
      announce(strings.list.exported(rows, number(rows)));
    });
  return (
    <Menu {...IN_PLACE}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<ArrowDownloadRegular />} disabled={shown === 0}>
          {strings.list.export}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {FORMATS.map(([format, title, type]) => (
            <MenuItem key={format} onClick={() => void save(format, type)}>
              {title}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function ColumnsMenu({ columns, chooseColumns, narrow }: CommandsProps) {
  if (narrow) return null;
  return (
    <Menu {...IN_PLACE} checkedValues={{ columns: [...columns] }} onCheckedValueChange={(_, { checkedItems }) => chooseColumns(checkedItems as ColumnId[])}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<ColumnTripleEditRegular />}>
          {strings.list.columns}
        </Button>
      </MenuTrigger>
      <MenuPopover className="values">
        <MenuList>
          {COLUMNS.filter(({ id }) => id !== "displayName").map(({ id }) => (
            <MenuItemCheckbox key={id} name="columns" value={id} persistOnClick>
              {strings.columns[id]}
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
