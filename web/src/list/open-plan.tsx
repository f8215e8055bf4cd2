import { Button } from "@fluentui/react-button";
import { FolderOpenRegular } from "@fluentui/react-icons";
import { chooseFile } from "../common/files.js";
import { loadCode } from "../connection/code.js";
import { useConnection } from "../connection/session.js";
import { strings } from "../strings/index.js";
import type { ListStore } from "./store.js";

/** Opens the file of a plan, such as that of a sponsor who asks for a hand-over. */
export function OpenPlan({ store }: { store: ListStore }) {
  const connection = useConnection();
  const open = async (opener: Element) => {
    const file = await chooseFile(".json,application/json");
    if (file === undefined) return;
    await store.attempt(strings.changes.planFailed, async () => {
      const { openPlan } = await loadCode(() => import("../changes/plan-file.js"));
      await openPlan(connection, file, opener);
    });
  };
  return (
    <Button appearance="subtle" icon={<FolderOpenRegular />} onClick={(event) => void open(event.currentTarget)}>
      {strings.list.openPlan}
    </Button>
  );
}
