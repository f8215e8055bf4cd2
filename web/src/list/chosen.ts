import { useCallback, useState } from "react";
import { COLUMNS, USUAL } from "./columns.js";
import type { ColumnId, Source } from "./model.js";

const key = (source: Source) => `agentuser.columns.${source}`;

/** The columns that this browser remembers; storage may be forbidden, and columns may be gone. */
function remembered(source: Source): readonly ColumnId[] {
  try {
    const stored = (localStorage.getItem(key(source)) ?? "").split(",");
    const columns = COLUMNS.map(({ id }) => id).filter((id) => stored.includes(id));
    return columns.length > 0 ? columns : USUAL[source];
  } catch {
    return USUAL[source];
  }
}

/** The chosen columns, and what chooses others. The name is always among them. */
export function useColumns(source: Source): readonly [readonly ColumnId[], (columns: readonly ColumnId[]) => void] {
  const [chosen, setChosen] = useState(() => ({ active: remembered("active"), deleted: remembered("deleted") }));
  const choose = useCallback(
    (columns: readonly ColumnId[]) => {
      const next: readonly ColumnId[] = ["displayName", ...columns.filter((id) => id !== "displayName")];
      setChosen((chosen) => ({ ...chosen, [source]: next }));
      try {
        localStorage.setItem(key(source), next.join(","));
      } catch {
        // The choice holds until the page is left.
      }
    },
    [source],
  );
  return [chosen[source], choose];
}
