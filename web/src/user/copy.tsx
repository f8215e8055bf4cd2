import { Button } from "@fluentui/react-button";
import { CopyRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { announce } from "../common/announce.js";
import { strings } from "../strings/index.js";

/** An id that can be copied. */
export function CopyId({ name, id }: { name: string; id: string }) {
  const label = strings.user.copy(name);
  const [isRefused, setRefused] = useState(false);
  const copy = async () => {
    // A browser may forbid it.
    const isCopied = await navigator.clipboard.writeText(id).then(
      () => true,
      () => false,
    );
    setRefused(!isCopied);
    announce(isCopied ? strings.user.copied(name) : strings.user.notCopied);
  };
  return (
    <span className="copy-id">
      <span className="unseen">{name}</span>
      <code>{id}</code>
      <Button appearance="subtle" size="small" icon={<CopyRegular />} aria-label={label} title={label} onClick={() => void copy()} />
      {isRefused && <small>{strings.user.notCopied}</small>}
    </span>
  );
}
