import { Button } from "@fluentui/react-button";
import { DismissRegular } from "@fluentui/react-icons";

/** Removes an entry of a list; its label names the entry. */
export function RemoveButton({ label, remove }: { label: string; remove: () => void }) {
  return <Button appearance="subtle" size="small" icon={<DismissRegular />} aria-label={label} title={label} onClick={remove} />;
}
