import { useEffect, useMemo, useState } from "react";
import { usePersonWanted } from "../connection/session.js";
import { duration, strings } from "../strings/index.js";
import type { Waiting } from "../common/waiting.js";

/** Says what is waited for and how long; nothing once that time is over. */
export function WaitingNote({ waiting }: { waiting: Waiting | undefined }) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (waiting === undefined) return undefined;
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, [waiting]);
  // A screen reader says the wait once, with the time that it had at first.
  const first = useMemo(() => (waiting === undefined ? "" : textOf(waiting, waiting.until - performance.now())), [waiting]);
  const left = waiting === undefined ? 0 : waiting.until - Math.max(now, 0);
  // A new token has no time by which it comes: the wait is over when nobody is asked any more.
  const isWanted = usePersonWanted() !== undefined;
  if (waiting === undefined || (waiting.why === "signIn" ? !isWanted : left <= 0)) return null;
  return (
    <p className="wait">
      <span role="status" className="unseen">
        {first}
      </span>
      <span aria-hidden>{textOf(waiting, left)}</span>
    </p>
  );
}

function textOf({ why }: Waiting, left: number): string {
  const what = strings.waits[why];
  return left > 0 ? strings.waits.until(what, duration(left)) : what;
}
