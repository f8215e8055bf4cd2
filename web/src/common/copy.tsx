import { Button } from "@fluentui/react-button";
import { CopyRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { announce } from "./announce.js";
import { strings } from "../strings/index.js";

/** A text that can be copied, such as an id. */
export function CopyText({ name, text }: { name: string; text: string }) {
  const label = strings.user.copy(name);
  const [isRefused, setRefused] = useState(false);
  const copy = async () => {
    // A browser may forbid it.
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setRefused(!isCopied);
    announce(isCopied ? strings.user.copied(name) : strings.user.notCopied);
  };
  return (
    <span className="copy">
      <span className="unseen">{name}</span>
      <code>{text}</code>
      <Button appearance="subtle" size="small" icon={<CopyRegular />} aria-label={label} title={label} onClick={() => void copy()} />
      {isRefused && <small>{strings.user.notCopied}</small>}
    </span>
  );
}
