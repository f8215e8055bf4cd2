import { Button } from "@fluentui/react-button";
import { ArrowUploadRegular } from "@fluentui/react-icons";
import type { Problem } from "agentuser";
import { type DragEvent, useRef, useState } from "react";
import { ProblemNote } from "../common/problem.js";
import { strings } from "../strings/index.js";
import { saveEmpty } from "./files.js";
import type { RosterStore } from "./store.js";

/** The place for a file: dropped, or chosen by a button. */
export function ChooseFile({ store, unread }: { store: RosterStore; unread: Problem | string | undefined }) {
  const text = strings.roster;
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) void store.choose(file);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <>
      {unread !== undefined && <ProblemNote title={text.unread} problem={unread} />}
      <div className={isOver ? "drop over" : "drop"} onDragOver={over} onDragLeave={() => setOver(false)} onDrop={drop}>
        <ArrowUploadRegular aria-hidden className="icon" />
        <p>{text.drop}</p>
        <FileButton store={store} />
        <p className="note">{text.stays}</p>
      </div>
      <div className="about">
        <h2>{text.aboutTitle}</h2>
        <ul>
          {text.about.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <Button onClick={saveEmpty}>{text.saveEmpty}</Button>
      </div>
    </>
  );
}

export function FileButton({ store, label = strings.roster.choose }: { store: RosterStore; label?: string }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = () => {
    const file = input.current?.files?.[0];
    // The same file may be chosen again, once it was mended.
    if (input.current !== null && file !== undefined) {
      void store.choose(file);
      input.current.value = "";
    }
  };
  return (
    <>
      <input ref={input} type="file" accept=".csv,.json,.jsonl,.tsv,.txt" hidden onChange={choose} />
      <Button appearance="primary" onClick={() => input.current?.click()}>
        {label}
      </Button>
    </>
  );
}
